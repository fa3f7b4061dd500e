//! Query parameters: each at most once, each known, each of its type. Any fault is 400 and names the parameter.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::domain::error::Refusal;
use crate::domain::page::MAXIMUM_LIMIT;
use crate::domain::{Error, Fault, Faults, Line, Place, Result};
use crate::service::input::{fault_of, nearest};

/// The parameters of one request that have not been taken yet.
#[derive(Debug, Default)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a query string.
    ///
    /// # Errors
    /// `Malformed` for what is no UTF-8 and for a parameter that is given twice or has no value.
    pub fn parse(query: &str) -> Result<Self> {
        let mut parameters = BTreeMap::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let unreadable =
                || Error::Malformed(Refusal::new("malformed_request", "The query is not percent-encoded UTF-8."));
            let name = decoded(name).ok_or_else(unreadable)?;
            let value = decoded(value).ok_or_else(unreadable)?;
            if value.is_empty() {
                return Err(Error::parameter(&name, Fault::new("empty", "has no value")));
            }
            if parameters.contains_key(&name) {
                return Err(Error::parameter(&name, Fault::new("duplicate_parameter", "is given more than once")));
            }
            parameters.insert(name, value);
        }
        Ok(Self(parameters))
    }

    /// Takes one parameter.
    ///
    /// # Errors
    /// `Malformed`, naming it, if it is not of its type.
    pub fn take<T: FromStr<Err = Fault>>(&mut self, name: &str) -> Result<Option<T>> {
        self.0.remove(name).map(|text| text.parse().map_err(|fault| Error::parameter(name, fault))).transpose()
    }

    /// Takes one parameter as it was sent.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes one parameter that is `true` or `false`, the latter if it is not given.
    ///
    /// # Errors
    /// `Malformed`, naming it, if it is neither.
    pub fn take_flag(&mut self, name: &str) -> Result<bool> {
        match self.take_text(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => {
                let fault = Fault::new("wrong_type", "is neither true nor false").allowing(["true", "false"]);
                Err(Error::parameter(name, fault))
            }
        }
    }

    /// Whether a parameter is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Adds a parameter that the path gives.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// Refuses whatever is not in `known`, with the likeliest of it.
    ///
    /// # Errors
    /// `Malformed` with `did_you_mean`.
    pub fn refuse_unknown(&self, known: &[&str]) -> Result<()> {
        let Some(name) = self.0.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
        let detail = format!("There is no parameter {name} here.");
        let fault = Fault::new("unknown_parameter", "is not known here").allowing(known.iter().copied());
        let faults = Faults(vec![(Place::Parameter(name.clone()), fault)]);
        let refusal = Refusal { code: "invalid_parameter", detail, faults, ..Refusal::default() };
        Err(Error::Malformed(match nearest(name, known) {
            Some(near) => refusal.with("did_you_mean", near.into()),
            None => refusal,
        }))
    }

    /// Reads all that is left as a filter.
    ///
    /// # Errors
    /// `Malformed`, naming the parameter that is not of its type.
    pub fn into_filter<F: DeserializeOwned>(self) -> Result<F> {
        self.into_query(&[])
    }

    /// Reads all that is left, where these parameters are texts of several lines, whose type bounds them.
    ///
    /// # Errors
    /// `Malformed`, naming the parameter that is not of its type.
    pub fn into_query<F: DeserializeOwned>(self, long_texts: &[&str]) -> Result<F> {
        for (name, value) in self.0.iter().filter(|(name, _)| !long_texts.contains(&name.as_str())) {
            Line::<2000>::new(value).map_err(|fault| Error::parameter(name, fault))?;
        }
        let pairs = self.0.into_iter().map(|(name, value)| (name, Text(value)));
        serde_path_to_error::deserialize(MapDeserializer::<_, de::value::Error>::new(pairs)).map_err(|error| {
            let name = error.path().to_string();
            Error::parameter(&name, fault_of(&error.inner().to_string()))
        })
    }
}

/// How many records a page is to have, from 1 to [`MAXIMUM_LIMIT`]. What is out of range is refused, never moved into it.
pub struct Limit(pub u16);

impl FromStr for Limit {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = if digits { text.parse().ok().filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit)) } else { None };
        limit
            .map(Self)
            .ok_or_else(|| Fault::new("out_of_range", format!("must be a whole number from 1 to {MAXIMUM_LIMIT}")))
    }
}

/// Decodes `%xx`; `None` if it is malformed, which the crate would leave as it is, or gives no UTF-8.
#[must_use]
pub fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    let is_byte = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if text.split('%').skip(1).all(is_byte) { percent_decode_str(text).decode_utf8().ok() } else { None }
}

/// Decodes a name or a value of a query, in which `+` is a space.
#[must_use]
pub fn decoded(text: &str) -> Option<String> {
    percent_decoded(&text.replace('+', " ")).map(Cow::into_owned)
}

/// A value that is text and may be meant as a number or a truth value.
struct Text(String);

impl Text {
    fn number<T: FromStr, E: de::Error>(&self) -> Result<T, E> {
        let plain = self.0.strip_prefix('-').unwrap_or(&self.0).bytes().all(|byte| byte.is_ascii_digit());
        let fault = || Fault::new("invalid_number", "is not a whole number that fits here");
        if plain { self.0.parse().map_err(|_| E::custom(fault().encoded())) } else { Err(E::custom(fault().encoded())) }
    }
}

impl<E: de::Error> IntoDeserializer<'_, E> for Text {
    type Deserializer = TextDeserializer<E>;

    fn into_deserializer(self) -> TextDeserializer<E> {
        TextDeserializer(self, std::marker::PhantomData)
    }
}

struct TextDeserializer<E>(Text, std::marker::PhantomData<E>);

impl<'de, E: de::Error + Display> Deserializer<'de> for TextDeserializer<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_string(self.0.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0.0.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(E::custom(
                Fault::new("wrong_type", "is neither true nor false").allowing(["true", "false"]).encoded(),
            )),
        }
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_i32(self.0.number()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_i64(self.0.number()?)
    }

    forward_to_deserialize_any! {
        i8 i16 u8 u16 u32 u64 i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_percent_encoded_utf_8() {
        assert_eq!(decoded("an+ninh%20t%E1%BB%89nh%2B").as_deref(), Some("an ninh tỉnh+"));
        for wrong in ["%ff", "%", "%4", "%zz", "%4z", "%4%41", "%+1", "%c0%af"] {
            assert_eq!(decoded(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        assert!(matches!(Parameters::parse("a=1&a=2"), Err(Error::Malformed(_))));
    }
}
