//! Signing in, going on, signing out, and what a token allows meanwhile.

use diesel::prelude::*;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::schema::{refresh_tokens, sessions};
use directive_tracker::domain::Role;
use insta::assert_snapshot;
use serde_json::json;

use super::{PASSWORD, attempt, code, go_on, holder, signed_in, user};
use crate::support::Service;

on_both!(who_signs_in_may_do_what_the_role_allows, |service| {
    user(service, "lan", Role::Editor);
    let answer = attempt(service, "LAN", PASSWORD).expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let tokens = answer.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    let lan = holder(service, &tokens["access_token"]);
    let mut me = lan.get("/v1/me").expect(200).json();
    for secret in ["id", "session"] {
        assert!(me["credential"][secret].take().is_string());
    }
    assert_snapshot!(format!("{me:#}"), @r#"
    {
      "subject": "lan",
      "role": "editor",
      "grants": [
        {
          "role": "editor",
          "organization": null,
          "admin_unit": null
        }
      ],
      "credential": {
        "kind": "session",
        "id": null,
        "session": null
      },
      "user": {
        "id": 1,
        "name": "lan",
        "display_name": null,
        "role": "editor",
        "grants": [
          {
            "role": "editor",
            "organization": null,
            "admin_unit": null
          }
        ],
        "disabled_at": null,
        "must_change_password": false,
        "version": 1,
        "created_at": "2026-11-21T03:00:00.000000Z",
        "updated_at": "2026-11-21T03:00:00.000000Z"
      }
    }
    "#);
    lan.post("/v1/people", &json!({ "name": "An" })).expect(201);
    let change = lan.get("/v1/changes").json()["data"][0].clone();
    assert_eq!(change["actor"], "lan");
    assert_eq!(code(&lan.get("/v1/users")), (403, "forbidden".to_owned()));
});

on_both!(access_token_ends_after_fifteen_minutes, |service| {
    user(service, "lan", Role::Reader);
    let tokens = signed_in(service, "lan");
    let lan = holder(service, &tokens["access_token"]);
    service.set_clock("2026-11-21T03:15:05Z");
    lan.get("/v1/me").expect(200);
    assert_eq!(code(&lan.post("/v1/people", &json!({ "name": "An" }))), (403, "forbidden".to_owned()));
    service.set_clock("2026-11-21T03:15:06Z");
    assert_snapshot!(lan.get("/v1/me"), @r#"
    401
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding
    www-authenticate: Bearer realm="directive-tracker", error="invalid_token"

    {
      "type": "/problems#unauthenticated",
      "title": "A valid credential is needed",
      "status": 401,
      "code": "unauthenticated",
      "detail": "Send a valid token: Authorization: Bearer TOKEN.",
      "instance": "/v1/me"
    }
    "#);
    let next = go_on(service, &tokens).expect(200).json();
    holder(service, &next["access_token"]).get("/v1/me").expect(200);
});

on_both!(whatever_is_wrong_with_a_login_the_answer_is_the_same, |service| {
    user(service, "lan", Role::Editor);
    user(service, "off", Role::Editor);
    service.administrator().patch("/v1/users/2", &json!({ "disabled": true })).expect(200);
    let wrong = attempt(service, "lan", "another password");
    assert_snapshot!(wrong, @r#"
    401
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding
    www-authenticate: Bearer realm="directive-tracker"

    {
      "type": "/problems#login_failed",
      "title": "The name or the password is wrong",
      "status": 401,
      "code": "login_failed",
      "detail": "The name and the password, or the refresh token, are not good.",
      "instance": "/v1/auth/token"
    }
    "#);
    for (name, password) in [("nobody", PASSWORD), ("off", PASSWORD), ("no name!", PASSWORD), ("lanh", "")] {
        let answer = attempt(service, name, password);
        assert_eq!((answer.status, answer.text()), (401, wrong.text()), "{name}");
    }
    assert_eq!(code(&go_on(service, &json!({ "refresh_token": "none" }))), (401, "login_failed".to_owned()));
});

on_both!(failures_make_the_next_attempt_wait, |service| {
    user(service, "lan", Role::Editor);
    let session = signed_in(service, "lan");
    attempt(service, "lan", "wrong password").expect(401);
    let answer = attempt(service, "lan", PASSWORD);
    assert_snapshot!(answer, @r#"
    429
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 1
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#too_many_attempts",
      "title": "There were too many attempts",
      "status": 429,
      "code": "too_many_attempts",
      "detail": "There were too many attempts: wait for 1 s.",
      "instance": "/v1/auth/token"
    }
    "#);
    holder(service, &session["access_token"]).get("/v1/me").expect(200);
    go_on(service, &session).expect(200);
    service.set_clock("2026-11-21T03:00:01Z");
    attempt(service, "lan", PASSWORD).expect(200);
    // The address has had 4 of its 20 attempts in this minute.
    for number in 4..20 {
        attempt(service, &format!("nobody{number}"), "x").expect(401);
    }
    assert_eq!(attempt(service, "nobody", "x").expect(429).header("retry-after"), Some("59"));
    service.set_clock("2026-11-21T03:01:00Z");
    attempt(service, "lan", PASSWORD).expect(200);
});

on_both!(refresh_token_is_good_once_and_a_second_time_ends_its_session, |service| {
    user(service, "lan", Role::Editor);
    let (first, other) = (signed_in(service, "lan"), signed_in(service, "lan"));
    let second = go_on(service, &first).expect(200).json();
    let access = holder(service, &second["access_token"]);
    access.get("/v1/me").expect(200);
    assert_eq!(code(&go_on(service, &first)), (401, "login_failed".to_owned()));
    assert_eq!(code(&go_on(service, &second)), (401, "login_failed".to_owned()));
    access.get("/v1/me").expect(401);
    go_on(service, &other).expect(200);
});

on_both!(refresh_token_ends_after_thirty_days, |service| {
    user(service, "lan", Role::Editor);
    let tokens = signed_in(service, "lan");
    service.set_clock("2026-12-21T02:59:59Z");
    let next = go_on(service, &tokens).expect(200).json();
    service.set_clock("2027-01-20T02:59:59Z");
    go_on(service, &next).expect(401);
});

on_both!(who_signs_out_is_out_at_once, |service| {
    user(service, "lan", Role::Editor);
    for kind in ["access_token", "refresh_token"] {
        let tokens = signed_in(service, "lan");
        let revoked = service.public().post("/v1/auth/revoke", &json!({ "token": tokens[kind] })).expect(200);
        assert_eq!(revoked.json(), json!({ "status": "ok" }));
        holder(service, &tokens["access_token"]).get("/v1/me").expect(401);
        go_on(service, &tokens).expect(401);
    }
    service.public().post("/v1/auth/revoke", &json!({ "token": "of nobody" })).expect(200);
});

on_both!(own_password_is_changed_with_the_current_one_and_ends_other_sessions, |service| {
    user(service, "lan", Role::Reader);
    let (tokens, other) = (signed_in(service, "lan"), signed_in(service, "lan"));
    let lan = holder(service, &tokens["access_token"]);
    let change = |current: &str, new: &str| {
        lan.post("/v1/me/password", &json!({ "current_password": current, "new_password": new }))
    };
    assert_snapshot!(change("wrong", "năm con ngựa trắng"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/current_password is not the current password.",
      "instance": "/v1/me/password",
      "errors": [
        {
          "pointer": "/current_password",
          "code": "invalid_value",
          "message": "is not the current password"
        }
      ]
    }
    "#);
    service.set_clock("2026-11-21T03:00:01Z");
    assert_snapshot!(change(PASSWORD, "matkhau2026"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/new_password is among the first that are guessed.",
      "instance": "/v1/me/password",
      "errors": [
        {
          "pointer": "/new_password",
          "code": "too_common",
          "message": "is among the first that are guessed"
        }
      ]
    }
    "#);
    assert_eq!(change(PASSWORD, PASSWORD).expect(422).json()["errors"][0]["code"], "inconsistent");
    change(PASSWORD, "năm con ngựa trắng").expect(204);
    lan.get("/v1/me").expect(200);
    go_on(service, &tokens).expect(200);
    holder(service, &other["access_token"]).get("/v1/me").expect(401);
    go_on(service, &other).expect(401);
    attempt(service, "lan", PASSWORD).expect(401);
    service.set_clock("2026-11-21T03:00:02Z");
    attempt(service, "lan", "năm con ngựa trắng").expect(200);
    let by_token = service.editor().post("/v1/me/password", &json!({ "current_password": "x", "new_password": "y" }));
    assert_eq!(code(&by_token), (403, "forbidden".to_owned()));
});

on_both!(disabled_user_is_out_at_once_here_and_soon_elsewhere, |service| {
    user(service, "lan", Role::Editor);
    let other = service.another();
    other.keep_up(&service.storage);
    let tokens = signed_in(service, "lan");
    other.keep_up(&service.storage);
    let here = holder(service, &tokens["access_token"]);
    let there = crate::support::Client { address: other.address, ..here.clone() };
    here.get("/v1/me").expect(200);
    there.get("/v1/me").expect(200);
    service.administrator().delete("/v1/users/1").expect(204);
    here.get("/v1/me").expect(401);
    there.get("/v1/me").expect(200);
    other.keep_up(&service.storage);
    there.get("/v1/me").expect(401);
    go_on(service, &tokens).expect(401);
});

on_both!(keys_are_published_for_others_to_verify_tokens_with, |service| {
    user(service, "lan", Role::Editor);
    let tokens = signed_in(service, "lan");
    let answer = service.public().get("/.well-known/jwks.json").expect(200);
    assert_eq!(answer.header("cache-control"), Some("max-age=300"));
    let mut keys = answer.json();
    let (id, x) = (keys["keys"][0]["kid"].take(), keys["keys"][0]["x"].take());
    assert_snapshot!(keys, @r#"{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":null,"x":null}]}"#);
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(jsonwebtoken::decode_header(token).unwrap().kid.as_deref(), id.as_str());
    assert_eq!(x.as_str().unwrap().len(), 43);
});

on_both!(request_to_sign_in_is_one_of_two, |service| {
    let public = service.public();
    assert_snapshot!(public.post("/v1/auth/token", &json!({ "grant_type": "client_credentials" })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/grant_type has the wrong type: expected `password` or `refresh_token`.",
      "instance": "/v1/auth/token",
      "errors": [
        {
          "pointer": "/grant_type",
          "code": "wrong_type",
          "message": "has the wrong type: expected `password` or `refresh_token`"
        }
      ]
    }
    "#);
    for body in
        [json!({ "grant_type": "password" }), json!({}), json!([]), json!({ "grant_type": "refresh_token", "x": 1 })]
    {
        let answer = public.post("/v1/auth/token", &body);
        assert_eq!(code(&answer), (422, "validation_failed".to_owned()), "{answer}");
    }
    let in_the_address = public.post("/v1/auth/token?username=lan", &json!({}));
    assert_eq!(code(&in_the_address), (400, "invalid_parameter".to_owned()));
    let form =
        public.request("POST", "/v1/auth/token").body("application/x-www-form-urlencoded", "grant_type=password");
    assert_eq!(form.send().status, 415);
});

on_both!(nothing_secret_is_shown_twice, |service| {
    user(service, "lan", Role::Administrator);
    let tokens = signed_in(service, "lan");
    let lan = holder(service, &tokens["access_token"]);
    let all: String = ["/v1/me", "/v1/users", "/v1/users/1", "/v1/security-events", "/v1/changes", "/v1/api-keys"]
        .map(|path| lan.get(path).expect(200).text().to_owned())
        .concat();
    for secret in
        ["argon2", PASSWORD, tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap()]
    {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
});

/// How many sessions and refresh tokens are kept.
fn kept(service: &Service) -> (i64, i64) {
    let mut conn = service.storage.connect(Purpose::Read);
    let (sessions, tokens) = (sessions::table.count(), refresh_tokens::table.count());
    (sessions.get_result(&mut conn).unwrap(), tokens.get_result(&mut conn).unwrap())
}

on_both!(session_is_forgotten_with_the_last_of_its_tokens, |service| {
    user(service, "lan", Role::Editor);
    let (first, second) = (signed_in(service, "lan"), signed_in(service, "lan"));
    service.set_clock("2026-11-22T03:00:00Z");
    let second = go_on(service, &second).expect(200).json();
    assert_eq!(kept(service), (2, 3));
    service.set_clock("2026-12-21T03:00:00Z");
    go_on(service, &first).expect(401);
    // Thirty days after the first tokens; the second session has another one for a day.
    let second = go_on(service, &second).expect(200).json();
    assert_eq!(kept(service), (1, 2));
    go_on(service, &second).expect(200);
    go_on(service, &first).expect(401);
});
