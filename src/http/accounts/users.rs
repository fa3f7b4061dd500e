//! What administrators do with accounts.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};

use super::grants::{self, GrantInput};
use super::{Paging, no_parameters, origin, read, unkept};
use crate::accounts::event::{EventKind, store as events};
use crate::accounts::password::Password;
use crate::accounts::session;
use crate::accounts::user::{NewUser, User, UserName, UserPatch, store};
use crate::app::App;
use crate::db::{Conn, Lane};
use crate::domain::{Actor, Error, Fault, Id, Line, Result, Role};
use crate::http::conditional::{answer, json_bytes};
use crate::http::crud::{JSON, MERGE_PATCH};
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Administrator, app_of, record_id};
use crate::http::openapi::accounts as described;
use crate::http::problem::Answer;
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
    let input: Input = read(&request, &app, payload, JSON).await?;
    let name: UserName = input.name.parse().map_err(|fault| Error::field("/name", fault))?;
    let missing = || Error::field("/role", Fault::new("missing", "is required, unless there are grants"));
    let asked = grants::asked(input.role, input.grants)?.ok_or_else(missing)?;
    let (password, password_hash) = one_time_password(&app).await?;
    let (now, asks, display_name) = (app.clock.now(), actor.clone(), input.display_name);
    let user = written(&request, &app, &actor, move |conn, note| {
        let grants = grants::given(conn, &asks, &asked)?;
        let user = store::insert(
            conn,
            &NewUser { name, display_name, grants, password_hash, must_change_password: true },
            now,
        )?;
        note(conn, EventKind::UserCreated, &user.name, Some(line_of(&user.grants)))?;
        Ok(user)
    })
    .await?;
    let location = format!("/v1/users/{}", user.id);
    let mut response = unkept(StatusCode::CREATED, &WithPassword { user, password })?;
    if let Ok(location) = header::HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// A password to be changed when it is first used, with its hash.
async fn one_time_password(app: &App) -> Result<(String, String)> {
    let password = Password::random()?;
    let hashed = password.clone();
    let hash = app.accounts.hasher.run(move || hashed.hash()).await??;
    Ok((password.shown().to_owned(), hash))
}

/// A merge patch (RFC 7396) of an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    role: Option<Role>,
    grants: Option<Vec<GrantInput>>,
    #[serde(default, deserialize_with = "given")]
    #[allow(clippy::option_option, reason = "absent, null and a text are three things in a merge patch")]
    display_name: Option<Option<Line<200>>>,
    disabled: Option<bool>,
}

/// Tells a field that is null from one that is not there.
#[allow(clippy::option_option, reason = "absent, null and a text are three things in a merge patch")]
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Line<200>>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

async fn update_user(request: HttpRequest, Administrator(actor): Administrator, payload: web::Payload) -> Answer {
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let Patch { role, grants, display_name, disabled } = read(&request, &app, payload, MERGE_PATCH).await?;
    let asked = grants::asked(role, grants)?;
    let patch = UserPatch { grants: None, display_name, disabled };
    let user = changed(&request, &app, &actor, id, asked, patch).await?;
    unkept(StatusCode::OK, &user)
}

async fn delete_user(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let patch = UserPatch { disabled: Some(true), ..UserPatch::default() };
    changed(&request, &app, &actor, id, None, patch).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn changed(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    id: Id,
    asked: Option<Vec<GrantInput>>,
    patch: UserPatch,
) -> Result<User> {
    let (now, asks) = (app.clock.now(), actor.clone());
    written(request, app, actor, move |conn, note| {
        let before = kept(conn, &asks, id)?;
        let grants = asked.map(|asked| grants::given(conn, &asks, &asked)).transpose()?;
        let patch = UserPatch { grants, ..patch };
        let user = store::update(conn, id, &patch, now)?;
        let disabled = |user: &User| user.disabled_at.is_some();
        if disabled(&before) != disabled(&user) {
            let kind = if disabled(&user) { EventKind::UserDisabled } else { EventKind::UserEnabled };
            note(conn, kind, &user.name, None)?;
        }
        if before.grants != user.grants || before.display_name != user.display_name {
            note(conn, EventKind::UserChanged, &user.name, Some(line_of(&user.grants)))?;
        }
        Ok(user)
    })
    .await
}

async fn reset_password(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let (password, hash) = one_time_password(&app).await?;
    let (now, asks) = (app.clock.now(), actor.clone());
    let user = written(&request, &app, &actor, move |conn, note| {
        let user = kept(conn, &asks, id)?;
        store::set_password(conn, id, &hash, true, None, now)?;
        note(conn, EventKind::PasswordReset, &user.name, None)?;
        store::get(conn, id)
    })
    .await?;
    unkept(StatusCode::OK, &WithPassword { user, password })
}

async fn end_sessions(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let (now, asks) = (app.clock.now(), actor.clone());
    written(&request, &app, &actor, move |conn, note| {
        let user = kept(conn, &asks, id)?;
        session::store::end_all(conn, id, None, "ended_by_administrator", now)?;
        store::bump(conn)?;
        note(conn, EventKind::SessionsEnded, &user.name, None)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What adds an event of a write.
type Note<'a> = &'a dyn Fn(&mut Conn, EventKind, &str, Option<String>) -> Result<()>;

/// Writes, with what the list of events says of it, and has the directory know.
async fn written<T: Send + 'static>(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    job: impl FnOnce(&mut Conn, Note<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (origin, now) = (origin(request, actor), app.clock.now());
    let outcome = app
        .database
        .write(move |conn| {
            let note = |conn: &mut Conn, kind: EventKind, name: &str, detail: Option<String>| {
                events::add(conn, kind, Some(name), detail, &origin, now)
            };
            job(conn, &note)
        })
        .await?;
    app.accounts.catch_up(&app.database, now).await?;
    Ok(outcome)
}
