#![no_main]

fn door(data: &[u8]) {
    siteband_fuzz::let_panics_be_caught();
    siteband_cli::doors::parquet::door(data);
}

siteband_fuzz::target!(door);
