//! The list of security events.

use directive_tracker::config::Settings;
use directive_tracker::domain::Role;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{attempt, go_on, holder, signed_in, user};
use crate::support::{Client, small_settings};

on_both!(what_happens_to_accounts_is_listed_from_the_newest, |service| {
    user(service, "lan", Role::Editor);
    let admin = service.administrator();
    attempt(service, "lan", "wrong password").expect(401);
    service.set_clock("2026-11-21T03:00:01Z");
    let tokens = signed_in(service, "lan");
    go_on(service, &tokens).expect(200);
    go_on(service, &tokens).expect(401);
    admin.post("/v1/users", &json!({ "name": "an", "role": "reader" })).expect(201);
    admin.delete("/v1/users/2").expect(204);
    admin.request("POST", "/v1/users/1/password").send().expect(200);
    let kinds = |path: &str| -> Vec<String> {
        let page = admin.get(path).expect(200).json();
        let events = page["data"].as_array().unwrap().iter();
        events.map(|event| format!("{} {}", event["kind"].as_str().unwrap(), event["user"])).collect()
    };
    assert_snapshot!(kinds("/v1/security-events").join("\n"), @r#"
    password_reset "lan"
    user_disabled "an"
    user_created "an"
    refresh_reused "lan"
    signing_key_made null
    login "lan"
    login_failed "lan"
    "#);
    assert_eq!(kinds("/v1/security-events?kind=login,login_failed&user=LAN").len(), 2);
    assert_eq!(kinds("/v1/security-events?to=2026-11-21T03:00:01Z"), ["login_failed \"lan\""]);
    assert!(kinds("/v1/security-events?from=2026-11-21T03:00:02Z").is_empty());
    let mut first = admin.get("/v1/security-events?limit=1").expect(200).json();
    let second = admin.get(first["links"]["next"].as_str().unwrap()).expect(200).json();
    assert_eq!(second["data"][0]["kind"], "user_disabled");
    let event = &mut first["data"][0];
    for varying in ["request_id", "credential"] {
        assert!(event[varying].as_str().is_some_and(|text| text.len() > 10), "{event}");
        event[varying] = Value::Null;
    }
    assert_snapshot!(format!("{event:#}"), @r#"
    {
      "id": 7,
      "recorded_at": "2026-11-21T03:00:01.000000Z",
      "kind": "password_reset",
      "user": "lan",
      "credential": null,
      "address": "127.0.0.0/24",
      "request_id": null,
      "detail": null
    }
    "#);
});

/// From where the last one who did not sign in came, as proxies write it.
fn seen(public: &Client, admin: &Client, written: &str) -> Value {
    let body = json!({ "grant_type": "password", "username": "lan", "password": "x" });
    public.request("POST", "/v1/auth/token").header("X-Forwarded-For", written).json(&body).send().expect(401);
    admin.get("/v1/security-events?kind=login_failed&limit=1").expect(200).json()["data"][0]["address"].take()
}

fn behind_a_proxy() -> Settings {
    Settings { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..small_settings() }
}

on_both!(proxy_that_is_trusted_is_believed_about_who_called_it, behind_a_proxy(), |service| {
    let written = "198.51.100.1, 203.0.113.7";
    assert_eq!(seen(&service.public(), &service.administrator(), written), "203.0.113.0/24");
});

on_both!(nobody_is_believed_about_where_somebody_else_called_from, |service| {
    let written = "203.0.113.7";
    assert_eq!(seen(&service.public(), &service.administrator(), written), "127.0.0.0/24");
});

/// Events of some kinds, from the newest: kind, user, what the credential begins with, detail.
fn listed(admin: &Client, kinds: &str) -> Vec<String> {
    let page = admin.get(&format!("/v1/security-events?kind={kinds}")).expect(200).json();
    let events = page["data"].as_array().unwrap().iter();
    let text = |event: &Value, field: &str| event[field].as_str().unwrap_or("-").split(' ').next().unwrap().to_owned();
    events
        .map(|event| {
            let [kind, user, credential] = ["kind", "user", "credential"].map(|field| text(event, field));
            format!("{kind} {user} {credential}: {}", event["detail"].as_str().unwrap())
        })
        .collect()
}

on_both!(what_is_refused_is_told_once_and_counted_for_a_minute, |service| {
    user(service, "lan", Role::Editor);
    let (admin, tokens) = (service.administrator(), signed_in(service, "lan"));
    let lan = holder(service, &tokens["access_token"]);
    for _ in 0..5 {
        lan.get("/v1/users?limit=1").expect(403);
        Client { token: Some("nobody's".to_owned()), ..lan.clone() }.get("/v1/people").expect(401);
    }
    service.reader().post("/v1/people", &json!({ "name": "Bình" })).expect(403);
    attempt(service, "an", "wrong").expect(401);
    attempt(service, "an", "wrong").expect(429);
    service.public().get("/v1/me").expect(401);
    let kinds = "access_denied,credential_refused,login_throttled,quota_exceeded";
    assert!(listed(&admin, kinds).is_empty());
    service.tell_refusals();
    let mut told = listed(&admin, kinds);
    told.sort();
    assert_snapshot!(told.join("\n"), @r#"
    access_denied - reader@test: POST /v1/people
    access_denied lan lan: GET /v1/users
    credential_refused - -: GET /v1/people: it has not three parts
    login_throttled - -: POST /v1/auth/token
    "#);
    service.set_clock("2026-11-21T03:01:00Z");
    service.tell_refusals();
    let mut rest: Vec<String> = listed(&admin, kinds).into_iter().filter(|event| !told.contains(event)).collect();
    rest.sort();
    assert_snapshot!(rest.join("\n"), @r#"
    access_denied lan lan: 4 more within a minute
    credential_refused - -: 4 more within a minute
    "#);
});

on_both!(quota_that_is_used_up_is_told_of, Settings { requests_per_minute: 1, ..small_settings() }, |service| {
    let lan = service.holder_of(Role::Reader, "lan");
    lan.get("/v1/people").expect(200);
    lan.get("/v1/people").expect(429);
    service.tell_refusals();
    assert_eq!(listed(&service.administrator(), "quota_exceeded"), ["quota_exceeded - lan: GET /v1/people"]);
});
