//! `siteband explain`: one site's place in the ranking, as an analyst would write it, claim by claim.

use siteband::{RobustnessOptions, Scenario};

use super::{account, reading, sites_to_rank, warn_of_edges};
use crate::args::Explain;
use crate::output::write_text;
use crate::report::{Explained, explanation, printable};
use crate::{Failure, Outcome};

pub(super) fn run(args: &Explain) -> Result<Outcome, Failure> {
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    warn_of_edges(scenario.warnings());
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    let sites = sites_to_rank(Some(&scenario), args.sites.as_deref(), args.sites_crs.as_ref())?;
    let site = sites.find(&args.site).map_err(Failure::input)?;
    let constraints = scenario.constraints(&reading);
    let ranking = sites.rank(&constraints, scenario.options());
    let watch = RobustnessOptions { watched: vec![site.id().to_owned()], ..scenario.robustness_options() };
    let robustness = sites.robustness(&constraints, scenario.options(), &watch);
    let Some(ranked) = ranking.get(site.id()) else {
        return Err(Failure::input(format!("{}: the site is not ranked", site.id())));
    };
    let explained = Explained { scenario: &scenario, ranking: &ranking, reading: &reading, robustness: &robustness };
    let text = explanation(&explained, &ranked).map_err(Failure::input)?;
    write_text(None, &printable(&text))?;
    Ok(account(&sites))
}
