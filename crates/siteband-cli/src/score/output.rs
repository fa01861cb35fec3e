//! Where scores go: a stream, or a file in the making beside its journal.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::journal::{self, Entry, Fingerprint, Journal};
use super::source::Source;
use super::worker::Scored;
use crate::Failure;
use crate::output::{Output, folder_of, keep_permissions, written};

/// How far a run is.
#[derive(Clone, Debug)]
pub(crate) struct Totals {
    pub(crate) scored: u64,
    pub(crate) rejected: u64,
    pub(crate) weight: f64,
    pub(crate) ln_sum: f64,
    /// How much of the input, in the source's own measure.
    pub(crate) done: u64,
}

impl Default for Totals {
    fn default() -> Self {
        Self { scored: 0, rejected: 0, weight: 0.0, ln_sum: f64::NEG_INFINITY, done: 0 }
    }
}

impl Totals {
    fn add(&mut self, entry: &Entry, done: u64) {
        self.scored += entry.scored;
        self.rejected += entry.rejected;
        self.weight += f64::from_bits(entry.weight);
        self.ln_sum = super::worker::ln_sum_exp(&[self.ln_sum, f64::from_bits(entry.ln_sum)]);
        self.done += done;
    }
}

/// Where scores go.
pub(crate) enum Sink {
    /// Cannot be resumed.
    Stream(Output),
    File(Box<InMaking>),
}

/// A file that gets its name when it is whole.
pub(crate) struct InMaking {
    path: PathBuf,
    data: File,
    journal: Journal,
    /// Where each part begins, and what the end of the file has to know of it.
    #[cfg(feature = "parquet")]
    parts: Vec<(u64, Vec<u8>)>,
    end: u64,
    rejects: Option<(PathBuf, File)>,
}

impl Sink {
    /// Whether the output is a file that can be resumed, and under which path; links are followed.
    pub(crate) fn file(path: Option<&Path>) -> Option<PathBuf> {
        let path = path?;
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let is_other = fs::metadata(&path).is_ok_and(|found| !found.is_file());
        (!is_other).then_some(path)
    }

    /// What stands beside a file while it is made, and beside that of its rejected rows.
    pub(crate) fn beside(path: Option<&Path>, rejects: Option<&Path>) -> Vec<PathBuf> {
        let Some(path) = Self::file(path) else { return Vec::new() };
        let of_rejects = Self::file(rejects).map(|rejects| beside(&rejects, "part"));
        ["part", "journal"].map(|ending| beside(&path, ending)).into_iter().chain(of_rejects).collect()
    }

    /// Begins a file, or goes on with one: then the source is brought to where that stopped.
    pub(crate) fn open(
        path: PathBuf,
        rejects: Option<PathBuf>,
        head: &[u8],
        fingerprint: &Fingerprint,
        source: &mut Source,
        resume: bool,
    ) -> Result<(Self, Totals), Failure> {
        for path in [&path].into_iter().chain(&rejects) {
            folder_of(path)?;
        }
        let mut journal_file = journal::open(&beside(&path, "journal"))?;
        let part = beside(&path, "part");
        let in_part = |error: io::Error| in_file(&part, &error);
        let said = Journal::read(&mut journal_file).map_err(in_part)?;
        if let (Some(said), false) = (&said, resume)
            && !said.entries.is_empty()
        {
            return Err(Failure::input(format!(
                "{}: an earlier run was cut short: go on with it by --resume, or delete this file to begin anew",
                beside(&path, "journal").display()
            )));
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut data = options.open(&part).map_err(in_part)?;
        let mut reject_file = match &rejects {
            Some(path) => {
                let part = beside(path, "part");
                Some(options.open(&part).map_err(|error| in_file(&part, &error))?)
            }
            None => None,
        };
        let mut totals = Totals::default();
        let (mut end, mut rejects_end) = (head.len() as u64, REJECT_HEAD.len() as u64);
        #[cfg(feature = "parquet")]
        let mut parts = Vec::new();
        let journal = match said.filter(|_| resume) {
            Some(said) => {
                fingerprint.check(&said.fingerprint, &path)?;
                let of_data = said.entries.iter().map(|entry| (entry.bytes, entry.digest.as_str()));
                let mut good = journal::verified(&mut data, end, of_data).map_err(in_part)?;
                if let Some(file) = &mut reject_file {
                    let of_rejects =
                        said.entries.iter().map(|entry| (entry.reject_bytes, entry.reject_digest.as_str()));
                    good = good.min(journal::verified(file, rejects_end, of_rejects).map_err(in_part)?);
                }
                for entry in &said.entries[..good] {
                    let found = source.skip_part()?;
                    let Some((_, done)) = found.filter(|(digest, _)| journal::hex(*digest) == entry.input) else {
                        return Err(Failure::input(format!(
                            "{}: the list of sites has changed since the run that is to be resumed: delete this file to begin anew",
                            beside(&path, "journal").display()
                        )));
                    };
                    totals.add(entry, done);
                    #[cfg(feature = "parquet")]
                    parts.push((end, entry.footer()));
                    end += entry.bytes;
                    rejects_end += entry.reject_bytes;
                }
                Journal::resume(journal_file, &said, good).map_err(in_part)?
            }
            None => Journal::begin(journal_file, fingerprint).map_err(in_part)?,
        };
        begin_at(&mut data, head, end).map_err(in_part)?;
        if let Some(file) = &mut reject_file {
            begin_at(file, REJECT_HEAD, rejects_end).map_err(in_part)?;
        }
        let rejects = rejects.zip(reject_file);
        let file = InMaking {
            path,
            data,
            journal,
            #[cfg(feature = "parquet")]
            parts,
            end,
            rejects,
        };
        Ok((Self::File(Box::new(file)), totals))
    }

    /// Writes what comes next.
    pub(crate) fn add(&mut self, scored: &Scored, rejects: &[u8], totals: &mut Totals) -> Result<(), Failure> {
        let entry = Entry::new(scored, rejects);
        match self {
            Self::Stream(output) => output.write_all(&scored.bytes).map_err(written)?,
            Self::File(file) => {
                let part = beside(&file.path, "part");
                let in_part = |error: io::Error| in_file(&part, &error);
                file.data.write_all(&scored.bytes).map_err(in_part)?;
                if let Some((path, file)) = &mut file.rejects {
                    file.write_all(rejects).map_err(|error| in_file(&beside(path, "part"), &error))?;
                }
                file.journal.add(&entry).map_err(in_part)?;
                #[cfg(feature = "parquet")]
                file.parts.push((file.end, scored.footer.clone()));
                file.end += entry.bytes;
            }
        }
        totals.add(&entry, scored.done);
        Ok(())
    }

    /// Everything has been written: files get their names.
    pub(crate) fn finish(
        self,
        footer: impl FnOnce(&[(u64, Vec<u8>)]) -> Result<Vec<u8>, Failure>,
    ) -> Result<(), Failure> {
        let mut file = match self {
            Self::Stream(output) => return output.finish(),
            Self::File(file) => file,
        };
        #[cfg(feature = "parquet")]
        let last = footer(&file.parts)?;
        #[cfg(not(feature = "parquet"))]
        let last = footer(&[])?;
        let part = beside(&file.path, "part");
        let in_part = |error: io::Error| in_file(&part, &error);
        file.data.write_all(&last).map_err(in_part)?;
        file.data.sync_all().map_err(in_part)?;
        if let Some((path, file)) = &file.rejects {
            let part = beside(path, "part");
            let named = file.sync_all().and_then(|()| replace(file, &part, path));
            named.map_err(|error| in_file(path, &error))?;
        }
        replace(&file.data, &part, &file.path).map_err(|error| in_file(&file.path, &error))?;
        // The scores are whole: what is left over harms nobody.
        let _ = fs::remove_file(beside(&file.path, "journal"));
        Ok(())
    }

    /// What to say of a run that ends before its time.
    pub(crate) fn how_to_go_on(&self, totals: &Totals) -> String {
        let rows = totals.scored + totals.rejected;
        match self {
            Self::Stream(_) => format!("{rows} rows had been written: the scores are incomplete"),
            Self::File(file) => format!(
                "{rows} rows are kept in {}, nothing under {}: go on with the same command and --resume",
                beside(&file.path, "part").display(),
                file.path.display()
            ),
        }
    }
}

/// The header of a list of rejected rows.
pub(crate) const REJECT_HEAD: &[u8] = b"file,line,column,value,reason\n";

/// Gives a file its name, and to whom the file that had it was readable.
fn replace(file: &File, part: &Path, path: &Path) -> io::Result<()> {
    keep_permissions(file, path)?;
    fs::rename(part, path)
}

/// A file beside another.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Keeps what a file holds up to a place behind its head, and goes on there.
fn begin_at(file: &mut File, head: &[u8], end: u64) -> io::Result<()> {
    file.set_len(end)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(head)?;
    file.seek(SeekFrom::Start(end)).map(drop)
}

fn in_file(path: &Path, error: &io::Error) -> Failure {
    Failure::input(format!("{}: cannot be written: {error}", path.display()))
}

impl Fingerprint {
    /// # Errors
    /// What has changed since the other run.
    fn check(&self, other: &Self, path: &Path) -> Result<(), Failure> {
        let what = if self.siteband != other.siteband {
            format!("that run was made by siteband {}, this is {}", other.siteband, self.siteband)
        } else if self.question != other.question {
            "the scenario, its data or the reading has changed since".to_owned()
        } else if self.columns != other.columns || self.head != other.head {
            "the list of sites has other columns than that run's".to_owned()
        } else if self.has_rejects != other.has_rejects {
            "--rejects has to be given as it was".to_owned()
        } else {
            return Ok(());
        };
        Err(Failure::input(format!(
            "{}: cannot be resumed: {what}; delete {} to begin anew",
            path.display(),
            beside(path, "journal").display()
        )))
    }
}
