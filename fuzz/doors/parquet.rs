//! A list of sites in Parquet.

use std::io::{Seek, Write};
use std::path::Path;

use crate::Failure;
use crate::score::parquet::Source;
use crate::score::source::Rows;

/// Every row is a site or is rejected with its number and its reason, in parts whose rows are those that are passed over where a run is
/// resumed; or the file is refused with a reason.
///
/// # Panics
/// If one of these does not hold.
pub fn door(data: &[u8]) {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(data).expect("a file");
    let open = || {
        let mut file = file.try_clone().expect("a file");
        file.rewind().expect("a file");
        Source::open(file, Path::new("list.parquet"))
    };
    let Some(mut source) = told(open()) else { return };
    let shape = source.shape();
    let (mut parts, mut rows) = (Vec::new(), 0);
    let is_whole = loop {
        let part = match told(source.next_part()) {
            Some(Some(part)) => part,
            Some(None) => break true,
            None => break false,
        };
        let Rows::Arrow(batch) = &part.rows else { panic!("rows of Parquet are no text") };
        let mut rejected = Vec::new();
        let Some((sites, good)) = told(shape.sites(batch, &mut rejected)) else { break false };
        assert_eq!(sites.len(), good.num_rows());
        assert_eq!((sites.len() + rejected.len()) as u64, part.done);
        assert!(rejected.iter().all(|row| row.column.starts_with("row ") && !row.reason.is_empty()), "{rejected:?}");
        rows += part.done;
        parts.push((part.digest, part.done));
    };
    if is_whole {
        assert_eq!(rows, source.rows());
        let mut source = open().expect("the same file");
        for part in &parts {
            assert_eq!(source.skip_part().expect("the same file").as_ref(), Some(part));
        }
        assert_eq!(source.skip_part().expect("the same file"), None);
    }
}

/// What was read; none where it was refused, with a reason.
fn told<T>(read: Result<T, Failure>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(Failure::Input(reason)) => {
            assert!(reason.len() > "list.parquet: ".len());
            None
        }
        Err(other) => panic!("{other:?}"),
    }
}
