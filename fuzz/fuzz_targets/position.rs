#![no_main]

#[path = "../doors/position.rs"]
mod position;

siteband_fuzz::target!(position::door);
