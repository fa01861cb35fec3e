//! A table of sites.

use std::io::Read;

use siteband::{Rejected, Site, SiteBatch, SiteBlocks, SiteReader, Sites};

use super::trickle::Trickle;

/// The first byte says how many bytes a block has, and how many arrive at a time. Every row is a site or is rejected with its line and its
/// reason; the rows are the same however their bytes arrive, as sites or in columns, as a whole or in blocks; and a list has every
/// row, those with an id that was used before among the rejected.
pub(crate) fn door(data: &[u8]) {
    let Some((&size, table)) = data.split_first() else { return };
    let size = usize::from(size).max(1);
    let trickle = || Trickle::new(table, size);
    let reader = match SiteReader::new(table) {
        Ok(reader) => reader,
        Err(error) => {
            assert!(!error.reason.is_empty());
            assert_eq!(SiteReader::new(trickle()).map(drop), Err(error.clone()));
            assert_eq!(SiteBlocks::new(table, size).map(drop), Err(error.clone()));
            assert_eq!(Sites::from_csv(table).map(drop), Err(error));
            return;
        }
    };
    let rows: Vec<Result<Site, Rejected>> = reader.collect();
    let lines = table.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
    for row in rows.iter().filter_map(|row| row.as_ref().err()) {
        assert!(!row.reason.is_empty());
        assert!(row.line.is_some_and(|line| (2..=lines).contains(&line)), "{row:?}");
    }
    let trickled: Vec<_> = SiteReader::new(trickle()).expect("a header").collect();
    assert_eq!(trickled, rows);
    assert_eq!(in_blocks(table, size), rows);
    assert_eq!(in_blocks(trickle(), size), rows);

    let sites = Sites::from_csv(table).expect("a header");
    let (good, bad): (Vec<_>, Vec<_>) = rows.into_iter().partition(Result::is_ok);
    let mut kept = sites.as_slice().iter();
    let mut again = 0;
    for site in good.into_iter().flatten() {
        let listed = sites.get(site.id()).expect("every id is that of a site");
        if *listed != site || kept.clone().next() != Some(&site) {
            again += 1;
        } else {
            kept.next();
        }
    }
    assert_eq!(kept.count(), 0, "no site but those of the rows");
    assert_eq!(sites.rejected().len(), bad.len() + again);
}

/// The rows of a table that is cut into blocks, each read twice: as sites, and into columns.
fn in_blocks(table: impl Read, block_bytes: usize) -> Vec<Result<Site, Rejected>> {
    let mut blocks = SiteBlocks::new(table, block_bytes).expect("a header");
    let mut rows = Vec::new();
    while let Some(block) = blocks.next_block().expect("the rest of the table") {
        let mut batch = SiteBatch::default();
        let mut columns = block.rows(blocks.header());
        for row in block.rows(blocks.header()) {
            match (columns.read_into(&mut batch).expect("as many rows"), &row) {
                (Ok(range), Ok(site)) => {
                    let at = batch.len() - 1;
                    assert!(range.start < range.end && range.end <= block.text.len() as u64);
                    assert_eq!((batch.id(at), batch.positions()[at]), (site.id(), site.position()));
                    assert_eq!(batch.priors()[at], site.prior());
                    assert!(site.tags().iter().all(|tag| batch.has_tag(at, tag)));
                }
                (Err(other), Err(row)) => assert_eq!(other, *row),
                (other, _) => panic!("{row:?} as a site, {other:?} in columns"),
            }
            rows.push(row);
        }
        assert_eq!(columns.read_into(&mut batch), None);
    }
    rows
}
