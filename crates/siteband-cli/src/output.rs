//! Where data go: standard output, or a file that appears under its name only when it is whole.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::report::one_line;
use crate::{Failure, interrupt};

/// So many bytes are written at once.
const BUFFER: usize = 1 << 16;

/// Standard output, a pipe or a device, or a file in the making. Its errors name it.
#[derive(Debug)]
pub(crate) struct Output {
    writer: Writer,
    /// None for standard output.
    path: Option<PathBuf>,
}

#[derive(Debug)]
enum Writer {
    Stdout(BufWriter<io::Stdout>),
    Device(BufWriter<fs::File>),
    File(BufWriter<NamedTempFile>),
}

impl Output {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            let writer = Writer::Stdout(BufWriter::with_capacity(BUFFER, io::stdout()));
            return Ok(Self { writer, path: None });
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
                let writer = Writer::Device(BufWriter::with_capacity(BUFFER, device));
                return Ok(Self { writer, path: Some(path.to_owned()) });
            }
            _ => {}
        }
        let folder = folder_of(path)?;
        // Without the name of the file in the making, which means nothing to anybody.
        let file = in_making(folder, path).map_err(|error| refuse(&format!("cannot be written: {}", error.kind())))?;
        interrupt::removes(file.path());
        let writer = Writer::File(BufWriter::with_capacity(BUFFER, file));
        Ok(Self { writer, path: Some(path.to_owned()) })
    }

    /// Everything has been written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self { writer, path } = self;
        let in_path = |error: io::Error| written(named(path.as_deref(), &error));
        match writer {
            Writer::Stdout(mut writer) => writer.flush().map_err(in_path),
            Writer::Device(mut writer) => writer.flush().map_err(in_path),
            Writer::File(writer) => {
                let file = writer.into_inner().map_err(|error| in_path(error.into_error()))?;
                file.as_file().sync_all().map_err(in_path)?;
                file.persist(path.as_deref().unwrap_or(Path::new(""))).map_err(|error| in_path(error.error))?;
                Ok(())
            }
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.writer {
            Writer::Stdout(writer) => writer,
            Writer::Device(writer) => writer,
            Writer::File(writer) => writer,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.writer().write(bytes);
        count.map_err(|error| named(self.path.as_deref(), &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.writer().flush();
        flushed.map_err(|error| named(self.path.as_deref(), &error))
    }
}

/// The folder that a file is in or is to be in.
pub(crate) fn folder_of(path: &Path) -> Result<&Path, Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Failure::input(format!("{}: No such file or folder to write in", path.display())));
    }
    Ok(folder)
}

/// Makes a file readable by whom the one was that it will replace, if there is one that could be written.
pub(crate) fn keep_permissions(file: &fs::File, replaced: &Path) -> io::Result<()> {
    match fs::metadata(replaced).map(|found| found.permissions()) {
        Ok(permissions) if !permissions.readonly() => file.set_permissions(permissions),
        _ => Ok(()),
    }
}

/// A file without a name that lasts, readable by whom the file it replaces was, or by whom any new file is.
fn in_making(folder: &Path, replaced: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    keep_permissions(file.as_file(), replaced)?;
    Ok(file)
}

/// The same error with the name of what was written to.
fn named(path: Option<&Path>, error: &io::Error) -> io::Error {
    let path = path.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
    io::Error::new(error.kind(), format!("{path}: cannot be written: {error}"))
}

/// What a failed write means.
pub(crate) fn written(error: impl Into<io::Error>) -> Failure {
    let error = error.into();
    if error.kind() == io::ErrorKind::BrokenPipe { Failure::ClosedPipe } else { Failure::input(error) }
}

/// Text to its place, whole.
pub(crate) fn write_text(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    let mut output = Output::open(path)?;
    output.write_all(text.as_bytes()).map_err(written)?;
    output.finish()
}

/// Words for people on a line of standard error, the middle of very many left out; where nobody can read them, nothing is lost.
pub(crate) fn say(words: impl std::fmt::Display) {
    const MOST: usize = 2_000;
    let words = one_line(&words.to_string());
    let (mut starts, count) = (words.char_indices().map(|(at, _)| at), words.chars().count());
    let words = if count <= MOST {
        words
    } else {
        // What was expected stands at the end.
        let (from, to) = (starts.nth(MOST / 2).unwrap_or(0), starts.nth(count - MOST).unwrap_or(0));
        format!("{} […] {}", &words[..from], &words[to..])
    };
    let _ = writeln!(io::stderr(), "{words}");
}
