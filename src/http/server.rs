//! The server: what every request passes through, and how it starts and stops.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_cors::Cors;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::{Compress, Condition, Next, from_fn};
use actix_web::{App as Actix, Error as ActixError, HttpMessage, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::FutureExt;

use super::endpoint;
use super::extract::RequestId;
use super::problem::Problem;
use super::system;
use crate::app::App;
use crate::config::Settings;
use crate::domain::hex;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

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
    let server = HttpServer::new({
        let settings = settings.clone();
        move || {
            Actix::new()
                .app_data(web::Data::clone(&app))
                .wrap(from_fn(around))
                .wrap(Condition::new(!settings.cors_origins.is_empty(), cors(&settings)))
                .wrap(Compress::default())
                .configure(configure)
        }
    });
    let server = server
        .workers(usize::from(settings.workers))
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(settings.shutdown_seconds)
        .tcp_nodelay(true)
        .listen(listener)?;
    let server = if stopped_by == StoppedBy::Handle { server.disable_signals() } else { server };
    Ok(server.run())
}

fn cors(settings: &Settings) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        .allowed_headers(["authorization", "content-type", "if-match", "if-none-match", "accept-language"])
        .expose_headers(["etag", "link", "location", "retry-after", "x-request-id"])
        .max_age(600);
    if settings.cors_origins.iter().any(|origin| origin == "*") {
        return cors.allow_any_origin().send_wildcard();
    }
    settings.cors_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// What every request passes through: its id, the log, the problem document of whatever went wrong, security headers.
async fn around<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, ActixError> {
    let begun = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    // No clone of the request may be held while it is routed, so what the log needs is copied.
    let line = format!("request {id}: {} {}", request.method(), request.path());
    let refused = refuse_bad_path(request.uri().path()).or_else(|| refuse_other_formats(request.request()));
    let mut response = if let Some(problem) = refused {
        let answer = problem.response(request.request());
        request.into_response(answer).map_into_right_body()
    } else {
        let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
        let outcome = outcome.map_err(|panic| {
            let problem = Problem::internal(format!("a handler panicked: {}", said(panic.as_ref())));
            log_cause(&problem, &id);
            problem
        });
        documented(outcome??, &id)
    };
    secure(&mut response, &id);
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    log::info!("{line} {} {milliseconds:.1} ms", response.status().as_u16());
    Ok(response)
}

/// The id that the caller gave the request, if it is harmless, or a new one.
fn request_id(request: &ServiceRequest) -> String {
    let harmless = |id: &str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| harmless(id));
    given.map_or_else(new_request_id, str::to_owned)
}

fn new_request_id() -> String {
    let mut random = [0_u8; 12];
    // Without randomness the id says nothing, and the request is served all the same.
    let _ = getrandom::fill(&mut random);
    hex(&random)
}

/// A path that is no percent-encoded UTF-8 would reach handlers with characters replaced.
fn refuse_bad_path(path: &str) -> Option<Problem> {
    let decoded = percent_decoded(path)?;
    match std::str::from_utf8(&decoded) {
        Ok(text) if !text.contains('\0') => None,
        _ => Some(Problem::new("malformed_request", "The path is not percent-encoded UTF-8.")),
    }
}

/// Records are sent as JSON; a caller who takes nothing of the kind is told so (RFC 9110 section 12.5.1).
fn refuse_other_formats(request: &HttpRequest) -> Option<Problem> {
    if !request.path().starts_with("/v1/") {
        return None;
    }
    let accepted = request.headers().get(header::ACCEPT)?.to_str().ok()?;
    let takes_json = accepted.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused =
            parts.any(|parameter| matches!(parameter.strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000")));
        !refused && matches!(range.as_str(), "*/*" | "application/*" | "application/json")
    });
    (!takes_json).then(|| Problem::new("not_acceptable", "Records are sent as application/json."))
}

fn percent_decoded(path: &str) -> Option<Vec<u8>> {
    if !path.contains('%') {
        return None;
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit(), digit());
            match high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
                Some(byte) => bytes.push(byte),
                None => bytes.push(0xff),
            }
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}

/// Logs what the caller is not told, under the id of its request.
fn log_cause(problem: &Problem, id: &str) {
    if let Some(cause) = problem.cause() {
        log::error!("request {id}: {cause}");
    }
}

/// Makes the answer of an error a problem document in the language of the request.
fn documented<B: MessageBody + 'static>(response: ServiceResponse<B>, id: &str) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    let Some(error) = response.response().error() else { return response.map_into_left_body() };
    let problem = problem_of(error, status);
    log_cause(&problem, id);
    let request = response.request().clone();
    let answer = problem.response(&request);
    response.into_response(answer).map_into_right_body()
}

fn problem_of(error: &ActixError, status: StatusCode) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    let code = match status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "content_too_large",
        StatusCode::REQUEST_TIMEOUT => "request_timeout",
        StatusCode::URI_TOO_LONG => "uri_too_long",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        StatusCode::NOT_ACCEPTABLE => "not_acceptable",
        status if status.is_client_error() => "malformed_request",
        _ => return Problem::internal(error.to_string()),
    };
    Problem::new(code, format!("{error}."))
}

/// The headers of every answer (OWASP's list for APIs); pages of documentation get what they need and no more.
fn secure<B>(response: &mut ServiceResponse<B>, id: &str) {
    let page = response.request().path().starts_with("/docs");
    let policy = if page {
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
}
