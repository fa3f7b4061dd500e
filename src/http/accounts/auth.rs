//! Signing in, going on and signing out, and the keys that verify access tokens.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::{caller, read, unkept};
use crate::accounts::login::{EXPIRES_IN, Granted, Offered, Outcome};
use crate::accounts::password::Password;
use crate::accounts::session::{REFRESH_LIFE, RefreshToken};
use crate::http::conditional::json_bytes;
use crate::http::crud::JSON;
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Anybody, app_of};
use crate::http::openapi::accounts as described;
use crate::http::problem::{Answer, Problem};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new("/v1/auth/token").with(Method::POST, |route| route.to(create_token), described::create_token),
        Endpoint::new("/v1/auth/revoke").with(Method::POST, |route| route.to(revoke_token), described::revoke_token),
        Endpoint::new("/.well-known/jwks.json").with(Method::GET, |route| route.to(list_keys), described::jwks),
    ]
}

/// What is asked for, as OAuth 2.0 calls it (RFC 6749 sections 4.3 and 6), in JSON.
#[derive(Deserialize)]
#[serde(tag = "grant_type", rename_all = "snake_case", deny_unknown_fields)]
enum Grant {
    Password { username: String, password: String, new_password: Option<String> },
    RefreshToken { refresh_token: String },
}

async fn create_token(request: HttpRequest, _: Anybody, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (grant, from, now) = (read(&request, &app, payload, JSON).await?, caller(&request), app.clock.now());
    let outcome = match grant {
        Grant::Password { username, password, new_password } => {
            let offered = Offered { name: username, password: Password::offered(&password), new_password };
            app.accounts.sign_in(&app.database, offered, &from, now).await?
        }
        Grant::RefreshToken { refresh_token } => {
            app.accounts.go_on(&app.database, RefreshToken::offered(&refresh_token), &from, now).await?
        }
    };
    match outcome {
        Outcome::Granted(granted) => unkept(StatusCode::OK, &granted_json(&granted)),
        Outcome::Refused => Err(refused()),
        Outcome::ChangeNeeded => {
            let detail = "The password was given once, to be changed: send another one as new_password beside it.";
            Err(Problem::new("password_change_required", detail))
        }
    }
}

fn granted_json(granted: &Granted) -> serde_json::Value {
    json!({
        "access_token": granted.access_token,
        "token_type": "Bearer",
        "expires_in": EXPIRES_IN,
        "refresh_token": granted.refresh_token.shown(),
        "refresh_expires_in": REFRESH_LIFE,
    })
}

/// The one answer to all that is wrong.
fn refused() -> Problem {
    Problem::new("login_failed", "The name and the password, or the refresh token, are not good.")
        .header(header::WWW_AUTHENTICATE, "Bearer realm=\"directive-tracker\"")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    token: String,
}

async fn revoke_token(request: HttpRequest, _: Anybody, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let asked: Revocation = read(&request, &app, payload, JSON).await?;
    app.accounts.sign_out(&app.database, &asked.token, &caller(&request), app.clock.now()).await?;
    unkept(StatusCode::OK, &json!({ "status": "ok" }))
}

async fn list_keys(request: HttpRequest) -> Answer {
    let app = app_of(&request)?;
    let snapshot = app.accounts.directory.snapshot();
    let keys = snapshot.published(app.clock.now()).into_iter().map(|(key, _)| {
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.id, "x": key.public_key })
    });
    let body = json_bytes(&json!({ "keys": keys.collect::<Vec<_>>() }))?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "max-age=300"));
    Ok(answer.content_type("application/json").body(body))
}
