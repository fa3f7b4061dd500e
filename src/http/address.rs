//! What an address may not hold: a credential, since addresses are logged and passed on in many places (RFC 6750 section
//! 5.3). It is refused, in the path as in the query, and nothing that is logged, kept or answered repeats it.

use std::borrow::Cow;

use super::query::percent_decoded;
use crate::accounts::api_key;

/// What the sender of one is told.
pub const HOLDS_CREDENTIAL: &str = "holds a credential, which an address may not: have it withdrawn, and send another one \
                                    in the header Authorization";

/// Whether an API key stands in a text, or what has the form of a token (RFC 7519 section 3).
#[must_use]
pub fn holds_credential(text: &str) -> bool {
    let parts = |beside: &'static str| {
        text.split(move |character: char| !character.is_ascii_alphanumeric() && !beside.contains(character))
    };
    parts("_").any(|part| api_key::Key::offered(part).is_some())
        || parts("-_.").any(|part| part.starts_with("eyJ") && part.split('.').count() >= 3)
}

/// A path as it may be shown: `…` for each part of it that holds a credential.
#[must_use]
pub fn shown(path: &str) -> Cow<'_, str> {
    let hidden = |part: &str| holds_credential(&percent_decoded(part).unwrap_or(Cow::Borrowed(part)));
    if path.split('/').any(hidden) {
        Cow::Owned(path.split('/').map(|part| if hidden(part) { "…" } else { part }).collect::<Vec<_>>().join("/"))
    } else {
        Cow::Borrowed(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_path_are_not_shown() {
        let key = api_key::Key::new().unwrap();
        let key = key.shown();
        for (path, expected) in [
            (format!("/v1/api-keys/{key}"), "/v1/api-keys/…"),
            (format!("/{key}/links.svg"), "/…/links.svg"),
            (format!("/v1/documents/by-key/x/a {key}.svg"), "/v1/documents/by-key/x/…"),
            (format!("/v1/tasks/{}", key.replace("dt_", "%64t%5f")), "/v1/tasks/…"),
            ("/v1/tasks/eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln".to_owned(), "/v1/tasks/…"),
            ("/v1/tasks/eyJhbGci".to_owned(), "/v1/tasks/eyJhbGci"),
            ("/v1/tasks/dt_12345678_x".to_owned(), "/v1/tasks/dt_12345678_x"),
            ("/v1/tasks/%zz".to_owned(), "/v1/tasks/%zz"),
        ] {
            assert_eq!(shown(&path), expected);
        }
    }
}
