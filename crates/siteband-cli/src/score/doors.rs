//! What the fuzzer comes in by, and the inputs that it has kept: see fuzz/README.md.

#[path = "../../../../fuzz/doors/journal.rs"]
pub mod journal;
#[cfg(feature = "parquet")]
#[path = "../../../../fuzz/doors/parquet.rs"]
pub mod parquet;
#[cfg(test)]
#[path = "../../../../fuzz/doors/replay.rs"]
mod replay;

#[cfg(test)]
fn replay(corpus: &str, door: fn(&[u8])) {
    replay::replay(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."), corpus, door);
}

#[test]
fn journals() {
    replay("journal", journal::door);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_files() {
    replay("parquet", parquet::door);
}
