//! The endpoints of a resource, written once for all of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::body;
use super::conditional::{answer, entity_tag, json_bytes};
use super::endpoint::Endpoint;
use super::extract::{Editor, Reader, app_of, external_key, precondition, record_id, stamp};
use super::openapi::operations;
use super::problem::Problem;
use super::query::{Limit, Parameters};
use crate::app::App;
use crate::db::{Conn, Lane, Scope, Store};
use crate::domain::page::{DEFAULT_LIMIT, ID, Page, Position, Sort};
use crate::domain::{Actor, Error, Fault, Id, Instant, Link, Parent, RecordId, Result};
use crate::resources;
use crate::service::collection::Collection;
use crate::service::expand::{self, Expansion};
use crate::service::read::{self, Listing, View};
use crate::service::write::{self, Written};

/// The content type of what is written.
pub const JSON: &str = "application/json";
/// The content type of a patch (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// The parameters that every list has besides its filter.
const LIST_PARAMETERS: &[&str] =
    &["limit", "cursor", "sort", "fields", "expand", "count", "updated_since", "managed_by"];

type Answer = std::result::Result<HttpResponse, Problem>;

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
        Endpoint::new(format!("{base}/{{id}}"))
            .with(Method::GET, |route| route.to(get::<R>), operations::get::<R>)
            .with(Method::PATCH, |route| route.to(update::<R>), operations::update::<R>)
            .with(Method::DELETE, |route| route.to(delete::<R>), operations::delete::<R>),
        Endpoint::new(format!("{base}/{{id}}/history")).with(
            Method::GET,
            |route| route.to(super::feed::history::<R>),
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
    endpoints
}

fn collection_of<R: Store>() -> Result<&'static dyn Collection> {
    resources::by_type(R::TYPE).ok_or_else(|| Error::Internal(format!("{} is not registered", R::TYPE)))
}

/// The fields of the records of each type, for `fields=`.
static FIELDS: LazyLock<HashMap<&'static str, Vec<String>>> =
    LazyLock::new(|| resources::ALL.iter().map(|collection| (collection.kind(), collection.fields())).collect());

/// The parameters that narrow the list of each type, which are described at length and so gathered once.
static FILTERS: LazyLock<HashMap<&'static str, Vec<String>>> =
    LazyLock::new(|| resources::ALL.iter().map(|collection| (collection.kind(), collection.filters())).collect());

/// How an answer is to be shaped: which fields, which links expanded.
#[derive(Debug, Clone, Default)]
struct Shape {
    fields: Option<Vec<String>>,
    expansion: Expansion,
}

impl Shape {
    fn take(parameters: &mut Parameters, collection: &'static dyn Collection) -> Result<Self> {
        let fields = parameters.take_text("fields").map(|text| known_fields(&text, collection)).transpose();
        let expansion = parameters.take_text("expand").map(|text| Expansion::parse(&text, collection)).transpose();
        Ok(Self {
            fields: fields.map_err(|fault| Error::parameter("fields", fault))?,
            expansion: expansion.map_err(|fault| Error::parameter("expand", fault))?.unwrap_or_default(),
        })
    }

    fn is_plain(&self) -> bool {
        self.fields.is_none() && self.expansion.is_plain()
    }

    /// Expands and thins out records as they are sent.
    fn apply(
        &self,
        conn: &mut Conn,
        scope: Scope,
        collection: &'static dyn Collection,
        records: &mut [Value],
    ) -> Result<()> {
        let mut objects: Vec<&mut Map<String, Value>> = records.iter_mut().filter_map(Value::as_object_mut).collect();
        expand::apply(conn, scope, collection, &mut objects, &self.expansion)?;
        if let Some(fields) = &self.fields {
            for object in objects {
                object.retain(|name, _| {
                    matches!(name.as_str(), "id" | "type" | "url")
                        || self.expansion.names(name)
                        || fields.contains(name)
                });
            }
        }
        Ok(())
    }
}

fn known_fields(text: &str, collection: &'static dyn Collection) -> Result<Vec<String>, Fault> {
    let known = FIELDS.get(collection.kind()).map(Vec::as_slice).unwrap_or_default();
    let fields: Vec<String> = text.split(',').map(str::to_owned).collect();
    let expanded = |field: &str| collection.to_many().iter().any(|link| link.name == field);
    match fields.iter().find(|field| !known.contains(field) && !expanded(field)) {
        None => Ok(fields),
        Some(unknown) => {
            Err(Fault::new("unknown_code", format!("cannot be {unknown:?}")).allowing(known.iter().cloned()))
        }
    }
}

/// What one list request asks for.
struct ListRequest<R: Store> {
    filter: R::Filter,
    page: Page,
    shape: Shape,
    counted: bool,
    /// What a cursor is bound to.
    identity: String,
    /// The query without its cursor, for the link to the next page.
    query: String,
}

impl<R: Store> ListRequest<R> {
    fn read(app: &App, request: &HttpRequest, scope: Scope, within: Option<(Parent, Id)>) -> Result<Self> {
        let mut parameters = Parameters::parse(request.query_string())?;
        let filters = FILTERS.get(R::TYPE).map(Vec::as_slice).unwrap_or_default();
        let known: Vec<&str> = filters
            .iter()
            .map(String::as_str)
            .filter(|name| within.is_none_or(|(parent, _)| parent.field != *name))
            .chain(LIST_PARAMETERS.iter().copied())
            .collect();
        parameters.refuse_unknown(&known)?;
        let collection = collection_of::<R>()?;
        let shape = Shape::take(&mut parameters, collection)?;
        let limit = parameters.take::<Limit>("limit")?.map_or(DEFAULT_LIMIT, |limit| limit.0);
        let counted = parameters.take::<Exact>("count")?.is_some();
        let sort_text = parameters.take_text("sort");
        let sort =
            sort_text.as_deref().map_or(Ok(Sort { field: ID, descending: false, id_descending: false }), |text| {
                Sort::parse(text, R::SORTS)
            });
        let sort = sort.map_err(|fault| Error::parameter("sort", fault))?;
        let cursor = parameters.take_text("cursor");
        let updated_since = parameters.take::<Instant>("updated_since")?;
        let managed_by = parameters.take::<RecordId>("managed_by")?.map(|id| id.0);
        if let Some((parent, id)) = within {
            parameters.set(parent.field, &id.to_string());
        }
        let filter: R::Filter = parameters.into_filter()?;
        let described = serde_json::to_string(&filter).map_err(|error| Error::Internal(error.to_string()))?;
        let identity = format!("{} {described} {sort:?} {updated_since:?} {managed_by:?} {}", R::TYPE, scope.internal);
        let after = cursor.map(|text| app.cursors.decode::<Position>(&identity, &text)).transpose()?;
        let query = request.query_string().split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor="));
        Ok(Self {
            filter,
            page: Page { sort, after, limit, updated_since, managed_by },
            shape,
            counted,
            identity,
            query: query.collect::<Vec<_>>().join("&"),
        })
    }

    fn lane(&self) -> Lane {
        let plain = self.shape.expansion.is_plain() && !self.counted && self.page.managed_by.is_none();
        if plain && R::is_bounded(&self.filter) { Lane::Short } else { Lane::Long }
    }
}

struct Exact;

impl std::str::FromStr for Exact {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if text == "exact" {
            Ok(Self)
        } else {
            Err(Fault::new("unknown_code", "can only be exact").allowing(["exact"]))
        }
    }
}

async fn list<R: Store>(request: HttpRequest, Reader(actor): Reader) -> Answer {
    list_within::<R>(&request, &actor, None).await
}

async fn list_of_parent<R: Store>(request: HttpRequest, Reader(actor): Reader) -> Answer {
    let app = app_of(&request)?;
    let (parent, id) = (parent_of::<R>()?, record_id(&request)?);
    let scope = Scope::of(&actor);
    app.database.read(Lane::Short, move |conn| require_parent(conn, scope, parent, id)).await?;
    list_within::<R>(&request, &actor, Some((parent, id))).await
}

fn parent_of<R: Store>() -> Result<Parent> {
    R::PARENT.ok_or_else(|| Error::Internal(format!("{} has no parent", R::TYPE)))
}

/// The parent is there and the caller may see it.
fn require_parent(conn: &mut Conn, scope: Scope, parent: Parent, id: Id) -> Result<()> {
    let collection = resources::by_type(parent.target).ok_or(Error::NotFound)?;
    collection.require_living(conn, scope, id)
}

async fn list_within<R: Store>(request: &HttpRequest, actor: &Actor, within: Option<(Parent, Id)>) -> Answer {
    let app = app_of(request)?;
    let scope = Scope::of(actor);
    let asked = ListRequest::<R>::read(&app, request, scope, within)?;
    let ListRequest { ref identity, ref query, .. } = asked;
    let (identity, query, limit) = (identity.clone(), query.clone(), asked.page.limit);
    let path = request.path().to_owned();
    let lane = asked.lane();
    let served = web::Data::clone(&app);
    let (body, next) = app
        .database
        .read(lane, move |conn| {
            let listing = read::list::<R>(conn, scope, &asked.filter, &asked.page, asked.counted)?;
            let next = listing.next.as_ref().map(|position| served.cursors.encode(&identity, position));
            let urls = PageUrls { path: &path, query: &query, next: next.as_deref(), limit };
            let body = list_body::<R>(conn, scope, &listing, &asked.shape, &urls)?;
            Ok((body, urls.next_url()))
        })
        .await?;
    let mut response = answer(request, actor, None, body);
    if let Some(next) = next {
        response.builder.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
    }
    Ok(response.finish())
}

/// Where a page is and where the next one is.
struct PageUrls<'a> {
    path: &'a str,
    query: &'a str,
    next: Option<&'a str>,
    limit: u16,
}

impl PageUrls<'_> {
    fn first_url(&self) -> String {
        if self.query.is_empty() { self.path.to_owned() } else { format!("{}?{}", self.path, self.query) }
    }

    fn next_url(&self) -> Option<String> {
        let separator = if self.query.is_empty() { "" } else { "&" };
        self.next.map(|cursor| format!("{}?{}{separator}cursor={cursor}", self.path, self.query))
    }
}

/// The body of a list: `{"data": [...], "page": {...}, "links": {...}}`.
fn list_body<R: Store>(
    conn: &mut Conn,
    scope: Scope,
    listing: &Listing<R>,
    shape: &Shape,
    urls: &PageUrls<'_>,
) -> Result<Vec<u8>> {
    let mut page = json!({ "next": urls.next, "limit": urls.limit });
    if let (Some(count), Some(object)) = (listing.count, page.as_object_mut()) {
        object.insert("count".to_owned(), count.into());
    }
    let links = json!({ "first": urls.first_url(), "next": urls.next_url() });
    if shape.is_plain() {
        return json_bytes(&PlainList { data: &listing.records, page, links });
    }
    let mut records = listing.records.iter().map(read::to_json).collect::<Result<Vec<_>>>()?;
    shape.apply(conn, scope, collection_of::<R>()?, &mut records)?;
    json_bytes(&json!({ "data": records, "page": page, "links": links }))
}

#[derive(serde::Serialize)]
struct PlainList<'a, T: serde::Serialize> {
    data: &'a [T],
    page: Value,
    links: Value,
}

async fn get<R: Store>(request: HttpRequest, Reader(actor): Reader) -> Answer {
    let id = record_id(&request)?;
    get_one::<R>(&request, &actor, move |_| Ok(id)).await
}

async fn get_by_key<R: Store>(request: HttpRequest, Reader(actor): Reader) -> Answer {
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
    parameters.refuse_unknown(&["fields", "expand", "recorded_at"])?;
    let shape = Shape::take(&mut parameters, collection_of::<R>()?)?;
    let recorded_at = parameters.take::<Instant>("recorded_at")?;
    let lane = if shape.expansion.is_plain() && recorded_at.is_none() { Lane::Short } else { Lane::Long };
    let (version, body) = app
        .database
        .read(lane, move |conn| {
            let id = find(conn)?;
            let record = match recorded_at {
                Some(instant) => read::recorded_at::<R>(conn, scope, id, instant)?,
                None => read::get::<R>(conn, scope, id)?,
            };
            Ok((record.version, record_body::<R>(conn, scope, &record, &shape)?))
        })
        .await?;
    Ok(answer(request, actor, Some(version), body).finish())
}

fn record_body<R: Store>(conn: &mut Conn, scope: Scope, record: &View<R>, shape: &Shape) -> Result<Vec<u8>> {
    if shape.is_plain() {
        return json_bytes(record);
    }
    let mut value = read::to_json(record)?;
    shape.apply(conn, scope, collection_of::<R>()?, std::slice::from_mut(&mut value))?;
    json_bytes(&value)
}

/// What a write asks for besides its body.
fn dry_run(request: &HttpRequest) -> Result<bool> {
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["dry_run"])?;
    match parameters.take_text("dry_run").as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Error::parameter(
            "dry_run",
            Fault::new("wrong_type", "is neither true nor false").allowing(["true", "false"]),
        )),
    }
}

/// Runs a write in the writer lane, or rehearses it.
async fn carry_out<T, F>(app: &App, rehearsed: bool, job: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
{
    if rehearsed { app.database.rehearse(job).await } else { app.database.write(job).await }
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
    let input = body::read(request, &app, payload, JSON).await?;
    let stamp = stamp(request, &app, actor);
    let written = carry_out(&app, rehearsed, move |conn| {
        if let Some((parent, id)) = within {
            require_parent(conn, Scope::ALL, parent, id)?;
        }
        respond::<R>(&write::create::<R>(conn, &stamp, input, within.map(|(_, id)| id))?)
    })
    .await?;
    Ok(written.response(rehearsed))
}

async fn update<R: Store>(request: HttpRequest, Editor(actor): Editor, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (id, rehearsed, precondition) = (record_id(&request)?, dry_run(&request)?, precondition(&request)?);
    let patch = body::read(&request, &app, payload, MERGE_PATCH).await?;
    let stamp = stamp(&request, &app, actor);
    let written = carry_out(&app, rehearsed, move |conn| {
        respond::<R>(&write::patch::<R>(conn, &stamp, id, patch, &precondition)?)
    })
    .await?;
    Ok(written.response(rehearsed))
}

async fn replace<R: Store>(request: HttpRequest, Editor(actor): Editor, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (key, rehearsed, precondition) = (external_key(&request)?, dry_run(&request)?, precondition(&request)?);
    let input = body::read(&request, &app, payload, JSON).await?;
    let stamp = stamp(&request, &app, actor);
    let written = carry_out(&app, rehearsed, move |conn| {
        respond::<R>(&write::put::<R>(conn, &stamp, &key, input, &precondition)?)
    })
    .await?;
    Ok(written.response(rehearsed))
}

async fn delete<R: Store>(request: HttpRequest, Editor(actor): Editor) -> Answer {
    let app = app_of(&request)?;
    let (id, rehearsed, precondition) = (record_id(&request)?, dry_run(&request)?, precondition(&request)?);
    let stamp = stamp(&request, &app, actor);
    carry_out(&app, rehearsed, move |conn| write::delete::<R>(conn, &stamp, id, &precondition)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A record that was written, as it is sent.
struct WrittenBody {
    body: Vec<u8>,
    version: i64,
    created: bool,
    location: String,
}

fn respond<R: Store>(written: &Written<R>) -> Result<WrittenBody> {
    Ok(WrittenBody {
        body: json_bytes(&written.record)?,
        version: written.record.version,
        created: written.created,
        location: Link::url(R::COLLECTION, written.record.id),
    })
}

impl WrittenBody {
    /// The answer; that of a rehearsal says 200 and gives no `Location`, for nothing is there.
    fn response(self, rehearsed: bool) -> HttpResponse {
        let created = self.created && !rehearsed;
        let mut builder = HttpResponse::build(if created { StatusCode::CREATED } else { StatusCode::OK });
        if created {
            builder.insert_header((header::LOCATION, self.location));
        }
        builder.insert_header((header::ETAG, entity_tag(Some(self.version), &self.body)));
        builder.insert_header((header::CACHE_CONTROL, "no-store"));
        builder.content_type(JSON).body(self.body)
    }
}
