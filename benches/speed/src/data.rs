//! The records, the same in every run, and the databases that hold them, filled through the import of the service.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::server::{Server, Service};

/// How many records there are.
#[derive(Clone, Copy)]
pub struct Size {
    times: u32,
    pub organizations: u32,
    pub documents: u32,
    pub conferences: u32,
}

impl Size {
    /// So many times what the service is meant for at the least.
    pub const fn of(times: u32) -> Self {
        Self { times, organizations: 5_000 * times, documents: 100_000 * times, conferences: 200_000 * times }
    }
}

/// How many provinces there are, and people, whatever the size.
const PROVINCES: u32 = 63;
const PEOPLE: u32 = 1_000;
/// Documents that many conferences deal with, as they do with directives from above.
pub const CENTRAL: u32 = 100;

const PLACES: &[&str] =
    &["Thái Bình", "Hà Nội", "Quảng Ninh", "Đắk Lắk", "Thừa Thiên Huế", "Kiên Giang", "Lào Cai", "Bà Rịa - Vũng Tàu"];

const KINDS: &[(&str, &str)] = &[("directive", "CT"), ("conclusion", "KL"), ("resolution", "NQ"), ("plan", "KH")];

const SUBJECTS: &[&str] = &[
    "tăng cường sự lãnh đạo của Đảng đối với công tác bảo đảm an ninh, trật tự trong tình hình mới",
    "tình hình an ninh trật tự nổi lên thời gian gần đây và nhiệm vụ, giải pháp trong thời gian tới",
    "tiếp tục đổi mới, sắp xếp tổ chức bộ máy của hệ thống chính trị tinh gọn, hoạt động hiệu lực, hiệu quả",
    "công tác phòng cháy, chữa cháy và cứu nạn, cứu hộ ở khu dân cư",
    "học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "phát triển kinh tế biển gắn với bảo đảm quốc phòng, an ninh đến năm 2030, tầm nhìn đến năm 2045",
    "nâng cao hiệu quả công tác phòng, chống ma túy",
];

/// How many rows are sent at once.
const AT_ONCE: usize = 50_000;

/// A database with organizations, people and provinces.
pub fn base(service: &Service, folder: &Path, size: Size) -> Result<PathBuf> {
    made(folder, &format!("base-{}.db", size.times), |file| {
        let server = service.serve(file)?;
        send(&server, bodies(size))
    })
}

/// The same with documents and conferences.
pub fn full(service: &Service, folder: &Path, base: &Path, size: Size) -> Result<PathBuf> {
    made(folder, &format!("full-{}.db", size.times), |file| {
        fs::copy(base, file)?;
        let server = service.serve(file)?;
        send(&server, deeds(size))
    })
}

/// Fills an empty database with all of it.
pub fn fill(server: &Server, size: Size) -> Result<()> {
    send(server, bodies(size))?;
    send(server, deeds(size))
}

/// A copy of a database.
pub fn copied(from: &Path, folder: &Path, name: &str) -> Result<PathBuf> {
    let file = folder.join(format!("{name}.db"));
    for rest in ["-wal", "-shm"] {
        let _ = fs::remove_file(folder.join(format!("{name}.db{rest}")));
    }
    fs::copy(from, &file)?;
    Ok(file)
}

/// A file that is found, or made under another name first, so that a run that was broken off leaves none.
fn made(folder: &Path, name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let (file, partial) = (folder.join(name), folder.join("partial.db"));
    if !file.exists() {
        let begun = Instant::now();
        let _ = fs::remove_file(&partial);
        make(&partial)?;
        fs::rename(&partial, &file)?;
        let megabytes = fs::metadata(&file)?.len() / 1_000_000;
        eprintln!("{name}: {megabytes} MB in {:.0} s", begun.elapsed().as_secs_f64());
    }
    Ok(file)
}

/// Sends rows to the import of the service, which must take them all.
fn send(server: &Server, rows: impl Iterator<Item = Value>) -> Result<()> {
    let mut rows = rows.peekable();
    let mut client = server.connect()?;
    while rows.peek().is_some() {
        let body = lines(rows.by_ref().take(AT_ONCE));
        let answer = client.post("/v1/import", "application/x-ndjson", &body)?;
        let end: Value = serde_json::from_slice(last_line(answer))?;
        let refused = end.get("failed").and_then(Value::as_u64) != Some(0);
        ensure!(!refused, "rows were refused: {}", String::from_utf8_lossy(answer.get(..2000).unwrap_or(answer)));
    }
    Ok(())
}

/// The last line of an answer.
pub fn last_line(answer: &[u8]) -> &[u8] {
    answer.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default()
}

/// Rows as lines.
pub fn lines(rows: impl Iterator<Item = Value>) -> Vec<u8> {
    let mut lines = Vec::new();
    for row in rows {
        lines.extend_from_slice(row.to_string().as_bytes());
        lines.push(b'\n');
    }
    lines
}

/// One of several values, by turns.
fn turn<T: Copy + Default>(values: &[T], number: u32) -> T {
    let at = usize::try_from(number).unwrap_or_default() % values.len().max(1);
    values.get(at).copied().unwrap_or_default()
}

/// A number from 1 to `count` that has no pattern to the eye but is the same in every run.
pub fn scattered(number: u32, count: u32) -> u32 {
    let mixed = u64::from(number).wrapping_mul(11_400_714_819_323_198_485) >> 32;
    u32::try_from(mixed % u64::from(count)).unwrap_or_default() + 1
}

fn day(first: (i32, u32, u32), after: u32) -> String {
    let (year, month, day) = first;
    let first = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    first.checked_add_days(Days::new(after.into())).unwrap_or_default().to_string()
}

/// Who acts: each organization with two terms in which its documents are numbered.
fn bodies(size: Size) -> impl Iterator<Item = Value> {
    let provinces = (1..=PROVINCES).map(|id| {
        let name = turn(PLACES, id);
        json!({
            "type": "admin_unit", "name": name, "full_name": format!("Tỉnh {name} {id}"), "unit_type": "province",
            "level": "province"
        })
    });
    let people = (1..=PEOPLE).map(|id| json!({ "type": "person", "name": format!("Nguyễn Văn {}", turn(PLACES, id)) }));
    let organizations = (1..=size.organizations).map(|id| {
        json!({
            "type": "organization", "name": format!("Huyện ủy {} {id}", turn(PLACES, id)), "kind": "party_committee",
            "level": "district", "symbol": "HU", "admin_unit": scattered(id, PROVINCES)
        })
    });
    let terms = (1..=size.organizations).flat_map(|id| {
        [("XXIII", "2015-01-01", "2019-12-31"), ("XXIV", "2020-01-01", "2025-12-31")].map(|(label, from, to)| {
            json!({
                "type": "numbering_period", "organization": id, "label": label, "kind": "term", "valid_from": from,
                "valid_to": to
            })
        })
    });
    provinces.chain(people).chain(organizations).chain(terms)
}

/// What they did.
fn deeds(size: Size) -> impl Iterator<Item = Value> {
    let documents = (1..=size.documents).map(move |id| document(size, id));
    let dealings = (1..=size.conferences).flat_map(move |id| {
        let second = (id % 2 == 0).then_some(size.conferences + id / 2);
        [Some(id), second].into_iter().flatten().map(move |number| dealing(size, id, number))
    });
    documents.chain(conferences(size, size.conferences)).chain(dealings)
}

fn document(size: Size, id: u32) -> Value {
    let (issuer, number) = ((id - 1) % size.organizations + 1, (id - 1) / size.organizations + 1);
    let (kind, symbol) = turn(KINDS, number);
    let second = (id % 4 == 0).then(|| scattered(id, size.organizations)).filter(|second| *second != issuer);
    let adopted_by: Vec<u32> = [Some(issuer), second].into_iter().flatten().collect();
    let issued_on = day((2015, 1, 5), number * 180 + issuer % 150);
    json!({
        "type": "document", "system": "party", "kind": kind, "numbering_body": issuer, "adopted_by": adopted_by,
        "number": number, "symbol": format!("{number}-{symbol}/HU"), "issued_on": issued_on, "effective_on": issued_on,
        "title": format!("Về {} tại {} (số {id})", turn(SUBJECTS, scattered(id, 1000)), turn(PLACES, issuer)),
        "status": "in_force", "urgency": "normal", "place": turn(PLACES, issuer), "signer": scattered(id, PEOPLE),
        "signer_text": "Nguyễn Văn Bình", "provenance": "found", "review_schedule": [
            { "activity": "interim_review", "years": 5 }, { "activity": "final_review", "years": 10 }
        ]
    })
}

/// So many conferences: each organization holds one every 36 days from 2022 on, 20 in two years.
pub fn conferences(size: Size, count: u32) -> impl Iterator<Item = Value> {
    (1..=count).map(move |id| {
        let (body, number) = ((id - 1) % size.organizations + 1, (id - 1) / size.organizations);
        json!({
            "type": "conference", "name": format!("Hội nghị lần thứ {id} về {}", turn(SUBJECTS, scattered(id, 1000))),
            "topic": "Tình hình an ninh trật tự thời gian gần đây.", "formats": ["extended"], "mode": "online",
            "level": "district", "held_from": day((2022, 1, 1), number * 36 + body % 36), "part_of_day": "afternoon",
            "held_text": "Chiều ngày 16/7", "place": "Hội trường Huyện ủy", "admin_unit": scattered(body, PROVINCES),
            "convening_body": body, "participants_complete": false, "participant_count": 340,
            "parent": (id % 10 == 0).then_some(id - 1)
        })
    })
}

/// What a conference did about a document, every third time one of the few that many deal with.
fn dealing(size: Size, conference: u32, number: u32) -> Value {
    let document = if number % 3 == 0 { scattered(number, CENTRAL) } else { scattered(number, size.documents) };
    json!({
        "type": "conference_document", "conference": conference, "document": document,
        "activity": turn(&["study_dissemination", "interim_review"], number), "citation_role": "disseminated",
        "review_years": 5, "presenter": (number % 3 == 0).then(|| scattered(number, PEOPLE)),
        "title_as_cited": "Chỉ thị về an ninh, trật tự", "symbol_as_cited": "Chỉ thị số 46"
    })
}

/// Has the machine hold a file in memory, as far as it goes: what is measured is the work of a server and not of a disk.
pub fn hold(file: &Path) -> Result<()> {
    io::copy(&mut File::open(file)?, &mut io::sink())?;
    Ok(())
}
