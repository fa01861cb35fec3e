//! Where data go: standard output, or a file that appears under its name only when it is whole.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Failure;
use crate::report::printable;

/// So many bytes are written at once.
const BUFFER: usize = 1 << 16;

/// Standard output, a pipe or a device, or a file in the making.
#[derive(Debug)]
pub(crate) enum Output {
    Stdout(BufWriter<io::Stdout>),
    Device(BufWriter<fs::File>),
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl Output {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self::Stdout(BufWriter::with_capacity(BUFFER, io::stdout())));
        };
        let refuse = |reason: &str| Failure::input(format!("{}: {reason}", path.display()));
        // A link stays one: what it leads to is replaced.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(refuse("a folder, where a file was expected")),
            // A file in the making would take the place of a pipe or a device such as /dev/null.
            Ok(found) if !found.is_file() => {
                let device = fs::OpenOptions::new().write(true).open(path);
                let device = device.map_err(|error| refuse(&format!("cannot be written: {}", error.kind())))?;
                return Ok(Self::Device(BufWriter::with_capacity(BUFFER, device)));
            }
            _ => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(refuse("No such file or folder to write in"));
        }
        // Without the name of the file in the making, which means nothing to anybody.
        let file =
            NamedTempFile::new_in(folder).map_err(|error| refuse(&format!("cannot be written: {}", error.kind())))?;
        Ok(Self::File(BufWriter::with_capacity(BUFFER, file), path.to_owned()))
    }

    /// Everything has been written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(mut writer) => writer.flush().map_err(written),
            Self::Device(mut writer) => writer.flush().map_err(written),
            Self::File(writer, path) => {
                let in_file = |error: io::Error| Failure::input(format!("{}: {error}", path.display()));
                let file = writer.into_inner().map_err(|error| in_file(error.into_error()))?;
                file.as_file().sync_all().map_err(in_file)?;
                file.persist(&path).map_err(|error| in_file(error.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::Device(writer) => writer.write(bytes),
            Self::File(writer, _) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Device(writer) => writer.flush(),
            Self::File(writer, _) => writer.flush(),
        }
    }
}

/// What a failed write means.
pub(crate) fn written(error: impl Into<io::Error>) -> Failure {
    let error = error.into();
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::ClosedPipe
    } else {
        Failure::input(format!("cannot write: {error}"))
    }
}

/// Text to its place, whole.
pub(crate) fn write_text(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    write_bytes(path, text.as_bytes())
}

/// Bytes to their place, whole.
pub(crate) fn write_bytes(path: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    let mut output = Output::open(path)?;
    output.write_all(bytes).map_err(written)?;
    output.finish()
}

/// Words for people, on standard error; where nobody can read them, nothing is lost.
pub(crate) fn say(words: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{}", printable(&words.to_string()));
}
