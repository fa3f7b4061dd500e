//! The server: what it answers, how it starts and stops. What every request passes through is in [`layers`].

use std::any::Any;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::middleware::{Compress, Condition, from_fn};
#[cfg(target_os = "linux")]
use actix_web::rt::net::TcpStream;
use actix_web::{App as Actix, HttpResponse, HttpServer, web};

use super::endpoint;
use super::layers;
use super::problem::Problem;
use super::system;
use crate::accounts::login::KEEPS_UP_EVERY;
use crate::app::App;
use crate::config::Settings;

/// Registers everything that the service answers.
pub fn configure(config: &mut web::ServiceConfig) {
    endpoint::register(&system::all_endpoints(), config);
    system::register_pages(config);
    config.default_service(web::to(|| async {
        Err::<HttpResponse, Problem>(Problem::new(
            "not_found",
            "There is nothing at this address; / lists what there is.",
        ))
    }));
}

/// Who tells the server to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoppedBy {
    /// The signals that end the process, and the handle.
    Signals,
    /// Only the handle of the server, where a process runs several, as tests do.
    Handle,
}

/// Starts the server on `listener`; it runs until the returned future is done.
///
/// # Errors
/// If the socket cannot be used.
pub fn start(app: web::Data<App>, listener: std::net::TcpListener, stopped_by: StoppedBy) -> std::io::Result<Server> {
    let settings = app.settings.clone();
    actix_web::rt::spawn(keep_up(web::Data::clone(&app)));
    let server = HttpServer::new({
        let settings = settings.clone();
        move || {
            Actix::new()
                .app_data(web::Data::clone(&app))
                .wrap(from_fn(layers::within))
                .wrap(Condition::new(!settings.cors_origins.is_empty(), cors(&settings)))
                .wrap(Compress::default())
                .wrap(from_fn(layers::around))
                .configure(configure)
        }
    });
    let unread = Duration::from_secs(settings.unread_seconds);
    let server = server
        .workers(usize::from(settings.workers))
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(settings.shutdown_seconds)
        .tcp_nodelay(true)
        .on_connect(move |connection, _| close_unread(connection, unread))
        .listen(listener)?;
    let server = if stopped_by == StoppedBy::Handle { server.disable_signals() } else { server };
    Ok(server.run())
}

/// Has a connection closed on which nothing was read for so long of what was sent: an answer that is sent as it is read
/// would otherwise be held for a caller that wants no more of it. Linux counts the time.
#[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "other systems do not offer it"))]
fn close_unread(connection: &dyn Any, unread: Duration) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<TcpStream>() {
        let milliseconds = u32::try_from(unread.as_millis()).unwrap_or(u32::MAX);
        if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, milliseconds) {
            log::warn!("a connection is not closed if nobody reads what is sent: {error}");
        }
    }
}

/// Looks every few seconds whether another process has changed accounts, and forgets callers who have their whole quota.
async fn keep_up(app: web::Data<App>) {
    let pace = Duration::from_secs(KEEPS_UP_EVERY);
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + pace, pace);
    let mut failed = false;
    loop {
        ticks.tick().await;
        if let Some(quotas) = &app.quotas {
            quotas.forget();
        }
        let outcome = app.accounts.keep_up(&app.database, app.clock.now()).await;
        if let (Err(error), false) = (&outcome, failed) {
            log::warn!("accounts cannot be read: {error}");
        }
        failed = outcome.is_err();
    }
}

fn cors(settings: &Settings) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        .allowed_headers([
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "accept-language",
        ])
        .expose_headers([
            "content-disposition",
            "etag",
            "idempotent-replayed",
            "link",
            "location",
            "ratelimit",
            "ratelimit-policy",
            "repr-digest",
            "retry-after",
            "x-request-id",
        ])
        .max_age(600);
    if settings.cors_origins.iter().any(|origin| origin == "*") {
        return cors.allow_any_origin().send_wildcard();
    }
    settings.cors_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
