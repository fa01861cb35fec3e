//! The tags of some rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::datatypes::{DataType, Field};

use crate::InvalidColumns;

/// The tags of some rows: texts with semicolons, or lists.
pub(crate) enum Tags {
    Texts(ArrayRef),
    Lists(ArrayRef),
}

impl Tags {
    pub(crate) fn new(
        array: &ArrayRef,
        column: impl Fn(&DataType) -> Result<ArrayRef, InvalidColumns>,
    ) -> Result<Self, InvalidColumns> {
        if matches!(array.data_type(), DataType::List(_) | DataType::LargeList(_)) {
            let items = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
            return Ok(Self::Lists(column(&items)?));
        }
        Ok(Self::Texts(column(&DataType::Utf8)?))
    }

    pub(crate) fn get(&self, at: usize) -> impl Iterator<Item = &str> {
        let (texts, range): (&StringArray, _) = match self {
            Self::Texts(texts) => (texts.as_string::<i32>(), at..at + 1),
            Self::Lists(lists) => {
                let lists = lists.as_list::<i32>();
                let offset = |at: usize| usize::try_from(lists.value_offsets()[at]).unwrap_or(0);
                let range = if lists.is_valid(at) { offset(at)..offset(at + 1) } else { 0..0 };
                (lists.values().as_string::<i32>(), range)
            }
        };
        let is_list = matches!(self, Self::Lists(_));
        range.filter(|at| texts.is_valid(*at)).flat_map(move |at| {
            let text = texts.value(at);
            let separator = if is_list { '\0' } else { ';' };
            text.split(separator).map(str::trim).filter(|tag| !tag.is_empty())
        })
    }
}
