//! The records that are read: as many as the service is meant for, each row made by its own store.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use diesel::connection::SimpleConnection;
use directive_tracker::conferences::conference::{Conference, Conferences};
use directive_tracker::conferences::conference_document::{ConferenceDocument, ConferenceDocuments};
use directive_tracker::conferences::vocabulary::DocumentActivity;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Location, Store, Table, migrate};
use directive_tracker::documents::document::{Document, Documents};
use directive_tracker::documents::vocabulary::{DocumentKind, DocumentSystem};
use directive_tracker::domain::vocabulary::Visibility;
use directive_tracker::domain::{Actor, Date, Id, Line, Meta, Stamp, Title};
use directive_tracker::organizations::admin_unit::AdminUnits;
use directive_tracker::organizations::numbering_period::NumberingPeriods;
use directive_tracker::organizations::organization::Organizations;
use directive_tracker::people::person::People;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How many documents there are.
pub const DOCUMENTS: Id = 100_000;
/// How many conferences there are.
pub const CONFERENCES: Id = 200_000;
/// How many times a conference dealt with a document.
pub const CONFERENCE_DOCUMENTS: Id = 250_000;
/// How many organizations issue documents and convene conferences.
pub const ORGANIZATIONS: Id = 300;
/// How many provinces and people there are, each.
const OTHERS: Id = 63;
/// The years in which documents are numbered and conferences held, each a numbering period of every organization.
const YEARS: std::ops::Range<i32> = 2006..2026;

/// When all records were written: 2026-01-02T03:04:05.678901Z.
const WRITTEN_AT: i64 = 1_767_323_045_678_901;

const PLACES: &[&str] =
    &["Thái Bình", "Hà Nội", "Quảng Ninh", "Đắk Lắk", "Thừa Thiên Huế", "Kiên Giang", "Lào Cai", "Bà Rịa - Vũng Tàu"];

const KINDS: &[(DocumentKind, DocumentSystem, &str)] = &[
    (DocumentKind::Directive, DocumentSystem::Party, "CT/TU"),
    (DocumentKind::Conclusion, DocumentSystem::Party, "KL/TU"),
    (DocumentKind::Resolution, DocumentSystem::Party, "NQ/TU"),
    (DocumentKind::Plan, DocumentSystem::State, "KH-UBND"),
    (DocumentKind::Decision, DocumentSystem::State, "QĐ-UBND"),
];

const SUBJECTS: &[&str] = &[
    "tăng cường sự lãnh đạo của Đảng đối với công tác bảo đảm an ninh, trật tự trong tình hình mới",
    "tình hình an ninh trật tự nổi lên thời gian gần đây và nhiệm vụ, giải pháp trong thời gian tới",
    "tiếp tục đổi mới, sắp xếp tổ chức bộ máy của hệ thống chính trị tinh gọn, hoạt động hiệu lực, hiệu quả",
    "công tác phòng cháy, chữa cháy và cứu nạn, cứu hộ ở khu dân cư",
    "học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "phát triển kinh tế biển gắn với bảo đảm quốc phòng, an ninh đến năm 2030, tầm nhìn đến năm 2045",
    "nâng cao hiệu quả công tác phòng, chống ma túy",
];

/// Makes the database, and says how long that took.
pub fn make(file: &Path) -> Result<()> {
    let begun = Instant::now();
    let mut conn = Conn::open(&Location::Sqlite(file.to_owned()), Purpose::Write)?;
    migrate::run(&mut conn)?;
    // Nothing is lost if this fails but a file that nobody else reads.
    conn.batch_execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN IMMEDIATE;")?;
    organizations(&mut conn)?;
    documents(&mut conn)?;
    conferences(&mut conn)?;
    conference_documents(&mut conn)?;
    conn.batch_execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")?;
    let megabytes = std::fs::metadata(file)?.len() / 1_000_000;
    println!(
        "{DOCUMENTS} documents, {CONFERENCES} conferences and {CONFERENCE_DOCUMENTS} conference documents of \
         {ORGANIZATIONS} organizations, {megabytes} MB, written in {:.0} s\n",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

/// One of several values, by turns.
fn turn<T>(values: &[T], number: Id) -> Result<&T> {
    let at = usize::try_from(number)? % values.len().max(1);
    values.get(at).context("nothing to choose from")
}

/// A number from 1 to `count` that has no pattern to the eye but is the same in every run.
fn scattered(number: Id, count: Id) -> Id {
    (number.wrapping_mul(2_654_435_761) >> 7).rem_euclid(count) + 1
}

fn insert<R: Store>(conn: &mut Conn, id: Id, parent: Option<Id>, body: &R::Body<Id>) -> Result<()> {
    let at = directive_tracker::domain::Instant::from_microseconds(WRITTEN_AT + id);
    let meta = Meta::first(id, at, Visibility::Public, None, parent);
    let stamp = Stamp { actor: Actor::system("bench"), request_id: "seed".to_owned(), now: at };
    let row = R::row(&meta, body)?;
    row.insert(conn)?;
    Ok(R::written(conn, &stamp, &row)?)
}

/// A record with these fields and its defaults in the others.
fn body<T: DeserializeOwned>(fields: Value) -> Result<T> {
    serde_json::from_value(fields).context("a record of the seed")
}

fn day(number: Id) -> Result<Date> {
    let year = turn(&YEARS.collect::<Vec<_>>(), number)?.to_owned();
    let date = format!("{year}-{:02}-{:02}", scattered(number, 12), scattered(number + 1, 28));
    date.parse().map_err(|_| anyhow::anyhow!("{date} is no date"))
}

/// The period of an organization in which the documents and conferences of this number fall.
fn period(organization: Id, number: Id) -> Result<Id> {
    let years = Id::try_from(YEARS.len())?;
    Ok((organization - 1) * years + number.rem_euclid(years) + 1)
}

fn organizations(conn: &mut Conn) -> Result<()> {
    for id in 1..=OTHERS {
        let name = turn(PLACES, id)?;
        let unit = json!({ "name": name, "full_name": format!("Tỉnh {name} {id}"), "unit_type": "province", "level": "province" });
        insert::<AdminUnits>(conn, id, None, &body(unit)?)?;
        insert::<People>(conn, id, None, &body(json!({ "name": format!("Nguyễn Văn {name}") }))?)?;
    }
    for id in 1..=ORGANIZATIONS {
        let organization = json!({
            "name": format!("Tỉnh ủy {} {id}", turn(PLACES, id)?), "kind": "party_committee", "level": "province",
            "symbol": "TU", "admin_unit": scattered(id, OTHERS),
        });
        insert::<Organizations>(conn, id, None, &body(organization)?)?;
        for (year, number) in YEARS.zip(0..) {
            let fields = json!({
                "label": year.to_string(), "kind": "year",
                "valid_from": format!("{year}-01-01"), "valid_to": format!("{year}-12-31"),
            });
            insert::<NumberingPeriods>(conn, period(id, number)?, Some(id), &body(fields)?)?;
        }
    }
    Ok(())
}

fn documents(conn: &mut Conn) -> Result<()> {
    let mut document: Document<Id> = body(json!({
        "system": "party", "kind": "directive", "title": "Về", "status": "in_force", "urgency": "normal",
        "place": "Thái Bình", "signer": 1, "signer_text": "Nguyễn Văn Bình", "provenance": "found",
        "review_schedule": [{ "activity": "interim_review", "years": 5 }, { "activity": "final_review", "years": 10 }],
    }))?;
    for id in 1..=DOCUMENTS {
        let (kind, system, symbol) = *turn(KINDS, id)?;
        let issuer = scattered(id, ORGANIZATIONS);
        let number = i32::try_from(id)?;
        let title =
            format!("Về {} tại địa bàn {} (số {id})", turn(SUBJECTS, scattered(id, 1000))?, turn(PLACES, issuer)?);
        document.kind = kind;
        document.system = system;
        document.numbering_body = Some(issuer);
        document.adopted_by = if id % 4 == 0 { vec![issuer, scattered(id + 1, ORGANIZATIONS)] } else { vec![issuer] };
        document.adopted_by.dedup();
        document.number = Some(number);
        document.numbering_period = Some(period(issuer, id)?);
        document.symbol = Some(Line::new(&format!("{number}-{symbol}")).map_err(|fault| anyhow::anyhow!("{fault}"))?);
        document.title = Title::new(&title).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        document.issued_on = Some(day(id)?);
        document.effective_on = document.issued_on;
        document.signer = Some(scattered(id, OTHERS));
        insert::<Documents>(conn, id, None, &document)?;
    }
    Ok(())
}

fn conferences(conn: &mut Conn) -> Result<()> {
    let mut conference: Conference<Id> = body(json!({
        "name": "Hội nghị", "topic": "Tình hình an ninh trật tự thời gian gần đây.", "formats": ["extended", "nationwide"],
        "mode": "online", "level": "province", "part_of_day": "afternoon", "held_text": "Chiều ngày 16/7",
        "place": "Hội trường Tỉnh ủy", "participants_complete": false, "participant_count": 340,
    }))?;
    for id in 1..=CONFERENCES {
        let convening = scattered(id, ORGANIZATIONS);
        let name = format!("Hội nghị lần thứ {id} quán triệt văn bản về {}", turn(SUBJECTS, scattered(id, 1000))?);
        conference.name = Title::new(&name).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        conference.held_from = Some(day(id)?);
        conference.admin_unit = Some(scattered(convening, OTHERS));
        conference.convening_body = Some(convening);
        conference.parent = (id % 10 == 0).then_some(id - 1);
        insert::<Conferences>(conn, id, None, &conference)?;
    }
    Ok(())
}

fn conference_documents(conn: &mut Conn) -> Result<()> {
    let mut dealing: ConferenceDocument<Id> = body(json!({
        "citation_role": "disseminated", "review_years": 5, "title_as_cited": "Chỉ thị về an ninh, trật tự",
        "symbol_as_cited": "Chỉ thị số 46",
    }))?;
    for id in 1..=CONFERENCE_DOCUMENTS {
        // The first so many conferences have one each; a quarter of them has a second.
        let conference = if id <= CONFERENCES { id } else { (id - CONFERENCES) * 4 };
        dealing.document = Some(scattered(id, DOCUMENTS));
        dealing.activity = Some(*turn(&[DocumentActivity::StudyDissemination, DocumentActivity::InterimReview], id)?);
        dealing.presenter = (id % 3 == 0).then_some(scattered(id, OTHERS));
        insert::<ConferenceDocuments>(conn, id, Some(conference), &dealing)?;
    }
    Ok(())
}
