//! Problem details (RFC 9457): what every error becomes at the edge.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, AcceptLanguage, HeaderMap, HeaderValue, LanguageTag, Quality, from_comma_delimited,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::{Value, json};

use super::address;
use super::code::row;
use crate::domain::error::{Outage, Refusal};
use crate::domain::{Error, Faults, Place};

/// The content type of a problem document.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What a handler gives.
pub type Answer = Result<HttpResponse, Problem>;

/// What is sent instead of an answer.
#[derive(Debug, Clone)]
pub struct Problem {
    code: &'static str,
    // Boxed texts keep the results small that carry a problem.
    detail: Box<str>,
    faults: Faults,
    members: Vec<(&'static str, Value)>,
    headers: Vec<(header::HeaderName, String)>,
    /// What went wrong in the service. It is for the log and is never sent.
    cause: Option<Box<str>>,
}

/// To whom a problem is told: in which language, about which path.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    languages: Vec<HeaderValue>,
    path: Option<String>,
}

impl Audience {
    /// Who sent a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let languages = request.headers().get_all(header::ACCEPT_LANGUAGE).cloned();
        Self { languages: languages.collect(), path: Some(address::shown(request.path()).into_owned()) }
    }

    /// The same people, told of a part of the request, which has no path of its own.
    #[must_use]
    pub fn of_a_part(self) -> Self {
        Self { path: None, ..self }
    }

    /// Whether they prefer Vietnamese to English (RFC 9110 section 12.5.4).
    fn prefers_vietnamese(&self) -> bool {
        let Ok(languages) = from_comma_delimited(self.languages.iter()).map(AcceptLanguage) else { return false };
        let weight = |primary: &str| {
            let of_language = languages.iter().filter(|asked| {
                let tag = asked.item.item().map(LanguageTag::primary_language);
                tag.is_some_and(|tag| tag.eq_ignore_ascii_case(primary))
            });
            of_language.map(|asked| asked.quality).max().unwrap_or(Quality::ZERO)
        };
        weight("vi") > weight("en")
    }
}

/// Whether an answer with these headers is a problem document.
#[must_use]
pub fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value == CONTENT_TYPE)
}

impl Problem {
    /// A problem with a sentence of its own.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<Box<str>>) -> Self {
        Self {
            code,
            detail: detail.into(),
            faults: Faults::default(),
            members: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// A fault of the service. Its cause is logged where the id of the request is known, and never sent.
    #[must_use]
    pub fn internal(cause: impl Into<Box<str>>) -> Self {
        let told = Self::new("internal", "The fault is in the log under the id of this request.");
        Self { cause: Some(cause.into()), ..told }
    }

    /// What the log is to hold about it.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The same problem with one more header.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same problem with one more member.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(row(self.code).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The response, in the language of the request, naming its path.
    #[must_use]
    pub fn response(&self, request: &HttpRequest) -> HttpResponse {
        self.answer(&Audience::of(request))
    }

    fn answer(&self, audience: &Audience) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        response.content_type(CONTENT_TYPE);
        // A cache may keep a 404 or a 410 of which nothing is said (RFC 9111 section 4.2.2), and a record may come.
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.insert_header((header::VARY, "Authorization, Accept-Language, Accept-Encoding"));
        for (name, value) in &self.headers {
            // The server writes this header by itself, and only if it is told in its own way.
            if name == header::CONNECTION && value == "close" {
                response.force_close();
            }
            if let Ok(value) = HeaderValue::from_str(value) {
                response.append_header((name.clone(), value));
            }
        }
        let mut text = self.to_json(audience).to_string();
        text.push('\n');
        let mut response = response.body(text);
        // For the layers outside.
        response.extensions_mut().insert(row(self.code));
        response
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self, audience: &Audience) -> Value {
        let row = row(self.code);
        let mut document = json!({
            "type": format!("/problems#{}", row.code),
            "title": if audience.prefers_vietnamese() { row.vietnamese } else { row.english },
            "status": row.status,
            "code": row.code,
            "detail": self.detail,
        });
        if let Some(object) = document.as_object_mut() {
            if let Some(path) = &audience.path {
                object.insert("instance".to_owned(), path.as_str().into());
            }
            if !self.faults.is_empty() {
                object.insert(
                    "errors".to_owned(),
                    self.faults.0.iter().map(|(place, fault)| fault_json(place, fault)).collect(),
                );
            }
            object.extend(self.members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        document
    }
}

fn fault_json(place: &Place, fault: &crate::domain::Fault) -> Value {
    let mut entry = match place {
        Place::Pointer(pointer) => json!({ "pointer": pointer }),
        Place::Parameter(name) => json!({ "parameter": name }),
    };
    if let Some(object) = entry.as_object_mut() {
        object.insert("code".to_owned(), fault.code.into());
        object.insert("message".to_owned(), fault.message.clone().into());
        if !fault.allowed.is_empty() {
            object.insert("allowed".to_owned(), fault.allowed.clone().into());
        }
    }
    entry
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { faults: refusal.faults, members: refusal.members, ..Self::new(refusal.code, refusal.detail) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new("not_found", "There is nothing at this address, or you may not see it."),
            Error::Gone(instant) => Self::new("gone", format!("The record was deleted at {instant}.")),
            Error::Conflict(refusal) | Error::Malformed(refusal) => refusal.into(),
            Error::Invalid(faults) => {
                let places: Vec<String> = faults
                    .0
                    .iter()
                    .take(3)
                    .map(|(place, fault)| match place {
                        Place::Pointer(pointer) if pointer.is_empty() => format!("The body {}.", fault.message),
                        Place::Pointer(name) | Place::Parameter(name) => format!("{name} {}.", fault.message),
                    })
                    .collect();
                Self { faults, ..Self::new("validation_failed", places.join(" ")) }
            }
            Error::PreconditionFailed(None) => Self::new("precondition_failed", "There is no living record to match."),
            Error::PreconditionFailed(Some(version)) => Self::new(
                "precondition_failed",
                format!("The record has version {version} now; read it again before writing."),
            ),
            Error::PreconditionRequired => Self::new(
                "precondition_required",
                "The record exists: send If-Match with the ETag you last saw, or If-Match: * to write over any version.",
            ),
            Error::Unauthenticated => Self::new("unauthenticated", "Send a valid token: Authorization: Bearer TOKEN.")
                .header(header::WWW_AUTHENTICATE, "Bearer realm=\"directive-tracker\", error=\"invalid_token\""),
            Error::Forbidden(why) => Self::new("forbidden", why),
            Error::Throttled(seconds) => {
                Self::new("too_many_attempts", format!("There were too many attempts: wait for {seconds} s."))
                    .header(header::RETRY_AFTER, seconds.to_string())
            }
            Error::OverQuota(seconds) => {
                Self::new("quota_exceeded", format!("The quota of requests is used up: wait for {seconds} s."))
                    .header(header::RETRY_AFTER, seconds.to_string())
            }
            Error::Unavailable(outage) => Self::new(code_of(outage), capitalized(&outage.to_string()))
                .header(header::RETRY_AFTER, retry_after(outage)),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

/// In how many seconds it may have passed. What somebody has to look after takes longer.
const fn retry_after(outage: Outage) -> &'static str {
    match outage {
        Outage::Database | Outage::Overloaded | Outage::OutcomeUnknown => "2",
        Outage::StorageFull | Outage::StorageCorrupt | Outage::ReadOnly => "60",
    }
}

const fn code_of(outage: Outage) -> &'static str {
    match outage {
        Outage::Database => "database_unavailable",
        Outage::Overloaded => "overloaded",
        Outage::StorageFull => "storage_full",
        Outage::StorageCorrupt => "storage_corrupt",
        Outage::ReadOnly => "read_only",
        Outage::OutcomeUnknown => "outcome_unknown",
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.answer(&Audience::default())
    }
}

/// A problem with those to whom it is told, for where no request is left to answer.
#[derive(Debug)]
pub struct Told {
    /// The problem.
    pub problem: Problem,
    /// To whom it is told.
    pub audience: Audience,
}

impl std::fmt::Display for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.problem.fmt(out)
    }
}

impl ResponseError for Told {
    fn status_code(&self) -> StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.problem.answer(&self.audience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefers_vietnamese(languages: &'static str) -> bool {
        let languages = vec![HeaderValue::from_static(languages)];
        Audience { languages, path: None }.prefers_vietnamese()
    }

    #[test]
    fn the_title_is_vietnamese_for_those_who_prefer_it() {
        assert!(prefers_vietnamese("vi"));
        assert!(prefers_vietnamese("vi-VN,vi;q=0.9,en;q=0.5"));
        assert!(prefers_vietnamese("fr, VI;q=0.1, *"));
        assert!(!prefers_vietnamese("en-US,en;q=0.9,vi;q=0.5"));
        assert!(!prefers_vietnamese("vi;q=0, vie"));
        assert!(!prefers_vietnamese("vi, en"));
        assert!(!Audience::default().prefers_vietnamese());
    }

    #[test]
    fn each_outage_is_told_by_its_own_problem_and_when_to_try_again() {
        for (outage, code, title, detail) in [
            (
                Outage::Database,
                "database_unavailable",
                "The database cannot be reached",
                "The database cannot be reached.",
            ),
            (Outage::Overloaded, "overloaded", "Too many requests are waiting", "Too many requests are waiting."),
            (Outage::StorageFull, "storage_full", "The storage is full", "The storage is full."),
            (Outage::StorageCorrupt, "storage_corrupt", "The storage is damaged", "The storage is damaged."),
            (Outage::ReadOnly, "read_only", "The storage is read-only", "The storage is read-only."),
            (
                Outage::OutcomeUnknown,
                "outcome_unknown",
                "Whether the write took effect is not known",
                "The outcome of the write is not known.",
            ),
        ] {
            let problem = Problem::from(Error::Unavailable(outage));
            let told = problem.to_json(&Audience { languages: Vec::new(), path: Some("/v1/people".to_owned()) });
            let exact = serde_json::json!({
                "type": format!("/problems#{code}"), "title": title, "status": 503, "code": code, "detail": detail,
                "instance": "/v1/people",
            });
            assert_eq!(told, exact);
            let answer = problem.response(&actix_web::test::TestRequest::default().to_http_request());
            let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
            assert_eq!(answer.status(), 503);
            assert_eq!(header(header::RETRY_AFTER), Some(retry_after(outage)));
            assert_eq!(header(header::CACHE_CONTROL), Some("no-store"));
        }
    }
}
