//! Days of the calendar, bounded to the years the service deals with.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Fault;
use super::vocabulary::DatePrecision;

/// A day between 1900-01-01 and 2199-12-31, written `YYYY-MM-DD`.
///
/// The bounds keep out what parsers of dates let through, such as `+10000-01-01`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Date)]
pub struct Date(NaiveDate);

impl Date {
    /// Takes a day of the calendar.
    ///
    /// # Errors
    /// `invalid_date` if the year is not between 1900 and 2199.
    pub fn new(day: NaiveDate) -> Result<Self, Fault> {
        if (1900..=2199).contains(&day.year()) {
            Ok(Self(day))
        } else {
            Err(Fault::new("invalid_date", "is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD"))
        }
    }

    /// The day as chrono has it.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        self.0
    }

    /// The day as chrono has it, by reference, for those who keep it.
    #[must_use]
    pub const fn as_day(&self) -> &NaiveDate {
        &self.0
    }

    /// The day before; none before the first day that is accepted.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        self.0.pred_opt().and_then(|day| Self::new(day).ok())
    }

    /// The year, between 1900 and 2199.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The date, if it is known to the day.
    #[must_use]
    pub fn whole(date: Option<Self>, precision: Option<DatePrecision>) -> Option<Self> {
        date.filter(|_| precision.is_none_or(|precision| precision == DatePrecision::Day))
    }

    /// The first and the last day that a date of this precision can mean: the year `2016` is 2016-01-01 to 2016-12-31.
    #[must_use]
    pub fn span(self, precision: Option<DatePrecision>) -> (Self, Self) {
        let last_month = if precision == Some(DatePrecision::Year) { 12 } else { self.0.month() };
        let (first_month, first, last) = match precision {
            None | Some(DatePrecision::Day) => return (self, self),
            Some(DatePrecision::Month) => (self.0.month(), 1, last_day(self.0.year(), last_month)),
            Some(DatePrecision::Year) => (1, 1, 31),
        };
        let on = |month, day| NaiveDate::from_ymd_opt(self.0.year(), month, day).map_or(self, Self);
        (on(first_month, first), on(last_month, last))
    }

    /// The first and the last day of a year, if there are dates of that year.
    #[must_use]
    pub fn of_year(year: i32) -> Option<(Self, Self)> {
        let on = |month, day| NaiveDate::from_ymd_opt(year, month, day).and_then(|day| Self::new(day).ok());
        on(1, 1).zip(on(12, 31))
    }
}

fn last_day(year: i32, month: u32) -> u32 {
    (28..=31).rev().find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some()).unwrap_or(28)
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Date {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let shaped = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        let day = if shaped { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None };
        day.and_then(|day| Self::new(day).ok()).ok_or_else(|| {
            Fault::new("invalid_date", "is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD")
        })
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(|fault: Fault| de::Error::custom(fault.encoded()))
    }
}

impl PartialSchema for Date {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some("^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))
            .description(Some("A day, `YYYY-MM-DD`, from 1900-01-01 to 2199-12-31."))
            .examples(["2018-07-05"])
            .into()
    }
}

impl ToSchema for Date {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "2026-02-30",
            "2026-13-01",
            "+10000-01-01",
            "0000-01-01",
            "1899-12-31",
            "2200-01-01",
            "5/7/2018",
            "2018-7-5",
            "",
        ] {
            assert_eq!(text.parse::<Date>().unwrap_err().code, "invalid_date", "{text}");
        }
        assert_eq!("2024-02-29".parse::<Date>().unwrap().to_string(), "2024-02-29");
    }

    #[test]
    fn a_date_of_less_precision_spans_its_month_or_year() {
        let date: Date = "2016-02-01".parse().unwrap();
        let spans =
            [DatePrecision::Day, DatePrecision::Month, DatePrecision::Year].map(|precision| date.span(Some(precision)));
        let shown = spans.map(|(first, last)| format!("{first} {last}"));
        assert_eq!(shown, ["2016-02-01 2016-02-01", "2016-02-01 2016-02-29", "2016-01-01 2016-12-31"]);
    }
}
