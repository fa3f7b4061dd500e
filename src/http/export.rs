//! Lists in forms other than JSON: the whole of a list, or the page that `limit` asks for.
//!
//! Lines are streamed, by [`lines`]. Tables are put together in a file first, so that they leave with their length and their
//! digest.

use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::http::header::{ContentDisposition, ContentEncoding, DispositionParam, DispositionType, HeaderName};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, body};
use futures_util::{Stream, stream};

use super::conditional::cached;
use super::extract::id_of;
use super::lines::{self, LinePages, noted};
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
    fn add_links<R: Store>(&self, app: &App, pages: &Pages<R>, answer: &mut HttpResponseBuilder) {
        let next = pages.position().map(|position| app.cursors.encode(&self.identity, position));
        let urls = self.urls.clone().followed_by(next);
        urls.add_link(answer);
        urls.add_first_link(answer);
    }
}

/// Answers with a list in a form other than JSON. A whole list is not read to answer HEAD.
pub async fn send<R: Store>(request: &HttpRequest, actor: &Actor, app: web::Data<App>, export: Export<R>) -> Answer {
    let mut answer = head(actor, R::COLLECTION, export.form.format);
    let columns = columns_of::<R>(&export)?;
    if export.form.format == Format::Ndjson {
        let Export { pages, shape, page, .. } = export;
        return lines::send(request, app, answer, RecordLines { pages, shape, page }).await;
    }
    if request.method() == Method::HEAD && export.page.is_none() {
        return Ok(answer.body(body::None::new()));
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

/// The head of an answer in a form other than JSON, to be kept under this name.
#[must_use]
pub fn head(actor: &Actor, name: &str, format: Format) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    cached(&mut answer, actor, VARY);
    let file = format!("{name}.{}", format.name());
    let parameters = vec![DispositionParam::Filename(file)];
    answer.insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters });
    if format == Format::Csv {
        answer.content_type("text/csv; charset=utf-8; header=present");
    } else {
        answer.content_type(format.media_type());
    }
    if format != Format::Ndjson {
        // The digest is that of what is sent, so nothing may compress it on its way; the outermost layer takes this off.
        answer.insert_header(ContentEncoding::Identity);
    }
    answer
}

/// A list as lines.
struct RecordLines<R: Store> {
    pages: Pages<R>,
    shape: Shape,
    page: Option<Paged>,
}

impl<R: Store> LinePages for RecordLines<R> {
    fn next(&mut self, conn: &mut Conn, lines: &mut Lines) -> Result<Vec<u8>> {
        let records = self.pages.next(conn)?;
        let written = lines.of(records.iter().map(|record| self.shape.of(record)))?;
        self.pages.weigh(written.len());
        Ok(written)
    }

    fn ended(&self) -> bool {
        self.pages.ended()
    }

    fn is_whole(&self) -> bool {
        self.page.is_none()
    }

    fn add_links(&self, app: &App, answer: &mut HttpResponseBuilder) {
        if let Some(page) = &self.page {
            page.add_links(app, &self.pages, answer);
        }
    }
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
