//! Values of query parameters that are more than one word of text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{Fault, Id};

/// Several values in one parameter, between commas: `kind=directive,conclusion`. At least one, at most 50.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T: FromStr<Err = Fault>> FromStr for List<T> {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let values = text.split(',').map(str::parse).collect::<Result<Vec<T>, Fault>>()?;
        if values.len() > 50 { Err(Fault::new("too_many", "takes at most 50 values")) } else { Ok(Self(values)) }
    }
}

impl<'de, T: FromStr<Err = Fault>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

impl<T: fmt::Display> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<T: PartialSchema> PartialSchema for List<T> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(T::schema()).min_items(Some(1)).max_items(Some(50)).into()
    }
}

impl<T: ToSchema> ToSchema for List<T> {}

/// The number of a record in a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordId(pub Id);

impl FromStr for RecordId {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        // One number, one spelling: a record has one address.
        let digits = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = if digits { text.parse().ok().filter(|id| *id > 0) } else { None };
        id.map(Self).ok_or_else(|| Fault::new("invalid_id", "is not a whole number from 1 to 9223372036854775807"))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl PartialSchema for RecordId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(1.0))
            .description(Some("The number of a record."))
            .examples([12])
            .into()
    }
}

impl ToSchema for RecordId {}

/// A text in a parameter by which records are looked up, as it is once `$read` has read it.
macro_rules! looked_up_text {
    ($(#[$doc:meta])* $name:ident, $read:path, $about:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl FromStr for $name {
            type Err = Fault;

            fn from_str(text: &str) -> Result<Self, Fault> {
                $read(&super::Line::<500>::new(text)?).map(Self)
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                from_text(deserializer)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some(500))
                    .pattern(Some(super::text::SEARCHABLE))
                    .description(Some($about))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

looked_up_text!(
    /// A text to look for: a line with at least one letter or digit.
    SearchText,
    searchable,
    "A text to look for, with at least one letter or digit; marks and case do not matter.",
    "an ninh"
);
looked_up_text!(
    /// A symbol of a document in a parameter, in any spelling, alone or in a citation.
    SymbolText,
    symbol_in,
    "The symbol of a document in any spelling, alone or in a citation.",
    "48-CT/TW"
);

fn searchable(line: &str) -> Result<String, Fault> {
    if crate::text::fold(line).is_empty() {
        return Err(Fault::new("invalid_value", "has neither a letter nor a digit"));
    }
    Ok(line.to_owned())
}

fn symbol_in(line: &str) -> Result<String, Fault> {
    crate::text::symbol_in(line).map_err(|fault| Fault::new("invalid_value", fault.to_string()))
}

/// A document in a parameter: its number in this service, or its symbol in any spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentChoice {
    /// The number of the record.
    Id(Id),
    /// A symbol, such as `48-CT/TW` or `48/CT-T.Ư`, alone or in a citation.
    Symbol(SymbolText),
}

impl FromStr for DocumentChoice {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(|RecordId(id)| Self::Id(id));
        }
        text.parse().map(Self::Symbol)
    }
}

impl<'de> Deserialize<'de> for DocumentChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

impl Serialize for DocumentChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => serializer.collect_str(id),
            Self::Symbol(symbol) => symbol.serialize(serializer),
        }
    }
}

impl PartialSchema for DocumentChoice {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(500))
            .pattern(Some(super::text::ID_OR_SYMBOL))
            .description(Some("The number of a document, or its symbol in any spelling."))
            .examples(["48-CT/TW"])
            .into()
    }
}

impl ToSchema for DocumentChoice {}

fn from_text<'de, T: FromStr<Err = Fault>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Cow::<str>::deserialize(deserializer)?.parse().map_err(|fault: Fault| de::Error::custom(fault.encoded()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_has_something_to_look_for() {
        assert_eq!(&*"Hoà Bình".parse::<SearchText>().unwrap(), "Hoà Bình");
        assert_eq!("%_-".parse::<SearchText>().unwrap_err().code, "invalid_value");
    }

    #[test]
    fn a_symbol_has_a_letter_or_a_digit_alone_or_in_a_citation() {
        let cited = "Kết luận số 32-KL/TW của Bộ Chính trị".parse::<DocumentChoice>().unwrap();
        assert_eq!(cited, DocumentChoice::Symbol(SymbolText("32-KL/TW".to_owned())));
        assert_eq!("32".parse::<DocumentChoice>().unwrap(), DocumentChoice::Id(32));
        for text in ["-", "/", "Chỉ thị 48"] {
            assert_eq!(text.parse::<DocumentChoice>().unwrap_err().code, "invalid_value", "{text}");
            assert_eq!(text.parse::<SymbolText>().unwrap_err().code, "invalid_value", "{text}");
        }
    }

    #[test]
    fn an_id_beyond_64_bits_is_refused() {
        assert_eq!("9223372036854775807".parse::<RecordId>().unwrap().0, i64::MAX);
        for text in ["9223372036854775808", "0", "01", "-1", "+1", "1.0", "", "١"] {
            assert_eq!(text.parse::<RecordId>().unwrap_err().code, "invalid_id", "{text}");
        }
    }
}
