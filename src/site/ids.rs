//! Which site of a list has an id.

use std::hash::{BuildHasher, Hasher};

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::{DuplicateId, Site};

/// The numbers of sites by their ids, compared without case. The ids themselves stay with the sites.
#[derive(Clone, Debug)]
pub(super) struct Ids {
    numbers: HashTable<u32>,
    hashing: DefaultHashBuilder,
}

impl Ids {
    pub(super) fn with_capacity(count: usize) -> Self {
        Self { numbers: HashTable::with_capacity(count), hashing: DefaultHashBuilder::default() }
    }

    /// Those of a list.
    pub(super) fn of(sites: &[Site]) -> Result<Self, DuplicateId> {
        let mut ids = Self::with_capacity(sites.len());
        for (at, site) in sites.iter().enumerate() {
            ids.insert(sites, at).map_err(|first| DuplicateId { id: site.id.clone(), first, second: at })?;
        }
        Ok(ids)
    }

    /// Adds the site with this number.
    ///
    /// # Errors
    /// The number of the site that has the same id.
    pub(super) fn insert(&mut self, sites: &[Site], at: usize) -> Result<(), usize> {
        let (id, hashing) = (&sites[at].id, &self.hashing);
        let hash_of = |at: &u32| hash(hashing, &sites[*at as usize].id);
        let is_same = |other: &u32| same(&sites[*other as usize].id, id);
        match self.numbers.entry(hash(hashing, id), is_same, hash_of) {
            Entry::Occupied(first) => Err(*first.get() as usize),
            Entry::Vacant(place) => {
                place.insert(number(at));
                Ok(())
            }
        }
    }

    pub(super) fn find(&self, sites: &[Site], id: &str) -> Option<usize> {
        let found = self.numbers.find(hash(&self.hashing, id), |at| same(&sites[*at as usize].id, id));
        found.map(|at| *at as usize)
    }

    pub(super) fn remove(&mut self, sites: &[Site], id: &str) -> Option<usize> {
        let entry = self.numbers.find_entry(hash(&self.hashing, id), |at| same(&sites[*at as usize].id, id));
        entry.ok().map(|entry| entry.remove().0 as usize)
    }

    /// Gives the site with one number another.
    pub(super) fn renumber(&mut self, sites: &[Site], from: usize, to: usize) {
        let hash = hash(&self.hashing, &sites[from].id);
        if let Some(at) = self.numbers.find_mut(hash, |at| *at as usize == from) {
            *at = number(to);
        }
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.numbers.allocation_size()
    }
}

/// # Panics
/// For more sites than there are numbers: one with another's number would be a wrong answer.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or_else(|_| panic!("a list has 4,294,967,295 sites at most"))
}

fn hash(hashing: &DefaultHashBuilder, id: &str) -> u64 {
    let lower;
    let id = if id.is_ascii() {
        id
    } else {
        lower = id.to_lowercase();
        &lower
    };
    let mut hasher = hashing.build_hasher();
    // Sixteen bytes at a time, in lower case, without a copy of the whole.
    for block in id.as_bytes().chunks(16) {
        let mut padded = [0; 16];
        padded[..block.len()].copy_from_slice(block);
        padded.make_ascii_lowercase();
        hasher.write(&padded);
    }
    hasher.finish()
}

fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { a.to_lowercase() == b.to_lowercase() }
}
