#![no_main]

#[path = "../doors/features.rs"]
mod features;

siteband_fuzz::target!(features::door);
