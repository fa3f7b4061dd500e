//! The bodies that a record means where it names a class of them: those of a day, which is today unless the caller says.

use actix_web::HttpRequest;
use actix_web::http::Method;

use super::endpoint::Endpoint;
use super::extract::{FormReader, app_of, record_id};
use super::list::{Preset, list_with};
use super::openapi::operations;
use super::problem::Answer;
use super::query::Parameters;
use crate::db::{Lane, Scope};
use crate::domain::{Error, Resource};
use crate::organizations::class::{Classed, OrganizationClass};
use crate::organizations::organization::Organizations;
use crate::service::read;

/// `GET /v1/{collection}/{id}/organizations`, for a resource whose records may name a class.
#[must_use]
pub fn endpoint<R: Classed>() -> Endpoint {
    let path = format!("/v1/{}/{{id}}/{}", R::COLLECTION, Organizations::COLLECTION);
    Endpoint::new(path).with(Method::GET, |route| route.to(list::<R>), operations::list_of_class::<R>)
}

async fn list<R: Classed>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let (id, scope) = (record_id(&request)?, Scope::of(&actor));
    let class = app.database.read(Lane::Short, move |conn| {
        let row = read::living::<R>(conn, scope, id)?;
        let class = R::class(&R::stored(row)?);
        if class.is_named() { Ok(class) } else { Err(Error::NotFound) }
    });
    let mut preset = preset(&class.await?);
    if Parameters::parse(request.query_string())?.take_text("as_of").is_none() {
        preset.push(("as_of", app.clock.today().map(|day| day.to_string())));
    }
    list_with::<Organizations>(&request, &actor, preset).await
}

/// The filters of the list of organizations that the class comes to.
fn preset(class: &OrganizationClass) -> Preset {
    vec![
        ("kind", class.kind.map(|kind| kind.to_string())),
        ("level", class.level.map(|level| level.to_string())),
        ("admin_unit", class.admin_unit.map(|unit| unit.to_string())),
    ]
}
