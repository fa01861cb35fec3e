#![no_main]

#[path = "../doors/claim.rs"]
mod claim;

siteband_fuzz::target!(claim::door);
