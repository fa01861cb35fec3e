#![no_main]

#[path = "../doors/distance.rs"]
mod distance;

siteband_fuzz::target!(distance::door);
