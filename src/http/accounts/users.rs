//! What administrators do with accounts.

use actix_web::http::header::EntityTag;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};

use super::grants::{self, GrantInput};
use super::{Author, Paging, no_parameters, read, read_claimed, shown_once, unkept, written, written_once};
use crate::accounts::event::EventKind;
use crate::accounts::password::Password;
use crate::accounts::session;
use crate::accounts::user::{NewUser, User, UserName, UserPatch, store};
use crate::app::App;
use crate::db::{Conn, Lane};
use crate::domain::{Actor, Error, Fault, Id, Line, Result, Role};
use crate::http::conditional::{answer, entity_tag, json_bytes};
use crate::http::crud::MERGE_PATCH;
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Administrator, app_of, condition, record_id};
use crate::http::idempotency;
use crate::http::openapi::accounts as described;
use crate::http::problem::{Answer, Problem};
use crate::http::query::Parameters;
use crate::rights::grant::line_of;
use crate::rights::grant::store::kept_by;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new("/v1/users").with(Method::GET, |route| route.to(list_users), described::list_users).with(
            Method::POST,
            |route| route.to(create_user),
            described::create_user,
        ),
        Endpoint::new("/v1/users/{id}")
            .with(Method::GET, |route| route.to(get_user), described::get_user)
            .with(Method::PATCH, |route| route.to(update_user), described::update_user)
            .with(Method::DELETE, |route| route.to(delete_user), described::delete_user),
        Endpoint::new("/v1/users/{id}/password").with(
            Method::POST,
            |route| route.to(reset_password),
            described::reset_password,
        ),
        Endpoint::new("/v1/users/{id}/sessions").with(
            Method::DELETE,
            |route| route.to(end_sessions),
            described::end_sessions,
        ),
    ]
}

/// A user with a password that is shown this once.
#[derive(Serialize)]
struct WithPassword {
    #[serde(flatten)]
    user: User,
    password: String,
}

async fn list_users(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    let app = app_of(&request)?;
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["cursor", "limit"])?;
    let paging = Paging::take(&mut parameters)?;
    let (after, limit) = (paging.after::<Id>(&app, "users")?.unwrap_or(0), paging.limit);
    let asks = actor.clone();
    let (users, more) = app
        .database
        .read(Lane::Short, move |conn| {
            let kept = kept_by(conn, &asks)?;
            store::page(conn, &kept, after, limit)
        })
        .await?;
    let next = users.last().filter(|_| more).map(|user| app.cursors.encode("users", &user.id));
    paging.answer(&request, &actor, &users, next)
}

async fn get_user(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let asks = actor.clone();
    let user = app.database.read(Lane::Short, move |conn| kept(conn, &asks, id)).await?;
    Ok(answer(&request, &actor, Some(user.version), json_bytes(&user)?).finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    name: String,
    display_name: Option<Line<200>>,
    role: Option<Role>,
    grants: Option<Vec<GrantInput>>,
}

/// The user of this number, if the caller keeps the account.
fn kept(conn: &mut Conn, actor: &Actor, id: Id) -> Result<User> {
    let user = store::get(conn, id)?;
    if kept_by(conn, actor)?.has(&user.grants) { Ok(user) } else { Err(Error::NotFound) }
}

async fn create_user(request: HttpRequest, Administrator(actor): Administrator, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let (input, claim): (Input, _) = read_claimed(&request, &app, &actor, payload).await?;
    let name: UserName = input.name.parse().map_err(|fault| Error::field("/name", fault))?;
    let missing = || Error::field("/role", Fault::new("missing", "is required, unless there are grants"));
    let asked = grants::asked(input.role, input.grants)?.ok_or_else(missing)?;
    let (password, password_hash) = one_time_password(&app).await?;
    let (author, display_name) = (Author::of(&request, &app, &actor), input.display_name);
    written_once(&app, claim, author.now, move |conn| {
        let grants = grants::given(conn, &actor, &asked)?;
        let new = NewUser { name, display_name, grants, password_hash, must_change_password: true };
        let user = store::insert(conn, &new, author.now)?;
        author.note(conn, EventKind::UserCreated, Some(&user.name), Some(line_of(&user.grants)))?;
        let location = format!("/v1/users/{}", user.id);
        shown_once(StatusCode::CREATED, Some(location), &WithPassword { user, password })
    })
    .await
}

/// A password to be changed when it is first used, with its hash.
async fn one_time_password(app: &App) -> Result<(String, String)> {
    let password = Password::random()?;
    let hashed = password.clone();
    let hash = app.accounts.hasher.run(move || hashed.hash()).await??;
    Ok((password.shown().to_owned(), hash))
}

/// A merge patch (RFC 7396) of an account. What may not be taken away may not be null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    #[serde(default, deserialize_with = "given")]
    role: Option<Role>,
    #[serde(default, deserialize_with = "given")]
    grants: Option<Vec<GrantInput>>,
    #[serde(default, deserialize_with = "given")]
    #[allow(clippy::option_option, reason = "absent, null and a text are three things in a merge patch")]
    display_name: Option<Option<Line<200>>>,
    #[serde(default, deserialize_with = "given")]
    disabled: Option<bool>,
}

/// Tells a field that is null from one that is not there.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

async fn update_user(request: HttpRequest, Administrator(actor): Administrator, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let Patch { role, grants, display_name, disabled } = read(&request, &app, payload, MERGE_PATCH).await?;
    let asked = grants::asked(role, grants)?;
    let user = changed(&request, &actor, asked, UserPatch { grants: None, display_name, disabled }).await?;
    let mut answer = unkept(StatusCode::OK, &user)?;
    if let Ok(tag) = header::HeaderValue::from_str(&tag_of(&user)?.to_string()) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    Ok(answer)
}

async fn delete_user(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    changed(&request, &actor, None, UserPatch { disabled: Some(true), ..UserPatch::default() }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The entity tag of an account. Its version alone tells less: only what ends sessions changes that.
fn tag_of(user: &User) -> Result<EntityTag> {
    Ok(entity_tag(Some(user.version), &json_bytes(user)?))
}

/// Changes the account that the path names, if it is as the request states.
async fn changed(
    request: &HttpRequest,
    actor: &Actor,
    asked: Option<Vec<GrantInput>>,
    patch: UserPatch,
) -> Result<User, Problem> {
    let (app, id, condition) = (app_of(request)?, record_id(request)?, condition(request)?);
    let (author, asks) = (Author::of(request, &app, actor), actor.clone());
    let outcome = written(&app, author.now, move |conn| {
        let before = kept(conn, &asks, id)?;
        let tag = tag_of(&before)?;
        if !condition.holds(&tag) {
            let problem = Problem::new("precondition_failed", "The user is not as the request states.");
            return Ok(Err(problem.header(header::ETAG, tag.to_string())));
        }
        let grants = asked.map(|asked| grants::given(conn, &asks, &asked)).transpose()?;
        let user = store::update(conn, id, &UserPatch { grants, ..patch }, author.now)?;
        note_change(conn, &author, &before, &user)?;
        Ok(Ok(user))
    });
    outcome.await?
}

/// Says in the list of events what has become of an account.
fn note_change(conn: &mut Conn, author: &Author, before: &User, user: &User) -> Result<()> {
    let disabled = |user: &User| user.disabled_at.is_some();
    if disabled(before) != disabled(user) {
        let kind = if disabled(user) { EventKind::UserDisabled } else { EventKind::UserEnabled };
        author.note(conn, kind, Some(&user.name), None)?;
    }
    if before.grants != user.grants || before.display_name != user.display_name {
        author.note(conn, EventKind::UserChanged, Some(&user.name), Some(line_of(&user.grants)))?;
    }
    Ok(())
}

async fn reset_password(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let claim = idempotency::claim(&request, &actor, &[])?;
    let (password, hash) = one_time_password(&app).await?;
    let author = Author::of(&request, &app, &actor);
    written_once(&app, claim, author.now, move |conn| {
        let user = kept(conn, &actor, id)?;
        store::set_password(conn, id, &hash, true, None, author.now)?;
        author.note(conn, EventKind::PasswordReset, Some(&user.name), None)?;
        shown_once(StatusCode::OK, None, &WithPassword { user: store::get(conn, id)?, password })
    })
    .await
}

async fn end_sessions(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let author = Author::of(&request, &app, &actor);
    written(&app, author.now, move |conn| {
        let user = kept(conn, &actor, id)?;
        session::store::end_all(conn, id, None, "ended_by_administrator", author.now)?;
        store::bump(conn)?;
        author.note(conn, EventKind::SessionsEnded, Some(&user.name), None)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
