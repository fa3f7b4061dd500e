//! Sorting and paging by key: where a page begins is the sort key and id of the row before it, never a count of rows.

use serde::{Deserialize, Serialize};

use super::{Date, Fault, Id, Instant};

/// The largest number of records on one page.
pub const MAXIMUM_LIMIT: u16 = 200;
/// The number of records on a page when the caller does not say.
pub const DEFAULT_LIMIT: u16 = 50;

/// Cuts off what is more than `limit`, and says whether there was more: one row more than wanted tells whether another page
/// follows.
pub fn cut<T>(rows: &mut Vec<T>, limit: usize) -> bool {
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

/// A field that a list may be sorted by: its name in the API and the column, never null, that holds its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortField {
    /// The name in `sort=`.
    pub name: &'static str,
    /// The column.
    pub column: &'static str,
}

/// The value of a sort field in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// A day; 0001-01-01 stands for an unknown one.
    Date(chrono::NaiveDate),
    /// A whole number.
    Integer(i32),
    /// A number of microseconds, or an id.
    Long(i64),
    /// A text in the order of its bytes.
    Text(String),
}

macro_rules! sort_key_from {
    ($($type:ty => $variant:ident),+ $(,)?) => {
        $(impl From<$type> for SortKey {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        })+
    };
}
sort_key_from!(chrono::NaiveDate => Date, i32 => Integer, i64 => Long, String => Text);

impl From<Date> for SortKey {
    fn from(date: Date) -> Self {
        Self::Date(date.day())
    }
}

/// The key of a day in a sort column, which may not be null: an unknown day counts as the oldest, so that it comes last
/// in the lists that people ask for most, from the newest.
#[must_use]
pub fn date_key(date: Option<Date>) -> chrono::NaiveDate {
    date.map_or(chrono::NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), Date::day)
}

/// The order of a list: one field, then the id, so that no two rows are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The field; the id itself if there is no other.
    pub field: SortField,
    /// Whether the field runs from the largest to the smallest.
    pub descending: bool,
    /// Whether rows with equal keys run from the largest id to the smallest.
    pub id_descending: bool,
}

/// The column of the id.
pub const ID: SortField = SortField { name: "id", column: "id" };

impl Sort {
    /// Reads `sort=`, such as `-issued_on` or `-issued_on,id`.
    ///
    /// # Errors
    /// `unknown_code` if a field is not one of `fields`, `too_many` if more than one field stands before the id.
    pub fn parse(text: &str, fields: &[SortField]) -> Result<Self, Fault> {
        let mut parts = text.split(',');
        let (name, descending) = signed(parts.next().unwrap_or_default());
        let field = fields.iter().copied().chain([ID]).find(|field| field.name == name).ok_or_else(|| {
            let names =
                fields.iter().chain([&ID]).flat_map(|field| [field.name.to_owned(), format!("-{}", field.name)]);
            Fault::new("unknown_code", format!("cannot be {name:?}")).allowing(names)
        })?;
        let id_descending = match parts.next().map(signed) {
            None => descending,
            Some(("id", id_descending)) if field != ID => id_descending,
            Some(_) => return Err(one_field()),
        };
        if parts.next().is_some() {
            return Err(one_field());
        }
        Ok(Self { field, descending, id_descending })
    }
}

fn one_field() -> Fault {
    Fault::new("too_many", "takes one field, which `id` or `-id` may follow")
}

fn signed(text: &str) -> (&str, bool) {
    text.strip_prefix('-').map_or((text, false), |name| (name, true))
}

/// The last row of the page before: where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its key.
    pub key: SortKey,
    /// Its id.
    pub id: Id,
}

/// Which rows a list gives: after where, in what order, how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The order.
    pub sort: Sort,
    /// The row before the first.
    pub after: Option<Position>,
    /// How many rows at most.
    pub limit: u16,
    /// Only records written at or after this instant.
    pub updated_since: Option<Instant>,
    /// Only records that this organization owns.
    pub managed_by: Option<Id>,
    /// The day for which is worked out what the rows may be sorted by.
    pub as_of: Option<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[SortField] = &[SortField { name: "issued_on", column: "issued_on_key" }];

    #[test]
    fn a_sort_is_one_field_and_then_the_id() {
        let sort = Sort::parse("-issued_on,id", FIELDS).unwrap();
        assert_eq!((sort.field.column, sort.descending, sort.id_descending), ("issued_on_key", true, false));
        let sort = Sort::parse("-issued_on", FIELDS).unwrap();
        assert_eq!((sort.descending, sort.id_descending), (true, true));
        assert_eq!(Sort::parse("id", FIELDS).unwrap().field, ID);
        for refused in ["", "title", "issued_on,title", "issued_on,id,id", "id,id", "--id"] {
            assert!(Sort::parse(refused, FIELDS).is_err(), "{refused}");
        }
    }
}
