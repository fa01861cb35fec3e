//! Lists of sites as files that open quickly: the sites, the order in which the index packs them, and the rows that were rejected.
//!
//! # Format
//! All numbers are little-endian, floating-point numbers by their bits; a text is its length and UTF-8.
//!
//! ```text
//! magic      89 53 42 58 0D 0A 1A 0A   ("SBX" between bytes that a transfer as text would change)
//! version    u32                       [`VERSION`]
//! sites      blocks of whole sites
//! order      blocks of u32             the numbers of the sites along Hilbert's curve
//! rejected   blocks of whole rows
//! ```
//!
//! Each of the three ends with a block of no bytes; behind the last there is nothing.
//! A block is `u32` length, `u32` checksum, bytes. The checksum is the CRC-32 of everything that the checksums before it cover, of the
//! length and of the bytes: a block that is changed, missing or elsewhere does not fit. Within a block, a number (length, count)
//! has seven bits to a byte, the last byte without the highest bit. Groups, tags and names of columns are *words*: number 0 and
//! a text where the word is new in its block or longer than [`WORD`], otherwise which of the block's words it is, counted from 1. What
//! need not be there is number 0, or number 1 and the thing.
//!
//! Nothing that is read is believed: positions, weights and ids are checked as those of any list, the order has to be a permutation,
//! and the bounds of the index are made from the sites again. Memory grows with what has been read, never with what a number promises.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use super::index::Index;
use super::{Ids, Rejected, Site, Sites, SitesError};
use crate::length::Length;
use crate::limits::LISTED_ROWS;
use crate::position::Position;

const MAGIC: [u8; 8] = *b"\x89SBX\r\n\x1a\n";
/// Of the format: raised with every change of it.
const VERSION: u32 = 1;
/// A block is closed when it has so many bytes.
const BLOCK: usize = 1 << 20;
/// So many bytes a word may have that is not written again, so that a file cannot ask for far more memory than it has bytes.
const WORD: usize = 64;
/// So many blocks are read, then decoded on all cores.
const AT_ONCE: usize = 8;

pub(super) fn save(sites: &Sites, writer: impl Write) -> io::Result<()> {
    let mut blocks = BlockWriter { writer, checksum: crc32fast::Hasher::new(), block: Block::default() };
    blocks.writer.write_all(&MAGIC)?;
    blocks.writer.write_all(&VERSION.to_le_bytes())?;
    for site in &sites.sites {
        blocks.block.site(site);
        blocks.close_if_full()?;
    }
    blocks.end()?;
    for at in sites.index.order(&sites.sites).iter() {
        blocks.block.bytes.extend(at.to_le_bytes());
        blocks.close_if_full()?;
    }
    blocks.end()?;
    for row in &sites.rejected {
        blocks.block.rejected(row);
        blocks.close_if_full()?;
    }
    blocks.end()?;
    blocks.writer.flush()
}

struct BlockWriter<W> {
    writer: W,
    checksum: crc32fast::Hasher,
    block: Block,
}

impl<W: Write> BlockWriter<W> {
    fn close_if_full(&mut self) -> io::Result<()> {
        if self.block.bytes.len() < BLOCK { Ok(()) } else { self.close() }
    }

    /// Ends a part: with what is left, and a block of no bytes.
    fn end(&mut self) -> io::Result<()> {
        if !self.block.bytes.is_empty() {
            self.close()?;
        }
        self.close()
    }

    fn close(&mut self) -> io::Result<()> {
        let bytes = &self.block.bytes;
        let too_long = |_| io::Error::other("a row of more than 4 GiB does not fit into a saved index");
        let length = u32::try_from(bytes.len()).map_err(too_long)?.to_le_bytes();
        self.writer.write_all(&length)?;
        self.writer.write_all(&chained(&mut self.checksum, length, bytes).to_le_bytes())?;
        self.writer.write_all(bytes)?;
        self.block.bytes.clear();
        self.block.words.clear();
        Ok(())
    }
}

/// The checksum of a block and all before it.
fn chained(checksum: &mut crc32fast::Hasher, length: [u8; 4], bytes: &[u8]) -> u32 {
    checksum.update(&length);
    checksum.update(bytes);
    checksum.clone().finalize()
}

/// A block in the making.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    words: HashMap<String, usize>,
}

impl Block {
    fn site(&mut self, site: &Site) {
        let Site { id, name, group, position, tags, prior, other } = site;
        self.text(id);
        self.optional(name.as_deref(), Self::text);
        self.optional(group.as_deref(), Self::word);
        for number in [position.lat_deg(), position.lon_deg(), position.uncertainty().m(), *prior] {
            self.bytes.extend(number.to_bits().to_le_bytes());
        }
        self.number(tags.len());
        for tag in tags {
            self.word(tag);
        }
        self.number(other.len());
        for (column, text) in other {
            self.word(column);
            self.text(text);
        }
    }

    fn rejected(&mut self, row: &Rejected) {
        let Rejected { file, line, column, value, reason } = row;
        self.optional(file.as_deref().map(|file| file.to_string_lossy()).as_deref(), Self::word);
        self.optional(*line, |block, line| block.bytes.extend(line.to_le_bytes()));
        self.text(column);
        self.text(value);
        self.text(reason);
    }

    fn number(&mut self, number: usize) {
        let mut rest = number;
        while rest >= 0x80 {
            self.bytes.push(0x80 | low_bits(rest));
            rest >>= 7;
        }
        self.bytes.push(low_bits(rest));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend(text.as_bytes());
    }

    fn word(&mut self, word: &str) {
        if let Some(number) = self.words.get(word) {
            self.number(*number);
            return;
        }
        if word.len() <= WORD {
            self.words.insert(word.to_owned(), self.words.len() + 1);
        }
        self.number(0);
        self.text(word);
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(usize::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "seven bits")]
fn low_bits(number: usize) -> u8 {
    (number & 0x7f) as u8
}

/// What is to be done about a file that will not do.
const AGAIN: &str = "build it again from its list with 'siteband index'";

fn damaged(what: impl std::fmt::Display) -> SitesError {
    SitesError::new(None, format!("the saved index is damaged ({what}): {AGAIN}"))
}

/// Why what was read cannot be used.
fn unread(error: &io::Error) -> SitesError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        SitesError::new(None, format!("the saved index is cut off: {AGAIN}"))
    } else {
        SitesError::new(None, error.to_string())
    }
}

pub(super) fn load(mut reader: impl Read) -> Result<Sites, SitesError> {
    let mut magic = Vec::new();
    (&mut reader).take(MAGIC.len() as u64).read_to_end(&mut magic).map_err(|error| unread(&error))?;
    if magic != MAGIC {
        let what = if MAGIC.starts_with(&magic) { "is cut off" } else { "is not one that siteband has written" };
        return Err(SitesError::new(None, format!("the saved index {what}: {AGAIN}")));
    }
    let mut version = [0; 4];
    reader.read_exact(&mut version).map_err(|error| unread(&error))?;
    match u32::from_le_bytes(version) {
        VERSION => {}
        newer @ VERSION.. => {
            let what = format!("the saved index has format {newer}, and this siteband reads {VERSION}");
            return Err(SitesError::new(None, format!("{what}: use a newer siteband, or {AGAIN}")));
        }
        older => {
            let what = format!("the saved index has the old format {older}, and this siteband reads {VERSION}");
            return Err(SitesError::new(None, format!("{what}: {AGAIN}")));
        }
    }
    let mut blocks = BlockReader { reader, checksum: crc32fast::Hasher::new() };

    let sites = blocks.part(site)?;
    let order = blocks.part(slot)?;
    let rejected = blocks.part(rejected)?;
    if blocks.reader.read(&mut [0]).map_err(|error| unread(&error))? > 0 {
        return Err(damaged("it goes on behind its end"));
    }

    if sites.len() + rejected.len() > LISTED_ROWS {
        return Err(SitesError::new(None, format!("the saved index has more than {LISTED_ROWS} rows")));
    }
    if !is_permutation(&order, sites.len()) {
        return Err(damaged("its order does not have every site once"));
    }
    let (ids, index) = crate::batch::both(|| Ids::of(&sites), || Index::in_order(&sites, order));
    let ids = ids.map_err(damaged)?;
    Ok(Sites::with_index(index, sites, ids, rejected))
}

struct BlockReader<R> {
    reader: R,
    checksum: crc32fast::Hasher,
}

impl<R: Read> BlockReader<R> {
    fn block(&mut self) -> Result<Vec<u8>, SitesError> {
        let (mut length, mut checksum) = ([0; 4], [0; 4]);
        self.reader.read_exact(&mut length).map_err(|error| unread(&error))?;
        self.reader.read_exact(&mut checksum).map_err(|error| unread(&error))?;
        let count = u32::from_le_bytes(length);
        let mut bytes = Vec::with_capacity((count as usize).min(BLOCK + BLOCK / 8));
        (&mut self.reader).take(count.into()).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
        if bytes.len() < count as usize {
            return Err(unread(&io::ErrorKind::UnexpectedEof.into()));
        }
        if chained(&mut self.checksum, length, &bytes) == u32::from_le_bytes(checksum) {
            Ok(bytes)
        } else {
            Err(damaged("a checksum does not fit"))
        }
    }

    /// Everything of a part, in order.
    fn part<T: Send>(
        &mut self,
        one: impl for<'a> Fn(&mut Decoder<'a>) -> Result<T, SitesError> + Send + Sync,
    ) -> Result<Vec<T>, SitesError> {
        let decode = |bytes: &Vec<u8>| {
            let mut decoder = Decoder { rest: bytes, words: Vec::new() };
            let mut found = Vec::new();
            while !decoder.rest.is_empty() {
                found.push(one(&mut decoder)?);
            }
            Ok(found)
        };
        let mut all = Vec::new();
        let mut blocks = Vec::with_capacity(AT_ONCE);
        loop {
            let block = self.block()?;
            let is_end = block.is_empty();
            blocks.push(block);
            if is_end || blocks.len() == AT_ONCE {
                for found in crate::batch::map(&blocks, decode) {
                    all.append(&mut found?);
                }
                blocks.clear();
            }
            if is_end {
                return Ok(all);
            }
        }
    }
}

fn is_permutation(order: &[u32], count: usize) -> bool {
    let mut seen = vec![false; count];
    let mut first_time = |at: &u32| seen.get_mut(*at as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    order.len() == count && order.iter().all(&mut first_time)
}

fn site(from: &mut Decoder<'_>) -> Result<Site, SitesError> {
    let id = from.text()?.to_owned();
    let name = from.optional(Decoder::text)?.map(str::to_owned);
    let group = from.optional(Decoder::word)?.map(str::to_owned);
    let (lat_deg, lon_deg, uncertainty_m, prior) = (from.float()?, from.float()?, from.float()?, from.float()?);
    let position = Position::new(lat_deg, lon_deg).map_err(damaged)?;
    let position = position.with_uncertainty(Length::from_m(uncertainty_m).map_err(damaged)?);
    let tags = from.several(|decoder| decoder.word().map(str::to_owned))?;
    let other = from.several(|decoder| Ok((decoder.word()?.to_owned(), decoder.text()?.to_owned())))?;
    let site = Site { id, name, group, position, tags, prior: 1.0, other };
    site.with_prior(prior).map_err(damaged)
}

fn slot(from: &mut Decoder<'_>) -> Result<u32, SitesError> {
    from.array().map(u32::from_le_bytes)
}

fn rejected(from: &mut Decoder<'_>) -> Result<Rejected, SitesError> {
    Ok(Rejected {
        file: from.optional(Decoder::word)?.map(PathBuf::from),
        line: from.optional(Decoder::array)?.map(u64::from_le_bytes),
        column: from.text()?.to_owned(),
        value: from.text()?.to_owned(),
        reason: from.text()?.to_owned(),
    })
}

/// What is left of a block.
struct Decoder<'a> {
    rest: &'a [u8],
    words: Vec<&'a str>,
}

impl<'a> Decoder<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], SitesError> {
        let (bytes, rest) =
            self.rest.split_at_checked(count).ok_or_else(|| damaged("a row is longer than its block"))?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SitesError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(|| damaged("a row is longer than its block"))?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn float(&mut self) -> Result<f64, SitesError> {
        self.array().map(f64::from_le_bytes)
    }

    fn number(&mut self) -> Result<usize, SitesError> {
        let mut number = 0;
        // A length of 35 bits is longer than any block.
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(number).map_err(damaged);
            }
        }
        Err(damaged("a number is too large"))
    }

    fn text(&mut self) -> Result<&'a str, SitesError> {
        let count = self.number()?;
        std::str::from_utf8(self.bytes(count)?).map_err(damaged)
    }

    fn word(&mut self) -> Result<&'a str, SitesError> {
        if let Some(known) = self.number()?.checked_sub(1) {
            return self.words.get(known).copied().ok_or_else(|| damaged("a word is not in its block"));
        }
        let word = self.text()?;
        if word.len() <= WORD {
            self.words.push(word);
        }
        Ok(word)
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, SitesError>) -> Result<Option<T>, SitesError> {
        match self.number()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            other => Err(damaged(format!("neither there nor not there, but {other}"))),
        }
    }

    /// As many things as the number before them says; each takes a byte at least.
    fn several<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T, SitesError>) -> Result<Vec<T>, SitesError> {
        let count = self.number()?;
        let mut found = Vec::with_capacity(count.min(self.rest.len()).min(64));
        for _ in 0..count {
            found.push(read(self)?);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "id,lat,lon,name,group,tags,prior,uncertainty_m,note\n\
        a,39.647222,125.3675,Ä,g,x;y,2.5,12.5,first\nb,1e-5,-0.1,,g,x,,,\nbad,91,12,,,,,,\nc,-39,359.9,,,,,,first\n";

    fn list() -> Sites {
        let mut sites = Sites::from_csv(TABLE.as_bytes()).expect("a table");
        for row in &mut sites.rejected {
            row.file = Some("list.csv".into());
        }
        sites
    }

    fn saved(sites: &Sites) -> Vec<u8> {
        let mut bytes = Vec::new();
        sites.save(&mut bytes).expect("memory");
        bytes
    }

    fn refused(bytes: &[u8]) -> String {
        Sites::from_index(bytes).expect_err("refused").to_string()
    }

    /// A saved index with this order, whatever it is.
    fn with_order(sites: &[Site], order: &[u8]) -> Vec<u8> {
        let mut blocks =
            BlockWriter { writer: Vec::new(), checksum: crc32fast::Hasher::new(), block: Block::default() };
        blocks.writer.extend(MAGIC);
        blocks.writer.extend(VERSION.to_le_bytes());
        for site in sites {
            blocks.block.site(site);
        }
        blocks.end().expect("memory");
        blocks.block.bytes.extend(order);
        blocks.end().expect("memory");
        blocks.end().expect("memory");
        blocks.writer
    }

    #[test]
    fn the_same_to_the_last_bit() {
        let sites = list();
        let again = Sites::from_index(saved(&sites).as_slice()).expect("as it was saved");
        assert_eq!(again.as_slice(), sites.as_slice());
        for (site, same) in sites.as_slice().iter().zip(again.as_slice()) {
            let bits = |site: &Site| {
                let position = site.position();
                [position.lat_deg(), position.lon_deg(), position.uncertainty().m(), site.prior()].map(f64::to_bits)
            };
            assert_eq!(bits(site), bits(same));
        }
        assert_eq!(again.rejected(), sites.rejected());
        assert_eq!(saved(&again), saved(&sites));
        assert!(again.get("B").is_some());
        let empty = Sites::new(Vec::new()).expect("no ids");
        assert!(Sites::from_index(saved(&empty).as_slice()).expect("an empty list").is_empty());
    }

    #[test]
    fn many_blocks() {
        let site = |at: i32| {
            let position = Position::new(f64::from(at % 89), f64::from(at % 179)).expect("valid");
            let tags = [format!("{}", at % 300), "long ".repeat(20)];
            Site::new(format!("site {at}"), position).with_group(format!("{}", at / 3)).with_tags(tags)
        };
        let mut sites = Sites::new((0..60_000).map(site).collect()).expect("ids of their own");
        let again = Sites::from_index(saved(&sites).as_slice()).expect("as it was saved");
        assert_eq!(again.as_slice(), sites.as_slice());
        // What has changed since the index was packed is packed anew.
        sites.remove("site 7");
        sites.insert(Site::new("new", "39 N 125 E".parse().expect("valid"))).expect("a new id");
        let again = Sites::from_index(saved(&sites).as_slice()).expect("as it was saved");
        assert_eq!(again.as_slice(), sites.as_slice());
    }

    #[test]
    fn every_damage_is_refused() {
        let whole = saved(&list());
        for at in 0..whole.len() {
            for flip in [0x01, 0x20, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                let error = refused(&bytes);
                assert!(error.contains("siteband index"), "byte {at}: {error}");
            }
            let error = refused(&whole[..at]);
            assert!(error.contains("cut off"), "{at} bytes: {error}");
        }
        assert!(refused(&[whole.as_slice(), b"\0"].concat()).contains("behind its end"));
        assert!(refused(TABLE.as_bytes()).contains("not one that siteband has written"));
        for (version, says) in [(0_u32, "old format 0"), (2, "has format 2, and this siteband reads 1")] {
            let mut bytes = whole.clone();
            bytes[8..12].copy_from_slice(&version.to_le_bytes());
            assert!(refused(&bytes).contains(says), "{}", refused(&bytes));
        }
    }

    #[test]
    fn what_is_crafted_is_refused() {
        let sites = list().sites;
        let order = |order: &[u32]| order.iter().flat_map(|at| at.to_le_bytes()).collect::<Vec<u8>>();
        assert!(Sites::from_index(with_order(&sites, &order(&[2, 0, 1])).as_slice()).is_ok());
        for bad in [&[0, 0, 1][..], &[0, 1], &[0, 1, 3], &[0, 1, 2, 2], &[u32::MAX, 0, 1], &[]] {
            let error = refused(&with_order(&sites, &order(bad)));
            assert!(error.contains("every site once"), "{bad:?}: {error}");
        }
        assert!(refused(&with_order(&sites, &[0; 7])).contains("longer than its block"));
        let twice = [sites[0].clone(), Site { id: "A".into(), ..sites[1].clone() }];
        assert!(refused(&with_order(&twice, &order(&[0, 1]))).contains("both have the id 'A'"));
        let no_weight = [Site { prior: -1.0, ..sites[0].clone() }];
        assert!(refused(&with_order(&no_weight, &order(&[0]))).contains("no prior weight"));
        let nowhere = [Site { position: Position::at_deg(91.0, f64::NAN), ..sites[0].clone() }];
        assert!(refused(&with_order(&nowhere, &order(&[0]))).contains("latitude 91"));

        // A length that promises more than there is takes no memory.
        let mut bytes = saved(&list());
        bytes[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(refused(&bytes).contains("cut off"));
    }
}
