//! What is about the service itself: its vocabularies, its health, its own description.

use std::sync::{Arc, LazyLock};

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Route, web};
use serde_json::{Value, json};
use utoipa_swagger_ui::Config;

use super::code::{CODES, Code};
use super::conditional::{answer, json_bytes};
use super::endpoint::Endpoint;
use super::extract::{Reader, app_of};
use super::openapi::operations::{Operation, if_none_match, json_body, not_modified};
use super::openapi::{self, codes, descriptions};
use super::problem::{Answer, Problem};
use super::query::Parameters;
use crate::db::Lane;
use crate::domain::Error;
use crate::metrics::OPEN_METRICS;
use crate::{enumerations, resources};

/// The endpoints of the service itself.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new("/v1/enumerations").with(Method::GET, |route| route.to(list_enumerations), describe_enumerations),
        Endpoint::new("/healthz").with(Method::GET, |route| route.to(health), describe_health),
        Endpoint::new("/readyz").with(Method::GET, |route| route.to(readiness), describe_readiness),
        Endpoint::new("/metrics").with(Method::GET, |route| route.to(metrics), describe_metrics),
    ]
}

/// Every endpoint of the service that the OpenAPI document describes.
#[must_use]
pub fn all_endpoints() -> Vec<Endpoint> {
    let mut endpoints = resources::endpoints();
    endpoints.extend(super::tracking::endpoints());
    endpoints.extend(super::charts::endpoints());
    endpoints.extend(super::calendars::endpoints());
    endpoints.extend(super::feed::endpoints());
    endpoints.extend(super::import::endpoints());
    endpoints.extend(super::linked_data::endpoints());
    endpoints.extend(super::accounts::endpoints());
    endpoints.extend(self::endpoints());
    endpoints
}

/// The OpenAPI document of the service, made once.
#[must_use]
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let mut components = resources::components();
        components.add_overviews();
        openapi::document(&all_endpoints(), components)
    });
    &DOCUMENT
}

/// The OpenAPI document in JSON and in YAML, made once.
static DOCUMENTS: LazyLock<(web::Bytes, web::Bytes)> = LazyLock::new(|| {
    let json = json_bytes(document()).unwrap_or_default();
    let yaml = yaml_serde::to_string(document()).unwrap_or_default();
    (json.into(), yaml.into())
});

/// The pages that describe the service, which its OpenAPI document leaves out.
pub fn register_pages(config: &mut web::ServiceConfig) {
    let mut register = |path: &str, handle: fn(Route) -> Route| {
        Endpoint::new(path).with(Method::GET, handle, || Value::Null).register(config);
    };
    register("/openapi.json", |route| route.to(async || page("application/json", DOCUMENTS.0.clone())));
    register("/openapi.yaml", |route| route.to(async || page("application/yaml", DOCUMENTS.1.clone())));
    register("/problems", |route| route.to(async || page("text/html; charset=utf-8", problems_page().into())));
    register("/", |route| route.to(async || page("application/json", start_page().into())));
    register("/docs", |route| {
        route.to(async || HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish())
    });
    register("/docs/{file:.*}", |route| route.to(documentation));
}

/// The interactive documentation, whose files the program carries.
async fn documentation(request: HttpRequest) -> Answer {
    static CONFIG: LazyLock<Arc<Config<'static>>> =
        LazyLock::new(|| Arc::new(Config::from("/openapi.json").display_request_duration(true)));
    let file = request.match_info().get("file").unwrap_or_default();
    let served =
        utoipa_swagger_ui::serve(file, Arc::clone(&CONFIG)).map_err(|error| Error::Internal(error.to_string()))?;
    let file = served.ok_or(Error::NotFound)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::VARY, "Accept-Encoding"));
    Ok(answer.content_type(file.content_type).body(file.bytes.into_owned()))
}

fn page(content_type: &'static str, bytes: web::Bytes) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-cache")).insert_header((header::VARY, "Accept-Encoding"));
    answer.content_type(content_type).body(bytes)
}

/// The page that the `type` of a problem points into.
fn problems_page() -> String {
    let row = |row: &Code| {
        let Code { code, status, english, vietnamese } = row;
        format!(
            "<tr id=\"{code}\"><td><code>{code}</code></td><td>{status}</td><td>{english}</td><td lang=\"vi\">{vietnamese}</td></tr>\n"
        )
    };
    let rows = CODES.iter().map(row).collect::<String>();
    let (faults, warnings) = (meanings("errors", codes::FAULTS), meanings("warnings", codes::WARNINGS));
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Problems of Directive tracker</title>\n\
         <h1>Problems</h1>\n<p>The <code>code</code> of a problem document (RFC 9457), which never changes.</p>\n\
         <table>\n<tr><th>Code</th><th>Status</th><th>Meaning</th><th>Tiếng Việt</th></tr>\n{rows}</table>\n\
         <h2>Faults</h2>\n<p>The <code>code</code> of each entry of <code>errors</code>, which names its place.</p>\n{faults}\
         <h2>Warnings</h2>\n<p>The <code>code</code> of each entry of <code>warnings</code> in a record: odd, and stored all \
         the same.</p>\n{warnings}</html>\n"
    )
}

/// A table of what codes mean; `member` tells apart the places of codes of one name.
fn meanings(member: &str, table: &[codes::Meaning]) -> String {
    let row = |(code, meaning): &codes::Meaning| {
        let meaning = meaning.replace('`', "");
        format!("<tr id=\"{member}.{code}\"><td><code>{code}</code></td><td>{meaning}</td></tr>\n")
    };
    let rows = table.iter().map(row).collect::<String>();
    format!("<table>\n<tr><th>Code</th><th>Meaning</th></tr>\n{rows}</table>\n")
}

/// Where to begin.
fn start_page() -> Vec<u8> {
    let collections =
        resources::ALL.iter().map(|collection| (collection.json_name(), format!("/v1/{}", collection.name()).into()));
    let start = json!({
        "name": "Directive tracker",
        "version": env!("CARGO_PKG_VERSION"),
        "docs": "/docs/",
        "openapi": "/openapi.json",
        "collections": Value::Object(collections.collect()),
        "changes": "/v1/changes",
        "enumerations": "/v1/enumerations",
    });
    json_bytes(&start).unwrap_or_default()
}

async fn list_enumerations(request: HttpRequest, Reader(actor): Reader) -> Answer {
    Parameters::parse(request.query_string())?.refuse_unknown(&[])?;
    let body = json_bytes(&json!({ "data": enumerations::all()? }))?;
    Ok(answer(&request, &actor, None, body).finish())
}

fn describe_enumerations() -> Value {
    let summary = "List the vocabularies with their Vietnamese labels";
    Operation::reading("system", "list_enumerations", summary)
        .described(descriptions::ENUMERATIONS)
        .taking([if_none_match()])
        .answering(
            [("200", json_body("All vocabularies.", "EnumerationList", &["ETag"])), not_modified()],
            &[400, 401, 406, 429, 500],
        )
}

fn well() -> Answer {
    let body = json_bytes(&json!({ "status": "ok" })).map_err(Problem::from)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

/// The process is there.
async fn health() -> Answer {
    well()
}

fn describe_health() -> Value {
    Operation::open("system", "get_health", "Tell whether the process is there")
        .described(descriptions::HEALTH)
        .answering([("200", json_body("It is.", "Status", &[]))], &[])
}

/// The database answers.
async fn readiness(request: HttpRequest) -> Answer {
    let app = app_of(&request)?;
    app.database.is_sound()?;
    app.database
        .read(Lane::Long, |conn| crate::changes::store::last(conn).map(drop))
        .await
        .map_err(|error: Error| Problem::from(error))?;
    well()
}

fn describe_readiness() -> Value {
    Operation::open("system", "get_readiness", "Tell whether the service can answer requests")
        .described(descriptions::READINESS)
        .answering([("200", json_body("It can.", "Status", &[]))], &[500, 503])
}

/// What is counted while the service runs.
async fn metrics(request: HttpRequest, Reader(_): Reader) -> Answer {
    Parameters::parse(request.query_string())?.refuse_unknown(&[])?;
    let text = app_of(&request)?.metrics.text().map_err(|error| Error::Internal(error.to_string()))?;
    let mut answer = HttpResponse::Ok();
    Ok(answer.content_type(OPEN_METRICS).insert_header((header::CACHE_CONTROL, "no-store")).body(text))
}

fn describe_metrics() -> Value {
    let text = json!({
        "description": "The counters.",
        "content": { "application/openmetrics-text": { "schema": { "type": "string" } } },
    });
    Operation::reading("system", "get_metrics", "Count requests, and what waits, for Prometheus")
        .described(descriptions::METRICS)
        .answering([("200", text)], &[400, 401, 406, 500])
}
