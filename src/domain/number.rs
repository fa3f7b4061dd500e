//! Figures as sources state them: counts, shares, sums.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Fault;

/// A number from 0 to 999,999,999,999, kept as a double (IEEE 754), as JSON is read almost everywhere (RFC 8259 section
/// 6). A decimal number of up to 15 digits is written as it was read.
#[derive(
    Debug, Clone, Copy, PartialEq, PartialOrd, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Double)]
pub struct Number(f64);

/// The largest number that is accepted.
pub const LARGEST: f64 = 999_999_999_999.0;

impl Number {
    /// Takes a number.
    ///
    /// # Errors
    /// `invalid_number` if it is negative or too large.
    pub fn new(number: f64) -> Result<Self, Fault> {
        if (0.0..=LARGEST).contains(&number) {
            // There is one zero.
            Ok(Self(number + 0.0))
        } else {
            Err(Fault::new("invalid_number", "is not a number from 0 to 999999999999"))
        }
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }

    /// The number, by reference, for those who keep it.
    #[must_use]
    pub const fn as_value(&self) -> &f64 {
        &self.0
    }

    /// How many decimals it is written with: 1 of `92.2`.
    #[must_use]
    pub fn decimals(self) -> usize {
        self.0.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len())
    }

    /// How many hundredths this is of `whole`, to two decimals: 98.41 of 62 out of 63. None of nothing.
    #[must_use]
    pub fn percent_of(self, whole: Self) -> Option<Self> {
        Self::new((self.0 / whole.0 * 10_000.0).round() / 100.0).ok()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl Serialize for Number {
    /// Writes `771` and `92.2`: a whole number has no decimals.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_string().parse::<i64>() {
            Ok(whole) => serializer.serialize_i64(whole),
            Err(_) => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).map_err(|fault| de::Error::custom(fault.encoded()))
    }
}

impl PartialSchema for Number {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0.0))
            .maximum(Some(LARGEST))
            .description(Some("A decimal number."))
            .examples([serde_json::json!(92.2)])
            .into()
    }
}

impl ToSchema for Number {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_written_as_it_was_read() {
        for text in ["0", "771", "92.2", "0.001", "98.41", "999999999999", "76979"] {
            let number: Number = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&number).unwrap(), text);
            assert_eq!(number.to_string(), text);
        }
        assert_eq!(serde_json::to_string(&serde_json::from_str::<Number>("90.0").unwrap()).unwrap(), "90");
    }

    #[test]
    fn a_number_is_bounded() {
        for text in ["-1", "1000000000000", "1e300"] {
            assert!(serde_json::from_str::<Number>(text).is_err(), "{text}");
        }
        assert!(Number::new(f64::NAN).is_err());
        assert_eq!(Number::new(-0.0).unwrap().to_string(), "0");
    }

    #[test]
    fn a_share_is_rounded_to_two_decimals() {
        let percent = |part, whole| {
            let (part, whole) = (Number::new(part).unwrap(), Number::new(whole).unwrap());
            part.percent_of(whole).map(Number::value)
        };
        assert_eq!(percent(771.0, 778.0), Some(99.1));
        assert_eq!(percent(62.0, 63.0), Some(98.41));
        assert_eq!(percent(1.0, 0.0), None);
    }

    proptest! {
        #[test]
        fn every_number_of_three_decimals_is_kept(thousandths in 0_i64..=999_999_999_999_000) {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            let number: Number = serde_json::from_str(&text).unwrap();
            let written = serde_json::to_string(&number).unwrap();
            let kept = text.trim_end_matches('0').trim_end_matches('.');
            prop_assert_eq!(written, kept);
        }
    }
}
