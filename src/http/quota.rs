//! What a request costs, whose quota it is taken from, and what the caller is told of it.

use std::cell::OnceCell;
use std::num::NonZeroU32;
use std::rc::Rc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};

use super::endpoint::Routed;
use super::extract::app_of;
use super::forwarded::client_of;
use super::negotiation::{Format, preferred};
use super::query::Parameters;
use crate::accounts::throttle::network;
use crate::domain::Error;
use crate::quota::{Caller, Standing, WINDOW};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// What a costly request counts as.
const COSTLY: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Below `/v1`: all that begins with these reads or writes many records.
const LONG: &[&str] = &["changes", "citations", "import", "matrix", "quality", "reports", "reviews", "security-events"];

/// What is computed of one record.
const COMPUTED: &[&str] = &["cascade", "gaps", "implementation", "lineage", "timeline"];

/// Parameters for which a list or a record is looked for further than its index goes.
const FAR: &[&str] = &["count", "q", "recorded_at"];

/// How the caller of a request stands, once it is charged.
#[derive(Debug, Clone, Default)]
pub struct Charged(Rc<OnceCell<Standing>>);

impl Charged {
    /// Tells the caller (draft-ietf-httpapi-ratelimit-headers-10).
    pub fn add_to(&self, headers: &mut HeaderMap) {
        let Some(standing) = self.0.get() else { return };
        let policy = format!("\"default\";q={};w={WINDOW}", standing.quota);
        let limit = format!("\"default\";r={};t={}", standing.left, standing.full_in());
        for (name, text) in [(POLICY, policy), (LIMIT, limit)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }
}

/// Takes what a request under `/v1` costs from the quota of `subject`, or of the address it comes from.
///
/// # Errors
/// `OverQuota` if it is not there.
pub fn charge(request: &HttpRequest, subject: Option<&str>) -> Result<(), Error> {
    let app = app_of(request)?;
    let Some(quotas) = &app.quotas else { return Ok(()) };
    let Some(path) = request.app_data::<Routed>().and_then(|Routed(path)| path.strip_prefix("/v1/")) else {
        return Ok(());
    };
    let caller = match subject {
        Some(subject) => Caller::Subject(subject.to_owned()),
        None => Caller::Network(client_of(request, &app.settings.trusted_proxies).map(network)),
    };
    let standing = quotas.charge(&caller, cost(path, request.query_string(), preferred(request, Format::ALL)));
    if let Some(Charged(charged)) = request.extensions().get() {
        let _ = charged.set(standing);
    }
    standing.wait.map_or(Ok(()), |seconds| Err(Error::OverQuota(seconds)))
}

/// What a request costs, by its path below `/v1` as it was routed, its parameters and the form that it prefers: ten for what
/// reads or writes many records by nature, one for the rest.
fn cost(path: &str, query: &str, preferred: Option<Format>) -> NonZeroU32 {
    let (first, last) = (path.split('/').next().unwrap_or(path), path.rsplit('/').next().unwrap_or(path));
    // What cannot be read is refused before anything is looked for.
    let mut parameters = Parameters::parse(query).unwrap_or_default();
    let form = parameters.take::<Format>("format").ok().flatten().or(preferred);
    let costly = LONG.contains(&first.split('.').next().unwrap_or(first))
        || COMPUTED.contains(&last.split('.').next().unwrap_or(last))
        || last.contains('.')
        || FAR.iter().any(|name| parameters.has(name))
        || form.is_some_and(|form| !form.is_paged());
    if costly { COSTLY } else { NonZeroU32::MIN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::system;

    fn cost_of(path: &str, query: &str, preferred: Format) -> u32 {
        cost(path, query, Some(preferred)).get()
    }

    #[test]
    fn paths_that_read_or_write_much_cost_ten() {
        let endpoints = system::all_endpoints();
        let below = endpoints.iter().filter_map(|endpoint| endpoint.path.strip_prefix("/v1/"));
        let mut costly: Vec<&str> = below.filter(|path| cost_of(path, "", Format::Json) == 10).collect();
        costly.sort_unstable();
        let known = [
            "changes",
            "citations",
            "conferences.ics",
            "documents/{id}/cascade",
            "documents/{id}/gaps",
            "documents/{id}/implementation",
            "documents/{id}/implementation.svg",
            "documents/{id}/lineage",
            "documents/{id}/timeline",
            "import",
            "matrix",
            "matrix.svg",
            "people/{id}/timeline",
            "quality",
            "reports/awards",
            "reports/conferences",
            "reports/tasks",
            "reports/tasks.svg",
            "reviews/due",
            "reviews/due.ics",
            "security-events",
            "tasks.ics",
        ];
        assert_eq!(costly, known);
    }

    #[test]
    fn what_is_asked_of_a_list_says_what_it_costs() {
        for (query, preferred, cost) in [
            ("", Format::Json, 1),
            ("limit=200&sort=-id", Format::Json, 1),
            ("format=json", Format::Csv, 1),
            ("format=jsonld", Format::Json, 1),
            ("count=exact", Format::Json, 10),
            ("q=an", Format::Json, 10),
            ("%71=an", Format::Json, 10),
            ("recorded_at=2026-11-21T03:00:00Z", Format::Json, 10),
            ("format=csv", Format::Json, 10),
            ("", Format::Xlsx, 10),
        ] {
            assert_eq!(cost_of("people", query, preferred), cost, "{query} {preferred:?}");
        }
    }
}
