//! API keys: one's own and, for administrators, all.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::grants::{self, GrantInput};
use super::{Author, Paging, no_parameters, read_claimed, shown_once, written, written_once};
use crate::accounts::api_key::{
    ApiKey, Holder, Key, MOST_DAYS, MOST_OVERLAP, NewKey, USUAL_DAYS, USUAL_OVERLAP, store,
};
use crate::accounts::directory::{Identity, Means};
use crate::accounts::event::EventKind;
use crate::accounts::signing_key::after;
use crate::accounts::user;
use crate::db::{Conn, Lane};
use crate::domain::error::{NOT_GRANTED, Refusal};
use crate::domain::{Error, Fault, Id, Instant, Line, Permission, Result, Role};
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Known, app_of};
use crate::http::openapi::accounts as described;
use crate::http::problem::Answer;
use crate::http::query::Parameters;
use crate::idempotency::Answer as Kept;
use crate::rights::grant::line_of;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new("/v1/api-keys").with(Method::GET, |route| route.to(list_keys), described::list_api_keys).with(
            Method::POST,
            |route| route.to(create_key),
            described::create_api_key,
        ),
        Endpoint::new("/v1/api-keys/{id}").with(
            Method::DELETE,
            |route| route.to(revoke_key),
            described::revoke_api_key,
        ),
        Endpoint::new("/v1/api-keys/{id}/rotate").with(
            Method::POST,
            |route| route.to(rotate_key),
            described::rotate_api_key,
        ),
    ]
}

/// A key with its text, which is shown this once.
#[derive(Serialize)]
struct WithKey {
    #[serde(flatten)]
    key: ApiKey,
    #[serde(rename = "key")]
    text: String,
}

/// Whose keys a caller may see: their own, or all (`None`). Who has no account has none.
fn owner(identity: &Identity) -> Result<Option<Id>> {
    if identity.actor.may_everywhere(Permission::Administer) {
        Ok(None)
    } else {
        identity.user.map(Some).ok_or(Error::Forbidden(NOT_GRANTED))
    }
}

/// Whoever may make keys: not a key, which would outlive itself that way.
fn maker(identity: &Identity) -> Result<Option<Id>> {
    if identity.means == Means::ApiKey { Err(Error::Forbidden(NOT_GRANTED)) } else { owner(identity) }
}

async fn list_keys(request: HttpRequest, Known(identity): Known) -> Answer {
    let app = app_of(&request)?;
    let owner = owner(&identity)?;
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["cursor", "limit"])?;
    let paging = Paging::take(&mut parameters)?;
    let list = format!("api-keys {owner:?}");
    let (from, limit) = (paging.after::<String>(&app, &list)?.unwrap_or_default(), paging.limit);
    let (keys, more) = app.database.read(Lane::Short, move |conn| store::page(conn, owner, &from, limit)).await?;
    let next = keys.last().filter(|_| more).map(|key| app.cursors.encode(&list, &key.id));
    paging.answer(&request, &identity.actor, &keys, next)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    name: Line<200>,
    role: Option<Role>,
    grants: Option<Vec<GrantInput>>,
    partner: Option<Line<200>>,
    expires_in_days: Option<i64>,
}

async fn create_key(request: HttpRequest, Known(identity): Known, payload: web::Payload) -> Answer {
    maker(&identity)?;
    let app = app_of(&request)?;
    let (input, claim): (Input, _) = read_claimed(&request, &app, &identity.actor, payload).await?;
    let author = Author::of(&request, &app, &identity.actor);
    let (new, asked) = new_key(&identity, input, author.now)?;
    written_once(&app, claim, author.now, move |conn| {
        let grants = match &new.holder {
            Holder::Partner(_) => grants::given(conn, &identity.actor, &asked)?,
            Holder::User(_) => Vec::new(),
        };
        let role = grants.iter().map(|grant| grant.role).max().unwrap_or(new.role);
        made(conn, &NewKey { role, grants, ..new }, EventKind::ApiKeyCreated, &author)
    })
    .await
}

/// The key that somebody asks for, and what its partner is to be granted.
fn new_key(identity: &Identity, input: Input, now: Instant) -> Result<(NewKey, Vec<GrantInput>)> {
    let role = input.role.unwrap_or(Role::Reader);
    if role.permissions().within(identity.actor.rights.somewhere) != role.permissions() {
        let fault = Fault::new("inconsistent", "allows more than your own role");
        return Err(Error::field("/role", fault));
    }
    let days = within("/expires_in_days", input.expires_in_days, USUAL_DAYS, 1, MOST_DAYS)?;
    let holder = match (input.partner, identity.user) {
        (Some(partner), _) if identity.actor.may_everywhere(Permission::Administer) => Holder::Partner(partner),
        (Some(_), _) => {
            return Err(Error::field("/partner", Fault::new("inconsistent", "is for administrators to name")));
        }
        (None, Some(user)) => Holder::User(user),
        (None, None) => {
            return Err(Error::field("/partner", Fault::new("missing", "is required of who has no account")));
        }
    };
    let expires_at = after(now, days.saturating_mul(24 * 3600));
    let asked = match (&holder, input.grants) {
        (Holder::Partner(_), None) => grants::asked(Some(role), None)?,
        (Holder::Partner(_), grants) => grants::asked(input.role, grants)?,
        (Holder::User(_), None) => None,
        (Holder::User(_), Some(_)) => {
            let fault =
                Fault::new("inconsistent", "are for the keys of partners: that of a user has those of its user");
            return Err(Error::field("/grants", fault));
        }
    };
    let new = NewKey { name: input.name, holder, role, grants: Vec::new(), expires_at, rotated_from: None };
    Ok((new, asked.unwrap_or_default()))
}

/// A number that may be left out, within its bounds.
fn within(pointer: &str, given: Option<i64>, usual: i64, first: i64, last: i64) -> Result<i64> {
    let number = given.unwrap_or(usual);
    if (first..=last).contains(&number) {
        return Ok(number);
    }
    Err(Error::field(pointer, Fault::new("out_of_range", format!("must be from {first} to {last}"))))
}

/// Makes a key and says so in the list of events.
fn made(conn: &mut Conn, new: &NewKey, kind: EventKind, author: &Author) -> Result<Kept> {
    let key = Key::new()?;
    let kept = store::insert(conn, &key, new, author.now)?;
    let may = if kept.grants.is_empty() { kept.role.to_string() } else { line_of(&kept.grants) };
    author.note(conn, kind, kept.user.as_deref(), Some(format!("{} {may}", kept.id)))?;
    shown_once(StatusCode::CREATED, None, &WithKey { key: kept, text: key.shown().to_owned() })
}

/// The key that the path names, as far as it can be one.
fn key_id(request: &HttpRequest) -> Result<String> {
    let id = request.match_info().get("id").unwrap_or_default();
    if id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(id.to_owned());
    }
    Err(Error::parameter("id", Fault::new("invalid_id", "is not the id of an API key: 8 letters and digits")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    overlap_hours: Option<i64>,
}

async fn rotate_key(request: HttpRequest, Known(identity): Known, payload: web::Payload) -> Answer {
    let owner = maker(&identity)?;
    let (app, id) = (app_of(&request)?, key_id(&request)?);
    let (Rotation { overlap_hours }, claim) = read_claimed(&request, &app, &identity.actor, payload).await?;
    let hours = within("/overlap_hours", overlap_hours, USUAL_OVERLAP, 0, MOST_OVERLAP)?;
    let author = Author::of(&request, &app, &identity.actor);
    let end = after(author.now, hours.saturating_mul(3600));
    written_once(&app, claim, author.now, move |conn| rotated(conn, &id, owner, end, &author)).await
}

/// Makes a key like another one, which is good until `end` beside it.
fn rotated(conn: &mut Conn, id: &str, owner: Option<Id>, end: Instant, author: &Author) -> Result<Kept> {
    let old = store::get(conn, id, owner)?;
    if old.revoked_at.is_some() || old.expires_at <= author.now {
        let detail = "The key has ended: make a new one.";
        return Err(Error::Conflict(Refusal::new("key_ended", detail)));
    }
    let holder = match (&old.user, &old.partner) {
        (Some(name), _) => {
            let user = user::store::find(conn, name)?.ok_or(Error::NotFound)?.0;
            Holder::User(user.id)
        }
        (None, partner) => {
            let unreadable = |fault| Error::Internal(format!("api_keys.partner of {id}: {fault}"));
            Holder::Partner(Line::new(partner.as_deref().unwrap_or_default()).map_err(unreadable)?)
        }
    };
    let life = old.expires_at.microseconds().saturating_sub(old.created_at.microseconds());
    let name = Line::new(&old.name).map_err(|fault| Error::Internal(format!("api_keys.name of {id}: {fault}")))?;
    let new = NewKey {
        name,
        holder,
        role: old.role,
        grants: old.grants.clone(),
        expires_at: Instant::from_microseconds(author.now.microseconds().saturating_add(life)),
        rotated_from: Some(old.id.clone()),
    };
    store::expire(conn, id, end)?;
    made(conn, &new, EventKind::ApiKeyRotated, author)
}

async fn revoke_key(request: HttpRequest, Known(identity): Known) -> Answer {
    no_parameters(&request)?;
    let (owner, app, id) = (maker(&identity)?, app_of(&request)?, key_id(&request)?);
    let author = Author::of(&request, &app, &identity.actor);
    written(&app, author.now, move |conn| revoked(conn, &id, owner, &author)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn revoked(conn: &mut Conn, id: &str, owner: Option<Id>, author: &Author) -> Result<()> {
    let key = store::get(conn, id, owner)?;
    if store::revoke(conn, id, author.now)? {
        author.note(conn, EventKind::ApiKeyRevoked, key.user.as_deref(), Some(key.id))?;
    }
    Ok(())
}
