//! Answers with records as linked data: the two notations of JSON, and the context that makes either of them RDF.

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::{Value, json};

use super::conditional::{HttpResponseBuilderWithBody, entity_tag, is_known, json_bytes};
use super::endpoint::Endpoint;
use super::negotiation::{Format, VARY};
use super::openapi::descriptions;
use super::openapi::operations::{Operation, context_body, if_none_match, not_modified};
use super::problem::Answer;
use super::query::Parameters;
use crate::app::App;
use crate::config;
use crate::db::{Conn, Scope};
use crate::domain::{Error, Result};
use crate::linked_data;
use crate::service::facts;

/// Where the context is. What stands there never changes: other terms get another address.
pub const CONTEXT: &str = "/contexts/v1.jsonld";

/// The header by which plain JSON is read as linked data (JSON-LD 1.1 section 6.1).
const CONTEXT_LINK: (HeaderName, HeaderValue) = (
    header::LINK,
    HeaderValue::from_static(
        "</contexts/v1.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"",
    ),
);

/// How records are written as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notation {
    /// As they are.
    Plain,
    /// As linked data, with the address of the service, such as `https://tracker.example`.
    Linked(String),
}

impl Notation {
    /// The notation of a form of records.
    #[must_use]
    pub fn of(format: Format, request: &HttpRequest, app: &App) -> Self {
        if format == Format::JsonLd { Self::Linked(origin_of(request, app)) } else { Self::Plain }
    }

    /// An answer in this notation.
    ///
    /// # Errors
    /// `Internal` if it cannot be written as JSON, and as the database has them.
    pub fn bytes<T: Serialize>(&self, conn: &mut Conn, scope: Scope, answer: &T) -> Result<Vec<u8>> {
        let Self::Linked(origin) = self else { return json_bytes(answer) };
        let mut value = serde_json::to_value(answer).map_err(|error| Error::Internal(error.to_string()))?;
        let facts = facts::of(conn, scope, linked_data::uncertain(&value)?)?;
        linked_data::complete(&mut value, &facts)?;
        if let Some(object) = value.as_object_mut() {
            // A context that is fetched cannot say what addresses are relative to, so this one does.
            let context = json!([format!("{origin}{CONTEXT}"), { "@base": format!("{origin}/") }]);
            object.shift_insert(0, "@context".to_owned(), context);
        }
        json_bytes(&value)
    }

    /// Says in the head of an answer which notation it has.
    #[must_use]
    pub fn marked(&self, mut answer: HttpResponseBuilderWithBody) -> HttpResponseBuilderWithBody {
        answer.builder.insert_header((header::VARY, VARY));
        match self {
            Self::Plain => {
                answer.builder.append_header(CONTEXT_LINK);
                answer
            }
            Self::Linked(_) => answer.of_type(Format::JsonLd.media_type()),
        }
    }
}

/// The address of the service: the one that its settings give or, without it, the host that the request names. What proxies
/// add to a request is not believed, since anybody may add it.
pub fn origin_of(request: &HttpRequest, app: &App) -> String {
    if let Some(origin) = &app.settings.public_url {
        return origin.clone();
    }
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = named.and_then(|host| config::origin(&format!("http://{host}")));
    origin.unwrap_or_else(|| format!("http://{}", request.app_config().local_addr()))
}

/// The endpoint of the context.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(CONTEXT).with(Method::GET, |route| route.to(get_context), describe_context)]
}

/// `GET /contexts/v1.jsonld`
async fn get_context(request: HttpRequest) -> Answer {
    static BYTES: LazyLock<Result<web::Bytes, String>> = LazyLock::new(|| {
        let bytes = linked_data::context().and_then(|context| json_bytes(&context));
        bytes.map(web::Bytes::from).map_err(|error| error.to_string())
    });
    Parameters::parse(request.query_string())?.refuse_unknown(&[])?;
    let bytes = BYTES.as_ref().map_err(|error| Error::Internal(error.clone()))?;
    let tag = entity_tag(None, bytes);
    let known = is_known(&request, &tag);
    let mut answer = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::VARY, "Accept-Encoding"));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(Format::JsonLd.media_type()).body(bytes.clone()))
}

fn describe_context() -> Value {
    Operation::open("system", "get_context", "Read the context of linked data")
        .described(descriptions::CONTEXT)
        .taking([if_none_match()])
        .answering([("200", context_body()), not_modified()], &[400, 500])
}
