#![no_main]

#[path = "../doors/sites_csv.rs"]
mod sites_csv;
#[path = "../doors/trickle.rs"]
mod trickle;

siteband_fuzz::target!(sites_csv::door);
