//! What one may do with a record, and why.

use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::Method;
use serde_json::json;

use crate::db::{Conn, Lane, Scope};
use crate::domain::{Actor, Error, Fault, Id, Permission, RecordId, Result};
use crate::http::conditional::{answer, json_bytes};
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Known, app_of};
use crate::http::openapi::accounts as described;
use crate::http::problem::Answer;
use crate::http::query::Parameters;
use crate::resources;
use crate::rights::{self, Decision};
use crate::service::collection::Collection;

/// The endpoint.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new("/v1/me/can").with(Method::GET, |route| route.to(can), described::can)]
}

/// What may be asked for, with what has to be permitted for it.
pub const ACTIONS: &[(&str, Permission)] = &[
    ("read", Permission::Read),
    ("create", Permission::Write),
    ("update", Permission::Write),
    ("delete", Permission::Write),
    ("decide", Permission::Review),
    ("administer", Permission::Administer),
];

/// One of the actions.
struct Action(&'static str, Permission);

impl FromStr for Action {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let known = ACTIONS.iter().find(|(name, _)| *name == text);
        known
            .map(|(name, permission)| Self(name, *permission))
            .ok_or_else(|| Fault::new("unknown_code", "is no action").allowing(ACTIONS.iter().map(|(name, _)| *name)))
    }
}

/// A collection, or a record of it: `documents`, `documents/5` or `/v1/documents/5`.
struct Target(&'static dyn Collection, Option<Id>);

impl FromStr for Target {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let path = text.strip_prefix("/v1/").unwrap_or(text);
        let (name, id) = path.split_once('/').map_or((path, None), |(name, id)| (name, Some(id)));
        let collection = resources::ALL.iter().copied().find(|collection| collection.name() == name);
        let collection = collection.ok_or_else(|| {
            let names = resources::ALL.iter().map(|collection| collection.name());
            Fault::new("unknown_code", "names no collection").allowing(names)
        })?;
        Ok(Self(collection, id.map(|id| id.parse::<RecordId>().map(|id| id.0)).transpose()?))
    }
}

async fn can(request: HttpRequest, Known(identity): Known) -> Answer {
    let app = app_of(&request)?;
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["action", "resource", "managed_by"])?;
    let required = |name: &str| Error::parameter(name, Fault::new("missing", "is required"));
    let Action(action, permission) = parameters.take("action")?.ok_or_else(|| required("action"))?;
    let target: Target = parameters.take("resource")?.ok_or_else(|| required("resource"))?;
    let owner = parameters.take::<RecordId>("managed_by")?.map(|id| id.0);
    if owner.is_some() && target.1.is_some() {
        let fault = Fault::new("inconsistent", "is for what is not there yet: a record says whose it is");
        return Err(Error::parameter("managed_by", fault).into());
    }
    let resource = target.1.map_or_else(|| target.0.name().to_owned(), |id| format!("{}/{id}", target.0.name()));
    let actor = identity.actor.clone();
    let (public, decision) =
        app.database.read(Lane::Short, move |conn| decided(conn, &actor, permission, &target, owner)).await?;
    let by_grant = !(public && permission == Permission::Read);
    let grant = if let Decision::Within(grant) = decision { Some(grant) } else { None };
    let body = json_bytes(&json!({
        "action": action,
        "resource": resource,
        "allowed": !by_grant || decision.allows(),
        "reason": if by_grant { decision.code() } else { PUBLIC },
        "detail": if by_grant { decision.reason() } else { "It is public." },
        "grant": grant.filter(|_| by_grant),
    }))?;
    Ok(answer(&request, &identity.actor, None, body).finish())
}

/// The reason that needs no grant.
pub const PUBLIC: &str = "public";

/// Whether the target is public, and what rights say of it.
fn decided(
    conn: &mut Conn,
    actor: &Actor,
    permission: Permission,
    Target(collection, id): &Target,
    owner: Option<Id>,
) -> Result<(bool, Decision)> {
    let Some(id) = *id else { return Ok((true, rights::decide(conn, actor, permission, owner)?)) };
    collection.require_living(conn, Scope::of(actor), id)?;
    let public = !collection.known(conn, Scope::Public, &[id])?.is_empty();
    let owner = collection.meta(conn, id)?.and_then(|meta| meta.managed_by);
    Ok((public, rights::decide(conn, actor, permission, owner)?))
}
