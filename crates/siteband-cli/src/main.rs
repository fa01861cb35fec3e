//! The command `siteband`: all of it is in the library, where the fuzzer gets at it.

fn main() -> std::process::ExitCode {
    siteband_cli::main()
}
