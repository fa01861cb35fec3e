//! `siteband index`: a list of sites as a file that opens quickly.

use super::{keep_apart, list_rejected, sites_of};
use crate::args::Index;
use crate::output::{Output, say, written};
use crate::{Failure, Outcome};

pub(super) fn run(args: &Index) -> Result<Outcome, Failure> {
    let path = &args.output;
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("sbx")) {
        let words = "a saved index is known by its name: expected one that ends in .sbx";
        return Err(Failure::input(format!("{}: {words}", path.display())));
    }
    keep_apart(&[("--output", Some(path.as_path()))], &[&args.sites])?;
    let sites = sites_of(&args.sites, args.sites_crs.as_ref())?;
    let mut output = Output::open(Some(path))?;
    sites.save(&mut output).map_err(written)?;
    output.finish()?;
    let outcome = list_rejected(sites.rejected());
    let rejected = match sites.rejected().len() {
        0 => String::new(),
        count => format!(" and {count} rejected rows"),
    };
    say(format!("wrote {}: {} sites{rejected}; give it as --sites {0}", path.display(), sites.len()));
    Ok(outcome)
}
