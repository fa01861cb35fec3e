#![no_main]

#[path = "../doors/saved_index.rs"]
mod saved_index;

siteband_fuzz::target!(saved_index::door);
