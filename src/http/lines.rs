//! Answers of lines: the first page is read before the head is sent, so that what can be refused is, and every other when
//! the one before has gone. If one cannot be read, the connection is broken off, and the last line never comes.

use std::fmt;

use actix_web::http::Method;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponseBuilder, body};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value};

use super::extract::id_of;
use super::problem::Answer;
use crate::app::App;
use crate::db::{Conn, Lane};
use crate::domain::Result;
use crate::transfer::ndjson::Lines;

/// What is sent as lines, a page at a time. Each page is a job of its own, so that a slow reader holds up nobody.
pub trait LinePages: Sized + Send + 'static {
    /// The lines of the next page.
    ///
    /// # Errors
    /// As the database has them.
    fn next(&mut self, conn: &mut Conn, lines: &mut Lines) -> Result<Vec<u8>>;

    /// Whether all pages have been read.
    fn ended(&self) -> bool;

    /// Whether these are all pages and not one of them.
    fn is_whole(&self) -> bool;

    /// Adds the links from the one page to others to an answer.
    fn add_links(&self, app: &App, answer: &mut HttpResponseBuilder);

    /// What the last line says besides how many stand before it.
    fn last_line(&self) -> Map<String, Value> {
        Map::new()
    }
}

/// Answers with lines under a head. All pages together are not read to answer HEAD.
pub async fn send<P: LinePages>(
    request: &HttpRequest,
    app: web::Data<App>,
    mut answer: HttpResponseBuilder,
    pages: P,
) -> Answer {
    let whole = pages.is_whole();
    if request.method() == Method::HEAD && whole {
        return Ok(answer.body(body::None::new()));
    }
    let (first, rest) = Written { pages, lines: Lines::default() }.read(&app).await?;
    if !whole {
        rest.pages.add_links(&app, &mut answer);
    }
    Ok(answer.streaming(noted(id_of(request), all(app, first, rest))))
}

/// Pages on their way into lines.
struct Written<P> {
    pages: P,
    lines: Lines,
}

impl<P: LinePages> Written<P> {
    /// The lines of the next page, with the last line of all after the last page.
    async fn read(self, app: &App) -> Result<(Bytes, Self)> {
        app.database.read(Lane::Long, move |conn| self.next(conn)).await
    }

    fn next(mut self, conn: &mut Conn) -> Result<(Bytes, Self)> {
        let mut lines = self.pages.next(conn, &mut self.lines)?;
        if self.pages.ended() {
            lines.extend(std::mem::take(&mut self.lines).end_with(self.pages.last_line()));
        }
        Ok((lines.into(), self))
    }
}

/// The lines of all pages, of which the first has been read.
fn all<P: LinePages>(app: web::Data<App>, first: Bytes, rest: Written<P>) -> impl Stream<Item = Result<Bytes>> {
    let rest = stream::try_unfold((app, rest), |(app, written)| async move {
        if written.pages.ended() {
            return Ok(None);
        }
        let (lines, written) = written.read(&app).await?;
        Ok(Some((lines, (app, written))))
    });
    stream::iter([Ok(first)]).chain(rest)
}

/// The same bytes; what breaks them off is logged once, under the id of the request.
pub fn noted(
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
pub struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the list was broken off")
    }
}

impl std::error::Error for BrokenOff {}
