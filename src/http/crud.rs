//! The endpoints of a resource, written once for all of them.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::body;
use super::conditional::{answer, entity_tag, json_bytes, json_text};
use super::endpoint::Endpoint;
use super::extract::{Editor, FormReader, Reviewer, app_of, external_key, precondition, record_id, stamp};
use super::idempotency;
use super::linked_data::Notation;
use super::list::{list, list_of_parent};
use super::negotiation;
use super::openapi::operations;
use super::problem::{Answer, Problem};
use super::query::Parameters;
use super::shape::Shape;
use crate::app::App;
use crate::db::{Conn, Lane, Scope, Store};
use crate::domain::{Actor, Date, Error, Fault, Id, Instant, Link, Parent, Result, Stamp};
use crate::idempotency::{Answer as Kept, Claim};
use crate::resources;
use crate::service::collection::collection_of;
use crate::service::expand::Expansion;
use crate::service::write::{self, Written};
use crate::service::{decide, delete, read};

/// The content type of what is written.
pub const JSON: &str = "application/json";
/// The content type of a patch (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// The endpoints of the resource `R`.
#[must_use]
pub fn endpoints<R: Store>() -> Vec<Endpoint> {
    let base = format!("/v1/{}", R::COLLECTION);
    let mut endpoints = vec![
        Endpoint::new(&base).with(Method::GET, |route| route.to(list::<R>), operations::list::<R>).with(
            Method::POST,
            |route| route.to(create::<R>),
            operations::create::<R>,
        ),
        one::<R>(&base),
        Endpoint::new(format!("{base}/{{id}}/history")).with(
            Method::GET,
            |route| route.to(super::history::history::<R>),
            operations::history::<R>,
        ),
        Endpoint::new(format!("{base}/by-key/{{system}}/{{key}}"))
            .with(Method::GET, |route| route.to(get_by_key::<R>), operations::get_by_key::<R>)
            .with(Method::PUT, |route| route.to(replace::<R>), operations::replace::<R>),
    ];
    if let Some(parents) = R::PARENT.and_then(|parent| resources::by_type(parent.target)) {
        endpoints.push(
            Endpoint::new(format!("/v1/{}/{{id}}/{}", parents.name(), R::COLLECTION))
                .with(Method::GET, |route| route.to(list_of_parent::<R>), operations::list_of_parent::<R>)
                .with(Method::POST, |route| route.to(create_in_parent::<R>), operations::create_in_parent::<R>),
        );
    }
    if R::DECISION.is_some() {
        endpoints.push(Endpoint::new(format!("{base}/{{id}}/decision")).with(
            Method::POST,
            |route| route.to(decide::<R>),
            operations::decide::<R>,
        ));
    }
    endpoints
}

/// The endpoint of one record. One that is immutable is only read there.
fn one<R: Store>(base: &str) -> Endpoint {
    let endpoint =
        Endpoint::new(format!("{base}/{{id}}")).with(Method::GET, |route| route.to(get::<R>), operations::get::<R>);
    if R::IMMUTABLE {
        return endpoint;
    }
    endpoint.with(Method::PATCH, |route| route.to(update::<R>), operations::update::<R>).with(
        Method::DELETE,
        |route| route.to(delete::<R>),
        operations::delete::<R>,
    )
}

/// The parent of the records of `R`.
pub fn parent_of<R: Store>() -> Result<Parent> {
    R::PARENT.ok_or_else(|| Error::Internal(format!("{} has no parent", R::TYPE)))
}

/// The parent is there and the caller may see it.
pub fn require_parent(conn: &mut Conn, scope: Scope, parent: Parent, id: Id) -> Result<()> {
    let collection = resources::by_type(parent.target).ok_or(Error::NotFound)?;
    collection.require_living(conn, scope, id)
}

async fn get<R: Store>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let id = record_id(&request)?;
    get_one::<R>(&request, &actor, move |_| Ok(id)).await
}

async fn get_by_key<R: Store>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let key = external_key(&request)?;
    get_one::<R>(&request, &actor, move |conn| write::id_by_key::<R>(conn, &key)).await
}

async fn get_one<R: Store>(
    request: &HttpRequest,
    actor: &Actor,
    find: impl FnOnce(&mut Conn) -> Result<Id> + Send + 'static,
) -> Answer {
    let app = app_of(request)?;
    let scope = Scope::of(actor);
    let mut parameters = Parameters::parse(request.query_string())?;
    let dated: &[&str] = if R::DATED { &["as_of"] } else { &[] };
    parameters.refuse_unknown(&[&["fields", "expand", "recorded_at", "format"], dated].concat())?;
    let notation = Notation::of(negotiation::form_of_record(&mut parameters, request)?, request, &app);
    let (shape, recorded_at) = shape_and_instant::<R>(app.clock.today(), &mut parameters)?;
    let lane = if recorded_at.is_none() && shape.expansion().is_short(1) { Lane::Short } else { Lane::Long };
    let written = notation.clone();
    let (version, body) = app
        .database
        .read(lane, move |conn| {
            let id = find(conn)?;
            let record = match recorded_at {
                Some(instant) => read::recorded_at::<R>(conn, scope, id, instant)?,
                None => read::get::<R>(conn, scope, id, shape.expansion())?,
            };
            Ok((record.version, written.bytes(conn, scope, &shape.of(&record)?)?))
        })
        .await?;
    Ok(notation.marked(answer(request, actor, Some(version), body)).finish())
}

/// Takes what a record is to show, and for which day or as of which instant: one is about the world, the other about the
/// log, and the two are never mixed.
fn shape_and_instant<R: Store>(today: Option<Date>, parameters: &mut Parameters) -> Result<(Shape, Option<Instant>)> {
    let shape = Shape::take(parameters, collection_of::<R>()?)?;
    let as_of = parameters.take::<Date>("as_of")?;
    let recorded_at = parameters.take::<Instant>("recorded_at")?;
    let refused = |name: &str, message: &str| Err(Error::parameter(name, Fault::new("inconsistent", message)));
    if recorded_at.is_some() && !shape.expansion().is_empty() {
        return refused("expand", "shows records as they are now, which recorded_at does not mix with");
    }
    if recorded_at.is_some() && as_of.is_some() {
        return refused("as_of", "works out fields for a day, which recorded_at does not mix with");
    }
    Ok((shape.as_of(as_of.or(today)), recorded_at))
}

/// What a write asks for besides its body.
fn dry_run(request: &HttpRequest) -> Result<bool> {
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["dry_run"])?;
    parameters.take_flag("dry_run")
}

/// Runs a write in the writer lane, or rehearses it.
async fn carry_out<T, F>(app: &App, rehearsed: bool, job: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
{
    if rehearsed { app.database.rehearse(job).await } else { app.database.write(job).await }
}

/// What a write gave. If its condition failed, it is a problem with the entity tag of the record as it is now, so that the
/// caller, who may read all that it may write, can go on without reading it (RFC 9110 section 15.5.13, RFC 6585
/// section 3).
fn conditional<R: Store, T>(
    conn: &mut Conn,
    stamp: &Stamp,
    outcome: Result<T>,
    find: impl FnOnce(&mut Conn) -> Result<Id>,
) -> Result<Result<T, Problem>> {
    match outcome {
        Err(error @ (Error::PreconditionFailed(_) | Error::PreconditionRequired)) => {
            let today = Expansion::default().as_of(stamp.now.day_in_vietnam());
            let current = find(conn).and_then(|id| read::get::<R>(conn, Scope::of(&stamp.actor), id, &today));
            let tag = match current {
                Ok(record) => Some(entity_tag(Some(record.version), &json_bytes(&record)?)),
                Err(Error::NotFound | Error::Gone(_)) => None,
                Err(error) => return Err(error),
            };
            let problem = Problem::from(error);
            Ok(Err(match tag {
                Some(tag) => problem.header(header::ETAG, tag.to_string()),
                None => problem,
            }))
        }
        outcome => outcome.map(Ok),
    }
}

async fn create<R: Store>(request: HttpRequest, Editor(actor): Editor, payload: web::Payload) -> Answer {
    create_within::<R>(&request, actor, payload, None).await
}

async fn create_in_parent<R: Store>(request: HttpRequest, Editor(actor): Editor, payload: web::Payload) -> Answer {
    let within = (parent_of::<R>()?, record_id(&request)?);
    create_within::<R>(&request, actor, payload, Some(within)).await
}

async fn create_within<R: Store>(
    request: &HttpRequest,
    actor: Actor,
    payload: web::Payload,
    within: Option<(Parent, Id)>,
) -> Answer {
    let app = app_of(request)?;
    let rehearsed = dry_run(request)?;
    let bytes = body::receive(request, &app, payload, JSON).await?;
    let claim = idempotency::claim(request, &actor, &Sha256::digest(&bytes))?;
    let input = body::parse(&bytes)?;
    let stamp = stamp(request, &app, actor);
    let now = stamp.now;
    let work = move |conn: &mut Conn| {
        if let Some((parent, id)) = within {
            require_parent(conn, Scope::of(&stamp.actor), parent, id)?;
        }
        respond::<R>(&write::create::<R>(conn, &stamp, input, within.map(|(_, id)| id))?, rehearsed).map(Ok)
    };
    post(&app, rehearsed, claim, now, work).await
}

/// Runs the work of a POST in the writer lane, once for each key, or rehearses it.
async fn post<F>(app: &App, rehearsed: bool, claim: Option<Claim>, now: Instant, work: F) -> Answer
where
    F: FnOnce(&mut Conn) -> Result<Result<Kept, Problem>> + Send + 'static,
{
    if rehearsed {
        return Ok(idempotency::response(app.database.rehearse(work).await??));
    }
    idempotency::write_once(app, claim, now, work).await
}

async fn update<R: Store>(request: HttpRequest, Editor(actor): Editor, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (id, rehearsed, precondition) = (record_id(&request)?, dry_run(&request)?, precondition(&request)?);
    let patch = body::read(&request, &app, payload, MERGE_PATCH).await?;
    let stamp = stamp(&request, &app, actor);
    let written = carry_out(&app, rehearsed, move |conn| {
        let outcome = write::patch::<R>(conn, &stamp, id, patch, &precondition);
        conditional::<R, _>(conn, &stamp, outcome.and_then(|written| respond(&written, rehearsed)), |_| Ok(id))
    })
    .await??;
    Ok(idempotency::response(written))
}

async fn decide<R: Store>(request: HttpRequest, Reviewer(actor): Reviewer, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (id, rehearsed, precondition) = (record_id(&request)?, dry_run(&request)?, precondition(&request)?);
    let bytes = body::receive(&request, &app, payload, JSON).await?;
    let claim = idempotency::claim(&request, &actor, &Sha256::digest(&bytes))?;
    let decision = body::parse(&bytes)?;
    let stamp = stamp(&request, &app, actor);
    let now = stamp.now;
    let work = move |conn: &mut Conn| {
        let outcome = decide::decide::<R>(conn, &stamp, id, decision, &precondition);
        conditional::<R, _>(conn, &stamp, outcome.and_then(|written| respond(&written, rehearsed)), |_| Ok(id))
    };
    post(&app, rehearsed, claim, now, work).await
}

async fn replace<R: Store>(request: HttpRequest, Editor(actor): Editor, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (key, rehearsed, precondition) = (external_key(&request)?, dry_run(&request)?, precondition(&request)?);
    let input = body::read(&request, &app, payload, JSON).await?;
    let stamp = stamp(&request, &app, actor);
    let written = carry_out(&app, rehearsed, move |conn| {
        let outcome = write::put::<R>(conn, &stamp, &key, input, &precondition);
        conditional::<R, _>(conn, &stamp, outcome.and_then(|written| respond(&written, rehearsed)), |conn| {
            write::id_by_key::<R>(conn, &key)
        })
    })
    .await??;
    Ok(idempotency::response(written))
}

async fn delete<R: Store>(request: HttpRequest, Editor(actor): Editor) -> Answer {
    let app = app_of(&request)?;
    let (id, rehearsed, precondition) = (record_id(&request)?, dry_run(&request)?, precondition(&request)?);
    let stamp = stamp(&request, &app, actor);
    carry_out(&app, rehearsed, move |conn| {
        let outcome = delete::delete::<R>(conn, &stamp, id, &precondition);
        conditional::<R, _>(conn, &stamp, outcome, |_| Ok(id))
    })
    .await??;
    Ok(HttpResponse::NoContent().finish())
}

/// The answer to a write; that to a rehearsal says 200 and gives no `Location`, for nothing is there.
fn respond<R: Store>(written: &Written<R>, rehearsed: bool) -> Result<Kept> {
    let body = json_text(&written.record)?;
    let created = written.created && !rehearsed;
    Ok(Kept {
        status: if created { StatusCode::CREATED } else { StatusCode::OK }.as_u16(),
        location: created.then(|| Link::url(R::COLLECTION, written.record.id)),
        etag: Some(entity_tag(Some(written.record.version), body.as_bytes()).to_string()),
        content_type: JSON.to_owned(),
        body,
    })
}
