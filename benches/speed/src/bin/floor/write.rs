//! What is written: one conference durably, or many in one transaction, each with its row of the log of changes.

use actix_web::error::{ErrorBadRequest, ErrorInternalServerError};
use actix_web::{HttpResponse, web};
use anyhow::Result;
use chrono::Utc;
use rusqlite::{Connection, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Writer;
use super::read::CONFERENCE;
use super::records::Conference;

type Answer = actix_web::Result<HttpResponse>;

/// The fields of a conference as they come and as they are stored.
#[derive(Serialize, Deserialize)]
struct New {
    name: String,
    topic: Option<String>,
    #[serde(default)]
    formats: Vec<String>,
    mode: Option<String>,
    level: Option<String>,
    held_from: Option<String>,
    held_to: Option<String>,
    part_of_day: Option<String>,
    date_precision: Option<String>,
    #[serde(default)]
    year_inferred: bool,
    held_text: Option<String>,
    place: Option<String>,
    admin_unit: Option<i64>,
    convening_body: Option<i64>,
    convening_text: Option<String>,
    participants_complete: Option<bool>,
    participant_count: Option<i32>,
    period_reviewed_from: Option<String>,
    period_reviewed_to: Option<String>,
    parent: Option<i64>,
    note: Option<String>,
}

/// A conference as the log has it.
#[derive(Serialize)]
struct Logged<'a> {
    id: i64,
    version: i64,
    created_at: i64,
    updated_at: i64,
    visibility: &'a str,
    #[serde(flatten)]
    fields: &'a New,
}

const INSERT: &str = "INSERT INTO conferences (id, version, created_at, updated_at, visibility, name, topic, formats, \
     mode, level, held_from, held_to, part_of_day, date_precision, year_inferred, held_text, place, admin_unit_id, \
     convening_body_id, convening_text, participants_complete, participant_count, period_reviewed_from, \
     period_reviewed_to, parent_id, note, name_folded, name_sort, held_from_key) \
     VALUES (?, 1, ?, ?, 'public', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const LOG: &str = "INSERT INTO changes (sequence, resource, record_id, version, operation, actor, request_id, \
     recorded_at, visibility, after, previous_hash, hash) \
     VALUES (?, 'conference', ?, 1, 'create', 'floor', 'floor', ?, 'public', ?, ?, ?)";

/// `POST /v1/conferences`
pub async fn create(body: web::Bytes, writer: web::Data<Writer>) -> Answer {
    let new: New = serde_json::from_slice(&body).map_err(ErrorBadRequest)?;
    let created = web::block(move || {
        let mut connection = writer.lock().map_err(|_| anyhow::anyhow!("the writer panicked"))?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let id = insert(&transaction, &new, true)?;
        let created = transaction.prepare_cached(CONFERENCE)?.query_one([id], Conference::of)?;
        transaction.commit()?;
        anyhow::Ok(created)
    });
    let created = created.await?.map_err(ErrorInternalServerError)?;
    let location = ("location", format!("/v1/conferences/{}", created.id));
    Ok(HttpResponse::Created().insert_header(location).json(created))
}

/// Whether an import writes the log too.
#[derive(Deserialize)]
pub struct Log {
    #[serde(default)]
    unlogged: bool,
}

/// `POST /v1/import`: a conference a line, all in one transaction.
pub async fn import(body: web::Bytes, writer: web::Data<Writer>, log: web::Query<Log>) -> Answer {
    let written = web::block(move || {
        let mut connection = writer.lock().map_err(|_| anyhow::anyhow!("the writer panicked"))?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut created = 0_u64;
        for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            insert(&transaction, &serde_json::from_slice(line)?, !log.unlogged)?;
            created += 1;
        }
        transaction.commit()?;
        anyhow::Ok(created)
    });
    let created = written.await?.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "type": "import_end", "created": created, "failed": 0 })))
}

/// Writes a conference, and its row of the log if that is wanted; gives its number.
fn insert(connection: &Connection, new: &New, logged: bool) -> Result<i64> {
    let now = Utc::now().timestamp_micros();
    let number = "SELECT COALESCE(MAX(id), 0) + 1 FROM conferences";
    let id: i64 = connection.prepare_cached(number)?.query_one([], |row| row.get(0))?;
    // The service searches and sorts names by columns that it derives. Nothing is searched here, so that what stands in
    // them is only as long.
    let folded = new.name.to_lowercase();
    connection.prepare_cached(INSERT)?.execute(params![
        id,
        now,
        now,
        new.name,
        new.topic,
        serde_json::to_string(&new.formats)?,
        new.mode.as_deref().unwrap_or("unknown"),
        new.level,
        new.held_from,
        new.held_to,
        new.part_of_day,
        new.date_precision,
        new.year_inferred,
        new.held_text,
        new.place,
        new.admin_unit,
        new.convening_body,
        new.convening_text,
        new.participants_complete,
        new.participant_count,
        new.period_reviewed_from,
        new.period_reviewed_to,
        new.parent,
        new.note,
        folded,
        folded,
        new.held_from.as_deref().unwrap_or("0001-01-01"),
    ])?;
    if logged {
        log(connection, id, now, new)?;
    }
    Ok(id)
}

/// Appends a row to the log, chained to the last by its hash.
fn log(connection: &Connection, id: i64, now: i64, fields: &New) -> Result<()> {
    let last = "SELECT sequence, hash FROM changes ORDER BY sequence DESC LIMIT 1";
    let last = connection.prepare_cached(last)?.query_one([], |row| Ok((row.get(0)?, row.get(1)?)));
    let (sequence, previous): (i64, String) = last.unwrap_or_else(|_| (0, "0".repeat(64)));
    let record = Logged { id, version: 1, created_at: now, updated_at: now, visibility: "public", fields };
    let after = serde_json::to_string(&record)?;
    let mut hasher = Sha256::new();
    hasher.update(&previous);
    hasher.update(&after);
    let hash: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    connection.prepare_cached(LOG)?.execute(params![sequence + 1, id, now, after, previous, hash])?;
    Ok(())
}
