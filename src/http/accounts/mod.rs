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

use super::body;
use super::conditional::{answer, json_bytes};
use super::endpoint::Endpoint;
use super::extract::id_of;
use super::forwarded;
use super::page::PageUrls;
use super::problem::{Answer, Problem};
use super::query::{Limit, Parameters};
use crate::accounts::event::Origin;
use crate::accounts::login::Caller;
use crate::app::App;
use crate::domain::page::DEFAULT_LIMIT;
use crate::domain::{Actor, Error, Faults, Result};
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

/// What the list of events says of a request by `actor`.
fn origin(request: &HttpRequest, actor: &Actor) -> Origin {
    let by = actor.subject.as_deref().unwrap_or_default();
    let credential = actor.credential.as_deref().unwrap_or_default();
    caller(request).origin(Some(format!("{by} {credential}")))
}

/// Refuses any parameter.
fn no_parameters(request: &HttpRequest) -> Result<()> {
    Parameters::parse(request.query_string())?.refuse_unknown(&[])
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
