//! Reading a body: its type, its length, its time, its JSON.

use std::fmt;

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::problem::Problem;
use crate::app::App;

/// Reads a JSON body of the content type `expected`.
///
/// # Errors
/// 415 for another type or a compressed body, 413 if it is too long, 408 if it comes too slowly, 400 if it is no JSON in UTF-8.
pub async fn read(request: &HttpRequest, app: &App, payload: web::Payload, expected: &str) -> Result<Value, Problem> {
    parse(&receive(request, app, payload, expected).await?)
}

/// Receives a body of the content type `expected`.
///
/// # Errors
/// 415 for another type or a compressed body, 413 if it is too long, 408 if it comes too slowly.
pub async fn receive(
    request: &HttpRequest,
    app: &App,
    payload: web::Payload,
    expected: &str,
) -> Result<Vec<u8>, Problem> {
    refuse_other_type(request, expected)?;
    refuse_compressed(request)?;
    let limit = app.settings.body_limit;
    let too_large = || Problem::new("content_too_large", format!("A body may have at most {limit} bytes."));
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large().header(header::CONNECTION, "close"));
    }
    let reading = collect(payload, limit);
    match tokio::time::timeout(app.settings.body_deadline(), reading).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large().header(header::CONNECTION, "close")),
        Ok(Err(error)) => Err(Problem::new("malformed_request", format!("The body cannot be read: {error}."))),
        Err(_) => {
            let detail = format!("The body did not come within {} seconds.", app.settings.body_seconds);
            Err(Problem::new("request_timeout", detail).header(header::CONNECTION, "close"))
        }
    }
}

fn refuse_other_type(request: &HttpRequest, expected: &str) -> Result<(), Problem> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let same = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(expected));
    // RFC 8259 section 8.1: JSON between systems is UTF-8.
    let utf_8 = parts.all(|parameter| {
        parameter.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    });
    if same && utf_8 {
        return Ok(());
    }
    let accepts =
        header::HeaderName::from_static(if request.method() == "PATCH" { "accept-patch" } else { "accept-post" });
    let detail = format!("Send the body as Content-Type: {expected}.");
    Err(Problem::new("unsupported_media_type", detail).header(accepts, expected))
}

/// A compressed body is not read: RFC 9110 section 15.5.16 has the answer say what would be.
fn refuse_compressed(request: &HttpRequest) -> Result<(), Problem> {
    let given = request.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    if given.is_none_or(|coding| coding.trim().eq_ignore_ascii_case("identity")) {
        return Ok(());
    }
    let detail = "Send the body as it is, without a Content-Encoding.";
    Err(Problem::new("unsupported_media_type", detail).header(header::ACCEPT_ENCODING, "identity"))
}

async fn collect(mut payload: web::Payload, limit: usize) -> Result<Option<Vec<u8>>, actix_web::error::PayloadError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk?;
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// Reads JSON, refusing an object that has a key twice: RFC 8259 section 4 leaves open what that would mean.
///
/// # Errors
/// 400 if it is no such JSON in UTF-8.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let malformed = |detail: String| Problem::new("malformed_json", detail);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("The body is not UTF-8: byte {} does not fit.", error.valid_up_to())))?;
    serde_json::from_str::<Strict>(text)
        .map(|strict| strict.0)
        .map_err(|error| malformed(format!("The body is not JSON: {error}.")))
}

/// A JSON value in which no object has a key twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = access.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = access.next_entry::<String, Strict>()? {
            if object.contains_key(&name) {
                return Err(de::Error::custom(format_args!("the key {name:?} stands twice in one object")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_with_a_key_twice_is_refused() {
        assert_eq!(parse(br#"{"a": {"b": [1, 2.5, "c", null, true]}}"#).unwrap()["a"]["b"][1], 2.5);
        assert!(parse(br#"{"a": {"b": 1, "b": 2}}"#).is_err());
        assert!(parse(b"\xff").is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
