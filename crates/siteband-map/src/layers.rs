//! What a map shows of a ranking, in longitude and latitude: for each statement its feature and its bands, and from the first sites the
//! shortest ways to the features.

use siteband::{Constraint, Feature, Interval, Length, Outline, OutlineOptions, Position, Ranking};

/// What is drawn, in longitude and latitude.
#[derive(Debug)]
pub struct Layers {
    claims: Vec<ClaimLayer>,
    connections: Vec<Connection>,
}

/// What is drawn of one statement.
#[derive(Debug)]
pub struct ClaimLayer {
    /// The statement's id.
    pub claim: String,
    /// What it was understood to mean.
    pub meaning: String,
    /// The features that it is about.
    pub features: Vec<Feature>,
    /// Where its distances are, the widest first.
    pub bands: Vec<Band>,
}

/// Where the distance from a feature lies in an interval.
#[derive(Debug)]
pub struct Band {
    /// What the interval is.
    pub kind: BandKind,
    /// The distances.
    pub interval: Interval,
    /// The places.
    pub outline: Outline,
}

/// What a band on a map stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandKind {
    /// The distances with any credit before smoothing.
    Support,
    /// 90 % of the likelihood.
    Credible90,
    /// Half of the likelihood.
    Credible50,
    /// The distances with full credit.
    Core,
    /// From the feature to where a soft statement gives half of its credit, or to its limit.
    HalfCredit,
}

impl BandKind {
    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Credible90 => "90 % interval",
            Self::Credible50 => "50 % interval",
            Self::Core => "core",
            Self::HalfCredit => "half credit",
        }
    }
}

/// The shortest way from a site to the feature of a distance claim.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The site's id.
    pub site: String,
    /// The statement's id.
    pub claim: String,
    /// How long it is.
    pub distance: Length,
    /// Along the geodesic, from the site to the feature.
    pub path: Vec<Position>,
}

/// From so many of the first sites ways are drawn.
const CONNECTED: usize = 5;

impl Layers {
    /// Draws a ranking's statements.
    pub(crate) fn new(ranking: &Ranking<'_>) -> Self {
        let claims = ranking.constraints().map(ClaimLayer::new).collect();
        let connections = ranking
            .top(CONNECTED)
            .flat_map(|ranked| {
                let of_site = ranked.evidence.into_iter().filter(|evidence| evidence.kind == "distance");
                let ways = of_site.filter_map(|evidence| {
                    let (distance, nearest) = (evidence.distance?, evidence.nearest?);
                    let path = ranked.site.position().geodesic_to(&nearest, STEPS);
                    Some(Connection { site: ranked.site.id().to_owned(), claim: evidence.claim, distance, path })
                });
                ways.collect::<Vec<_>>()
            })
            .collect();
        Self { claims, connections }
    }

    /// What is drawn of each statement, in their order.
    #[must_use]
    pub fn claims(&self) -> &[ClaimLayer] {
        &self.claims
    }

    /// The shortest ways from the first few sites to the features of distance claims.
    #[must_use]
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }
}

/// A geodesic is drawn in so many steps.
const STEPS: usize = 16;

impl ClaimLayer {
    fn new(constraint: &Constraint) -> Self {
        let mut bands = Vec::new();
        if let (Some(feature), Some(band)) = (constraint.feature(), constraint.band()) {
            let (half, most) = (band.credible_interval(0.5), band.credible_interval(0.9));
            let support = band.support();
            // Tails that reach ten times as far would fill the map and say nothing.
            if support.to.m() <= 2.0 * most.to.m() {
                bands.extend(Band::new(BandKind::Support, support, feature));
            }
            bands.extend(Band::new(BandKind::Credible90, most, feature));
            bands.extend(Band::new(BandKind::Credible50, half, feature));
            bands.extend(Band::new(BandKind::Core, band.core(), feature));
        } else if let (Some(feature), Some(to)) = (constraint.feature(), constraint.half_credit()) {
            bands.extend(Band::new(BandKind::HalfCredit, Interval { from: Length::ZERO, to }, feature));
        }
        let features = constraint.features().into_iter().cloned().collect();
        Self { claim: constraint.id().to_owned(), meaning: constraint.to_string(), features, bands }
    }
}

impl Band {
    /// None where no outline can be drawn.
    fn new(kind: BandKind, interval: Interval, feature: &Feature) -> Option<Self> {
        // A thousandth of the distance, which no map shows.
        let tolerance = Length::from_m((interval.to.m() / 1000.0).max(50.0)).ok()?;
        let outline = feature.outline(interval, &OutlineOptions { tolerance, within: None }).ok()?;
        Some(Self { kind, interval, outline })
    }
}
