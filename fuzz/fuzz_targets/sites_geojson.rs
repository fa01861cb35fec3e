#![no_main]

#[path = "../doors/sites_geojson.rs"]
mod sites_geojson;
#[path = "../doors/trickle.rs"]
mod trickle;

siteband_fuzz::target!(sites_geojson::door);
