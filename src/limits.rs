//! How much siteband takes of what it is given: who feeds it more is told so. `docs/LIMITS.md` says what each limit is for, and what is
//! read whole.

/// Bytes of one thing in a list: a row or the header of a table, a feature of a sequence, a tag, a text or a value of KML.
pub const ITEM_BYTES: usize = 16 << 20;

/// Columns of a table, or properties of a placemark: as many as spreadsheets have.
pub const COLUMNS: usize = 16_384;

/// Rows of a list that is held in memory, the rejected ones with it.
pub const LISTED_ROWS: usize = 100_000_000;

/// Bytes of a GeoJSON text, which is read whole.
pub const GEOJSON_BYTES: usize = 1 << 30;

/// Pieces of at most 4 km into which the edges of an atlas' features are cut.
pub const PIECES: usize = 20_000_000;

/// Elements of KML within each other; folders of folders take few.
pub const KML_DEPTH: usize = 100;

/// Bytes to which the text of a KMZ archive may inflate.
pub const KMZ_BYTES: u64 = 1 << 30;

/// Bytes to which one byte of a KMZ archive may inflate, beyond [`ITEM_BYTES`]. Lists of points reach a tenth of it.
pub const KMZ_RATIO: u64 = 200;

/// Lists and objects of JSON within each other: a limit of its parser, as is [`TOML_DEPTH`].
pub const JSON_DEPTH: usize = 127;

/// Lists and tables of TOML within each other.
pub const TOML_DEPTH: usize = 80;

/// Bytes of a scenario, without the files that it names.
pub const SCENARIO_BYTES: usize = 4 << 20;

/// Claims of a scenario, and assumptions: a ranking is repeated without each, and each is held against each.
pub const STATEMENTS: usize = 200;

/// Sources, features and files of a scenario, of each so many.
pub const SCENARIO_ENTRIES: usize = 1_000;

/// Bytes of the words of a claim. Texts that join many take time with the square of their number.
pub const CLAIM_BYTES: usize = 16_384;

/// Bytes of a text in which claims are looked for.
pub const TEXT_BYTES: usize = 256 << 20;

/// Characters of a value that was rejected which are kept to show it.
pub const SHOWN_CHARS: usize = 200;
