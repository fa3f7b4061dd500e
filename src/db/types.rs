//! How the small values of [`crate::domain`] are kept in columns, on both databases alike.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Date as SqlDate, Double};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::{Date, Error, Instant, Number, Result};

/// Keeps an enumeration of codes in a text column, as its code.
macro_rules! text_column {
    ($name:ident) => {
        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self.code(), out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let code = String::from_sql(bytes)?;
                code.parse().map_err(|_| format!("{code:?} is not a code of {}", Self::ENUMERATION).into())
            }
        }

        impl $crate::db::titles::TitleText for $name {
            fn title_text(&self) -> Option<std::borrow::Cow<'_, str>> {
                Some(std::borrow::Cow::Borrowed(self.code()))
            }
        }
    };
}
pub(crate) use text_column;

/// Keeps a text of limited length in a text column. What is read was checked when it was written.
macro_rules! limited_text_column {
    ($name:ident) => {
        impl<const LIMIT: usize, DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name<LIMIT>
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(&self.0, out)
            }
        }

        impl<const LIMIT: usize, DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name<LIMIT>
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                String::from_sql(bytes).map(Self)
            }
        }
    };
}
pub(crate) use limited_text_column;

impl<DB: Backend> ToSql<SqlDate, DB> for Date
where
    chrono::NaiveDate: ToSql<SqlDate, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_day().to_sql(out)
    }
}

impl<DB: Backend> FromSql<SqlDate, DB> for Date
where
    chrono::NaiveDate: FromSql<SqlDate, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let day = chrono::NaiveDate::from_sql(bytes)?;
        Self::new(day).map_err(|_| format!("{day} is outside 1900 to 2199").into())
    }
}

impl<DB: Backend> ToSql<Double, DB> for Number
where
    f64: ToSql<Double, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_value().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Double, DB> for Number
where
    f64: FromSql<Double, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let number = f64::from_sql(bytes)?;
        Self::new(number).map_err(|_| format!("{number} is outside 0 to 999999999999").into())
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Instant
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_microseconds().to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Instant
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self::from_microseconds)
    }
}

/// A list as it is kept in a text column: a JSON array.
#[must_use]
pub fn list_column<T: Serialize>(values: &[T]) -> String {
    serde_json::to_string(values).unwrap_or_else(|_| "[]".to_owned())
}

/// Reads a list from a text column.
///
/// # Errors
/// `Internal`, naming table, column and row, if the text is no such list.
pub fn read_list<T: DeserializeOwned>(text: &str, table: &str, column: &str, id: i64) -> Result<Vec<T>> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("{table}.{column} of row {id}: {error}")))
}
