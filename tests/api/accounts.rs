//! Accounts: who may sign in, with what, and what it allows.

mod api_keys;
mod events;
mod sessions;
mod users;

use directive_tracker::accounts::password::Password;
use directive_tracker::accounts::user::{NewUser, store};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::alone;
use directive_tracker::domain::Role;
use directive_tracker::rights::Grant;
use serde_json::{Value, json};

use crate::support::service::NOW;
use crate::support::{Client, Response, Service};

/// The password of every user that a test makes.
const PASSWORD: &str = "cá kho làng Vũ Đại";

/// Makes a user as the command line does, beside the running service.
pub fn user(service: &Service, name: &str, role: Role) {
    let new = NewUser {
        name: name.parse().unwrap(),
        display_name: None,
        grants: vec![Grant::everywhere(role)],
        password_hash: Password::chosen(PASSWORD, &[]).unwrap().hash().unwrap(),
        must_change_password: false,
    };
    let mut conn = service.storage.connect(Purpose::Write);
    alone(&mut conn, |conn| store::insert(conn, &new, NOW.parse().unwrap())).unwrap();
    service.keep_up(&service.storage);
}

/// An attempt to sign in.
fn attempt(service: &Service, name: &str, password: &str) -> Response {
    let body = json!({ "grant_type": "password", "username": name, "password": password });
    service.public().post("/v1/auth/token", &body)
}

/// The tokens of a user who signs in.
#[track_caller]
pub fn signed_in(service: &Service, name: &str) -> Value {
    attempt(service, name, PASSWORD).expect(200).json()
}

/// The holder of a credential.
pub fn holder(service: &Service, credential: &Value) -> Client {
    Client { address: service.address, token: Some(credential.as_str().unwrap().to_owned()) }
}

/// What comes of a refresh token.
fn go_on(service: &Service, tokens: &Value) -> Response {
    let body = json!({ "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"] });
    service.public().post("/v1/auth/token", &body)
}

/// The problem of an answer.
fn code(answer: &Response) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}
