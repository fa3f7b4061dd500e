//! The controlled vocabularies: closed lists of codes. Their Vietnamese labels stand in `data/enumerations.csv`.
//!
//! A vocabulary only grows: a code that was once accepted stays.

/// The name under which the OpenAPI document has the enumeration that a schema takes its codes from.
pub const EXTENSION: &str = "x-enumeration";

/// Declares an enumeration of codes, readable from and written as its code, with its name in `data/enumerations.csv`.
macro_rules! vocabulary {
    ($(#[$meta:meta])* pub enum $name:ident in $label:literal { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name { $($(#[$doc])* #[doc = concat!("`", $code, "`")] $variant,)+ }

        impl $name {
            /// The name of the enumeration in `GET /v1/enumerations`.
            pub const ENUMERATION: &'static str = $label;
            /// Every code, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is stored and sent.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        $crate::domain::vocabulary::code_value!($name);
    };
}

/// What every enumeration of codes does alike: text, JSON, the OpenAPI schema.
macro_rules! code_value {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::Fault;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.code() == text).ok_or_else(|| {
                    $crate::domain::Fault::new(
                        "unknown_code",
                        format!("is not a code of the enumeration {}", Self::ENUMERATION),
                    )
                    .allowing(Self::ALL.iter().map(|value| value.code()))
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str>>::deserialize(deserializer)?
                    .parse()
                    .map_err(|fault: $crate::domain::Fault| serde::de::Error::custom(fault.encoded()))
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|value| value.code())))
                    .description(Some(format!(
                        "A code of the enumeration `{}`; `GET /v1/enumerations` gives the Vietnamese labels.",
                        Self::ENUMERATION
                    )))
                    .examples(Self::ALL.first().map(|value| value.code()))
                    .extensions(Some(
                        utoipa::openapi::extensions::Extensions::builder()
                            .add($crate::domain::vocabulary::EXTENSION, Self::ENUMERATION)
                            .build(),
                    ))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        $crate::db::types::text_column!($name);
    };
}

pub(crate) use {code_value, vocabulary};

vocabulary! {
    /// Who may read a record.
    #[derive(Default)]
    pub enum Visibility in "visibility" {
        /// Everybody.
        #[default]
        Public = "public",
        /// Callers with a credential.
        Internal = "internal",
    }
}

vocabulary! {
    /// What supports a record of the reference data.
    pub enum Provenance in "provenance" {
        /// A public source was seen.
        Found = "found",
        /// Only a third party's data says so.
        Secondary = "secondary",
        /// No source was seen: not to be relied on before somebody checks it.
        Unverified = "unverified",
    }
}

vocabulary! {
    /// How much of a date is known.
    pub enum DatePrecision in "date_precision" {
        /// The whole date.
        Day = "day",
        /// The year and the month; the day stands as 01.
        Month = "month",
        /// The year; the rest stands as 01-01.
        Year = "year",
    }
}

vocabulary! {
    /// The tier of the political system.
    pub enum Level in "level" {
        /// The centre.
        Central = "central",
        /// Provinces and centrally run cities.
        Province = "province",
        /// Districts, which ended on 2025-07-01.
        District = "district",
        /// Communes, wards and special zones.
        Commune = "commune",
        /// Cells and grass-roots units.
        Grassroots = "grassroots",
    }
}
