//! The days that a timeline goes over, and where it is cut off.

use crate::domain::Date;
use crate::domain::vocabulary::DatePrecision;

/// How many entries a timeline shows at most.
pub const MOST_ENTRIES: usize = 1000;

/// The days that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first, if there is one.
    pub from: Option<Date>,
    /// The last.
    pub to: Date,
    /// How many happenings of a sort are wanted at most: one more than are shown, which tells that there are more.
    pub most: i64,
}

/// What happened on a day.
pub trait Dated {
    /// What decides which of several stands first.
    type Place: Ord;

    /// The day.
    fn on(&self) -> Date;
    /// How much of it is known.
    fn precision(&self) -> Option<DatePrecision>;
    /// Its place among those of the same day.
    fn place(&self) -> Self::Place;
}

impl Span {
    /// The days from one, if there is one, to another.
    #[must_use]
    pub fn new(from: Option<Date>, to: Date) -> Self {
        Self { from, to, most: i64::try_from(MOST_ENTRIES).unwrap_or(i64::MAX).saturating_add(1) }
    }

    /// Whether it has a day: of a month or a year, the first day that it can mean decides whether it had come.
    #[must_use]
    pub fn has(&self, on: Date, precision: Option<DatePrecision>) -> bool {
        self.from.is_none_or(|from| from <= on) && on.span(precision).0 <= self.to
    }

    /// What happened in it, in order, and whether there is more than is shown.
    #[must_use]
    pub fn ordered<T: Dated>(&self, mut found: Vec<T>) -> (Vec<T>, bool) {
        found.retain(|dated| self.has(dated.on(), dated.precision()));
        found.sort_by_key(|dated| (dated.on(), dated.place()));
        let truncated = found.len() > MOST_ENTRIES;
        found.truncate(MOST_ENTRIES);
        (found, truncated)
    }
}
