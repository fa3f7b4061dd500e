//! One's own account.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::{caller, no_parameters, read};
use crate::accounts::directory::{Means, Snapshot};
use crate::accounts::password::Password;
use crate::domain::error::NOT_GRANTED;
use crate::domain::{Actor, Error};
use crate::http::conditional::{answer, json_bytes};
use crate::http::crud::JSON;
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Known, app_of};
use crate::http::openapi::accounts as described;
use crate::http::problem::Answer;
use crate::rights::Grant;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new("/v1/me").with(Method::GET, |route| route.to(get_me), described::get_me),
        Endpoint::new("/v1/me/password").with(
            Method::POST,
            |route| route.to(change_password),
            described::change_password,
        ),
    ]
}

async fn get_me(request: HttpRequest, Known(identity): Known) -> Answer {
    no_parameters(&request)?;
    let app = app_of(&request)?;
    let snapshot = app.accounts.directory.snapshot();
    let actor = &identity.actor;
    let user = identity.user.and(actor.subject.as_ref()).and_then(|name| snapshot.users.get(name));
    let means = match identity.means {
        Means::Session => "session",
        Means::ApiKey => "api_key",
        Means::Token => "token",
    };
    let body = json_bytes(&json!({
        "subject": actor.subject,
        "role": actor.rights.role(),
        "grants": grants_of(&snapshot, actor),
        "credential": { "kind": means, "id": actor.credential, "session": identity.session },
        "user": user,
    }))?;
    Ok(answer(&request, actor, None, body).finish())
}

/// The grants of the caller; those of a token that is nobody's account are its role, everywhere.
fn grants_of(known: &Snapshot, actor: &Actor) -> Vec<Grant> {
    match actor.rights.grantee {
        Some(_) => known.granted(actor).to_vec(),
        None => actor.rights.role().map(Grant::everywhere).into_iter().collect(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    current_password: String,
    new_password: String,
}

async fn change_password(request: HttpRequest, Known(identity): Known, payload: web::Payload) -> Answer {
    if identity.means != Means::Session {
        return Err(Error::Forbidden(NOT_GRANTED).into());
    }
    let app = app_of(&request)?;
    let Change { current_password, new_password } = read(&request, &app, payload, JSON).await?;
    let passwords = (Password::offered(&current_password), new_password);
    app.accounts.change_password(&app.database, &identity, passwords, &caller(&request), app.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}
