//! The URLs of a page of a list, as its body and its `Link` header (RFC 8288) have them.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponseBuilder};

use super::query::decoded;

/// Where a page begins its list and where the next one is.
#[derive(Debug, Clone)]
pub struct PageUrls {
    path: String,
    /// The query without its cursor.
    query: String,
    cursor: Option<String>,
}

impl PageUrls {
    /// Those of the list that a request asks for, as far as they are known before the page is read.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let names_cursor =
            |part: &str| decoded(part.split('=').next().unwrap_or_default()).as_deref() == Some("cursor");
        let others = request.query_string().split('&').filter(|part| !part.is_empty() && !names_cursor(part));
        let query = others.collect::<Vec<_>>().join("&");
        Self { path: request.path().to_owned(), query, cursor: None }
    }

    /// The same, where the next page begins at `cursor`, if there is one.
    #[must_use]
    pub fn followed_by(self, cursor: Option<String>) -> Self {
        Self { cursor, ..self }
    }

    /// The cursor of the next page.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The first page.
    #[must_use]
    pub fn first(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The next page.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let separator = if self.query.is_empty() { "" } else { "&" };
        self.cursor.as_ref().map(|cursor| format!("{}?{}{separator}cursor={cursor}", self.path, self.query))
    }

    /// Adds the link to the next page to an answer, if there is one.
    pub fn add_link(&self, answer: &mut HttpResponseBuilder) {
        if let Some(next) = self.next() {
            answer.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
        }
    }

    /// Adds the link to the first page to an answer.
    pub fn add_first_link(&self, answer: &mut HttpResponseBuilder) {
        answer.append_header((header::LINK, format!("<{}>; rel=\"first\"", self.first())));
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn next_page_has_the_query_of_this_one_with_another_cursor() {
        for (asked, next) in [
            ("/v1/people", "/v1/people?cursor=B"),
            ("/v1/people?cursor=A", "/v1/people?cursor=B"),
            ("/v1/people?q=a%26b&cursor=A&limit=2", "/v1/people?q=a%26b&limit=2&cursor=B"),
            ("/v1/people?%63ursor=A&&limit=2", "/v1/people?limit=2&cursor=B"),
        ] {
            let urls = PageUrls::of(&TestRequest::with_uri(asked).to_http_request());
            assert_eq!(urls.next(), None, "{asked}");
            assert_eq!(urls.followed_by(Some("B".to_owned())).next().as_deref(), Some(next), "{asked}");
        }
    }
}
