#![no_main]

#[path = "../doors/sites_kmz.rs"]
mod sites_kmz;

siteband_fuzz::target!(sites_kmz::door);
