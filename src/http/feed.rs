//! The change feed: pages as JSON, or lines, all that there are or those of one page. Each ends with where to go on from.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde_json::{Map, Value, json};

use super::conditional::{answer, json_bytes};
use super::cursor::CursorKey;
use super::endpoint::Endpoint;
use super::export;
use super::extract::{FormReader, app_of};
use super::lines::{self, LinePages};
use super::negotiation::{self, Format, VARY};
use super::openapi::operations;
use super::page::PageUrls;
use super::problem::{Answer, Problem};
use super::query::{Limit, Parameters};
use crate::app::App;
use crate::changes::feed::{self, Differences, Entry};
use crate::db::{Conn, Lane, Scope};
use crate::domain::parameter::List;
use crate::domain::{Actor, Fault, Instant, Link, Result};
use crate::resources;
use crate::service::export::{FIRST, following};
use crate::transfer::ndjson::Lines;

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

async fn list_changes(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let (format, mut pages) = FeedPages::asked(&app, &request, &actor)?;
    if format == Format::Ndjson {
        let head = export::head(&actor, "changes", format);
        return lines::send(&request, app, head, pages).await;
    }
    let read = move |conn: &mut Conn| Ok((pages.next_entries(conn)?, pages));
    let (data, pages) = app.database.read(Lane::Long, read).await?;
    let urls = pages.urls();
    let page = json!({ "next": urls.cursor(), "limit": pages.limit, "more": pages.more });
    let body = json_bytes(&json!({ "data": data, "page": page, "links": { "next": urls.next() } }))?;
    Ok(paged(&request, &actor, &urls, body))
}

/// The answer with a page of changes as JSON.
#[must_use]
pub fn paged(request: &HttpRequest, actor: &Actor, urls: &PageUrls, body: Vec<u8>) -> HttpResponse {
    let mut response = answer(request, actor, None, body);
    response.builder.insert_header((header::VARY, VARY));
    urls.add_link(&mut response.builder);
    response.finish()
}

/// The feed from where a request asks for it.
struct FeedPages {
    scope: Scope,
    types: Option<Vec<String>>,
    since: Option<Instant>,
    /// The last sequence that was looked at, at first that of the cursor; 0 before anything was found, which may be long
    /// after `since`: its number there would tell how many changes others made until then.
    after: i64,
    limit: u16,
    /// Whether all pages are asked for and not one.
    whole: bool,
    /// Whether there is more already.
    more: bool,
    cursors: CursorKey,
    identity: String,
    urls: PageUrls,
}

impl FeedPages {
    fn asked(app: &App, request: &HttpRequest, actor: &Actor) -> Result<(Format, Self), Problem> {
        let mut parameters = Parameters::parse(request.query_string())?;
        parameters.refuse_unknown(&["cursor", "format", "limit", "since", "type"])?;
        let format = negotiation::form_of_changes(&mut parameters, request)?;
        let limit = parameters.take::<Limit>("limit")?.map(|limit| limit.0);
        let whole = limit.is_none() && format == Format::Ndjson;
        let types = parameters
            .take::<List<RecordType>>("type")?
            .map(|list| list.0.into_iter().map(|kind| kind.0).collect::<Vec<_>>());
        let since = parameters.take::<Instant>("since")?;
        let identity = format!("changes {types:?} {since:?}");
        let after = parameters.take_text("cursor").map(|text| app.cursors.decode(&identity, &text)).transpose()?;
        let after = after.unwrap_or(0);
        let limit = limit.unwrap_or(if whole { FIRST } else { CHANGES_LIMIT });
        let (scope, cursors) = (Scope::of(actor), app.cursors.clone());
        let (more, urls) = (true, PageUrls::of(request));
        Ok((format, Self { scope, types, since, after, limit, whole, more, cursors, identity, urls }))
    }

    /// The changes on the next page as they are sent.
    fn next_entries(&mut self, conn: &mut Conn) -> Result<Vec<Value>> {
        let after = if self.after == 0 { feed::beginning(conn, self.since)? } else { self.after };
        let page = feed::page(conn, self.scope, after, self.types.as_deref(), i64::from(self.limit))?;
        self.more = page.more;
        if page.next > after {
            self.after = page.next;
        }
        Ok(page.entries.iter().map(entry_json).collect())
    }

    /// Where to go on from.
    fn cursor(&self) -> String {
        self.cursors.encode(&self.identity, &self.after)
    }

    fn urls(&self) -> PageUrls {
        self.urls.clone().followed_by(Some(self.cursor()))
    }
}

impl LinePages for FeedPages {
    fn next(&mut self, conn: &mut Conn, lines: &mut Lines) -> Result<Vec<u8>> {
        let written = lines.of(self.next_entries(conn)?.into_iter().map(Ok))?;
        if self.whole {
            self.limit = following(self.limit, written.len());
        }
        Ok(written)
    }

    fn ended(&self) -> bool {
        !(self.whole && self.more)
    }

    fn is_whole(&self) -> bool {
        self.whole
    }

    fn add_links(&self, _: &App, answer: &mut HttpResponseBuilder) {
        self.urls().add_link(answer);
    }

    fn last_line(&self) -> Map<String, Value> {
        [("next", self.cursor().into()), ("more", self.more.into())]
            .into_iter()
            .map(|(name, value): (&str, Value)| (name.to_owned(), value))
            .collect()
    }
}

/// Fields before and after a change.
#[must_use]
pub fn differences_json(differences: &Differences) -> Value {
    let shown = differences.iter().map(|(field, (from, to))| (field.clone(), json!({ "from": from, "to": to })));
    Value::Object(shown.collect())
}

/// One change as it is sent; in full, as those see it who have rights to its record, with who made it and the chain of
/// hashes.
#[must_use]
pub fn entry_json(entry: &Entry) -> Value {
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
    if entry.full {
        put("actor", change.actor.clone().into());
        put("credential", change.credential.clone().into());
        put("visibility", change.visibility.code().into());
        put("hash", change.hash.clone().into());
        put("previous_hash", change.previous_hash.clone().into());
    }
    Value::Object(object)
}
