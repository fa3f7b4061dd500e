//! The change feed and the history of one record, both read from the change log.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::http::Method;
use serde_json::{Map, Value, json};

use super::conditional::{answer, json_bytes};
use super::endpoint::Endpoint;
use super::extract::{Reader, app_of, record_id};
use super::openapi::operations;
use super::page::PageUrls;
use super::problem::Answer;
use super::query::{Limit, Parameters};
use crate::changes::feed::{self, Entry};
use crate::db::{Lane, Scope, Store};
use crate::domain::page::DEFAULT_LIMIT;
use crate::domain::parameter::List;
use crate::domain::{Actor, Error, Fault, Instant, Link, Result};
use crate::resources;

/// The number of changes on a page of the feed when the caller does not say.
pub const CHANGES_LIMIT: u16 = 100;

/// The endpoint of the change feed.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new("/v1/changes").with(Method::GET, |route| route.to(list_changes), operations::changes)]
}

/// A type of record in a parameter.
struct RecordType(String);

impl std::str::FromStr for RecordType {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if resources::by_type(text).is_some() {
            return Ok(Self(text.to_owned()));
        }
        let types = resources::ALL.iter().map(|collection| collection.kind());
        Err(Fault::new("unknown_code", "is not a type of record").allowing(types))
    }
}

async fn list_changes(request: HttpRequest, Reader(actor): Reader) -> Answer {
    let app = app_of(&request)?;
    let scope = Scope::of(&actor);
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["cursor", "limit", "since", "type"])?;
    let limit = parameters.take::<Limit>("limit")?.map_or(CHANGES_LIMIT, |limit| limit.0);
    let types = parameters
        .take::<List<RecordType>>("type")?
        .map(|list| list.0.into_iter().map(|kind| kind.0).collect::<Vec<_>>());
    let since = parameters.take::<Instant>("since")?;
    let identity = format!("changes {types:?} {since:?}");
    let after = parameters.take_text("cursor").map(|text| app.cursors.decode::<i64>(&identity, &text)).transpose()?;
    let page = app
        .database
        .read(Lane::Long, move |conn| {
            let after = after.map_or_else(|| feed::beginning(conn, since), Ok)?;
            feed::page(conn, scope, after, types.as_deref(), i64::from(limit))
        })
        .await?;
    let next = app.cursors.encode(&identity, &page.next);
    let urls = PageUrls::of(&request).followed_by(Some(next));
    let data: Vec<Value> = page.entries.iter().map(|entry| entry_json(entry, &actor)).collect();
    let body = json_bytes(&json!({
        "data": data,
        "page": { "next": urls.cursor(), "limit": limit, "more": page.more },
        "links": { "next": urls.next() },
    }))?;
    let mut response = answer(&request, &actor, None, body);
    urls.add_link(&mut response.builder);
    Ok(response.finish())
}

/// `GET /v1/{collection}/{id}/history`
pub async fn history<R: Store>(request: HttpRequest, Reader(actor): Reader) -> Answer {
    let app = app_of(&request)?;
    let scope = Scope::of(&actor);
    let id = record_id(&request)?;
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["cursor", "limit"])?;
    let limit = parameters.take::<Limit>("limit")?.map_or(DEFAULT_LIMIT, |limit| limit.0);
    let identity = format!("history {} {id}", R::TYPE);
    let before = parameters.take_text("cursor").map(|text| app.cursors.decode::<i64>(&identity, &text)).transpose()?;
    let page = app
        .database
        .read(Lane::Short, move |conn| {
            let collection = resources::by_type(R::TYPE).ok_or(Error::NotFound)?;
            if collection.known(conn, scope, &[id])?.is_empty() {
                return Err(Error::NotFound);
            }
            feed::history(conn, scope, R::TYPE, id, before, i64::from(limit))
        })
        .await?;
    let next = page.next.map(|version| app.cursors.encode(&identity, &version));
    let urls = PageUrls::of(&request).followed_by(next);
    let data: Vec<Value> = page.entries.iter().map(|entry| entry_json(entry, &actor)).collect();
    let body = json_bytes(&json!({
        "data": data,
        "page": { "next": urls.cursor(), "limit": limit },
        "links": { "next": urls.next(), "record": Link::url(R::COLLECTION, id) },
    }))?;
    let mut response = answer(&request, &actor, None, body);
    urls.add_link(&mut response.builder);
    Ok(response.finish())
}

/// Fields before and after a change.
#[must_use]
pub fn differences_json(differences: &BTreeMap<String, (Value, Value)>) -> Value {
    let shown = differences.iter().map(|(field, (from, to))| (field.clone(), json!({ "from": from, "to": to })));
    Value::Object(shown.collect())
}

/// One change as it is sent. Who made it, and the chain of hashes, is shown to holders of a credential only.
fn entry_json(entry: &Entry, actor: &Actor) -> Value {
    let change = &entry.change;
    let collection = resources::by_type(&change.resource).map_or("", |collection| collection.name());
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("sequence", change.sequence.into());
    put("operation", change.operation.code().into());
    put("recorded_at", change.recorded_at.to_string().into());
    put("request_id", change.request_id.clone().into());
    put(
        "record",
        json!({ "id": change.record_id, "type": change.resource, "url": Link::url(collection, change.record_id) }),
    );
    put("version", change.version.into());
    if let Some(differences) = &entry.differences {
        put("differences", differences_json(differences));
    }
    put("after", entry.after.clone().into());
    if actor.role.is_some() {
        put("actor", change.actor.clone().into());
        put("credential", change.credential.clone().into());
        put("visibility", change.visibility.code().into());
        put("hash", change.hash.clone().into());
        put("previous_hash", change.previous_hash.clone().into());
    }
    Value::Object(object)
}
