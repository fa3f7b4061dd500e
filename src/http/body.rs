//! Reading a body: its type, its length, its time, its JSON.

use std::fmt::Display;

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use serde_json::Value;

use super::problem::Problem;
use crate::app::App;
use crate::service::strict_json;

/// Reads a JSON body of the content type `expected`.
///
/// # Errors
/// 415 for another type or a compressed body, 413 if it is too long, 408 if it comes too slowly, 400 if it is no JSON in UTF-8.
pub async fn read(
    request: &HttpRequest,
    app: &App,
    payload: web::Payload,
    expected: &'static str,
) -> Result<Value, Problem> {
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
    expected: &'static str,
) -> Result<Vec<u8>, Problem> {
    content_type(request, &[expected])?;
    let limit = app.settings.body_limit;
    refuse_large(request, u64::try_from(limit).unwrap_or(u64::MAX))?;
    let reading = collect(payload, limit);
    match tokio::time::timeout(app.settings.body_deadline(), reading).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large(limit)),
        Ok(Err(error)) => Err(unreadable(&error)),
        Err(_) => Err(too_slow(format!("The body did not come within {} seconds.", app.settings.body_seconds))),
    }
}

/// What is wrong with a body of more than `limit` bytes.
pub fn too_large(limit: impl Display) -> Problem {
    let detail = format!("A body may have at most {limit} bytes.");
    Problem::new("content_too_large", detail).header(header::CONNECTION, "close")
}

/// What is wrong with a body that came too slowly.
pub fn too_slow(detail: String) -> Problem {
    Problem::new("request_timeout", detail).header(header::CONNECTION, "close")
}

/// What is wrong with a body that did not come whole.
#[must_use]
pub fn unreadable(error: &actix_web::error::PayloadError) -> Problem {
    Problem::new("malformed_request", format!("The body cannot be read: {error}."))
}

/// Refuses a body that says that it is longer than `limit`.
///
/// # Errors
/// 413.
pub fn refuse_large(request: &HttpRequest, limit: u64) -> Result<(), Problem> {
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit) { Err(too_large(limit)) } else { Ok(()) }
}

/// Which of the accepted types a body has, as it is.
///
/// # Errors
/// 415 for another type or a compressed body.
pub fn content_type(request: &HttpRequest, accepted: &[&'static str]) -> Result<&'static str, Problem> {
    let found = known_type(request, accepted)?;
    refuse_compressed(request)?;
    Ok(found)
}

fn known_type(request: &HttpRequest, accepted: &[&'static str]) -> Result<&'static str, Problem> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let known = accepted.iter().find(|accepted| accepted.eq_ignore_ascii_case(essence));
    // RFC 8259 section 8.1: JSON between systems is UTF-8; so is CSV here.
    let utf_8 = parts.all(|parameter| {
        parameter.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    });
    if let (Some(known), true) = (known, utf_8) {
        return Ok(known);
    }
    let accepts =
        header::HeaderName::from_static(if request.method() == "PATCH" { "accept-patch" } else { "accept-post" });
    let detail = format!("Send the body as Content-Type: {}.", accepted.join(" or "));
    Err(Problem::new("unsupported_media_type", detail).header(accepts, accepted.join(", ")))
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
    strict_json::parse(text).map_err(|error| malformed(format!("The body is not JSON: {error}.")))
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
