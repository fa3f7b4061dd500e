//! What administrators do with accounts.

use diesel::prelude::*;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::schema::idempotency_keys;
use directive_tracker::domain::Role;
use insta::assert_snapshot;
use serde_json::json;

use super::{PASSWORD, attempt, code, go_on, holder, signed_in, user};
use crate::support::Service;

on_both!(new_user_changes_the_password_that_the_answer_has, |service| {
    let admin = service.administrator();
    let input = json!({ "name": "Lan", "display_name": "Nguyễn Thị Lan", "role": "editor" });
    let answer = admin.post("/v1/users", &input).expect(201);
    assert_eq!((answer.header("location"), answer.header("cache-control")), (Some("/v1/users/1"), Some("no-store")));
    let mut made = answer.json();
    let given = made["password"].take();
    let given = given.as_str().unwrap();
    assert_eq!(given.len(), 20);
    assert_snapshot!(format!("{made:#}"), @r#"
    {
      "id": 1,
      "name": "lan",
      "display_name": "Nguyễn Thị Lan",
      "role": "editor",
      "grants": [
        {
          "role": "editor",
          "organization": null,
          "admin_unit": null
        }
      ],
      "disabled_at": null,
      "must_change_password": true,
      "version": 1,
      "created_at": "2026-11-21T03:00:00.000000Z",
      "updated_at": "2026-11-21T03:00:00.000000Z",
      "password": null
    }
    "#);
    assert_snapshot!(attempt(service, "lan", given), @r#"
    403
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#password_change_required",
      "title": "The password is to be changed first",
      "status": 403,
      "code": "password_change_required",
      "detail": "The password was given once, to be changed: send another one as new_password beside it.",
      "instance": "/v1/auth/token"
    }
    "#);
    let with = |new: &str| {
        let body = json!({ "grant_type": "password", "username": "lan", "password": given, "new_password": new });
        service.public().post("/v1/auth/token", &body)
    };
    assert_eq!(with("nguyenthilan").expect(422).json()["errors"][0]["code"], "too_common");
    with("năm con ngựa trắng").expect(200);
    attempt(service, "lan", given).expect(401);
    service.set_clock("2026-11-21T03:00:01Z");
    attempt(service, "lan", "năm con ngựa trắng").expect(200);
    assert_snapshot!(admin.post("/v1/users", &input), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate",
      "title": "Another record has the same key",
      "status": 409,
      "code": "duplicate",
      "detail": "There is a user lan already; a name is never given twice.",
      "instance": "/v1/users"
    }
    "#);
});

on_both!(role_that_changes_ends_the_sessions, |service| {
    user(service, "lan", Role::Editor);
    let (admin, tokens) = (service.administrator(), signed_in(service, "lan"));
    let lan = holder(service, &tokens["access_token"]);
    let same = admin.patch("/v1/users/1", &json!({ "role": "editor" })).expect(200).json();
    assert_eq!(same["version"], 1);
    let named = admin.patch("/v1/users/1", &json!({ "display_name": "Lan" })).expect(200).json();
    assert_eq!((&named["version"], &named["display_name"]), (&json!(1), &json!("Lan")));
    lan.get("/v1/me").expect(200);
    let changed = admin.patch("/v1/users/1", &json!({ "role": "reader", "display_name": null })).expect(200).json();
    assert_eq!((&changed["version"], &changed["display_name"]), (&json!(2), &json!(null)));
    lan.get("/v1/me").expect(401);
    go_on(service, &tokens).expect(401);
});

on_both!(administrator_resets_a_password_and_ends_sessions, |service| {
    user(service, "lan", Role::Editor);
    let (admin, tokens) = (service.administrator(), signed_in(service, "lan"));
    let ended = signed_in(service, "lan");
    admin.delete("/v1/users/1/sessions").expect(204);
    holder(service, &ended["access_token"]).get("/v1/me").expect(401);
    let reset = admin.request("POST", "/v1/users/1/password").send().expect(200).json();
    assert_eq!(reset["must_change_password"], true);
    go_on(service, &tokens).expect(401);
    attempt(service, "lan", PASSWORD).expect(401);
    service.set_clock("2026-11-21T03:00:01Z");
    assert_eq!(code(&attempt(service, "lan", reset["password"].as_str().unwrap())).1, "password_change_required");
});

on_both!(last_administrator_stays, |service| {
    user(service, "root1", Role::Administrator);
    let admin = service.administrator();
    assert_snapshot!(admin.delete("/v1/users/1"), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#last_administrator",
      "title": "The last administrator stays",
      "status": 409,
      "code": "last_administrator",
      "detail": "This is the last administrator: make another one first.",
      "instance": "/v1/users/1"
    }
    "#);
    assert_eq!(code(&admin.patch("/v1/users/1", &json!({ "role": "editor" }))), (409, "last_administrator".to_owned()));
    user(service, "root2", Role::Administrator);
    admin.delete("/v1/users/1").expect(204);
    assert_eq!(code(&admin.delete("/v1/users/2")), (409, "last_administrator".to_owned()));
});

on_both!(users_are_listed_in_pages_for_administrators_alone, |service| {
    for name in ["an", "binh", "chi"] {
        user(service, name, Role::Reader);
    }
    let admin = service.administrator();
    let first = admin.get("/v1/users?limit=2").expect(200).json();
    let names = |page: &serde_json::Value| -> Vec<String> {
        page["data"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&first), ["an", "binh"]);
    let second = admin.get(first["links"]["next"].as_str().unwrap()).expect(200).json();
    assert_eq!((names(&second), &second["links"]["next"]), (vec!["chi".to_owned()], &json!(null)));
    admin.get("/v1/users/4").expect(404);
    assert_eq!(code(&admin.get("/v1/users?cursor=AAAA")), (400, "invalid_parameter".to_owned()));
    for path in ["/v1/users", "/v1/users/1", "/v1/security-events"] {
        assert_eq!(code(&service.public().get(path)), (401, "unauthenticated".to_owned()), "{path}");
        assert_eq!(code(&service.editor().get(path)), (403, "forbidden".to_owned()), "{path}");
    }
});

on_both!(faults_of_an_account_are_named_with_their_places, |service| {
    let admin = service.administrator();
    for (body, pointer, fault) in [
        (json!({ "name": "l", "role": "editor" }), "/name", "invalid_value"),
        (json!({ "name": "lan", "role": "king" }), "/role", "unknown_code"),
        (json!({ "name": "lan" }), "/role", "missing"),
        (json!({ "name": "lan", "role": "editor", "password": "x" }), "/password", "unknown_field"),
        (json!({ "name": "lan", "role": "editor", "display_name": "" }), "/display_name", "empty"),
    ] {
        let problem = admin.post("/v1/users", &body).expect(422).json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
        assert_eq!(problem["errors"][0]["code"], fault, "{body}: {problem}");
    }
});

on_both!(account_is_changed_only_as_it_is_known, |service| {
    user(service, "lan", Role::Editor);
    let admin = service.administrator();
    let known = admin.get("/v1/users/1").expect(200).header("etag").unwrap().to_owned();
    let named = |tag: &str| {
        let patch = json!({ "display_name": "Lan" }).to_string();
        admin.request("PATCH", "/v1/users/1").header("If-Match", tag).body("application/merge-patch+json", patch).send()
    };
    let current = named(&known).expect(200).header("etag").unwrap().to_owned();
    assert_eq!(admin.get("/v1/users/1").header("etag"), Some(current.as_str()));
    // The name alone changes no version, and another tag all the same.
    let refused = named(&known).expect(412);
    assert_eq!((code(&refused).1.as_str(), refused.header("etag")), ("precondition_failed", Some(current.as_str())));
    named("*").expect(200);
    assert_eq!(code(&named("lan")), (400, "invalid_parameter".to_owned()));
    let disabled = |tag: &str| admin.request("DELETE", "/v1/users/1").header("If-Match", tag).send();
    disabled(&known).expect(412);
    assert_eq!(admin.get("/v1/users/1").json()["disabled_at"], json!(null));
    disabled(&current).expect(204);
});

on_both!(nothing_of_an_account_may_be_null_but_what_it_is_called, |service| {
    user(service, "lan", Role::Editor);
    let admin = service.administrator();
    for field in ["role", "grants", "disabled"] {
        let problem = admin.patch("/v1/users/1", &json!({ field: null })).expect(422).json();
        let fault = &problem["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!(format!("/{field}")), &json!("wrong_type")),
            "{problem}"
        );
    }
    admin.patch("/v1/users/1", &json!({ "display_name": null })).expect(200);
});

fn kept_answers(service: &Service) -> Vec<String> {
    let mut conn = service.storage.connect(Purpose::Read);
    idempotency_keys::table.select(idempotency_keys::answer.assume_not_null()).load(&mut conn).unwrap()
}

on_both!(what_is_sent_again_under_its_key_is_answered_with_the_same_secret, |service| {
    let admin = service.administrator();
    let sent = |path: &str, body: &serde_json::Value| {
        admin.request("POST", path).header("Idempotency-Key", "k-1").json(body).send()
    };
    let partner = json!({ "name": "exchange", "partner": "Ban Tổ chức", "role": "reader" });
    let id = sent("/v1/api-keys", &partner).expect(201).json()["id"].as_str().unwrap().to_owned();
    for (path, body, other, secret) in [
        (
            "/v1/users".to_owned(),
            json!({ "name": "lan", "role": "editor" }),
            json!({ "name": "an", "role": "editor" }),
            "password",
        ),
        ("/v1/api-keys".to_owned(), partner, json!({ "name": "other", "partner": "Ban Tổ chức" }), "key"),
        (format!("/v1/api-keys/{id}/rotate"), json!({}), json!({ "overlap_hours": 1 }), "key"),
    ] {
        let (first, again) = (sent(&path, &body).expect(201), sent(&path, &body).expect(201));
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{path}");
        assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")), "{path}");
        assert!(first.json()[secret].as_str().unwrap().len() >= 20, "{path}");
        assert_eq!(code(&sent(&path, &other)), (422, "idempotency_key_reused".to_owned()), "{path}");
    }
    let reset = || admin.request("POST", "/v1/users/1/password").header("Idempotency-Key", "k-1").send().expect(200);
    assert_eq!(reset().json()["password"], reset().json()["password"]);
    // What is kept to be sent again can be read by nobody but the service.
    let kept = kept_answers(service);
    assert_eq!(kept.len(), 4);
    let lan = reset().json()["password"].as_str().unwrap().to_owned();
    assert!(kept.iter().all(|answer| !answer.contains(&lan) && !answer.contains("password")), "{kept:?}");
});
