//! Lists in forms other than JSON: the whole of a list, or the page that `limit` asks for.
//!
//! Lines are streamed: the first page is read before the head of the answer is sent, so that what can be refused is, and
//! every other when the one before has gone. If one cannot be read, the connection is broken off, and the last line never
//! comes. Tables are put together in a file first, so that they leave with their length and their digest.

use std::fmt;

use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::http::header::{ContentDisposition, ContentEncoding, DispositionParam, DispositionType, HeaderName};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, body};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};

use super::conditional::cached;
use super::layers::id_of;
use super::negotiation::{Form, Format, VARY};
use super::page::PageUrls;
use super::problem::Answer;
use super::shape::Shape;
use crate::app::App;
use crate::db::{Conn, Lane, Store};
use crate::domain::{Actor, Error, Result};
use crate::service::collection::collection_of;
use crate::service::export::Pages;
use crate::service::read;
use crate::transfer::columns::{self, Column};
use crate::transfer::csv::Dialect;
use crate::transfer::labels::Labels;
use crate::transfer::ndjson::{Lines, digest_field};
use crate::transfer::spool::{Spool, SpoolReader};
use crate::transfer::table::Table;

/// The digest of what is sent (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// What is to be sent.
pub struct Export<R: Store> {
    /// The records.
    pub pages: Pages<R>,
    /// The fields of each.
    pub shape: Shape,
    /// The form.
    pub form: Form,
    /// Where the page stands in its list, if one page is asked for and not all of it.
    pub page: Option<Paged>,
}

/// Where a page stands in its list.
pub struct Paged {
    /// The URLs of the list.
    pub urls: PageUrls,
    /// What a cursor is bound to.
    pub identity: String,
}

impl Paged {
    /// Adds the links to other pages to an answer.
    fn add_links<R: Store>(self, app: &App, pages: &Pages<R>, answer: &mut HttpResponseBuilder) {
        let next = pages.position().map(|position| app.cursors.encode(&self.identity, position));
        let urls = self.urls.followed_by(next);
        urls.add_link(answer);
        urls.add_first_link(answer);
    }
}

/// Answers with a list in a form other than JSON. A whole list is not read to answer HEAD.
pub async fn send<R: Store>(request: &HttpRequest, actor: &Actor, app: web::Data<App>, export: Export<R>) -> Answer {
    let mut answer = head(actor, export.form, R::COLLECTION);
    let columns = columns_of::<R>(&export)?;
    if request.method() == Method::HEAD && export.page.is_none() {
        return Ok(answer.body(body::None::new()));
    }
    if export.form.format == Format::Ndjson {
        let records = Records { pages: export.pages, lines: Lines::default(), shape: export.shape };
        let (first, rest) = records.read(&app).await?;
        if let Some(page) = export.page {
            page.add_links(&app, &rest.pages, &mut answer);
        }
        return Ok(answer.streaming(noted(id_of(request), lines(app, first, rest))));
    }
    let (table, pages) = filled(&app, begun(columns, export.form, R::COLLECTION)?, export.pages).await?;
    if let Some(page) = export.page {
        page.add_links(&app, &pages, &mut answer);
    }
    Ok(whole(request, answer, table))
}

/// An answer with a table that is finished, its length and its digest.
pub fn whole(request: &HttpRequest, mut answer: HttpResponseBuilder, (table, digest): (Spool, String)) -> HttpResponse {
    answer.insert_header((REPR_DIGEST, digest));
    let length = table.length();
    answer.body(SizedStream::new(length, noted(id_of(request), chunks(table.reader(0, length)))))
}

/// The head of an answer whose file is called `name`.
#[must_use]
pub fn head(actor: &Actor, form: Form, name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    cached(&mut answer, actor, VARY);
    let file = format!("{name}.{}", form.format.name());
    let parameters = vec![DispositionParam::Filename(file)];
    answer.insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters });
    if form.format == Format::Csv {
        answer.content_type("text/csv; charset=utf-8; header=present");
    } else {
        answer.content_type(form.format.media_type());
    }
    if form.format != Format::Ndjson {
        // The digest is that of what is sent, so nothing may compress it on its way; the outermost layer takes this off.
        answer.insert_header(ContentEncoding::Identity);
    }
    answer
}

/// Records on their way into lines.
struct Records<R: Store> {
    pages: Pages<R>,
    lines: Lines,
    shape: Shape,
}

impl<R: Store> Records<R> {
    /// The lines of the next page, with the last line of all after the last page.
    async fn read(self, app: &App) -> Result<(Bytes, Self)> {
        app.database.read(Lane::Long, move |conn| self.next(conn)).await
    }

    fn next(mut self, conn: &mut Conn) -> Result<(Bytes, Self)> {
        let records = self.pages.next(conn)?;
        let mut lines = self.lines.of(records.iter().map(|record| self.shape.of(record)))?;
        self.pages.weigh(lines.len());
        if self.pages.ended() {
            lines.extend(std::mem::take(&mut self.lines).end());
        }
        Ok((lines.into(), self))
    }
}

/// The lines of all pages, of which the first has been read.
fn lines<R: Store>(app: web::Data<App>, first: Bytes, rest: Records<R>) -> impl Stream<Item = Result<Bytes>> {
    let rest = stream::try_unfold((app, rest), |(app, records)| async move {
        if records.pages.ended() {
            return Ok(None);
        }
        let (lines, records) = records.read(&app).await?;
        Ok(Some((lines, (app, records))))
    });
    stream::iter([Ok(first)]).chain(rest)
}

/// The columns of a table, for which the fields that are asked for must have some.
fn columns_of<R: Store>(export: &Export<R>) -> Result<Vec<Column>> {
    let columns = columns::of(collection_of::<R>()?);
    match export.shape.fields() {
        Some(fields) if export.form.format != Format::Ndjson => {
            columns::only(columns, fields).map_err(|fault| Error::parameter("fields", fault))
        }
        _ => Ok(columns),
    }
}

/// A table with its header, whose labels are those of `name`.
///
/// # Errors
/// `Unavailable` if there is no room for it.
pub fn begun(columns: Vec<Column>, form: Form, name: &str) -> Result<Table> {
    let labels = form.vietnamese.then(|| Labels::of(name)).transpose()?;
    match form.format {
        Format::Xlsx => Table::xlsx(name, columns, labels),
        _ => Table::csv(columns, if form.raw { Dialect::Raw } else { Dialect::Excel(labels) }),
    }
}

/// A table with the records of all pages, and its digest as RFC 9530 has it. Each page is a job, so that the threads that
/// read serve others in between.
async fn filled<R: Store>(app: &App, mut table: Table, mut pages: Pages<R>) -> Result<((Spool, String), Pages<R>)> {
    while !pages.ended() {
        (pages, table) = app
            .database
            .read(Lane::Long, move |conn| {
                let mut bytes: usize = 0;
                for record in pages.next(conn)? {
                    bytes = bytes.saturating_add(table.add(&read::to_json(&record)?)?);
                }
                pages.weigh(bytes);
                Ok((pages, table))
            })
            .await?;
    }
    Ok((finished(table).await?, pages))
}

/// A table that is whole, and its digest as RFC 9530 has it.
///
/// # Errors
/// `Unavailable` if there is no room for it.
pub async fn finished(table: Table) -> Result<(Spool, String)> {
    let finished = web::block(move || {
        let table = table.finish()?;
        let digest = digest_field(&table.digest(table.length())?);
        Ok::<_, Error>((table, digest))
    });
    finished.await.map_err(|error| Error::Internal(error.to_string()))?
}

/// The bytes of a table, read as they are sent.
fn chunks(table: SpoolReader) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(table, |mut table| async move {
        let read = web::block(move || table.chunk().map(|chunk| (chunk, table))).await;
        let (chunk, table) = read.map_err(|error| Error::Internal(error.to_string()))??;
        Ok((!chunk.is_empty()).then(|| (chunk.into(), table)))
    })
}

/// The same bytes; what breaks them off is logged once, under the id of the request.
fn noted(
    id: String,
    bytes: impl Stream<Item = Result<Bytes>> + 'static,
) -> impl Stream<Item = Result<Bytes, BrokenOff>> + 'static {
    bytes.map_err(move |error| {
        log::error!("request {id}: the list was broken off: {error}");
        BrokenOff
    })
}

/// An answer that could not be sent to its end.
#[derive(Debug)]
struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the list was broken off")
    }
}

impl std::error::Error for BrokenOff {}
