//! What an address may not hold: a credential, since addresses are logged and passed on in many places (RFC 6750 section
//! 5.3). It is refused, in the path as in the query, and nothing that is logged, kept or answered repeats it.

use std::borrow::Cow;

use actix_web::http::Method;
use percent_encoding::percent_decode_str;

use crate::accounts::{api_key, session};

/// What the sender of one is told.
pub const HOLDS_CREDENTIAL: &str = "holds a credential, which an address may not: have it withdrawn, and send another one \
                                    in the header Authorization";

/// How often a text is decoded at most: some proxies do so once more than they should.
const DECODINGS: usize = 3;

/// Whether an API key, a refresh token or what has the form of a token (RFC 7519 section 3) stands anywhere in a text,
/// percent-encoded or not. What cannot be decoded stands for itself.
#[must_use]
pub fn holds_credential(text: &str) -> bool {
    let mut text = Cow::Borrowed(text);
    for _ in 0..DECODINGS {
        if is_beside_others(&text) {
            return true;
        }
        if !text.contains('%') {
            return false;
        }
        text = Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned());
    }
    is_beside_others(&text)
}

/// The same of a text as it stands, whatever is beside the credential.
fn is_beside_others(text: &str) -> bool {
    let stands = |prefix: &str, length: usize, is_one: fn(&str) -> bool| {
        text.match_indices(prefix).filter_map(|(at, _)| text.get(at..at.saturating_add(length))).any(is_one)
    };
    let is_token = |(at, _): (usize, &str)| {
        let of_token = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        let rest = text.get(at..).unwrap_or_default();
        rest.split(|character| !of_token(character)).next().is_some_and(|token| token.split('.').count() >= 3)
    };
    stands(api_key::PREFIX, api_key::LENGTH, |text| api_key::Key::offered(text).is_some())
        || stands(session::PREFIX, session::LENGTH, session::RefreshToken::is_one)
        || text.match_indices("eyJ").any(is_token)
}

/// A path as it may be shown: `…` for each part of it that holds a credential.
#[must_use]
pub fn shown(path: &str) -> Cow<'_, str> {
    if path.split('/').any(holds_credential) {
        let parts = path.split('/').map(|part| if holds_credential(part) { "…" } else { part });
        Cow::Owned(parts.collect::<Vec<_>>().join("/"))
    } else {
        Cow::Borrowed(path)
    }
}

/// A method as it may be shown: `…` for one that is not of RFC 9110 or RFC 5789, which may be any text.
#[must_use]
pub fn shown_method(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    if KNOWN.contains(method) { method.as_str() } else { "…" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_path_are_not_shown() {
        let key = api_key::Key::new().unwrap();
        let key = key.shown();
        let refresh = session::RefreshToken::new().unwrap();
        let refresh = refresh.shown();
        let token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln";
        for (path, expected) in [
            (format!("/v1/api-keys/{key}"), "/v1/api-keys/…"),
            (format!("/{key}/links.svg"), "/…/links.svg"),
            (format!("/v1/documents/by-key/x/a {key}.svg"), "/v1/documents/by-key/x/…"),
            (format!("/v1/tasks/{}", key.replace("dt_", "%64t%5f")), "/v1/tasks/…"),
            (format!("/v1/tasks/{}", key.replace('_', "%255F")), "/v1/tasks/…"),
            (format!("/v1/tasks/x_{key}1"), "/v1/tasks/…"),
            (format!("/v1/tasks/%zz{key}"), "/v1/tasks/…"),
            (format!("/v1/tasks/%ff{key}"), "/v1/tasks/…"),
            (format!("/v1/tasks/{refresh}/history"), "/v1/tasks/…/history"),
            (format!("/v1/tasks/abc{refresh}"), "/v1/tasks/…"),
            (format!("/v1/tasks/{token}"), "/v1/tasks/…"),
            (format!("/v1/tasks/1{token}"), "/v1/tasks/…"),
            (format!("/v1/tasks/-{token}"), "/v1/tasks/…"),
            ("/v1/tasks/eyJhbGci".to_owned(), "/v1/tasks/eyJhbGci"),
            ("/v1/tasks/dt_12345678_x".to_owned(), "/v1/tasks/dt_12345678_x"),
            ("/v1/tasks/dtr_x_y".to_owned(), "/v1/tasks/dtr_x_y"),
            ("/v1/tasks/%zz".to_owned(), "/v1/tasks/%zz"),
            ("/v1/tasks/%ff".to_owned(), "/v1/tasks/%ff"),
        ] {
            assert_eq!(shown(&path), expected, "{path}");
        }
    }

    #[test]
    fn method_that_nobody_defined_is_not_shown() {
        let method = |text: &str| Method::from_bytes(text.as_bytes()).unwrap();
        assert_eq!(shown_method(&method("DELETE")), "DELETE");
        assert_eq!(shown_method(&method("dt_x")), "…");
    }
}
