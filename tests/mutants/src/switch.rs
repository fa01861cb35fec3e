/// Which fault is on, and which places are reached.
#[doc(hidden)]
#[allow(missing_docs, reason = "generated")]
pub mod mutant {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
    use std::sync::{Mutex, OnceLock};

    const FAULTS: usize = 8;
    static ON: AtomicUsize = AtomicUsize::new(usize::MAX);

    #[inline]
    pub fn on(place: usize) -> usize {
        match ON.load(Relaxed) {
            usize::MAX => ask(place),
            fault => fault,
        }
    }

    #[cold]
    #[inline(never)]
    fn ask(place: usize) -> usize {
        static SEEN: [AtomicBool; 1 << 16] = [const { AtomicBool::new(false) }; 1 << 16];
        static REACHED: OnceLock<Option<Mutex<std::fs::File>>> = OnceLock::new();
        if SEEN[place / FAULTS].load(Relaxed) {
            return 0;
        }
        let reached = REACHED.get_or_init(|| {
            let path = std::env::var_os("MUTANTS_REACHED")?;
            std::fs::OpenOptions::new().append(true).create(true).open(path).ok().map(Mutex::new)
        });
        let Some(reached) = reached else {
            let fault = std::env::var("MUTANT").ok().and_then(|number| number.parse().ok()).unwrap_or(0);
            ON.store(fault, Relaxed);
            return fault;
        };
        if let Ok(mut file) = reached.lock() {
            if !SEEN[place / FAULTS].swap(true, Relaxed) {
                let _ = writeln!(file, "{place}");
            }
        }
        0
    }
}
