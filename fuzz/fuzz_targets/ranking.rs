#![no_main]

#[path = "../doors/ranking.rs"]
mod ranking;

siteband_fuzz::target!(ranking::door);
