//! What is counted while the service runs.

use directive_tracker::config::Settings;
use insta::assert_snapshot;
use serde_json::json;

use crate::support::{Client, given, small_settings};

/// The lines of the metrics of these names, but for times, which differ.
fn told(client: &Client, names: &[&str]) -> String {
    let answer = client.get("/metrics").expect(200);
    assert_eq!(answer.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let is_asked = |line: &&str| names.iter().any(|name| line.starts_with(&format!("directive_tracker_{name}")));
    let mut lines: Vec<&str> = text.lines().filter(is_asked).collect();
    lines.sort_unstable();
    lines.join("\n")
}

on_both!(requests_are_counted_by_method_route_and_status, |service| {
    let editor = service.editor();
    given::person(&editor, json!({}));
    given::person(&editor, json!({}));
    service.public().get("/v1/people/1").expect(200);
    service.public().get("/v1/people/2?expand=managed_by").expect(200);
    service.public().get("/v1/people/3").expect(404);
    service.public().get("/v1/people?limit=none").expect(400);
    service.public().get("/nowhere/1").expect(404);
    service.public().request("HEAD", "/v1/people/1").send().expect(200);
    service.public().request("BREW", "/v1/people/1").send().expect(405);
    editor.delete("/v1/people/1").expect(204);
    assert_snapshot!(told(&service.public(), &["http_requests_total"]), @r#"
    directive_tracker_http_requests_total{method="DELETE",route="/v1/people/{id}",status="204"} 1
    directive_tracker_http_requests_total{method="GET",route="/v1/people",status="400"} 1
    directive_tracker_http_requests_total{method="GET",route="/v1/people/{id}",status="200"} 2
    directive_tracker_http_requests_total{method="GET",route="/v1/people/{id}",status="404"} 1
    directive_tracker_http_requests_total{method="GET",route="none",status="404"} 1
    directive_tracker_http_requests_total{method="HEAD",route="/v1/people/{id}",status="200"} 1
    directive_tracker_http_requests_total{method="POST",route="/v1/people",status="201"} 2
    directive_tracker_http_requests_total{method="other",route="/v1/people/{id}",status="405"} 1
    "#);
    assert_snapshot!(told(&service.public(), &["http_requests_total{method=\"GET\",route=\"/metrics\""]), @r#"directive_tracker_http_requests_total{method="GET",route="/metrics",status="200"} 1"#);
    assert_snapshot!(told(&service.public(), &["http_request_duration_seconds_count{method=\"GET\",route=\"/v1/people/{id}\""]), @r#"directive_tracker_http_request_duration_seconds_count{method="GET",route="/v1/people/{id}"} 3"#);
});

on_both!(what_waited_and_what_was_committed_is_counted, |service| {
    let editor = service.editor();
    for _ in 0..3 {
        given::person(&editor, json!({}));
    }
    editor.post("/v1/people", &json!({ "name": 5 })).expect(422);
    service.public().get("/v1/people?q=hong&count=exact").expect(200);
    let names = [
        "lane_waiting",
        "lane_wait_seconds_count{lane=\"write\"",
        "lane_refused",
        "commit_jobs_count",
        "commit_jobs_sum",
        "commit_failed",
    ];
    assert_snapshot!(told(&service.public(), &names), @r#"
    directive_tracker_commit_failed_total 0
    directive_tracker_commit_jobs_count 4
    directive_tracker_commit_jobs_sum 4.0
    directive_tracker_lane_refused_total{lane="read"} 0
    directive_tracker_lane_refused_total{lane="write"} 0
    directive_tracker_lane_wait_seconds_count{lane="write"} 4
    directive_tracker_lane_waiting{lane="read"} 0
    directive_tracker_lane_waiting{lane="write"} 0
    "#);
});

on_both!(metrics_need_a_token_where_reading_does, Settings { private: true, ..small_settings() }, |service| {
    service.public().get("/metrics").expect(401);
    service.reader().get("/metrics").expect(200);
    assert_snapshot!(service.reader().get("/metrics?format=json"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "There is no parameter format here.",
      "instance": "/metrics",
      "errors": [
        {
          "parameter": "format",
          "code": "unknown_parameter",
          "message": "is not known here"
        }
      ]
    }
    "#);
});
