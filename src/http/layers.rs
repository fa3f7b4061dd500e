//! What every request passes through on its way in and out.
//!
//! [`around`] is the outermost layer: the id of the request, its line in the log, the headers that every answer has, and
//! the problem document of what other layers refuse. [`within`] is the innermost: what no handler is to see, what becomes
//! of panics, and the problem documents of handlers. Between them stand compression and the rules for pages of other
//! origins, so that both hold for problems too. Actix runs the layer that was added last first.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage, web};
use futures_util::FutureExt;

use super::address;
use super::code::Code;
use super::endpoint::Routed;
use super::extract::{CalledBy, RequestId, id_of};
use super::problem::{Audience, Problem, Told, is_problem};
use super::query::percent_decoded;
use super::quota::Charged;
use super::refusals;
use super::unread::Unread;
use crate::app::App;
use crate::domain::hex;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn around<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, ActixError> {
    let begun = Instant::now();
    let id = request_id(&request);
    let (called_by, charged) = (CalledBy::default(), Charged::default());
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(called_by.clone());
    request.extensions_mut().insert(charged.clone());
    // No clone of the request may be held while it is routed, so what is needed afterwards is copied.
    let line = format!("request {id}: {} {}", address::shown_method(request.method()), address::shown(request.path()));
    let page = request.path().starts_with("/docs");
    let (app, method) = (request.app_data::<web::Data<App>>().cloned(), request.method().clone());
    let public_url = app.as_ref().and_then(|app| app.settings.public_url.as_deref());
    let encrypted = public_url.is_some_and(|url| url.starts_with("https://"));
    let common = Common { page, encrypted, id: id.clone(), charged };
    let unread = Unread::of(&mut request);
    let answer = match next.call(request).await {
        Ok(response) => {
            let mut response = documented(response);
            common.add_to(response.headers_mut());
            unmarked(response.headers_mut());
            Ok(match unread {
                Some(body) => kept(response, body),
                None => response,
            })
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response| {
                common.add_to(response.headers_mut());
                match unread.clone() {
                    Some(body) => body.kept_by(response),
                    None => response,
                }
            });
            Err(error)
        }
    };
    let status = answer.as_ref().map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
    let took = begun.elapsed();
    let by = called_by.0.get().map_or_else(String::new, |by| format!(" by {by}"));
    if let (Some(app), Ok(answer)) = (&app, &answer)
        && let Some(Code { code, .. }) = answer.response().extensions().get()
    {
        refusals::note(app, answer.request(), code, &called_by);
    }
    log::info!("{line} {} {:.1} ms{by}", status.as_u16(), took.as_secs_f64() * 1000.0);
    if let Some(app) = app {
        let routed = answer.as_ref().ok().and_then(|answer| answer.request().app_data::<Routed>());
        app.metrics.count(method.as_str(), routed.map(|Routed(path)| path.as_str()), status.as_u16(), took);
    }
    answer
}

/// The answer, with the body that its request did not end.
fn kept<B: MessageBody + 'static>(
    answer: ServiceResponse<EitherBody<B>>,
    body: Unread,
) -> ServiceResponse<EitherBody<B>> {
    let (request, answer) = answer.into_parts();
    ServiceResponse::new(request, body.kept_by(answer)).map_into_right_body()
}

/// The innermost layer.
pub async fn within<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, ActixError> {
    if let Some(problem) = refuse_bad_path(request.uri().path()) {
        let answer = problem.response(request.request());
        return Ok(request.into_response(answer).map_into_right_body());
    }
    let audience = Audience::of(request.request());
    let id = id_of(request.request());
    let problem = match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => return Ok(documented(response)),
        Ok(Err(error)) => problem_of(Some(&error), error.as_response_error().status_code()),
        Err(panic) => Problem::internal(format!("a handler panicked: {}", said(panic.as_ref()))),
    };
    // The request is gone, so that there is nothing to answer but the error itself.
    log_cause(&problem, &id);
    Err(Told { problem, audience }.into())
}

/// The id that the caller gave the request, if it is harmless, or a new one.
fn request_id(request: &ServiceRequest) -> String {
    let harmless = |id: &str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !address::holds_credential(id)
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

/// A path that is no percent-encoded UTF-8 would reach handlers with characters replaced; one with a credential would have
/// it shown.
fn refuse_bad_path(path: &str) -> Option<Problem> {
    let malformed = |detail: String| Some(Problem::new("malformed_request", detail));
    match percent_decoded(path).filter(|text| !text.contains('\0')) {
        None => malformed("The path is not percent-encoded UTF-8.".to_owned()),
        Some(text) if address::holds_credential(&text) => malformed(format!("The path {}.", address::HOLDS_CREDENTIAL)),
        Some(_) => None,
    }
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
fn documented<B: MessageBody + 'static>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let error = response.response().error();
    // A handler's problem is an error still; once it is told in the language of the request it is none.
    if !failed || (error.is_none() && is_problem(response.headers())) {
        return response.map_into_left_body();
    }
    let problem = problem_of(error, status);
    log_cause(&problem, &id_of(response.request()));
    let answer = problem.response(response.request());
    response.into_response(answer).map_into_right_body()
}

fn problem_of(error: Option<&ActixError>, status: StatusCode) -> Problem {
    if let Some(problem) = error.and_then(|error| error.as_error::<Problem>()) {
        return problem.clone();
    }
    let detail = || error.map_or_else(|| format!("The request was refused: {status}."), |error| format!("{error}."));
    match status {
        StatusCode::NOT_FOUND => Problem::new("not_found", detail()),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new("method_not_allowed", detail()),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new("content_too_large", detail()),
        StatusCode::REQUEST_TIMEOUT => Problem::new("request_timeout", detail()),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new("unsupported_media_type", detail()),
        // Only the layer that compresses answers this without an error.
        StatusCode::NOT_ACCEPTABLE => {
            Problem::new("not_acceptable", "Answers are sent as they are, or compressed with br, gzip or deflate.")
        }
        status if status.is_client_error() => Problem::new("malformed_request", detail()),
        _ => Problem::internal(detail()),
    }
}

/// What the headers that every answer has depend on.
struct Common {
    /// Pages of documentation get what they need and no more.
    page: bool,
    /// Whether callers reach the service over TLS, as the settings have it: without, the header says nothing (RFC 6797
    /// section 7.2).
    encrypted: bool,
    id: String,
    /// How much of their quota the caller has left.
    charged: Charged,
}

impl Common {
    /// The headers of OWASP's list for APIs.
    fn add_to(&self, headers: &mut HeaderMap) {
        let policy = if self.page {
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        };
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_FRAME_OPTIONS, "DENY"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        // Pictures are made to be shown elsewhere, and say so.
        if !headers.contains_key(header::CROSS_ORIGIN_RESOURCE_POLICY) {
            headers.insert(header::CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        }
        if self.encrypted {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        if let Ok(value) = HeaderValue::from_str(&self.id) {
            headers.insert(REQUEST_ID, value);
        }
        self.charged.add_to(headers);
    }
}

/// Takes off the mark that kept an answer from being compressed: no content coding is called identity outside of
/// Accept-Encoding (RFC 9110 section 8.4.1).
fn unmarked(headers: &mut HeaderMap) {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding == "identity") {
        headers.remove(header::CONTENT_ENCODING);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, HttpResponse, dev, web};
    use serde_json::{Value, json};

    use super::*;

    async fn panicking() -> HttpResponse {
        std::panic::panic_any("the disk sang".to_owned())
    }

    #[actix_web::test]
    async fn handler_that_panics_is_a_problem_with_the_headers_of_every_answer() {
        let routes = App::new().route("/v1/panic", web::get().to(panicking));
        let service = init_service(routes.wrap(from_fn(within)).wrap(from_fn(around))).await;
        let request = TestRequest::get().uri("/v1/panic").insert_header((REQUEST_ID, "panic-1"));
        let request = request.insert_header((header::ACCEPT_LANGUAGE, "vi")).to_request();
        let error = dev::Service::call(&service, request).await.err().unwrap();
        let answer = error.error_response();
        assert_eq!(answer.status(), 500);
        for (name, value) in
            [("x-request-id", "panic-1"), ("x-frame-options", "DENY"), ("content-type", "application/problem+json")]
        {
            assert_eq!(answer.headers().get(name).unwrap(), value, "{name}");
        }
        let problem: Value =
            serde_json::from_slice(&actix_web::body::to_bytes(answer.into_body()).await.unwrap()).unwrap();
        assert_eq!(problem["title"], json!("Lỗi của dịch vụ"));
        assert_eq!(problem["instance"], json!("/v1/panic"));
        assert!(!problem.to_string().contains("disk"), "{problem}");
    }
}
