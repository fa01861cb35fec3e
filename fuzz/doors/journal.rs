//! The journal by which a run of scores is resumed.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::Failure;
use crate::score::journal::{Fingerprint, Journal};
use crate::score::output::{Sink, Totals};
use crate::score::source::Source;
use crate::score::worker::Scored;

const TABLE: &str = "id,lat,lon\na,39,125\nb,40,126\nc,91,127\n";
const HEAD: &[u8] = b"id,lat,lon,score\n";
const SCORES: &[u8] = b"a,39,125,1\nb,40,126,2\n";

/// A folder with a list, what has been written of its scores, and the journal of that.
struct Run {
    folder: PathBuf,
    journal: Vec<u8>,
    totals: Totals,
}

static RUN: LazyLock<Run> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("siteband-journals-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("list.csv"), TABLE).expect("a file");
    let (mut sink, mut totals, mut source) = open(&folder, false).expect("a new run");
    let part = source.next_part().expect("a list").expect("a part");
    let (digest, done) = (part.digest, part.done);
    let bytes = SCORES.to_vec();
    let scored = Scored { bytes, digest, done, scored: 2, weight: 3.5, ln_sum: -0.25, ..Scored::default() };
    sink.add(&scored, b"", &mut totals).expect("a file");
    let journal = fs::read(folder.join("out.csv.journal")).expect("a journal");
    Run { folder, journal, totals }
});

fn open(folder: &std::path::Path, resume: bool) -> Result<(Sink, Totals, Source), Failure> {
    let fingerprint = Fingerprint {
        siteband: "0".to_owned(),
        question: "q".to_owned(),
        columns: vec!["id".to_owned()],
        head: "h".to_owned(),
        has_rejects: false,
    };
    let mut source = Source::open(&folder.join("list.csv"), None)?;
    let (sink, totals) = Sink::open(folder.join("out.csv"), None, HEAD, &fingerprint, &mut source, resume)?;
    Ok((sink, totals, source))
}

fn key(totals: &Totals) -> (u64, u64, u64, u64, u64) {
    let Totals { scored, rejected, weight, ln_sum, done } = totals;
    (*scored, *rejected, weight.to_bits(), ln_sum.to_bits(), *done)
}

/// The first byte says what the rest is: a journal; or what is changed in the journal of a run, three bytes for each change: where, and to
/// what. A run that is resumed by it has the totals of the run that was cut short, or begins anew; or it is refused with a reason. What a
/// journal says is what it says when it is cut behind its last whole line and read again.
///
/// # Panics
/// If one of these does not hold.
pub fn door(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    let journal = if kind % 2 == 0 {
        rest.to_vec()
    } else {
        let mut journal = RUN.journal.clone();
        for change in rest.chunks_exact(3) {
            let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % (journal.len() + 1);
            match journal.get_mut(at) {
                Some(byte) => *byte = change[2],
                None => journal.push(change[2]),
            }
        }
        journal
    };
    check_read(&journal);
    let folder = &RUN.folder;
    fs::write(folder.join("out.csv.journal"), &journal).expect("a file");
    fs::write(folder.join("out.csv.part"), [HEAD, SCORES].concat()).expect("a file");
    match open(folder, true) {
        Ok((_, totals, _)) => {
            let [nothing, all] = [&Totals::default(), &RUN.totals].map(key);
            assert!([nothing, all].contains(&key(&totals)), "resumed with {totals:?}");
        }
        Err(Failure::Input(reason)) => assert!(!reason.is_empty()),
        Err(other) => panic!("{other:?}"),
    }
}

fn check_read(journal: &[u8]) {
    let read = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("a file");
        Journal::read(&mut file).expect("a file")
    };
    let Some(said) = read(journal) else { return };
    let lines = said.entries.len() + 1;
    let whole: Vec<u8> = journal.split_inclusive(|byte| *byte == b'\n').take(lines).flatten().copied().collect();
    let again = read(&whole).expect("the same lines");
    assert_eq!((again.fingerprint, again.entries), (said.fingerprint, said.entries));
}
