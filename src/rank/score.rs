//! Sites that are not on the list, scored as they come: what a list too long for memory needs.

use super::RankOptions;
use super::model::{Model, decibans};
use super::question::{Posed, Question};
use crate::band::BandTable;
use crate::constraint::Constraint;
use crate::site::{Site, SiteBatch, Sites};

/// Holds any number of sites against what was said, a chunk at a time, in memory that does not grow with them.
///
/// A score is about one site alone. What it takes to compare sites is left out: priors, posteriors and ranks need the whole list.
/// A score is the ranking's to 1e-11 of its natural logarithm, or to 1e-11 where that is small: bands are tabulated for it.
/// Tags of other sites nearby, and the search region where none is given, are those of the list that the scorer was made from.
///
/// # Example
/// ```
/// use siteband::{Atlas, Constraint, RankOptions, Reading, Sites};
/// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
/// let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref())?;
/// let claim = "about 85 km from the Chinese border".parse()?;
/// let constraints = [Constraint::resolve(&claim, &atlas, &Reading::default())?];
/// let scorer = sites.scorer(&constraints, &RankOptions::default());
/// let scores = scorer.score(sites.as_slice());
/// let ranking = sites.rank(&constraints, &RankOptions::default());
/// let first = ranking.get(sites.as_slice()[0].id()).ok_or("a listed site")?;
/// assert!((scores.log_likelihoods[0] - first.log_likelihood).abs() < 1e-11);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Scorer<'a> {
    pub(super) model: Model<'a>,
    /// For each statement the table of its band, if it has one.
    tables: Vec<Option<BandTable>>,
}

/// The scores of a chunk of sites, a column for each thing, in the order of the sites.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// The natural logarithm of the likelihood of all that was said if the site is the one.
    pub log_likelihoods: Vec<f64>,
    /// Ten times the decimal logarithm of that likelihood over the one if no listed site is right: how much what was said speaks for the
    /// site and against *none of these*, before priors.
    pub decibans: Vec<f64>,
    /// What each statement that counts contributes, in the order in which they were given.
    pub statements: Vec<StatementScores>,
}

/// What one statement says of each site of a chunk.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementScores {
    /// The statement's id.
    pub id: String,
    /// What is measured for it, in metres: the distance to its feature (negative inside an area for a statement about a side), the mean way
    /// to its destinations, the distance to the nearest site with its tag. None for an attribute; infinite where there is nothing to
    /// measure to.
    pub distances_m: Option<Vec<f64>>,
    /// The natural logarithm of the site's own likelihood of it, as [`crate::Evidence::log_likelihood`] has it.
    pub log_likelihoods: Vec<f64>,
}

impl Scores {
    /// The values of [`Scorer::column_names`], in their order.
    #[must_use]
    pub fn columns(&self) -> Vec<&[f64]> {
        let mut columns: Vec<&[f64]> = vec![&self.log_likelihoods, &self.decibans];
        for statement in &self.statements {
            columns.extend(statement.distances_m.as_deref());
            columns.push(&statement.log_likelihoods);
        }
        columns
    }
}

impl Sites {
    /// A scorer of other sites, for what was said.
    #[must_use]
    pub fn scorer(&self, constraints: &[Constraint], options: &RankOptions) -> Scorer<'_> {
        let model = Model::without_leaving_out(Question::new(self, constraints, options).0);
        let table = |posed: &Posed| posed.constraint().band().and_then(BandTable::new);
        Scorer { tables: model.question.posed.iter().map(table).collect(), model }
    }
}

impl Scorer<'_> {
    /// The scores of some sites: the same bits, however many there are at a time. Thousands at a time are measured together, and on all
    /// cores with the feature `rayon`.
    #[must_use]
    pub fn score(&self, sites: &[Site]) -> Scores {
        self.score_batch(&sites.iter().collect())
    }

    /// [`Scorer::score`] for sites in columns.
    #[must_use]
    pub fn score_batch(&self, sites: &SiteBatch) -> Scores {
        let model = &self.model;
        let statements: Vec<StatementScores> = (model.question.posed.iter().zip(&self.tables).enumerate())
            .map(|(at, (posed, table))| {
                let constraint = posed.constraint();
                let gauges = constraint.gauges(sites.positions(), |number| sites.id(number));
                let log_likelihoods = model.ln_f_of(at, sites, &gauges, table.as_ref());
                let measured_m = |at: usize| constraint.measured_m(&gauges.get(at));
                let distances_m = constraint.is_about_location().then(|| (0..sites.len()).map(measured_m).collect());
                StatementScores { id: constraint.id().to_owned(), distances_m, log_likelihoods }
            })
            .collect();
        let ln_none = self.log_likelihood_none();
        let numbers: Vec<usize> = (0..sites.len()).collect();
        let of = |number: &usize| model.log_likelihood_of(|at| statements[at].log_likelihoods[*number], None);
        let log_likelihoods = crate::batch::map(&numbers, of);
        let decibans = log_likelihoods.iter().map(|ln| decibans(ln - ln_none)).collect();
        Scores { log_likelihoods, decibans, statements }
    }

    /// The statements that count, in their order: the id of each, and whether something is measured for it.
    pub fn statements(&self) -> impl Iterator<Item = (&str, bool)> {
        self.model.question.posed.iter().map(Posed::constraint).map(|said| (said.id(), said.is_about_location()))
    }

    /// The names under which scores stand in a table: `log_likelihood` and `decibans`, then for each statement `ID_distance_m`, if
    /// something is measured for it, and `ID_log_likelihood`.
    ///
    /// # Example
    /// ```
    /// use siteband::{Constraint, RankOptions, Site, Sites};
    /// let sites = Sites::new(vec![Site::new("a", "39 N 125 E".parse()?)])?;
    /// let training = Constraint::attribute("training", 3.0, 1.0)?.with_id("map-1");
    /// let scorer = sites.scorer(&[training], &RankOptions::default());
    /// assert_eq!(scorer.column_names(), ["log_likelihood", "decibans", "map-1_log_likelihood"]);
    /// assert_eq!(scorer.score(sites.as_slice()).columns().len(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn column_names(&self) -> Vec<String> {
        let mut names = vec!["log_likelihood".to_owned(), "decibans".to_owned()];
        for (id, is_measured) in self.statements() {
            if is_measured {
                names.push(format!("{id}_distance_m"));
            }
            names.push(format!("{id}_log_likelihood"));
        }
        names
    }

    /// The natural logarithm of the likelihood of all that was said if no listed site is right.
    #[must_use]
    pub fn log_likelihood_none(&self) -> f64 {
        self.model.log_likelihood_none()
    }

    /// Scores sites as they come, so many at a time.
    ///
    /// # Example
    /// ```
    /// use siteband::{Constraint, RankOptions, SiteReader, Sites, Source};
    /// let table = "id,lat,lon,tags\na,39,125,training\nb,40,126,\nc,95,0,\n";
    /// let training = Constraint::attribute("training", 3.0, 0.5)?.as_stated().with_source(Source::new("map", 1.0)?);
    /// let listed = Sites::from_csv(table.as_bytes())?;
    /// let scorer = listed.scorer(&[training], &RankOptions::default());
    /// let mut rejected = Vec::new();
    /// let rows = SiteReader::new(table.as_bytes())?.filter_map(|row| row.map_err(|row| rejected.push(row)).ok());
    /// let chunks: Vec<_> = scorer.scores(rows, 10_000).collect();
    /// let (sites, scores) = &chunks[0];
    /// assert_eq!((sites.len(), scores.decibans.len(), rejected.len()), (2, 2, 1));
    /// assert!((scores.decibans[0] - 4.77).abs() < 0.01 && (scores.decibans[1] + 3.01).abs() < 0.01);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scores(
        &self,
        sites: impl IntoIterator<Item = Site>,
        at_once: usize,
    ) -> impl Iterator<Item = (Vec<Site>, Scores)> {
        let mut sites = sites.into_iter();
        std::iter::from_fn(move || {
            let chunk: Vec<Site> = sites.by_ref().take(at_once.max(1)).collect();
            (!chunk.is_empty()).then(|| {
                let scores = self.score(&chunk);
                (chunk, scores)
            })
        })
    }
}
