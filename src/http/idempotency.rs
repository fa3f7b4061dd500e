//! `Idempotency-Key` on a POST: how it is read, and what a request is answered that comes again.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

use super::extract::app_of;
use super::problem::{self, Problem};
use crate::app::App;
use crate::db::Conn;
use crate::domain::{Actor, Error, Fault, Grantee, Instant, Result, hex};
use crate::idempotency::{Answer, Claim, Key, Outcome, Running};

/// The header that carries the key.
pub const KEY: &str = "Idempotency-Key";
/// The header of an answer that is sent again.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What a request says by its key, if it has one. What makes it the same request is all that decides what it does: method,
/// path, query, type of the body and the body, of which the SHA-256 is given, and what the caller is granted: who has lost a
/// right since is answered no more with what it gave them.
///
/// # Errors
/// `Malformed` if the key is none, or stands there twice.
pub fn claim(request: &HttpRequest, actor: &Actor, body: &[u8]) -> Result<Option<Claim>> {
    let mut values = request.headers().get_all(KEY);
    let Some(value) = values.next() else { return Ok(None) };
    let refused = |fault| Error::parameter(KEY, fault);
    if values.next().is_some() {
        return Err(refused(Fault::new("duplicate_parameter", "is given more than once")));
    }
    // What is not ASCII is no key.
    let key = Key::new(value.to_str().unwrap_or_default().trim()).map_err(refused)?;
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let route = format!("{} {}", request.method(), request.path());
    let known = app_of(request)?.accounts.directory.snapshot();
    let rights = format!("{:?} {:?}", actor.rights, known.granted(actor));
    let parts = [route.as_str(), request.query_string(), content_type.unwrap_or_default(), &hex(body), &rights];
    let fingerprint = hex(&Sha256::digest(parts.join("\n")));
    let mut subject = actor.subject.clone().unwrap_or_default();
    // The keys of a partner may be granted different things.
    if let (Some(Grantee::ApiKey(_)), Some(credential)) = (actor.rights.grantee, &actor.credential) {
        subject = format!("{subject} {credential}");
    }
    Ok(Some(Claim { subject, route, key, fingerprint }))
}

/// Begins the work on a request with a key.
///
/// # Errors
/// `idempotency_key_in_use` if this process is at work on it already.
pub fn begin(app: &App, claim: Option<&Claim>) -> Result<Option<Running>, Problem> {
    claim.map(|claim| app.in_flight.begin(claim).ok_or_else(in_use)).transpose()
}

fn in_use() -> Problem {
    let detail = "A request with this key is under way; send it again when that has ended.";
    Problem::new("idempotency_key_in_use", detail).header(header::RETRY_AFTER, "2")
}

/// Writes in the writer lane, once for each key, and answers. The work may end with a problem of its own, of which nothing
/// is kept.
///
/// # Errors
/// What the work gives; 409 or 422 if the key is taken.
pub async fn write_once<F>(app: &App, claim: Option<Claim>, now: Instant, work: F) -> problem::Answer
where
    F: FnOnce(&mut Conn) -> Result<Result<Answer, Problem>> + Send + 'static,
{
    answered(carry_out(app, claim, now, work).await?)
}

/// The same, and what became of it.
///
/// # Errors
/// What the work gives; 409 if this process is at work on it.
pub async fn carry_out<F>(app: &App, claim: Option<Claim>, now: Instant, work: F) -> Result<Outcome, Problem>
where
    F: FnOnce(&mut Conn) -> Result<Result<Answer, Problem>> + Send + 'static,
{
    let _running = begin(app, claim.as_ref())?;
    let instance = app.in_flight.instance().to_owned();
    app.database
        .write(move |conn| match claim {
            Some(claim) => claim.once(conn, now, &instance, work),
            None => Ok(work(conn)?.map(Outcome::First)),
        })
        .await?
}

/// The response to a request that is answered, or why there is none.
///
/// # Errors
/// 409 if a process is at work on it, 422 if its key was used for another.
pub fn answered(outcome: Outcome) -> problem::Answer {
    match outcome {
        Outcome::First(answer) => Ok(response(answer)),
        Outcome::Again(answer) => {
            let mut response = response(answer);
            response.headers_mut().insert(REPLAYED, header::HeaderValue::from_static("true"));
            Ok(response)
        }
        Outcome::Reused => Err(reused()),
        Outcome::Running => Err(in_use()),
    }
}

/// A key that was used for another request.
#[must_use]
pub fn reused() -> Problem {
    let detail =
        "The key was sent with another request, or with other rights, within 24 hours; take a new one for each.";
    Problem::new("idempotency_key_reused", detail)
}

/// An answer as a response.
#[must_use]
pub fn response(answer: Answer) -> HttpResponse {
    let mut builder = HttpResponse::build(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK));
    if let Some(location) = answer.location {
        builder.insert_header((header::LOCATION, location));
    }
    if let Some(etag) = answer.etag {
        builder.insert_header((header::ETAG, etag));
    }
    builder.insert_header((header::CACHE_CONTROL, "no-store"));
    builder.content_type(answer.content_type).body(answer.body)
}
