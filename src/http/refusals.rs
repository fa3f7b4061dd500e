//! Which refusals are of interest to whoever looks after the accounts.

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest};

use super::address;
use super::extract::{By, CalledBy, RefusedFor, id_of};
use super::forwarded::client_of;
use crate::accounts::event::EventKind;
use crate::accounts::login::Caller;
use crate::accounts::refusals::Refusal;
use crate::app::App;

/// How many bytes of a path the list of events has.
const LONGEST_PATH: usize = 200;

/// Notes for the list of security events that a request was answered with the problem `code`, if that is of interest there.
pub fn note(app: &App, request: &HttpRequest, code: &str, called_by: &CalledBy) {
    let kind = match code {
        "forbidden" => EventKind::AccessDenied,
        "unauthenticated" if request.headers().contains_key(header::AUTHORIZATION) => EventKind::CredentialRefused,
        "too_many_attempts" => EventKind::LoginThrottled,
        "quota_exceeded" => EventKind::QuotaExceeded,
        _ => return,
    };
    let by = called_by.0.get();
    let caller = Caller { address: client_of(request, &app.settings.trusted_proxies), request_id: id_of(request) };
    let path = address::shown(request.path());
    let path = path.get(..path.floor_char_boundary(LONGEST_PATH)).unwrap_or_default();
    let why = match request.extensions().get() {
        Some(RefusedFor(reason)) => format!(": {reason}"),
        None => String::new(),
    };
    app.accounts.refusals.note(Refusal {
        kind,
        user: by.and_then(By::user).map(str::to_owned),
        origin: caller.origin(by.map(By::credential)),
        detail: format!("{} {path}{why}", address::shown_method(request.method())),
        at: app.clock.now(),
    });
}
