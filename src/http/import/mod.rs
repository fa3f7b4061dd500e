//! `POST /v1/import`: rows of mixed collections in one request.
//!
//! What is received goes to a file first, so that nothing is written of what does not come whole, and so does the answer
//! ([`report`]). Between them the rows are settled in jobs of the writer lane: in one where it is all or nothing or only
//! rehearsed, else in many small ones between which others write. Whatever can be refused is refused before the first line of the
//! answer, with its own status.

pub mod report;

use std::time::Duration;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use tokio::sync::watch;

use self::report::{Progress, Report};
use super::body;
use super::endpoint::Endpoint;
use super::extract::{Importer, app_of, stamp};
use super::idempotency::{answered, begin, claim};
use super::negotiation;
use super::openapi::import::describe;
use super::problem::{Answer, Audience, Problem};
use super::query::Parameters;
use crate::app::App;
use crate::db::Conn;
use crate::db::lanes::Waiting;
use crate::domain::{Error, Fault, Result, Stamp};
use crate::idempotency::{Claim, Outcome, Running};
use crate::resources;
use crate::service::upsert::Extent;
use crate::transfer::import::{Format, Import, Options, Share, trailer};
use crate::transfer::spool::Spool;

/// One JSON object a line.
pub const NDJSON: &str = negotiation::Format::Ndjson.media_type();
/// Comma-separated values with a header (RFC 4180).
pub const CSV: &str = negotiation::Format::Csv.media_type();
/// What an import may be written in.
pub const ACCEPTED: &[&str] = &[NDJSON, CSV];

/// How much is settled before it is looked whether others wait to write.
const SHARE: Share = Share { rows: 200, bytes: 1_048_576 };
/// How many such shares one job of the writer lane settles at first, and after others have waited.
const FEWEST_SHARES: usize = 5;
/// How many it settles at most. Each job that nobody waited for makes room for twice as many in the next one: a commit
/// brings each page to disk that it has touched, however many of its rows are there, and who comes by waits for it.
const MOST_SHARES: usize = 40;

/// The endpoint of imports.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new("/v1/import").with(Method::POST, |route| route.to(import), describe)]
}

/// What the request asks for.
#[derive(Clone, Copy)]
struct Wanted {
    options: Options,
    /// All or nothing.
    atomic: bool,
    /// Nothing, and what would become of it.
    rehearsed: bool,
}

impl Wanted {
    fn of(request: &HttpRequest, longest_row: usize) -> Result<Self, Problem> {
        let mut parameters = Parameters::parse(request.query_string())?;
        parameters.refuse_unknown(&["atomic", "collection", "dry_run", "mode"])?;
        let (atomic, rehearsed) = (parameters.take_flag("atomic")?, parameters.take_flag("dry_run")?);
        let extent = match parameters.take_text("mode").as_deref() {
            None | Some("replace") => Extent::Whole,
            Some("merge") => Extent::Part,
            Some(_) => return Err(unknown("mode", "is not a mode", vec!["replace", "merge"]).into()),
        };
        let collection = match parameters.take_text("collection") {
            None => None,
            Some(name) => Some(resources::ALL.iter().copied().find(|known| known.name() == name).ok_or_else(|| {
                unknown("collection", "is not a collection", resources::ALL.iter().map(|known| known.name()).collect())
            })?),
        };
        let format = if body::content_type(request, ACCEPTED)? == CSV { Format::Csv } else { Format::Ndjson };
        let options = Options { format, extent, collection, longest_row, differences: rehearsed };
        Ok(Self { options, atomic, rehearsed })
    }

    /// Whether all of it is one job.
    const fn at_once(self) -> bool {
        self.atomic || self.rehearsed
    }
}

fn unknown(parameter: &str, message: &str, allowed: Vec<&'static str>) -> Error {
    Error::parameter(parameter, Fault::new("unknown_code", message).allowing(allowed))
}

async fn import(request: HttpRequest, Importer(actor): Importer, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let wanted = Wanted::of(&request, app.settings.body_limit)?;
    let spool = receive(&request, &app, payload).await?;
    let (digest, import) = prepare(spool, wanted.options).await?;
    let claim = claim(&request, &actor, &digest)?.filter(|_| !wanted.rehearsed);
    let running = begin(&app, claim.as_ref())?;
    let stamp = stamp(&request, &app, actor);
    let report = Report::new(&stamp.request_id, Audience::of(&request))?;
    let instance = app.in_flight.instance().to_owned();
    let work = Work { import, report, wanted, claim, begun: false, shares: FEWEST_SHARES, stamp, instance };
    match settle(&app, work).await? {
        Step::Known(outcome) => answered(outcome),
        Step::Settled { work, ended, .. } => Ok(work.respond(app, running, ended)),
    }
}

/// How much of a body is gathered before it goes to the file.
const GATHERED: usize = 262_144;

/// Receives the body into a file.
async fn receive(request: &HttpRequest, app: &App, mut payload: web::Payload) -> Result<Spool, Problem> {
    let (limit, pause) = (app.settings.import_limit, app.settings.import_idle_seconds);
    body::refuse_large(request, limit)?;
    let (mut spool, mut gathered, mut length) = (Spool::new()?, Vec::new(), 0_u64);
    loop {
        let Ok(next) = tokio::time::timeout(Duration::from_secs(pause), payload.next()).await else {
            return Err(body::too_slow(format!("Nothing of the body came for {pause} seconds.")));
        };
        let Some(piece) = next.transpose().map_err(|error| body::unreadable(&error))? else {
            return appended(spool, gathered).await;
        };
        length = length.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if length > limit {
            return Err(body::too_large(limit));
        }
        gathered.extend_from_slice(&piece);
        if gathered.len() >= GATHERED {
            spool = appended(spool, std::mem::take(&mut gathered)).await?;
        }
    }
}

/// Adds what was received to the file, on a thread that may wait for the disk.
async fn appended(mut spool: Spool, bytes: Vec<u8>) -> Result<Spool, Problem> {
    let appended = web::block(move || spool.append(&bytes).map(|()| spool)).await;
    Ok(appended.map_err(|error| Problem::internal(error.to_string()))??)
}

/// Reads what is to be known before anything is written: the digest of the body, where its rows end and that its last
/// line, if it is that of an export, says so too.
async fn prepare(spool: Spool, options: Options) -> Result<([u8; 32], Import), Problem> {
    let prepared = web::block(move || -> Result<([u8; 32], Import), Problem> {
        let digest = spool.digest(spool.length())?;
        let end = match options.format {
            Format::Ndjson => trailer::find(&spool)?,
            Format::Csv => trailer::End::without_line(&spool),
        };
        if !end.faults.is_empty() {
            return Err(Problem::from(Error::Invalid(end.faults)).member("line", end.line));
        }
        Ok((digest, Import::new(spool, end.rows, options)?))
    });
    prepared.await.map_err(|error| Problem::internal(error.to_string()))?
}

/// An import between two jobs.
struct Work {
    import: Import,
    report: Report,
    wanted: Wanted,
    claim: Option<Claim>,
    /// Whether it is known that the request is no other that came before.
    begun: bool,
    /// How many shares the next job may settle.
    shares: usize,
    stamp: Stamp,
    instance: String,
}

/// What a job came to.
enum Step {
    /// The request came before.
    Known(Outcome),
    /// Some rows were settled, or all.
    Settled { work: Box<Work>, ended: bool, kept: bool },
}

/// Settles a share of the rows in the writer lane.
async fn settle(app: &App, mut work: Work) -> Result<Step> {
    work.stamp.now = app.clock.now();
    let kept = |step: &Step| matches!(step, Step::Known(_) | Step::Settled { kept: true, .. });
    let others = app.database.waiting_writes();
    app.database.write_much(move |conn| work.step(conn, &others), kept).await
}

impl Work {
    fn step(mut self, conn: &mut Conn, others: &Waiting) -> Result<Step> {
        let now = self.stamp.now;
        if let Some(claim) = self.claim.as_ref().filter(|_| !self.begun)
            && let Some(known) = claim.known(conn, now, &self.instance)?
        {
            return Ok(Step::Known(known));
        }
        self.begun = true;
        let Self { import, report, wanted, claim, shares, stamp, instance, .. } = &mut self;
        let share = if wanted.at_once() { Share::ALL } else { SHARE };
        let mut settled: usize = 0;
        let (ended, next) = loop {
            let ended = import.settle(conn, stamp, share, &mut |row| report.tell(row))?;
            settled = settled.saturating_add(1);
            if others.any() {
                break (ended, FEWEST_SHARES);
            }
            if ended || settled >= *shares {
                break (ended, shares.saturating_mul(2).min(MOST_SHARES));
            }
        };
        *shares = next;
        let undone = wanted.rehearsed || (wanted.atomic && report.has_failures());
        let kept = !undone;
        if ended {
            if wanted.atomic && report.has_failures() {
                report.take_back()?;
            }
            report.end(kept, None)?;
        }
        report.write_out()?;
        match claim {
            Some(claim) if !ended => claim.mark(conn, now, instance)?,
            Some(claim) => claim.keep(conn, now, instance, &report.kept()?)?,
            None => {}
        }
        Ok(Step::Settled { work: Box::new(self), ended, kept })
    }

    /// The answer, which begins while the rest of the rows is settled.
    fn respond(self, app: web::Data<App>, running: Option<Running>, ended: bool) -> HttpResponse {
        let (tell, told) = watch::channel(self.report.progress(ended));
        let lines = self.report.follow(told);
        if !ended {
            actix_web::rt::spawn(go_on(app, self, running, tell));
        }
        HttpResponse::Ok().content_type(NDJSON).insert_header((header::CACHE_CONTROL, "no-store")).streaming(lines)
    }
}

/// Settles the rest of the rows, whether or not anybody still reads what becomes of them: who lost the connection asks
/// again under the same key.
async fn go_on(app: web::Data<App>, mut work: Work, _running: Option<Running>, tell: watch::Sender<Progress>) {
    loop {
        let (mut report, claim) = (work.report.clone(), work.claim.clone());
        match settle(&app, work).await {
            Ok(Step::Settled { work: settled, ended, .. }) => {
                tell.send_replace(settled.report.progress(ended));
                if ended {
                    return;
                }
                work = *settled;
            }
            Ok(Step::Known(_)) => return,
            Err(error) => {
                let problem = Problem::from(error);
                if report.end(true, Some(&problem)).is_ok() {
                    tell.send_replace(report.progress(true));
                }
                release(&app, claim).await;
                return;
            }
        }
    }
}

/// Takes the mark of an import away that was broken off, so that it may be sent again at once. If that fails too, the
/// mark is soon too old.
async fn release(app: &App, claim: Option<Claim>) {
    let Some(claim) = claim else { return };
    if let Err(error) = app.database.write(move |conn| claim.forget(conn)).await {
        log::warn!("an import that was broken off could not give its key back: {error}");
    }
}
