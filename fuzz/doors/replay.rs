//! Kept inputs, one after the other.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

/// Far longer than any input takes, however busy the machine and slow the build.
const HANGS: Duration = Duration::from_secs(120);

/// Opens a door for every file of a folder of fuzz/corpus; `root` is the folder of the workspace.
///
/// # Panics
/// If the door does, which names the file; if it hangs; or if there are no files.
pub(crate) fn replay(root: &str, corpus: &str, door: fn(&[u8])) {
    let folder = Path::new(root).join("fuzz/corpus").join(corpus);
    let listed = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = listed.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no files", folder.display());
    for file in files {
        let data = fs::read(&file).expect("a file");
        let (done, ended) = mpsc::channel();
        let opened = thread::spawn(move || {
            // Dropped at the end, and by a panic, too.
            let _done = done;
            door(&data);
        });
        match ended.recv_timeout(HANGS) {
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("{} takes longer than {HANGS:?}", file.display()),
            Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {}
        }
        assert!(opened.join().is_ok(), "{} fails: see above", file.display());
    }
}
