//! Accounts over HTTP: signing in and out, one's own account, and what administrators do with the others.

mod api_keys;
mod auth;
pub mod can;
mod events;
pub mod grants;
mod me;
mod users;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::body;
use super::conditional::{answer, json_bytes, json_text};
use super::crud::JSON;
use super::endpoint::Endpoint;
use super::extract::id_of;
use super::forwarded;
use super::idempotency;
use super::page::PageUrls;
use super::problem::{Answer, Problem};
use super::query::{Limit, Parameters};
use crate::accounts::event::{self, EventKind, Origin};
use crate::accounts::login::Caller;
use crate::app::App;
use crate::db::Conn;
use crate::domain::page::DEFAULT_LIMIT;
use crate::domain::{Actor, Error, Faults, Instant, Result};
use crate::idempotency::{Answer as Kept, Claim, Outcome};
use crate::service::input::{fault_of, missing_field, pointer_of, pointer_to};

/// The endpoints of accounts.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let lists = [
        auth::endpoints(),
        me::endpoints(),
        can::endpoints(),
        users::endpoints(),
        api_keys::endpoints(),
        events::endpoints(),
    ];
    lists.into_iter().flatten().collect()
}

/// From where a request comes.
fn caller(request: &HttpRequest) -> Caller {
    let proxies = request.app_data::<web::Data<App>>().map(|app| app.settings.trusted_proxies.as_slice());
    Caller { address: forwarded::client_of(request, proxies.unwrap_or_default()), request_id: id_of(request) }
}

/// Refuses any parameter.
fn no_parameters(request: &HttpRequest) -> Result<()> {
    Parameters::parse(request.query_string())?.refuse_unknown(&[])
}

/// What somebody does with accounts, for the list of events.
#[derive(Clone)]
struct Author {
    origin: Origin,
    now: Instant,
}

impl Author {
    /// Whoever makes a request.
    fn of(request: &HttpRequest, app: &App, actor: &Actor) -> Self {
        Self { origin: caller(request).origin(Some(actor.subject_and_credential())), now: app.clock.now() }
    }

    /// Adds an event to the list.
    fn note(&self, conn: &mut Conn, kind: EventKind, user: Option<&str>, detail: Option<String>) -> Result<()> {
        event::store::add(conn, kind, user, detail, &self.origin, self.now)
    }
}

/// Writes, and has the directory know.
async fn written<T: Send + 'static>(
    app: &App,
    now: Instant,
    work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
) -> Result<T> {
    let outcome = app.database.write(work).await?;
    app.accounts.catch_up(&app.database, now).await?;
    Ok(outcome)
}

/// The same, once for each key that a request may have, and answers. What is kept to be sent again holds a secret that is
/// shown once, and is sealed.
async fn written_once(
    app: &App,
    claim: Option<Claim>,
    now: Instant,
    work: impl FnOnce(&mut Conn) -> Result<Kept> + Send + 'static,
) -> Answer {
    let (seal, name) = (app.accounts.answers.clone(), claim.as_ref().map(|claim| claim.fingerprint.clone()));
    let name = name.unwrap_or_default();
    let (sealing, under) = (seal.clone(), name.clone());
    let sealed = move |conn: &mut Conn| {
        let answer = work(conn)?;
        let body = sealing.seal(answer.body.as_bytes(), &under)?;
        Ok(Ok(Kept { body, ..answer }))
    };
    let outcome = idempotency::carry_out(app, claim, now, sealed).await?;
    app.accounts.catch_up(&app.database, now).await?;
    // What was sealed with a secret that the service has no more cannot be sent again.
    let opened = |answer: Kept| {
        let body = seal.open(&answer.body, &name).and_then(|body| String::from_utf8(body).ok());
        body.map(|body| Kept { body, ..answer }).ok_or_else(idempotency::reused)
    };
    idempotency::answered(match outcome {
        Outcome::First(answer) => Outcome::First(opened(answer)?),
        Outcome::Again(answer) => Outcome::Again(opened(answer)?),
        other => other,
    })
}

/// What is answered with something that is shown once.
fn shown_once(status: StatusCode, location: Option<String>, value: &impl Serialize) -> Result<Kept> {
    let (etag, content_type) = (None, JSON.to_owned());
    Ok(Kept { status: status.as_u16(), location, etag, content_type, body: json_text(value)? })
}

/// Reads a JSON body, and what its request says by its key.
async fn read_claimed<T: DeserializeOwned>(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    payload: web::Payload,
) -> Result<(T, Option<Claim>), Problem> {
    no_parameters(request)?;
    let bytes = body::receive(request, app, payload, JSON).await?;
    let claim = idempotency::claim(request, actor, &Sha256::digest(&bytes))?;
    Ok((typed(body::parse(&bytes)?)?, claim))
}

/// Reads a JSON body of the content type `expected`.
async fn read<T: DeserializeOwned>(
    request: &HttpRequest,
    app: &App,
    payload: web::Payload,
    expected: &'static str,
) -> Result<T, Problem> {
    no_parameters(request)?;
    let value = body::read(request, app, payload, expected).await?;
    Ok(typed(value)?)
}

/// A body as its fields. One fault is told at a time.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let message = error.inner().to_string();
        let missing = missing_field(&message).map_or_else(String::new, |name| pointer_to(&name));
        let pointer = format!("{}{missing}", pointer_of(error.path()));
        Error::Invalid(Faults::at(pointer, fault_of(&message)))
    })
}

/// An answer that nobody may keep.
fn unkept(status: StatusCode, value: &impl Serialize) -> Answer {
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Authorization, Accept-Encoding"));
    Ok(answer.content_type("application/json").body(json_bytes(value)?))
}

/// Where a page of accounts begins, and how long it is.
struct Paging {
    limit: u16,
    cursor: Option<String>,
}

impl Paging {
    fn take(parameters: &mut Parameters) -> Result<Self> {
        let limit = parameters.take::<Limit>("limit")?.map_or(DEFAULT_LIMIT, |limit| limit.0);
        Ok(Self { limit, cursor: parameters.take_text("cursor") })
    }

    /// The place after which the page begins, of the list that `list` describes.
    fn after<P: DeserializeOwned>(&self, app: &App, list: &str) -> Result<Option<P>> {
        self.cursor.as_deref().map(|cursor| app.cursors.decode(list, cursor)).transpose()
    }

    /// The answer with a page, which `next` follows.
    fn answer<T: Serialize>(&self, request: &HttpRequest, actor: &Actor, data: &[T], next: Option<String>) -> Answer {
        let urls = PageUrls::of(request).followed_by(next);
        let page = json!({ "next": urls.cursor(), "limit": self.limit });
        let links = json!({ "first": urls.first(), "next": urls.next() });
        let body = json_bytes(&json!({ "data": data, "page": page, "links": links }))?;
        let mut response = answer(request, actor, None, body);
        urls.add_link(&mut response.builder);
        Ok(response.finish())
    }
}
