//! What handlers need from a request: who calls, which record, under what condition.

use std::cell::OnceCell;
use std::fmt;
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, EntityTag};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::address::{HOLDS_CREDENTIAL, holds_credential};
use super::negotiation::{require_json, require_lines};
use super::problem::Problem;
use super::quota;
use crate::accounts::directory::Identity;
use crate::app::App;
use crate::domain::error::Outage;
use crate::domain::link::{ExternalKey, KeyPart};
use crate::domain::{Actor, Error, Fault, Id, Permission, RecordId, Stamp};
use crate::rights;
use crate::service::write::Precondition;

/// The id of a request, which the log, the answer and the rows of the change log share.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Who called, for the log and the list of events, once it is known.
#[derive(Debug, Clone, Default)]
pub struct CalledBy(pub Rc<OnceCell<By>>);

/// Why the credential of a request is not good.
#[derive(Debug)]
pub struct RefusedFor(pub String);

/// Whose credential came with a request.
#[derive(Debug)]
pub struct By(Identity);

impl By {
    /// The name of the account, where there is one.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.0.user.and(self.0.actor.subject.as_deref())
    }

    /// The subject and the credential, as the list of events has them.
    #[must_use]
    pub fn credential(&self) -> String {
        self.0.actor.subject_and_credential()
    }
}

impl fmt::Display for By {
    /// As the log has it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Actor { subject, credential, .. } = &self.0.actor;
        let [subject, credential] = [subject, credential].map(|text| text.as_deref().unwrap_or_default());
        write!(out, "{subject:?} ({credential})")
    }
}

/// A caller who may read: anybody, unless the service is private.
pub struct Reader(pub Actor);

/// The same, of what is offered in other forms than JSON too: which one is sent is for the handler to say.
pub struct FormReader(pub Actor);

/// A caller who may write. The others are refused before their body is read.
pub struct Editor(pub Actor);

/// A caller who may decide.
pub struct Reviewer(pub Actor);

/// A caller who may write, and is told what became of it line by line.
pub struct Importer(pub Actor);

/// A caller with a credential, and what is known of them.
pub struct Known(pub Identity);

/// A caller who may keep accounts.
pub struct Administrator(pub Actor);

/// Anybody, whatever credential comes along: it is not looked at.
pub struct Anybody;

fn actor_of(request: &HttpRequest) -> Result<Actor, Error> {
    Ok(identity_of(request)?.map(|identity| identity.actor).unwrap_or_default())
}

/// Who calls, if they say so. It counts against the quota of whoever it turns out to be; a credential that is not good says
/// nothing of who sent it.
fn identity_of(request: &HttpRequest) -> Result<Option<Identity>, Error> {
    let identity = refuse_in_query(request).and_then(|()| presented(request));
    let known = identity.as_ref().ok().and_then(Option::as_ref);
    quota::charge(request, known.and_then(|identity| identity.actor.subject.as_deref()))?;
    identity
}

/// Whose credential the request has, if it has one.
fn presented(request: &HttpRequest) -> Result<Option<Identity>, Error> {
    let app = app_of(request)?;
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::Unauthenticated);
    }
    let text = value.to_str().map_err(|_| Error::Unauthenticated)?;
    let (scheme, credential) = text.split_once(' ').ok_or(Error::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    let found = app.accounts.identify(credential.trim(), &app.tokens, app.clock.now());
    let identity = found.map_err(|reason| {
        log::info!("request {}: a credential was refused: {reason}", id_of(request));
        request.extensions_mut().insert(RefusedFor(reason));
        Error::Unauthenticated
    })?;
    if let Some(CalledBy(called_by)) = request.extensions().get() {
        // The first answer stands, if it is asked again.
        let _ = called_by.set(By(identity.clone()));
    }
    Ok(Some(identity))
}

/// Refuses a credential in the query.
fn refuse_in_query(request: &HttpRequest) -> Result<(), Error> {
    for part in request.query_string().split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (in_name, in_value) = (holds_credential(name), holds_credential(value));
        if in_name || in_value || matches!(name, "access_token" | "api_key") {
            let shown = if in_name { "…" } else { name };
            return Err(Error::parameter(shown, Fault::new("invalid_value", HOLDS_CREDENTIAL)));
        }
    }
    Ok(())
}

/// The service that the request came to.
///
/// # Errors
/// `Internal` if the server was put together without it.
pub fn app_of(request: &HttpRequest) -> Result<web::Data<App>, Error> {
    request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Error::Internal("no App in the request".to_owned()))
}

/// The caller, who has a credential where the service is private.
fn reader_of(request: &HttpRequest) -> Result<Actor, Error> {
    let private = app_of(request).is_ok_and(|app| app.settings.private);
    let actor = actor_of(request)?;
    if private && !actor.is_known() { Err(Error::Unauthenticated) } else { Ok(actor) }
}

/// The caller, who may do something with some records at least. Which ones is told apart where they are at hand.
fn somewhere(request: &HttpRequest, permission: Permission) -> Result<Actor, Error> {
    let actor = actor_of(request)?;
    rights::require_somewhere(&actor, permission)?;
    Ok(actor)
}

/// The same, where something is to be written.
fn writer_of(request: &HttpRequest, permission: Permission) -> Result<Actor, Error> {
    let actor = somewhere(request, permission)?;
    if app_of(request)?.settings.read_only { Err(Error::Unavailable(Outage::ReadOnly)) } else { Ok(actor) }
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(require_json(request).and_then(|()| Ok(Self(reader_of(request)?))))
    }
}

impl FromRequest for Known {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = || Ok(Self(identity_of(request)?.ok_or(Error::Unauthenticated)?));
        ready(require_json(request).and_then(|()| known()))
    }
}

impl FromRequest for Administrator {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(require_json(request).and_then(|()| Ok(Self(somewhere(request, Permission::Administer)?))))
    }
}

impl FromRequest for Anybody {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let anybody = || quota::charge(request, None).and_then(|()| refuse_in_query(request)).map(|()| Self);
        ready(require_json(request).and_then(|()| Ok(anybody()?)))
    }
}

impl FromRequest for FormReader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(reader_of(request).map(Self).map_err(Problem::from))
    }
}

impl FromRequest for Editor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(require_json(request).and_then(|()| Ok(Self(writer_of(request, Permission::Write)?))))
    }
}

impl FromRequest for Reviewer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(require_json(request).and_then(|()| Ok(Self(writer_of(request, Permission::Review)?))))
    }
}

impl FromRequest for Importer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(require_lines(request).and_then(|()| Ok(Self(writer_of(request, Permission::Write)?))))
    }
}

/// The id that the outermost layer gave the request.
#[must_use]
pub fn id_of(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// What a write by `actor` leaves in the log.
#[must_use]
pub fn stamp(request: &HttpRequest, app: &App, actor: Actor) -> Stamp {
    Stamp { actor, request_id: id_of(request), now: app.clock.now() }
}

/// The number of the record that the path names.
///
/// # Errors
/// `Malformed` if it is no number of a record.
pub fn record_id(request: &HttpRequest) -> Result<Id, Error> {
    let text = request.match_info().get("id").unwrap_or_default();
    text.parse::<RecordId>().map(|id| id.0).map_err(|fault| Error::parameter("id", fault))
}

/// The external key that the path names.
///
/// # Errors
/// `Malformed` if a part has characters that a key may not have.
pub fn external_key(request: &HttpRequest) -> Result<ExternalKey, Error> {
    let part = |name: &str| {
        KeyPart::new(request.match_info().get(name).unwrap_or_default()).map_err(|fault| Error::parameter(name, fault))
    };
    Ok(ExternalKey { system: part("system")?, key: part("key")? })
}

/// What a caller states about what it writes over (RFC 9110 section 13.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    None,
    /// That it exists.
    Exists,
    /// That it does not.
    Missing,
    /// That it has one of these entity tags.
    Tagged(Vec<EntityTag>),
}

impl Condition {
    /// Whether it holds of what exists and has this entity tag. If-Match compares strongly.
    #[must_use]
    pub fn holds(&self, tag: &EntityTag) -> bool {
        match self {
            Self::None | Self::Exists => true,
            Self::Missing => false,
            Self::Tagged(tags) => tags.iter().any(|known| known.strong_eq(tag)),
        }
    }
}

/// What the caller states about the record that it writes over, of which its version is asked.
///
/// # Errors
/// `Malformed` if a condition cannot be read.
pub fn precondition(request: &HttpRequest) -> Result<Precondition, Error> {
    Ok(match condition(request)? {
        Condition::None => Precondition::None,
        Condition::Exists => Precondition::Exists,
        Condition::Missing => Precondition::Missing,
        Condition::Tagged(tags) => Precondition::Version(versions(&tags)),
    })
}

/// What the caller states about what it writes over.
///
/// # Errors
/// `Malformed` if a condition cannot be read.
pub fn condition(request: &HttpRequest) -> Result<Condition, Error> {
    let text = |name: header::HeaderName| -> Result<Option<String>, Error> {
        let unreadable = || Error::parameter(name.as_str(), Fault::new("invalid_value", "is no list of entity tags"));
        let values =
            request.headers().get_all(&name).map(|value| value.to_str().map(str::to_owned).map_err(|_| unreadable()));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        Ok((!values.is_empty()).then(|| values.join(", ")))
    };
    let (matches, none_match) = (text(header::IF_MATCH)?, text(header::IF_NONE_MATCH)?);
    match (matches.as_deref().map(str::trim), none_match.as_deref().map(str::trim)) {
        (None, None) => Ok(Condition::None),
        (Some("*"), None) => Ok(Condition::Exists),
        (None, Some("*")) => Ok(Condition::Missing),
        (Some(tags), None) => entity_tags(tags).map(Condition::Tagged),
        (None, Some(_)) => Err(Error::parameter(
            "if-none-match",
            Fault::new("invalid_value", "may only be * on a write").allowing(["*"]),
        )),
        (Some(_), Some(_)) => {
            Err(Error::parameter("if-match", Fault::new("inconsistent", "cannot stand beside If-None-Match")))
        }
    }
}

/// The entity tags of a list.
///
/// Actix's `IfMatch` leaves out what is no tag, so that a caller who mistypes one would be told that the record changed.
fn entity_tags(list: &str) -> Result<Vec<EntityTag>, Error> {
    let fault = || {
        Error::parameter(
            "if-match",
            Fault::new("invalid_value", "is no list of entity tags").allowing(["*", "\"3-5f0c21d0a1b2c3d4\""]),
        )
    };
    list.split(',').map(|tag| tag.trim().parse().map_err(|_| fault())).collect()
}

/// The versions in entity tags such as `"3-5f0c"`. A tag of another make matches nothing, nor does a weak one (RFC 9110
/// section 13.1.1).
fn versions(tags: &[EntityTag]) -> Vec<i64> {
    let strong = tags.iter().filter(|tag| !tag.weak);
    strong.filter_map(|tag| tag.tag().split('-').next()?.parse().ok()).collect()
}
