//! Answers with an entity tag, and the answer to those who have it already (RFC 9110 sections 8.8.3 and 13.1.2).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag, IfNoneMatch};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::{Actor, Error, hex};

/// A body with the newline that a terminal expects after it.
///
/// # Errors
/// `Internal` if the value cannot be written as JSON.
pub fn json_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = serde_json::to_vec(value).map_err(|error| Error::Internal(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The same as text.
///
/// # Errors
/// As [`json_bytes`].
pub fn json_text<T: Serialize>(value: &T) -> Result<String, Error> {
    String::from_utf8(json_bytes(value)?).map_err(|error| Error::Internal(error.to_string()))
}

/// The entity tag of a body: the version of its record, if it is one record, and a hash of all of it.
#[must_use]
pub fn entity_tag(version: Option<i64>, body: &[u8]) -> EntityTag {
    let mut hash = hex(&Sha256::digest(body));
    hash.truncate(16);
    EntityTag::new_strong(version.map_or_else(|| hash.clone(), |version| format!("{version}-{hash}")))
}

/// Answers a read: 304 if the caller has this body already.
#[must_use]
pub fn answer(
    request: &HttpRequest,
    actor: &Actor,
    version: Option<i64>,
    body: Vec<u8>,
) -> HttpResponseBuilderWithBody {
    let tag = entity_tag(version, &body);
    let known = is_known(request, &tag);
    let mut builder = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    builder.insert_header(ETag(tag));
    cached(&mut builder, actor, "Authorization, Accept-Encoding");
    HttpResponseBuilderWithBody {
        builder,
        body: if known { None } else { Some(body) },
        content_type: "application/json",
    }
}

/// Whether the caller has what this entity tag names.
#[must_use]
pub fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        None => false,
    }
}

/// Says by which headers of the request a read differs, and that no cache may keep what it has not asked about, or what was
/// read with a credential.
pub fn cached(answer: &mut HttpResponseBuilder, actor: &Actor, vary: &'static str) {
    answer.insert_header((header::VARY, vary));
    answer.insert_header((header::CACHE_CONTROL, if actor.is_known() { "no-store" } else { "no-cache" }));
}

/// An answer that may still get headers.
pub struct HttpResponseBuilderWithBody {
    /// The head.
    pub builder: HttpResponseBuilder,
    body: Option<Vec<u8>>,
    content_type: &'static str,
}

impl HttpResponseBuilderWithBody {
    /// The same answer with a body of another type than JSON.
    #[must_use]
    pub fn of_type(self, content_type: &'static str) -> Self {
        Self { content_type, ..self }
    }

    /// The answer.
    #[must_use]
    pub fn finish(mut self) -> HttpResponse {
        match self.body {
            Some(body) => self.builder.content_type(self.content_type).body(body),
            None => self.builder.finish(),
        }
    }
}
