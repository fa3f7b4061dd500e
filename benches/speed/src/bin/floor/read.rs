//! What is read: a document, a page of conferences, all conferences.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::error::{ErrorInternalServerError, ErrorNotFound};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use rusqlite::{Connection, Params, Result, Row};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::mpsc;

use super::connect;
use super::records::{Conference, Dealing, Dealings, Document, Link};

type Answer = actix_web::Result<HttpResponse>;

macro_rules! documents {
    ($title:literal, $rest:literal) => {
        concat!(
            "SELECT d.id, d.version, d.created_at, d.updated_at, d.visibility, d.managed_by_id, owner.name, \
             d.system, d.kind, d.numbering_body_id, body.name, d.adopted_by, d.number, d.suffix, \
             d.numbering_period_id, period.label, d.symbol, d.symbol_as_printed, ",
            $title,
            ", d.issued_on, d.issued_on_precision, d.issued_on_text, d.adopted_on, d.effective_on, d.expires_on, \
             d.place, d.signer_id, signer.name, d.signer_text, d.status, d.urgency, d.review_schedule, d.provenance, \
             d.note, d.identity_complete \
             FROM documents AS d \
             LEFT JOIN organizations AS owner ON owner.id = d.managed_by_id \
             LEFT JOIN organizations AS body ON body.id = d.numbering_body_id \
             LEFT JOIN numbering_periods AS period ON period.id = d.numbering_period_id \
             LEFT JOIN people AS signer ON signer.id = d.signer_id \
             WHERE d.deleted_at IS NULL AND ",
            $rest
        )
    };
}

macro_rules! conferences {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.version, c.created_at, c.updated_at, c.visibility, c.managed_by_id, owner.name, \
             c.name, c.topic, c.formats, c.mode, c.level, c.held_from, c.held_to, c.part_of_day, c.date_precision, \
             c.year_inferred, c.held_text, c.place, c.admin_unit_id, COALESCE(unit.full_name, unit.name), \
             c.convening_body_id, body.name, c.convening_text, c.participants_complete, c.participant_count, \
             c.period_reviewed_from, c.period_reviewed_to, c.parent_id, parent.name, c.note \
             FROM conferences AS c \
             LEFT JOIN organizations AS owner ON owner.id = c.managed_by_id \
             LEFT JOIN admin_units AS unit ON unit.id = c.admin_unit_id \
             LEFT JOIN organizations AS body ON body.id = c.convening_body_id \
             LEFT JOIN conferences AS parent ON parent.id = c.parent_id \
             WHERE c.deleted_at IS NULL AND ",
            $rest
        )
    };
}

const DOCUMENT: &str = documents!("d.title", "d.id = ?");
/// As they stand behind links, which call them by symbol and title.
const DOCUMENTS: &str =
    documents!("COALESCE(d.symbol || ' ', '') || d.title", "d.id IN (SELECT value FROM json_each(?))");
/// One conference.
pub const CONFERENCE: &str = conferences!("c.id = ?");
const CONFERENCES: &str = conferences!(
    "c.convening_body_id = ? AND c.held_from_key >= ? AND c.held_from_key <= ? AND c.held_from IS NOT NULL \
     ORDER BY c.held_from_key DESC, c.id DESC LIMIT ?"
);
const ALL_CONFERENCES: &str = conferences!("TRUE ORDER BY c.id");
const DEALINGS: &str = "SELECT cd.id, cd.version, cd.created_at, cd.updated_at, cd.visibility, cd.managed_by_id, \
     owner.name, cd.conference_id, conference.name, \
     cd.document_id, COALESCE(document.symbol || ' ', '') || document.title, \
     cd.organization_id, subject.name, cd.initiative_id, initiative.name, cd.subject_text, cd.activity, \
     cd.citation_role, cd.review_years, cd.review_from, cd.review_to, cd.presenter_id, presenter.name, \
     cd.title_as_cited, cd.symbol_as_cited, cd.note \
     FROM conference_documents AS cd \
     JOIN conferences AS conference ON conference.id = cd.conference_id \
     LEFT JOIN organizations AS owner ON owner.id = cd.managed_by_id \
     LEFT JOIN documents AS document ON document.id = cd.document_id \
     LEFT JOIN organizations AS subject ON subject.id = cd.organization_id \
     LEFT JOIN initiatives AS initiative ON initiative.id = cd.initiative_id \
     LEFT JOIN people AS presenter ON presenter.id = cd.presenter_id \
     WHERE cd.deleted_at IS NULL AND cd.conference_id IN (SELECT value FROM json_each(?)) \
     ORDER BY cd.id";
const COUNTED: &str = "SELECT c.admin_unit_id, COALESCE(unit.full_name, unit.name), COUNT(*), MIN(c.held_from), MAX(c.held_from) \
     FROM conferences AS c LEFT JOIN admin_units AS unit ON unit.id = c.admin_unit_id \
     WHERE c.deleted_at IS NULL AND c.id IN ( \
         SELECT conference_id FROM conference_documents WHERE document_id = ? AND deleted_at IS NULL) \
     GROUP BY c.admin_unit_id ORDER BY c.admin_unit_id IS NULL, COUNT(*) DESC, c.admin_unit_id";
const NAMES: &str = "SELECT id, name FROM organizations WHERE id IN (SELECT value FROM json_each(?))";

/// Runs a read on the connection of this thread.
fn with<T>(request: &HttpRequest, read: impl FnOnce(&Connection) -> Result<T>) -> actix_web::Result<T> {
    let reader = request.app_data::<std::result::Result<Rc<Connection>, String>>();
    let reader = reader.and_then(|reader| reader.as_ref().ok());
    read(reader.ok_or_else(|| ErrorInternalServerError("no database"))?).map_err(ErrorInternalServerError)
}

/// The rows of a statement, which is prepared once for each connection.
fn load<T>(
    connection: &Connection,
    statement: &str,
    values: impl Params,
    of: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    connection.prepare_cached(statement)?.query_map(values, of)?.collect()
}

fn json<T: Serialize>(value: &T) -> actix_web::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn ids(ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    format!("[{}]", ids.join(","))
}

/// `GET /v1/documents/{id}`
pub async fn document(request: HttpRequest, id: web::Path<i64>) -> Answer {
    let found = with(&request, |connection| {
        let mut found = load(connection, DOCUMENT, [*id], Document::of)?;
        name_adopters(connection, &mut found)?;
        Ok(found.pop())
    })?;
    let body = json(&found.ok_or_else(|| ErrorNotFound("no such document"))?)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}

/// Gives the bodies that adopted the documents their names.
fn name_adopters(connection: &Connection, documents: &mut [Document]) -> Result<()> {
    let all: BTreeSet<i64> = documents.iter().flat_map(|document| document.adopted_by.ids.iter().copied()).collect();
    let named = load(connection, NAMES, [ids(all)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let names: HashMap<i64, String> = named.into_iter().collect();
    for document in documents {
        let link = |id: &i64| Link::new(*id, "organization", "organizations", names.get(id).cloned());
        document.adopted_by.links = document.adopted_by.ids.iter().map(link).collect();
    }
    Ok(())
}

#[derive(Deserialize)]
pub struct Asked {
    format: Option<String>,
    #[serde(default)]
    convening_body: i64,
    #[serde(default)]
    held_from: String,
    #[serde(default)]
    held_to: String,
    #[serde(default)]
    limit: u16,
    expand: Option<String>,
}

#[derive(Serialize)]
struct Page {
    data: Vec<Conference>,
    page: Place,
    links: Ends,
}

#[derive(Serialize)]
struct Place {
    next: Option<String>,
    limit: u16,
}

#[derive(Serialize)]
struct Ends {
    first: String,
    next: Option<String>,
}

/// `GET /v1/conferences`
pub async fn conferences(request: HttpRequest, asked: web::Query<Asked>, file: web::Data<PathBuf>) -> Answer {
    if asked.format.is_some() {
        return Ok(all(file.as_ref().clone()));
    }
    let page = with(&request, |connection| page(connection, &asked, &request))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json(&page)?))
}

fn page(connection: &Connection, asked: &Asked, request: &HttpRequest) -> Result<Page> {
    // One row more tells whether another page follows.
    let values = (asked.convening_body, &asked.held_from, &asked.held_to, asked.limit + 1);
    let mut data = load(connection, CONFERENCES, values, Conference::of)?;
    let more = data.len() > usize::from(asked.limit);
    data.truncate(usize::from(asked.limit));
    if asked.expand.is_some() {
        expand(connection, &mut data)?;
    }
    let first = format!("{}?{}", request.path(), request.query_string());
    let last = data.last().filter(|_| more);
    let next = last.map(|last| format!("{}.{}", last.held_from.as_deref().unwrap_or_default(), last.id));
    let links = Ends { next: next.as_ref().map(|next| format!("{first}&cursor={next}")), first };
    Ok(Page { data, page: Place { next, limit: asked.limit }, links })
}

/// Puts what the conferences did about documents beside them, with the documents themselves.
fn expand(connection: &Connection, conferences: &mut [Conference]) -> Result<()> {
    let conference_ids = ids(conferences.iter().map(|conference| conference.id));
    let dealings = load(connection, DEALINGS, [conference_ids], Dealing::of)?;
    let document_ids: BTreeSet<i64> = dealings.iter().filter_map(Dealing::document_id).collect();
    let mut documents = load(connection, DOCUMENTS, [ids(document_ids)], Document::of)?;
    name_adopters(connection, &mut documents)?;
    // Several may have dealt with one document, which is written once.
    let documents: HashMap<i64, Arc<RawValue>> =
        documents.iter().filter_map(|document| Some((document.id, to_raw_value(document).ok()?.into()))).collect();
    let mut by_conference: HashMap<i64, Vec<Dealing>> = HashMap::new();
    for mut dealing in dealings {
        dealing.expand(&documents);
        let conference = dealing.conference.as_ref().map_or(0, |link| link.id);
        by_conference.entry(conference).or_default().push(dealing);
    }
    for conference in conferences {
        let data = by_conference.remove(&conference.id).unwrap_or_default();
        conference.conference_documents = Some(Dealings::of(conference.id, data));
    }
    Ok(())
}

#[derive(Deserialize)]
pub struct Counting {
    document: i64,
}

#[derive(Serialize)]
struct Report {
    group_by: &'static str,
    conferences: i64,
    url: String,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    convening_body: Option<Link>,
    province: Option<Link>,
    level: Option<String>,
    mode: Option<String>,
    year: Option<i32>,
    without: Option<&'static str>,
    conferences: i64,
    first_on: Option<String>,
    last_on: Option<String>,
    url: String,
}

/// `GET /v1/reports/conferences`, by province and for a document: every unit of the data is a province.
pub async fn report(request: HttpRequest, asked: web::Query<Counting>) -> Answer {
    let document = asked.document;
    let groups = with(&request, |connection| {
        load(connection, COUNTED, [document], |row| {
            let province: Option<i64> = row.get(0)?;
            let narrowed = province.map_or("without=province".to_owned(), |id| format!("province={id}"));
            Ok(Group {
                convening_body: None,
                province: province
                    .map(|id| Ok::<_, rusqlite::Error>(Link::new(id, "admin_unit", "admin-units", row.get(1)?)))
                    .transpose()?,
                level: None,
                mode: None,
                year: None,
                without: province.is_none().then_some("province"),
                conferences: row.get(2)?,
                first_on: row.get(3)?,
                last_on: row.get(4)?,
                url: format!("/v1/conferences?document={document}&{narrowed}"),
            })
        })
    })?;
    let conferences = groups.iter().map(|group| group.conferences).sum();
    let url = format!("/v1/conferences?document={document}");
    let body = json(&Report { group_by: "province", conferences, url, groups })?;
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}

/// How many bytes go out at once.
const CHUNK: usize = 256 * 1024;

/// All conferences, a line each: one statement in a thread, which waits while the client is slow.
fn all(file: PathBuf) -> HttpResponse {
    let (chunks, sent) = mpsc::channel(2);
    std::thread::spawn(move || {
        // Whoever has gone away is not told.
        if let Err(error) = write_all(&file, &chunks) {
            let _ = chunks.blocking_send(Err(std::io::Error::other(error.to_string())));
        }
    });
    let body = stream::unfold(sent, |mut sent| async move { Some((sent.recv().await?, sent)) });
    HttpResponse::Ok().content_type("application/x-ndjson").streaming(body)
}

fn write_all(file: &Path, chunks: &mpsc::Sender<std::io::Result<web::Bytes>>) -> anyhow::Result<()> {
    let connection = connect(file)?;
    let mut statement = connection.prepare(ALL_CONFERENCES)?;
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        serde_json::to_writer(&mut lines, &Conference::of(row)?)?;
        lines.push(b'\n');
        if lines.len() >= CHUNK {
            chunks.blocking_send(Ok(std::mem::take(&mut lines).into()))?;
        }
    }
    chunks.blocking_send(Ok(lines.into()))?;
    Ok(())
}
