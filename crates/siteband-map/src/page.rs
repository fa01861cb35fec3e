//! The page to explore.

mod data;

/// The library's numbers, worked out again in the page.
const MODEL: &str = include_str!("page/model.js");
