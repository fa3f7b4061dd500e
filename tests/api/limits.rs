//! How much one caller may ask of the service in a minute.

use directive_tracker::config::Settings;
use insta::assert_snapshot;

use crate::support::{Client, Response, small_settings};

/// Twelve requests a minute: one more every five seconds.
fn twelve() -> Settings {
    let proxies = vec!["127.0.0.0/8".parse().unwrap()];
    Settings { requests_per_minute: 12, trusted_proxies: proxies, ..small_settings() }
}

fn limit(answer: &Response) -> &str {
    answer.header("ratelimit").unwrap_or_else(|| panic!("no RateLimit\n{answer}"))
}

fn from(client: &Client, address: &str) -> Response {
    client.request("GET", "/v1/people").header("X-Forwarded-For", address).send()
}

fn use_up(client: &Client) {
    for _ in 0..12 {
        client.get("/v1/people").expect(200);
    }
}

on_both!(what_is_left_of_the_quota_counts_down_and_fills_again, twelve(), |service| {
    let reader = service.reader();
    let answer = reader.get("/v1/people").expect(200);
    assert_eq!(answer.header("ratelimit-policy"), Some("\"default\";q=12;w=60"));
    assert_eq!(limit(&answer), "\"default\";r=11;t=5");
    assert_eq!(limit(&reader.get("/v1/people/1").expect(404)), "\"default\";r=10;t=10", "problems tell it too");
    let refused = reader.request("POST", "/v1/people").body("application/json", "{}").send();
    assert_eq!(limit(&refused.expect(403)), "\"default\";r=9;t=15");
    service.set_clock("2026-11-21T03:00:10Z");
    assert_eq!(limit(&reader.get("/v1/people").expect(200)), "\"default\";r=10;t=10");
});

on_both!(request_beyond_the_quota_is_refused_until_it_has_filled, twelve(), |service| {
    let reader = service.reader();
    use_up(&reader);
    assert_snapshot!(reader.get("/v1/people"), @r#"
    429
    cache-control: no-store
    content-type: application/problem+json
    ratelimit: "default";r=0;t=60
    ratelimit-policy: "default";q=12;w=60
    retry-after: 5
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#quota_exceeded",
      "title": "The quota of requests is used up",
      "status": 429,
      "code": "quota_exceeded",
      "detail": "The quota of requests is used up: wait for 5 s.",
      "instance": "/v1/people"
    }
    "#);
    service.set_clock("2026-11-21T03:00:05Z");
    reader.get("/v1/people").expect(200);
});

on_both!(costly_request_counts_tenfold, twelve(), |service| {
    let reader = service.reader();
    assert_eq!(limit(&reader.get("/v1/reports/tasks?group_by=month").expect(200)), "\"default\";r=2;t=50");
    let refused = reader.get("/v1/people?count=exact").expect(429);
    assert_eq!((limit(&refused), refused.header("retry-after")), ("\"default\";r=2;t=50", Some("40")));
    assert_eq!(limit(&reader.get("/v1/people").expect(200)), "\"default\";r=1;t=55", "what was refused took nothing");
});

on_both!(no_two_callers_share_a_quota, twelve(), |service| {
    use_up(&service.reader());
    service.reader().get("/v1/people").expect(429);
    assert_eq!(limit(&service.editor().get("/v1/people").expect(200)), "\"default\";r=11;t=5");
    assert_eq!(limit(&service.public().get("/v1/people").expect(200)), "\"default\";r=11;t=5");
});

on_both!(whoever_has_no_good_credential_is_known_by_their_network, twelve(), |service| {
    let public = service.public();
    assert_eq!(limit(&from(&public, "2001:db8:1:2::1").expect(200)), "\"default\";r=11;t=5");
    let stranger = Client { token: Some("nobody's".to_owned()), ..public.clone() };
    assert_eq!(limit(&from(&stranger, "2001:db8:1:2::ffff").expect(401)), "\"default\";r=10;t=10");
    assert_eq!(limit(&from(&public, "2001:db8:1:3::1").expect(200)), "\"default\";r=11;t=5");
    assert_eq!(limit(&from(&public, "203.0.113.7").expect(200)), "\"default\";r=11;t=5");
});

on_both!(what_watches_the_service_is_never_counted, twelve(), |service| {
    let public = service.public();
    use_up(&public);
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/"] {
        assert_eq!(public.get(path).expect(200).header("ratelimit"), None, "{path}");
    }
    public.get("/v1/people").expect(429);
});

on_both!(without_a_quota_nothing_is_told_of_it, Settings { requests_per_minute: 0, ..twelve() }, |service| {
    use_up(&service.public());
    let answer = service.public().get("/v1/people").expect(200);
    assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), (None, None));
});
