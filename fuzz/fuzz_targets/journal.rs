#![no_main]

siteband_fuzz::target!(siteband_cli::doors::journal::door);
