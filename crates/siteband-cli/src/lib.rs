//! The command `siteband`: ranks candidate sites by how well they fit what a report says about where something is.
//!
//! Data go to standard output, words for people to standard error. Exit codes: 0 done, 1 bad input or a partial result, 2 a
//! command line that is not understood.

mod args;
mod command;
mod interrupt;
mod output;
mod report;
mod score;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use score::doors;

use std::fmt;
use std::process::ExitCode;

use clap::Parser;
use output::say;

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    match command::run(&args.command) {
        Ok(Outcome::Whole) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Partial) => ExitCode::from(1),
        Err(Failure::Input(message)) => {
            say(format!("error: {message}"));
            ExitCode::from(1)
        }
        Err(Failure::Usage(message)) => {
            say(format!("error: {message}"));
            say("");
            say("For more information, try 'siteband --help'.");
            ExitCode::from(2)
        }
    }
}

/// How a command ended that did what it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything that was read was used.
    Whole,
    /// Some rows were rejected.
    Partial,
}

/// Why a command could not do anything.
#[derive(Debug)]
enum Failure {
    /// What was read will not do.
    Input(String),
    /// The command line makes no sense.
    Usage(String),
    /// Whoever reads the output has had enough.
    ClosedPipe,
}

impl Failure {
    fn input(message: impl fmt::Display) -> Self {
        Self::Input(message.to_string())
    }
}
