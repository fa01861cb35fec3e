//! What ends a run before its time (^C, a request to end, a failure in the middle of it): no file in the making is left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};

/// The files in the making, but for those that another run can go on with.
static IN_MAKING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Raised, where there is one, instead of ending the process.
static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The exit code of a process that was interrupted.
pub(crate) const INTERRUPTED: i32 = 130;

/// A file that is to go where the run ends before it has its name.
pub(crate) fn removes(path: &Path) {
    IN_MAKING.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
    watch();
}

/// A flag that is raised when the process is asked to end; asked twice, it ends at once.
pub(crate) fn flag() -> Arc<AtomicBool> {
    watch();
    Arc::clone(FLAG.get_or_init(Arc::default))
}

/// Ends the process at once: other threads may be waiting for input that never comes.
pub(crate) fn leave(code: i32) -> ! {
    for path in IN_MAKING.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // One that is whole has another name by now.
        let _ = fs::remove_file(path);
    }
    std::process::exit(code)
}

fn watch() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        // Without a handler an interrupt ends the process as ever.
        let _ = ctrlc::set_handler(|| {
            if FLAG.get().is_none_or(|flag| flag.swap(true, Ordering::SeqCst)) {
                leave(INTERRUPTED);
            }
        });
    });
}
