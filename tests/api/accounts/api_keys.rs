//! API keys, from their making to their end.

use directive_tracker::accounts::session::RefreshToken;
use directive_tracker::domain::Role;
use insta::assert_snapshot;
use log::Level;
use serde_json::{Value, json};

use super::{code, holder, signed_in, user};
use crate::log_lines::{listen, said};
use crate::support::{Client, Service};

/// A user who has signed in.
fn lan(service: &Service, role: Role) -> Client {
    user(service, "lan", role);
    holder(service, &signed_in(service, "lan")["access_token"])
}

fn made(client: &Client, body: &Value) -> Value {
    client.post("/v1/api-keys", body).expect(201).json()
}

on_both!(key_stands_for_its_user_until_it_ends, |service| {
    let lan = lan(service, Role::Editor);
    let mut key = made(&lan, &json!({ "name": "nightly import", "role": "editor" }));
    let holder = holder(service, &key["key"].take());
    let id = key["id"].take();
    assert_snapshot!(format!("{key:#}"), @r#"
    {
      "id": null,
      "name": "nightly import",
      "user": "lan",
      "partner": null,
      "role": "editor",
      "grants": [],
      "created_at": "2026-11-21T03:00:00.000000Z",
      "expires_at": "2027-02-19T03:00:00.000000Z",
      "last_used_at": null,
      "rotated_from": null,
      "revoked_at": null,
      "key": null
    }
    "#);
    holder.post("/v1/people", &json!({ "name": "An" })).expect(201);
    let change = lan.get("/v1/changes").json()["data"][0].clone();
    assert_eq!(
        (&change["actor"], &change["credential"]),
        (&json!("lan"), &json!(format!("dt_{}", id.as_str().unwrap())))
    );
    assert_eq!(holder.get("/v1/me").json()["credential"]["kind"], "api_key");
    service.set_clock("2027-02-19T02:59:59Z");
    holder.get("/v1/me").expect(200);
    service.set_clock("2027-02-19T03:00:00Z");
    holder.get("/v1/me").expect(401);
});

on_both!(key_allows_no_more_than_its_user_and_makes_no_keys, |service| {
    let lan = lan(service, Role::Editor);
    let refused = lan.post("/v1/api-keys", &json!({ "name": "x", "role": "administrator" })).expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/role");
    let key = made(&lan, &json!({ "name": "x", "role": "editor" }));
    let holder = holder(service, &key["key"]);
    assert_eq!(code(&holder.post("/v1/api-keys", &json!({ "name": "y" }))), (403, "forbidden".to_owned()));
    service.administrator().patch("/v1/users/1", &json!({ "role": "reader" })).expect(200);
    assert_eq!(holder.get("/v1/me").expect(200).json()["role"], "reader");
    assert_eq!(code(&holder.post("/v1/people", &json!({ "name": "An" }))), (403, "forbidden".to_owned()));
    service.administrator().delete("/v1/users/1").expect(204);
    holder.get("/v1/me").expect(401);
});

on_both!(key_is_exchanged_without_a_gap, |service| {
    let lan = lan(service, Role::Editor);
    let old = made(&lan, &json!({ "name": "x", "role": "editor", "expires_in_days": 30 }));
    let url = format!("/v1/api-keys/{}/rotate", old["id"].as_str().unwrap());
    let new = lan.post(&url, &json!({ "overlap_hours": 1 })).expect(201).json();
    assert_eq!((&new["rotated_from"], &new["role"]), (&old["id"], &json!("editor")));
    let (old, new) = (holder(service, &old["key"]), holder(service, &new["key"]));
    service.set_clock("2026-11-21T03:59:59Z");
    old.get("/v1/me").expect(200);
    new.get("/v1/me").expect(200);
    service.set_clock("2026-11-21T04:00:00Z");
    old.get("/v1/me").expect(401);
    new.get("/v1/me").expect(200);
    let admin = service.administrator();
    assert_eq!(code(&admin.post(&url, &json!({}))), (409, "key_ended".to_owned()));
});

on_both!(revoked_key_is_good_no_more, |service| {
    let lan = lan(service, Role::Reader);
    let key = made(&lan, &json!({ "name": "x" }));
    let url = format!("/v1/api-keys/{}", key["id"].as_str().unwrap());
    holder(service, &key["key"]).get("/v1/me").expect(200);
    lan.delete(&url).expect(204);
    holder(service, &key["key"]).get("/v1/me").expect(401);
    lan.delete(&url).expect(204);
    assert!(lan.get("/v1/api-keys").json()["data"][0]["revoked_at"].is_string());
    lan.delete("/v1/api-keys/aaaaaaaa").expect(404);
    assert_eq!(code(&lan.delete("/v1/api-keys/x")), (400, "invalid_parameter".to_owned()));
});

on_both!(partner_has_a_key_without_an_account, |service| {
    let admin = service.administrator();
    let missing = admin.post("/v1/api-keys", &json!({ "name": "x" })).expect(422);
    assert_eq!(missing.json()["errors"][0]["pointer"], "/partner");
    let key = made(&admin, &json!({ "name": "sync", "role": "editor", "partner": "Văn phòng Tỉnh ủy" }));
    let partner = holder(service, &key["key"]);
    assert_eq!(partner.get("/v1/me").json()["subject"], "partner:Văn phòng Tỉnh ủy");
    partner.post("/v1/people", &json!({ "name": "An" })).expect(201);
    let lan = lan(service, Role::Editor);
    let refused = lan.post("/v1/api-keys", &json!({ "name": "x", "partner": "Khác" })).expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/partner");
    assert_eq!(lan.get("/v1/api-keys").json()["data"], json!([]));
    lan.delete(&format!("/v1/api-keys/{}", key["id"].as_str().unwrap())).expect(404);
    assert_eq!(admin.get("/v1/api-keys").json()["data"][0]["partner"], "Văn phòng Tỉnh ủy");
});

on_both!(credential_in_the_address_is_refused, |service| {
    listen();
    let lan = lan(service, Role::Editor);
    let key = made(&lan, &json!({ "name": "x" }));
    let key = key["key"].as_str().unwrap();
    let answer = service.public().get(&format!("/v1/people?q={key}"));
    assert_snapshot!(answer, @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter q holds a credential, which an address may not: have it withdrawn, and send another one in the header Authorization.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "q",
          "code": "invalid_value",
          "message": "holds a credential, which an address may not: have it withdrawn, and send another one in the header Authorization"
        }
      ]
    }
    "#);
    let token = lan.token.clone().unwrap();
    let refresh = RefreshToken::new().unwrap();
    let refresh = refresh.shown();
    for query in [
        format!("q={token}"),
        format!("q=a{key}"),
        format!("q={refresh}"),
        format!("q={}", key.replace('_', "%255F")),
        format!("{key}=1"),
        format!("%66{refresh}"),
        "access_token=x".to_owned(),
        format!("api_key={key}"),
    ] {
        let answer = service.public().get(&format!("/v1/people?{query}"));
        assert_eq!(code(&answer), (400, "invalid_parameter".to_owned()), "{query}");
        assert!(answer.text().contains("holds a credential"), "{query}");
        assert!([key, &token, refresh].iter().all(|secret| !answer.text().contains(secret)), "{query}");
    }
    for (secret, path) in [
        (key, format!("/v1/api-keys/{key}")),
        (key, format!("/v1/documents/by-key/x/{}", key.replace('_', "%5F"))),
        (key, format!("/{key}")),
        (&token, format!("/v1/tasks/{token}")),
        (&token, format!("/v1/documents/by-key/{token}/x")),
        (&token, format!("/v1/tasks/1{token}")),
        (key, format!("/v1/tasks/x_{key}")),
        (key, format!("/v1/tasks/%ff{key}")),
        (refresh, format!("/v1/documents/{refresh}")),
    ] {
        let answer = lan.delete(&path);
        assert_eq!(code(&answer), (400, "malformed_request".to_owned()), "{path}");
        assert!(answer.json()["instance"].as_str().unwrap().contains('…'), "{answer}");
        assert!(!answer.text().contains(secret), "{answer}");
        let logged = said(Level::Info, answer.header("x-request-id").unwrap());
        assert!(logged.len() == 1 && logged[0].contains('…') && !logged[0].contains(secret), "{logged:?}");
    }
    // Nor does a method or the id of a request bring one into the log.
    let answer = lan.request(key, "/v1/people").header("x-request-id", key).send();
    assert_eq!(code(&answer), (405, "method_not_allowed".to_owned()));
    assert!(!answer.text().contains(key), "{answer}");
    let id = answer.header("x-request-id").unwrap();
    assert_ne!(id, key);
    let logged = said(Level::Info, id);
    assert!(logged.len() == 1 && logged[0].contains(": … /v1/people 405"), "{logged:?}");
});

on_both!(key_that_differs_in_one_letter_is_refused, |service| {
    let lan = lan(service, Role::Editor);
    let key = made(&lan, &json!({ "name": "x" }));
    let text = key["key"].as_str().unwrap().to_owned();
    let other = made(&lan, &json!({ "name": "y" }));
    let mixed = format!("{}{}", &text[..12], &other["key"].as_str().unwrap()[12..]);
    for wrong in [mixed, text[..50].to_owned(), format!("{text}A"), text.to_lowercase(), "dt_".to_owned()] {
        assert_eq!(holder(service, &json!(wrong)).get("/v1/people").status, 401, "{wrong}");
    }
    holder(service, &json!(text)).get("/v1/people").expect(200);
});
