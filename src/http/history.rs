//! The history of one record: pages as JSON, or lines, all versions or those of one page.

use actix_web::{HttpRequest, HttpResponseBuilder};
use serde_json::{Value, json};

use super::conditional::json_bytes;
use super::cursor::CursorKey;
use super::export;
use super::extract::{FormReader, app_of, record_id};
use super::feed::{entry_json, paged};
use super::lines::{self, LinePages};
use super::negotiation::{self, Format};
use super::page::PageUrls;
use super::problem::{Answer, Problem};
use super::query::{Limit, Parameters};
use crate::app::App;
use crate::changes::feed;
use crate::db::{Conn, Lane, Scope, Store};
use crate::domain::page::DEFAULT_LIMIT;
use crate::domain::{Actor, Error, Id, Link, Result};
use crate::service::collection::{Collection, collection_of};
use crate::service::export::{FIRST, following};
use crate::transfer::ndjson::Lines;

/// `GET /v1/{collection}/{id}/history`
pub async fn history<R: Store>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let (format, mut pages) = HistoryPages::asked::<R>(&app, &request, &actor)?;
    if format == Format::Ndjson {
        let head = export::head(&actor, "history", format);
        return lines::send(&request, app, head, pages).await;
    }
    let read = move |conn: &mut Conn| Ok((pages.next_entries(conn)?, pages));
    let (data, pages) = app.database.read(Lane::Short, read).await?;
    let urls = pages.urls();
    let page = json!({ "next": urls.cursor(), "limit": pages.limit });
    let links = json!({ "next": urls.next(), "record": Link::url(R::COLLECTION, pages.id) });
    Ok(paged(&request, &actor, &urls, json_bytes(&json!({ "data": data, "page": page, "links": links }))?))
}

/// The versions of a record from where a request asks for them.
struct HistoryPages {
    collection: &'static dyn Collection,
    id: Id,
    scope: Scope,
    /// The version before which the next page begins, if it is not the newest.
    before: Option<i64>,
    limit: u16,
    /// Whether all pages are asked for and not one.
    whole: bool,
    ended: bool,
    cursors: CursorKey,
    identity: String,
    urls: PageUrls,
}

impl HistoryPages {
    fn asked<R: Store>(app: &App, request: &HttpRequest, actor: &Actor) -> Result<(Format, Self), Problem> {
        let (id, collection) = (record_id(request)?, collection_of::<R>()?);
        let mut parameters = Parameters::parse(request.query_string())?;
        parameters.refuse_unknown(&["cursor", "format", "limit"])?;
        let format = negotiation::form_of_changes(&mut parameters, request)?;
        let limit = parameters.take::<Limit>("limit")?.map(|limit| limit.0);
        let whole = limit.is_none() && format == Format::Ndjson;
        let identity = format!("history {} {id}", R::TYPE);
        let before = parameters.take_text("cursor").map(|text| app.cursors.decode(&identity, &text)).transpose()?;
        let limit = limit.unwrap_or(if whole { FIRST } else { DEFAULT_LIMIT });
        let (scope, cursors) = (Scope::of(actor), app.cursors.clone());
        let (ended, urls) = (false, PageUrls::of(request));
        Ok((format, Self { collection, id, scope, before, limit, whole, ended, cursors, identity, urls }))
    }

    /// The versions on the next page as they are sent.
    fn next_entries(&mut self, conn: &mut Conn) -> Result<Vec<Value>> {
        if self.collection.known(conn, self.scope, &[self.id])?.is_empty() {
            return Err(Error::NotFound);
        }
        let limit = i64::from(self.limit);
        let page = feed::history(conn, self.scope, self.collection.kind(), self.id, self.before, limit)?;
        self.before = page.next;
        self.ended = !self.whole || page.next.is_none();
        Ok(page.entries.iter().map(entry_json).collect())
    }

    fn urls(&self) -> PageUrls {
        let next = self.before.map(|version| self.cursors.encode(&self.identity, &version));
        self.urls.clone().followed_by(next)
    }
}

impl LinePages for HistoryPages {
    fn next(&mut self, conn: &mut Conn, lines: &mut Lines) -> Result<Vec<u8>> {
        let written = lines.of(self.next_entries(conn)?.into_iter().map(Ok))?;
        if self.whole {
            self.limit = following(self.limit, written.len());
        }
        Ok(written)
    }

    fn ended(&self) -> bool {
        self.ended
    }

    fn is_whole(&self) -> bool {
        self.whole
    }

    fn add_links(&self, _: &App, answer: &mut HttpResponseBuilder) {
        self.urls().add_link(answer);
    }
}
