//! The floor: what the same requests cost at the least in this language, with this server and this database.
//!
//! No generic code, no middleware, no conditions of requests, no checks of what the database holds: SQL written by hand
//! for each request, with the titles of links joined, and JSON written field by field. Only the cursors differ, which
//! are not signed here.

mod json;
mod rows;
mod sql;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use actix_web::dev::Server;
use actix_web::error::{ErrorInternalServerError, ErrorNotFound};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Result;
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult, RunQueryDsl, SqliteConnection};
use serde::Deserialize;

use self::json::Json;
use self::rows::{Conference, ConferenceDocument, Document, conference, conference_document, document};
use self::sql::{Bind, Sql};

/// The settings of the service's own connections.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8000; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA query_only = ON;";

type Kept = Rc<RefCell<SqliteConnection>>;
type Answer = actix_web::Result<HttpResponse>;

/// Starts the server on `listener` with one worker.
pub fn start(file: &Path, listener: TcpListener) -> Result<Server> {
    let file: PathBuf = file.to_owned();
    let server = HttpServer::new(move || {
        let conn = connect(&file).ok().map(|conn| Rc::new(RefCell::new(conn)));
        App::new()
            .app_data(conn)
            .route("/v1/documents", web::get().to(documents))
            .route("/v1/documents/{id}", web::get().to(one_document))
            .route("/v1/conferences", web::get().to(conferences))
    });
    Ok(server.workers(1).tcp_nodelay(true).listen(listener)?.run())
}

fn connect(file: &Path) -> Result<SqliteConnection> {
    let mut conn = SqliteConnection::establish(&file.to_string_lossy())?;
    conn.batch_execute(SETTINGS)?;
    Ok(conn)
}

fn with<T>(request: &HttpRequest, read: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>) -> actix_web::Result<T> {
    let kept = request.app_data::<Option<Kept>>().and_then(Option::as_ref);
    let kept = kept.ok_or_else(|| ErrorInternalServerError("the database cannot be opened"))?;
    read(&mut kept.borrow_mut()).map_err(ErrorInternalServerError)
}

fn answer(body: Json) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body.finish())
}

async fn one_document(request: HttpRequest, id: web::Path<i64>) -> Answer {
    let (found, names) = with(&request, |conn| {
        let found: Vec<Document> = Sql::new(&sql::DOCUMENT, [Bind::Number(*id)]).load(conn)?;
        let names = adopters(conn, &found)?;
        Ok((found, names))
    })?;
    let row = found.first().ok_or_else(|| ErrorNotFound("no such document"))?;
    let mut out = Json::new();
    document(&mut out, row, None, &names);
    Ok(answer(out))
}

#[derive(Deserialize)]
struct DocumentQuery {
    kind: String,
    limit: usize,
}

async fn documents(request: HttpRequest, query: web::Query<DocumentQuery>) -> Answer {
    let limit = query.limit;
    let (mut found, names) = with(&request, |conn| {
        let binds = [Bind::Text(query.into_inner().kind), one_more(limit)];
        let found: Vec<Document> = Sql::new(&sql::DOCUMENTS_OF_KIND, binds).load(conn)?;
        let names = adopters(conn, &found)?;
        Ok((found, names))
    })?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut out = Json::new();
    out.list(&found, |out, row| document(out, row, None, &names));
    let next = found.last().filter(|_| more).map(|row| format!("{}.{}", row.key, row.meta.0));
    out.page(&request, limit, next.as_deref());
    Ok(answer(out))
}

#[derive(Deserialize)]
struct ConferenceQuery {
    convening_body: i64,
    limit: usize,
    expand: Option<String>,
}

/// A page of conferences, with what each dealt with and the documents themselves where that is asked.
async fn conferences(request: HttpRequest, query: web::Query<ConferenceQuery>) -> Answer {
    let limit = query.limit;
    let (found, more, dealt, behind, names) = with(&request, |conn| {
        let binds = [Bind::Number(query.convening_body), one_more(limit)];
        let mut found: Vec<Conference> = Sql::new(&sql::CONFERENCES_OF_BODY, binds).load(conn)?;
        let more = found.len() > limit;
        found.truncate(limit);
        if query.expand.is_none() {
            return Ok((found, more, None, HashMap::new(), HashMap::new()));
        }
        let ids = Bind::ids(found.iter().map(|row| row.meta.0));
        let dealings: Vec<ConferenceDocument> = Sql::new(&sql::OF_CONFERENCES, [ids]).load(conn)?;
        let ids: BTreeSet<i64> = dealings.iter().filter_map(ConferenceDocument::document).collect();
        let documents: Vec<Document> = Sql::new(&sql::DOCUMENTS, [Bind::ids(ids)]).load(conn)?;
        let names = adopters(conn, &documents)?;
        let mut dealt: HashMap<i64, Vec<ConferenceDocument>> = HashMap::new();
        for row in dealings {
            dealt.entry(row.conference.0).or_default().push(row);
        }
        let behind: HashMap<i64, Document> = documents.into_iter().map(|row| (row.meta.0, row)).collect();
        Ok((found, more, Some(dealt), behind, names))
    })?;
    let mut out = Json::new();
    out.list(&found, |out, row| {
        conference(out, row);
        let Some(dealt) = &dealt else { return };
        let dealings = dealt.get(&row.meta.0).map(Vec::as_slice).unwrap_or_default();
        out.insert("conference_documents");
        out.raw("{");
        out.array("data", dealings.iter().take(100), |out, row| conference_document(out, row, &behind, &names));
        out.raw(",\"links\":{\"all\":\"/v1/conference-documents?conference=");
        out.digits(row.meta.0);
        out.raw("\"}}}");
    });
    let next = found.last().filter(|_| more).map(|row| format!("{}.{}", row.key, row.meta.0));
    out.page(&request, limit, next.as_deref());
    Ok(answer(out))
}

/// One row more tells whether another page follows.
fn one_more(limit: usize) -> Bind {
    Bind::Number(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
}

/// The names of the bodies that adopted the documents.
fn adopters(conn: &mut SqliteConnection, documents: &[Document]) -> QueryResult<HashMap<i64, String>> {
    let ids: BTreeSet<i64> = documents.iter().flat_map(Document::adopted_by).collect();
    let names: Vec<(i64, String)> = Sql::new(&sql::NAMES, [Bind::ids(ids)]).load(conn)?;
    Ok(names.into_iter().collect())
}
