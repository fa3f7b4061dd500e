//! Instants in UTC, to the microsecond.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{Date, Fault};

/// A point in time, kept as microseconds since 1970-01-01T00:00:00Z and written as RFC 3339 in UTC, such as
/// `2026-11-21T03:04:05.123456Z`.
///
/// A whole number is stored rather than a text because the two databases write fractions of a second differently.
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
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Instant(i64);

impl Instant {
    /// The instant that lies `microseconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// Microseconds since 1970-01-01T00:00:00Z, by reference, for those who keep it.
    #[must_use]
    pub const fn as_microseconds(&self) -> &i64 {
        &self.0
    }

    /// The day in Vietnam (UTC+7) at this instant, or `None` outside the years that a [`Date`] may have.
    #[must_use]
    pub fn day_in_vietnam(self) -> Option<Date> {
        let offset = FixedOffset::east_opt(7 * 3600)?;
        let local = DateTime::<Utc>::from_timestamp_micros(self.0)?.with_timezone(&offset);
        Date::new(NaiveDate::from_ymd_opt(local.year(), local.month(), local.day())?).ok()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp_micros(self.0) {
            Some(instant) => out.write_str(&instant.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => write!(out, "{}us", self.0),
        }
    }
}

impl FromStr for Instant {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            // In UTC, in which it is written: what is sent is read again.
            .map(|instant| instant.to_utc())
            .filter(|instant| (1900..2200).contains(&instant.year()))
            .map(|instant| Self(instant.timestamp_micros()))
            .ok_or_else(|| {
                Fault::new(
                    "invalid_instant",
                    "is not an RFC 3339 instant such as 2026-11-21T03:04:05Z, between 1900 and 2199",
                )
            })
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(|fault: Fault| de::Error::custom(fault.encoded()))
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("An instant in UTC (RFC 3339), to the microsecond."))
            .examples(["2026-11-21T03:04:05.123456Z"])
            .into()
    }
}

impl ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_utc_to_the_microsecond() {
        let instant: Instant = "2026-11-21T10:04:05+07:00".parse().unwrap();
        assert_eq!(instant.to_string(), "2026-11-21T03:04:05.000000Z");
    }

    #[test]
    fn the_day_in_vietnam_begins_at_seventeen_hours_utc() {
        let before: Instant = "2025-06-30T16:59:59Z".parse().unwrap();
        let after: Instant = "2025-06-30T17:00:00Z".parse().unwrap();
        assert_eq!(before.day_in_vietnam().unwrap().to_string(), "2025-06-30");
        assert_eq!(after.day_in_vietnam().unwrap().to_string(), "2025-07-01");
    }

    #[test]
    fn the_year_is_that_in_utc() {
        assert!("1900-01-01T00:00:00+07:00".parse::<Instant>().is_err());
        assert_eq!("1900-01-01T07:00:00+07:00".parse::<Instant>().unwrap().to_string(), "1900-01-01T00:00:00.000000Z");
        assert!("2199-12-31T23:00:00-07:00".parse::<Instant>().is_err());
    }

    #[test]
    fn an_offset_that_does_not_exist_is_refused() {
        assert!("2026-11-21T10:04:05+25:00".parse::<Instant>().is_err());
        assert!("+10000-01-01T00:00:00Z".parse::<Instant>().is_err());
    }
}
