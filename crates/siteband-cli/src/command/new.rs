//! `siteband new`: a commented scenario to start from.

use crate::args::New;
use crate::output::say;
use crate::output::write_text;
use crate::{Failure, Outcome};

const TEMPLATE: &str = include_str!("../../template.toml");

pub(super) fn run(args: &New) -> Result<Outcome, Failure> {
    let path = &args.file;
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        let words = "the scenario with its comments is TOML, and a name in .json would be read as JSON: expected a name in .toml";
        return Err(Failure::input(format!("{}: {words}", path.display())));
    }
    if path.exists() {
        return Err(Failure::input(format!("{}: this exists already, and is left as it is", path.display())));
    }
    write_text(Some(path), TEMPLATE)?;
    say(format!("wrote {}: change it, then run 'siteband check {0}' and 'siteband rank {0}'", path.display()));
    Ok(Outcome::Whole)
}
