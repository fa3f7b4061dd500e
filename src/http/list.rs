//! Lists: what a request asks for, in which lane it runs, and the page that is sent.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::conditional::answer;
use super::crud::{parent_of, require_parent};
use super::export::{self, Export, Paged};
use super::extract::{FormReader, app_of, record_id};
use super::linked_data::Notation;
use super::negotiation::Form;
use super::page::PageUrls;
use super::problem::{Answer, Problem};
use super::query::{Limit, Parameters};
use super::shape::{Shape, Shaped};
use crate::app::App;
use crate::db::{Lane, Scope, Store};
use crate::domain::page::{DEFAULT_LIMIT, ID, Page, Position, Sort};
use crate::domain::resource;
use crate::domain::{Actor, Date, Error, Fault, Instant, Link, RecordId, Resource, Result};
use crate::resources;
use crate::service::collection::collection_of;
use crate::service::export::Pages;
use crate::service::read::{self, Listing};

/// The parameters that every list has besides its filter.
const LIST_PARAMETERS: &[&str] =
    &["limit", "cursor", "sort", "fields", "expand", "count", "format", "csv", "labels", "updated_since", "managed_by"];

/// The parameters that narrow the list of each type, which are described at length and so gathered once.
static FILTERS: LazyLock<HashMap<&'static str, Vec<String>>> =
    LazyLock::new(|| resources::ALL.iter().map(|collection| (collection.kind(), collection.filters())).collect());

/// What one list request asks for.
struct ListRequest<R: Store> {
    filter: R::Filter,
    page: Page,
    /// Whether the caller says how long the page is to be.
    limited: bool,
    shape: Shape,
    form: Form,
    counted: bool,
    lane: Lane,
    /// What a cursor is bound to.
    identity: String,
}

impl<R: Store> ListRequest<R> {
    fn read(app: &App, request: &HttpRequest, scope: Scope, preset: &Preset) -> Result<Self, Problem> {
        let mut parameters = Parameters::parse(request.query_string())?;
        let form = Form::take(&mut parameters, request)?;
        let filters = FILTERS.get(R::TYPE).map(Vec::as_slice).unwrap_or_default();
        let known: Vec<&str> = filters
            .iter()
            .map(String::as_str)
            .filter(|name| !preset.iter().any(|(given, _)| given == name))
            .chain(LIST_PARAMETERS.iter().copied())
            .collect();
        parameters.refuse_unknown(&known)?;
        let collection = collection_of::<R>()?;
        let shape = Shape::take(&mut parameters, collection)?;
        form.refuse("expand", !shape.expansion().is_empty())?;
        let limit = parameters.take::<Limit>("limit")?.map(|limit| limit.0);
        let (limited, limit) = (limit.is_some(), limit.unwrap_or(DEFAULT_LIMIT));
        let counted = parameters.take::<Exact>("count")?.is_some();
        form.refuse("count", counted)?;
        let sort_text = parameters.take_text("sort");
        let sort =
            sort_text.as_deref().map_or(Ok(Sort { field: ID, descending: false, id_descending: false }), |text| {
                Sort::parse(text, &[R::SORTS, R::MADE_SORTS].concat())
            });
        let sort = sort.map_err(|fault| Error::parameter("sort", fault))?;
        let cursor = parameters.take_text("cursor");
        let updated_since = parameters.take::<Instant>("updated_since")?;
        let managed_by = parameters.take::<RecordId>("managed_by")?.map(|id| id.0);
        for (name, value) in preset {
            if let Some(value) = value {
                parameters.set(name, value);
            }
        }
        let today = app.clock.today();
        stay_with_a_day::<R>(&mut parameters, today);
        let filter: R::Filter = parameters.into_filter()?;
        let described = serde_json::to_value(&filter).map_err(|error| Error::Internal(error.to_string()))?;
        let identity = format!("{} {described} {sort:?} {updated_since:?} {managed_by:?} {scope:?}", R::TYPE);
        let after = cursor.map(|text| app.cursors.decode::<Position>(&identity, &text)).transpose()?;
        let as_of = day_of(&described)?.or(today);
        let page = Page { sort, after, limit, updated_since, managed_by, as_of };
        let bounded = !counted && shape.expansion().is_short(limit) && resource::is_short::<R>(&described, &page);
        let lane = if bounded { Lane::Short } else { Lane::Long };
        let shape = shape.as_of(as_of);
        Ok(Self { filter, page, limited, shape, form, counted, lane, identity })
    }

    /// The same list in another form than JSON: the page that is asked for, or else all of it.
    fn export(self, scope: Scope, urls: PageUrls) -> Export<R> {
        let day = self.shape.expansion().day();
        let pages = if self.limited { Pages::one } else { Pages::whole }(scope, self.filter, self.page, day);
        let page = self.limited.then_some(Paged { urls, identity: self.identity });
        Export { pages, shape: self.shape, form: self.form, page }
    }
}

/// Where a parameter needs a day and none is named, it is today: a list and its next page, or its calendar, stay with it.
pub(super) fn stay_with_a_day<R: Resource>(parameters: &mut Parameters, today: Option<Date>) {
    let needed = R::DAY_FILTERS.iter().any(|name| parameters.has(name)) && !parameters.has("as_of");
    if let Some(today) = today.filter(|_| needed) {
        parameters.set("as_of", &today.to_string());
    }
}

/// The day of the parameter `as_of` of a filter.
fn day_of(filter: &Value) -> Result<Option<Date>> {
    let day = filter.get("as_of").map(Option::<Date>::deserialize);
    Ok(day.transpose().map_err(|error| Error::Internal(error.to_string()))?.flatten())
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

/// `GET /v1/{collection}`
pub async fn list<R: Store>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    list_with::<R>(&request, &actor, Vec::new()).await
}

/// `GET /v1/{parents}/{id}/{collection}`
pub async fn list_of_parent<R: Store>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let (parent, id) = (parent_of::<R>()?, record_id(&request)?);
    let scope = Scope::of(&actor);
    app.database.read(Lane::Short, move |conn| require_parent(conn, scope, parent, id)).await?;
    list_with::<R>(&request, &actor, vec![(parent.field, Some(id.to_string()))]).await
}

/// Filters that the path sets, so that a caller may not; one without a value stays unset.
pub type Preset = Vec<(&'static str, Option<String>)>;

/// A list with some filters set.
pub async fn list_with<R: Store>(request: &HttpRequest, actor: &Actor, preset: Preset) -> Answer {
    let app = app_of(request)?;
    let scope = Scope::of(actor);
    let asked = ListRequest::<R>::read(&app, request, scope, &preset)?;
    let urls = PageUrls::of(request);
    if !asked.form.format.is_paged() {
        return export::send(request, actor, app, asked.export(scope, urls)).await;
    }
    let lane = asked.lane;
    let notation = Notation::of(asked.form.format, request, &app);
    let written = notation.clone();
    let served = web::Data::clone(&app);
    let (body, urls) = app
        .database
        .read(lane, move |conn| {
            let listing =
                read::list::<R>(conn, scope, &asked.filter, &asked.page, asked.counted, asked.shape.expansion())?;
            let next = listing.next.as_ref().map(|position| served.cursors.encode(&asked.identity, position));
            let urls = urls.followed_by(next);
            let page = page_body(&listing, &asked, &urls)?;
            Ok((written.bytes(conn, scope, &page)?, urls))
        })
        .await?;
    let mut response = answer(request, actor, None, body);
    urls.add_link(&mut response.builder);
    urls.add_first_link(&mut response.builder);
    Ok(notation.marked(response).finish())
}

/// The body of a list: `{"data": [...], "page": {...}, "links": {...}}`.
fn page_body<'a, R: Store>(
    listing: &'a Listing<R>,
    asked: &ListRequest<R>,
    urls: &PageUrls,
) -> Result<PageBody<Shaped<'a, R::Body<Link>>>> {
    let mut page = json!({ "next": urls.cursor(), "limit": asked.page.limit });
    if let (Some(count), Some(object)) = (listing.count, page.as_object_mut()) {
        object.insert("count".to_owned(), count.into());
    }
    let links = json!({ "first": urls.first(), "next": urls.next() });
    let data = listing.records.iter().map(|record| asked.shape.of(record)).collect::<Result<Vec<_>>>()?;
    Ok(PageBody { data, page, links })
}

#[derive(serde::Serialize)]
struct PageBody<T> {
    data: Vec<T>,
    page: Value,
    links: Value,
}
