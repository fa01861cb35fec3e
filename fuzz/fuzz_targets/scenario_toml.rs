#![no_main]

#[allow(dead_code, reason = "the other format is another target")]
#[path = "../doors/scenario.rs"]
mod scenario;

siteband_fuzz::target!(scenario::toml);
