#![no_main]

#[path = "../doors/roads.rs"]
mod roads;

siteband_fuzz::target!(roads::door);
