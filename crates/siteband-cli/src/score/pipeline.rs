//! How parts flow: one thread reads them, as many as there are cores work on them, one writes them in their order.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use siteband::Rejected;

use super::output::{REJECT_HEAD, Sink, Totals};
use super::source::{Part, Source};
use super::worker::{Scored, Worker};
use crate::output::{Output, say};
use crate::{Failure, interrupt};

/// Everything that a run needs.
pub(crate) struct Job<'a> {
    pub(crate) source: Source,
    pub(crate) worker: Worker<'a>,
    pub(crate) sink: Sink,
    pub(crate) totals: Totals,
    /// Rejected rows go there where the scores are a stream.
    pub(crate) rejects: Option<Output>,
    /// Whether they go anywhere but to standard error.
    pub(crate) keeps_rejects: bool,
    pub(crate) sites: PathBuf,
    pub(crate) max_errors: Option<u64>,
    pub(crate) threads: usize,
}

/// So many rejected rows are told on standard error.
const MOST_TOLD: u64 = 20;

/// Does it. The totals are those of the whole list, also where a run was resumed.
///
/// A run that ends before its time ends the process: its reader may be waiting for input that never comes.
pub(crate) fn run(job: Job<'_>) -> Result<Totals, Failure> {
    let Job { mut source, worker, mut sink, mut totals, mut rejects, keeps_rejects, sites, max_errors, threads } = job;
    let interrupted = interrupt::flag();
    let bar = bar(source.size(), totals.done);
    let (before, start) = (totals.scored + totals.rejected, Instant::now());
    if let Some(rejects) = &mut rejects {
        std::io::Write::write_all(rejects, REJECT_HEAD).map_err(crate::output::written)?;
    }
    // As many parts as keep every worker busy while the reader fetches and the writer waits for the oldest.
    let permits = 2 * threads + 2;
    let (give, take) = mpsc::sync_channel::<()>(permits);
    for _ in 0..permits {
        // There is room for every permit.
        let _ = give.try_send(());
    }
    let (to_work, work) = mpsc::channel::<(u64, Part)>();
    let (to_write, done) = mpsc::channel::<(u64, Result<Scored, Failure>)>();
    let work = Mutex::new(work);
    let (sent, ended) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let (sent, ended, interrupted, work, worker) = (&sent, &ended, &*interrupted, &work, &worker);
        let failed = to_write.clone();
        scope.spawn(move || {
            let is_whole = read(&mut source, &take, &to_work, &failed, sent, interrupted);
            ended.store(is_whole, Ordering::SeqCst);
        });
        for _ in 0..threads {
            let to_write = to_write.clone();
            scope.spawn(move || work_on(work, worker, &to_write));
        }
        drop(to_write);
        let mut waiting: BTreeMap<u64, Result<Scored, Failure>> = BTreeMap::new();
        let mut next = 0;
        let stop = |failure: Option<Failure>, sink: &Sink, totals: &Totals| -> ! {
            bar.finish_and_clear();
            let how = sink.how_to_go_on(totals);
            match failure {
                None => say(format!("interrupted: {how}")),
                Some(Failure::ClosedPipe) => say(format!("error: the output was closed: {how}")),
                Some(Failure::Input(message) | Failure::Usage(message)) => {
                    say(format!("error: {message}"));
                    say(how);
                }
            }
            interrupt::leave(if interrupted.load(Ordering::SeqCst) { interrupt::INTERRUPTED } else { 1 })
        };
        loop {
            match done.recv_timeout(Duration::from_millis(100)) {
                Ok((at, scored)) => {
                    waiting.insert(at, scored);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            while let Some(scored) = waiting.remove(&next) {
                let scored = scored.unwrap_or_else(|failure| stop(Some(failure), &sink, &totals));
                let text = reject_rows(&scored.rejected, &sites);
                if !keeps_rejects {
                    tell(&scored.rejected, totals.rejected, &sites);
                }
                if let Some(rejects) = &mut rejects
                    && let Err(error) = std::io::Write::write_all(rejects, &text)
                {
                    stop(Some(crate::output::written(error)), &sink, &totals);
                }
                if let Err(failure) = sink.add(&scored, &text, &mut totals) {
                    stop(Some(failure), &sink, &totals);
                }
                next += 1;
                bar.set_position(totals.done);
                bar.set_message(rate(totals.scored + totals.rejected, before, start));
                if let Some(most) = max_errors.filter(|most| totals.rejected > *most) {
                    let message = format!("more than {most} rows were rejected (--max-errors)");
                    stop(Some(Failure::Input(message)), &sink, &totals);
                }
                let _ = give.try_send(());
            }
            // The reader sends nothing more once it is told to stop; what it has sent is finished first.
            if interrupted.load(Ordering::SeqCst) && next == sent.load(Ordering::SeqCst) {
                stop(None, &sink, &totals);
            }
        }
        // Whatever the reason, a list that was not read to its end has no result.
        if !ended.load(Ordering::SeqCst) {
            stop(None, &sink, &totals);
        }
        bar.finish_and_clear();
        if !keeps_rejects && totals.rejected > MOST_TOLD {
            say(format!("rejected: … and {} more", totals.rejected - MOST_TOLD));
        }
        if let Some(rejects) = rejects {
            rejects.finish()?;
        }
        let footer = |parts: &[(u64, Vec<u8>)]| worker.footer(parts);
        match sink.finish(footer) {
            Err(Failure::ClosedPipe) => Err(Failure::input("the output was closed: the scores are incomplete")),
            other => other,
        }
    })?;
    Ok(totals)
}

/// Reads parts, no more at a time than there are permits; whether that was all of them.
fn read(
    source: &mut Source,
    permits: &Receiver<()>,
    to_work: &mpsc::Sender<(u64, Part)>,
    failed: &mpsc::Sender<(u64, Result<Scored, Failure>)>,
    sent: &AtomicU64,
    interrupted: &AtomicBool,
) -> bool {
    for at in 0.. {
        if permits.recv().is_err() || interrupted.load(Ordering::SeqCst) {
            return false;
        }
        match source.next_part() {
            Ok(None) => return true,
            Ok(Some(_)) if interrupted.load(Ordering::SeqCst) => return false,
            Ok(Some(part)) => {
                sent.fetch_add(1, Ordering::SeqCst);
                if to_work.send((at, part)).is_err() {
                    return false;
                }
            }
            Err(failure) => {
                sent.fetch_add(1, Ordering::SeqCst);
                // Whoever does not listen any more has failed already.
                let _ = failed.send((at, Err(failure)));
                return false;
            }
        }
    }
    false
}

/// Works on parts, on this thread alone.
fn work_on(
    work: &Mutex<Receiver<(u64, Part)>>,
    worker: &Worker<'_>,
    to_write: &mpsc::Sender<(u64, Result<Scored, Failure>)>,
) {
    // The library spreads its own loops over a pool: one of one thread keeps it here.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    loop {
        let part = match work.lock() {
            Ok(work) => work.recv(),
            // Another worker has panicked.
            Err(_) => return,
        };
        let Ok((at, part)) = part else { return };
        let scored = match &pool {
            // A part that never comes back would be waited for: a fault ends the run.
            Ok(pool) => catch_unwind(AssertUnwindSafe(|| pool.install(|| worker.work(part))))
                .unwrap_or_else(|_| Err(Failure::input("a part could not be scored: this is a fault of siteband"))),
            Err(error) => Err(Failure::input(format!("no thread to work on: {error}"))),
        };
        if to_write.send((at, scored)).is_err() {
            return;
        }
    }
}

/// Shown on a terminal alone.
fn bar(size: Option<u64>, done: u64) -> ProgressBar {
    let bar = match size {
        Some(size) => ProgressBar::new(size),
        None => ProgressBar::new_spinner(),
    };
    let template = if size.is_some() { "{bar:30} {percent} %  {msg}, {eta} left" } else { "{spinner} {msg}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_position(done);
    bar.reset_eta();
    bar
}

fn rate(rows: u64, before: u64, start: Instant) -> String {
    #[allow(clippy::cast_precision_loss, reason = "for people")]
    let per_s = (rows - before) as f64 / start.elapsed().as_secs_f64().max(1e-3);
    format!("{rows} rows, {:.2} million/s", per_s / 1e6)
}

/// Rejected rows as a table.
fn reject_rows(rejected: &[Rejected], sites: &std::path::Path) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rejected {
        let file = row.file.as_deref().unwrap_or(sites).display().to_string();
        let line = row.line.map_or_else(String::new, |line| line.to_string());
        // Into memory: nothing can fail.
        let _ = writer.write_record([file.as_str(), &line, &row.column, &row.value, &row.reason]);
    }
    writer.into_inner().unwrap_or_default()
}

/// The first rejected rows on standard error.
fn tell(rejected: &[Rejected], before: u64, sites: &std::path::Path) {
    let left = usize::try_from(MOST_TOLD.saturating_sub(before)).unwrap_or(0);
    for row in rejected.iter().take(left) {
        let file = row.file.clone().or_else(|| Some(sites.to_owned()));
        say(format!("rejected: {}", Rejected { file, ..row.clone() }));
    }
}
