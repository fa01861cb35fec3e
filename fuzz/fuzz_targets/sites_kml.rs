#![no_main]

#[path = "../doors/sites_kml.rs"]
mod sites_kml;
#[path = "../doors/trickle.rs"]
mod trickle;

siteband_fuzz::target!(sites_kml::door);
