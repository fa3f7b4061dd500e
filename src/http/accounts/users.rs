//! What administrators do with accounts.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Paging, no_parameters, origin, read, unkept};
use crate::accounts::event::{EventKind, store as events};
use crate::accounts::password::Password;
use crate::accounts::session;
use crate::accounts::user::{NewUser, User, UserName, UserPatch, store};
use crate::app::App;
use crate::db::{Conn, Lane};
use crate::domain::{Actor, Error, Id, Line, Result, Role};
use crate::http::conditional::{answer, json_bytes};
use crate::http::crud::{JSON, MERGE_PATCH};
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Administrator, app_of, record_id};
use crate::http::openapi::accounts as described;
use crate::http::problem::Answer;
use crate::http::query::Parameters;

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
    let (users, more) = app.database.read(Lane::Short, move |conn| store::page(conn, after, limit)).await?;
    let next = users.last().filter(|_| more).map(|user| app.cursors.encode("users", &user.id));
    paging.answer(&request, &actor, &users, next)
}

async fn get_user(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let user = app.database.read(Lane::Short, move |conn| store::get(conn, id)).await?;
    Ok(answer(&request, &actor, Some(user.version), json_bytes(&user)?).finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    name: String,
    display_name: Option<Line<200>>,
    role: Role,
}

async fn create_user(request: HttpRequest, Administrator(actor): Administrator, payload: web::Payload) -> Answer {
    let app = app_of(&request)?;
    let input: Input = read(&request, &app, payload, JSON).await?;
    let name: UserName = input.name.parse().map_err(|fault| Error::field("/name", fault))?;
    let (password, password_hash) = one_time_password(&app).await?;
    let new =
        NewUser { name, display_name: input.display_name, role: input.role, password_hash, must_change_password: true };
    let now = app.clock.now();
    let user = written(&request, &app, &actor, move |conn, note| {
        let user = store::insert(conn, &new, now)?;
        note(conn, EventKind::UserCreated, &user.name, Some(user.role.to_string()))?;
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
    let Patch { role, display_name, disabled } = read(&request, &app, payload, MERGE_PATCH).await?;
    let patch = UserPatch { role, display_name, disabled };
    let user = changed(&request, &app, &actor, id, patch).await?;
    unkept(StatusCode::OK, &user)
}

async fn delete_user(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let patch = UserPatch { disabled: Some(true), ..UserPatch::default() };
    changed(&request, &app, &actor, id, patch).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn changed(request: &HttpRequest, app: &App, actor: &Actor, id: Id, patch: UserPatch) -> Result<User> {
    let now = app.clock.now();
    written(request, app, actor, move |conn, note| {
        let before = store::get(conn, id)?;
        let user = store::update(conn, id, &patch, now)?;
        let disabled = |user: &User| user.disabled_at.is_some();
        if disabled(&before) != disabled(&user) {
            let kind = if disabled(&user) { EventKind::UserDisabled } else { EventKind::UserEnabled };
            note(conn, kind, &user.name, None)?;
        }
        if before.role != user.role || before.display_name != user.display_name {
            note(conn, EventKind::UserChanged, &user.name, Some(user.role.to_string()))?;
        }
        Ok(user)
    })
    .await
}

async fn reset_password(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    no_parameters(&request)?;
    let (app, id) = (app_of(&request)?, record_id(&request)?);
    let (password, hash) = one_time_password(&app).await?;
    let now = app.clock.now();
    let user = written(&request, &app, &actor, move |conn, note| {
        let user = store::get(conn, id)?;
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
    let now = app.clock.now();
    written(&request, &app, &actor, move |conn, note| {
        let user = store::get(conn, id)?;
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
