//! The first places without looking at every site: a best-first search over the R-tree of sites.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::RankOptions;
use super::model::Model;
use super::question::Question;
use crate::constraint::Constraint;
use crate::length::Length;
use crate::site::{Children, Node, Site, Sites};

impl Sites {
    /// The `k` sites with the greatest product of prior and likelihood, best first, with its natural logarithm: the first places
    /// of [`Sites::rank`], to the bit and with the same ties, without looking at every site. A best-first search over the
    /// R-tree opens only the clusters that could still hold one of them.
    #[must_use]
    pub fn top_k(&self, k: usize, constraints: &[Constraint], options: &RankOptions) -> Vec<(&Site, f64)> {
        let (question, _) = Question::new(self, constraints, options);
        let model = Model::without_leaving_out(question);
        let all = self.as_slice();
        let uncertainty = all.iter().map(|site| site.position().uncertainty()).max().unwrap_or_default();
        let ln_greatest_prior = (0..all.len()).map(|site| model.ln_prior(site)).fold(f64::NEG_INFINITY, f64::max);
        let mut open = BinaryHeap::new();
        let mut found = Vec::with_capacity(k.min(all.len()));
        let weigh = Weigh { model: &model, sites: self, uncertainty, ln_greatest_prior };
        open.push(weigh.node(self.root()));
        while let Some(next) = open.pop() {
            match next.what {
                What::Site(site, _) => {
                    found.push((&all[site], next.bound));
                    if found.len() == k {
                        break;
                    }
                }
                What::Cluster(children) => open.extend(children.nodes().map(|node| weigh.node(node))),
            }
        }
        found
    }
}

/// Puts a number on every node of the tree: a site's own score, or a bound for all sites of a cluster.
struct Weigh<'a> {
    model: &'a Model<'a>,
    sites: &'a Sites,
    /// The greatest position uncertainty of any site.
    uncertainty: Length,
    ln_greatest_prior: f64,
}

impl Weigh<'_> {
    fn node<'n>(&self, node: Node<'n>) -> Open<'n> {
        match node {
            Node::Site(at) => {
                let site = &self.sites.as_slice()[at];
                let score = self.model.ln_prior(at) + self.model.log_likelihood(at);
                Open { bound: score, what: What::Site(at, site.id().to_owned()) }
            }
            Node::Cluster(cluster, children) => {
                let ln_f = |at: usize| self.model.ln_f_bound(at, &cluster, self.uncertainty);
                let bound = self.ln_greatest_prior + self.model.log_likelihood_of(ln_f, None);
                // A hair above, for the rounding of sums.
                let slack = if bound.is_finite() { 1e-9 * (1.0 + bound.abs()) } else { 0.0 };
                Open { bound: bound + slack, what: What::Cluster(children) }
            }
        }
    }
}

/// What a best-first search has still to look at.
struct Open<'a> {
    bound: f64,
    what: What<'a>,
}

enum What<'a> {
    Cluster(Children<'a>),
    Site(usize, String),
}

impl Ord for Open<'_> {
    /// Greater bounds first; among equals clusters, which may hold a site of that very score, then sites by id.
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound).then_with(|| match (&self.what, &other.what) {
            (What::Cluster(_), What::Site(..)) => Ordering::Greater,
            (What::Site(..), What::Cluster(_)) => Ordering::Less,
            (What::Site(_, a), What::Site(_, b)) => b.cmp(a),
            (What::Cluster(_), What::Cluster(_)) => Ordering::Equal,
        })
    }
}

impl PartialOrd for Open<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open<'_> {}
