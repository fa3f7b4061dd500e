//! `Idempotency-Key`: a request that is sent again takes effect once, whatever became of its answer.

use std::sync::mpsc;
use std::thread;

use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::alone;
use directive_tracker::domain::Role;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::bad_input::writes;
use crate::support::{Client, Response, given};

/// Creates a person under a key.
fn create(client: &Client, key: &str, body: &Value) -> Response {
    send(client, "/v1/people", key, body)
}

fn send(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    client.request("POST", path).header("Idempotency-Key", key).json(body).send()
}

fn replayed(answer: &Response) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

on_both!(same_request_with_the_same_key_takes_effect_once, |service| {
    let (editor, body) = (service.editor(), json!({ "name": "An" }));
    let first = create(&editor, "k-1", &body).expect(201);
    assert!(!replayed(&first));
    service.set_clock("2026-11-21T03:30:00Z");
    let again = create(&editor, "\"k-1\"", &body);
    assert!(replayed(&again), "{again}");
    assert_eq!((again.text(), again.etag()), (first.text(), first.etag()));
    assert_snapshot!(again, @r#"
    201
    cache-control: no-store
    content-type: application/json
    etag: "1-59998fce65ce10cd"
    location: /v1/people/1

    {
      "id": 1,
      "type": "person",
      "url": "/v1/people/1",
      "version": 1,
      "created_at": "2026-11-21T03:00:00.000000Z",
      "updated_at": "2026-11-21T03:00:00.000000Z",
      "visibility": "public",
      "managed_by": null,
      "name": "An",
      "other_names": [],
      "note": null,
      "links": {
        "positions": "/v1/positions?person=1",
        "participations": "/v1/participations?person=1",
        "committee_members": "/v1/committee-members?person=1",
        "presentations": "/v1/conference-documents?presenter=1",
        "signed_documents": "/v1/documents?signer=1",
        "assignments": "/v1/assignments?person=1",
        "tasks_issued": "/v1/tasks?issued_by_person=1",
        "history": "/v1/people/1/history"
      }
    }
    "#);
    assert_eq!(writes(service), 1);
});

on_both!(another_process_knows_the_answer_too, |service| {
    let (editor, body, other) = (service.editor(), json!({ "name": "An" }), service.another());
    create(&editor, "k-1", &body).expect(201);
    let again = create(&Client { address: other.address, ..editor }, "k-1", &body).expect(201);
    assert!(replayed(&again), "{again}");
    assert_eq!(writes(service), 1);
});

on_both!(key_of_another_request_is_refused, |service| {
    let editor = service.editor();
    create(&editor, "k-1", &json!({ "name": "An" })).expect(201);
    assert_snapshot!(create(&editor, "k-1", &json!({ "name": "Bình" })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#idempotency_key_reused",
      "title": "The key was used for another request",
      "status": 422,
      "code": "idempotency_key_reused",
      "detail": "The key was sent with another request, or with other rights, within 24 hours; take a new one for each.",
      "instance": "/v1/people"
    }
    "#);
    let other_type = editor.request("POST", "/v1/people").header("Idempotency-Key", "k-1");
    let other_type = other_type.body("application/json; charset=utf-8", json!({ "name": "An" }).to_string()).send();
    assert_eq!((other_type.status, &other_type.json()["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!(writes(service), 1);
});

on_both!(key_belongs_to_its_caller_and_its_route, |service| {
    let (editor, body) = (service.editor(), json!({ "name": "An" }));
    create(&editor, "k-1", &body).expect(201);
    assert!(!replayed(&create(&service.holder_of(Role::Editor, "lan"), "k-1", &body).expect(201)));
    let conference = given::conference(&editor, json!({}));
    let within = format!("{}/findings", conference.url());
    let finding = json!({ "kind": "achievement", "text": "An ninh trật tự được giữ vững." });
    assert!(!replayed(&send(&editor, &within, "k-1", &finding).expect(201)));
    assert!(replayed(&send(&editor, &within, "k-1", &finding).expect(201)));
    assert_eq!(writes(service), 4);
});

on_both!(refused_request_leaves_its_key_free, |service| {
    let editor = service.editor();
    create(&editor, "k-1", &json!({ "name": "" })).expect(422);
    editor
        .request("POST", "/v1/people")
        .header("Idempotency-Key", "k-1")
        .body("application/json", "{")
        .send()
        .expect(400);
    assert!(!replayed(&create(&editor, "k-1", &json!({ "name": "An" })).expect(201)));
    assert_eq!(writes(service), 1);
});

on_both!(rehearsal_leaves_its_key_free, |service| {
    let (editor, body) = (service.editor(), json!({ "name": "An" }));
    for _ in 0..2 {
        assert!(!replayed(&send(&editor, "/v1/people?dry_run=true", "k-1", &body).expect(200)));
    }
    assert!(!replayed(&create(&editor, "k-1", &body).expect(201)));
    assert!(!replayed(&send(&editor, "/v1/people?dry_run=true", "k-1", &body).expect(200)));
    assert_eq!(
        send(&editor, "/v1/people?dry_run=false", "k-1", &body).expect(422).json()["code"],
        "idempotency_key_reused"
    );
    assert_eq!(writes(service), 1);
});

on_both!(key_is_free_again_after_24_hours, |service| {
    let body = json!({ "name": "An" });
    create(&service.editor(), "k-1", &body).expect(201);
    service.set_clock("2026-11-22T02:59:59.999999Z");
    assert!(replayed(&create(&service.editor(), "k-1", &body).expect(201)));
    service.set_clock("2026-11-22T03:00:00Z");
    let anew = create(&service.editor(), "k-1", &body).expect(201);
    assert_eq!((replayed(&anew), &anew.json()["id"]), (false, &json!(2)));
    assert!(replayed(&create(&service.editor(), "k-1", &body).expect(201)));
});

on_both!(key_is_visible_ascii, |service| {
    let (editor, body) = (service.editor(), json!({ "name": "An" }));
    assert_snapshot!(create(&editor, "a b", &body), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter Idempotency-Key is not 1 to 255 visible characters of ASCII, with or without quotes.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "Idempotency-Key",
          "code": "invalid_value",
          "message": "is not 1 to 255 visible characters of ASCII, with or without quotes"
        }
      ]
    }
    "#);
    for key in ["", "\"\"", "khóa", &"k".repeat(256), "\"k"] {
        let refused = create(&editor, key, &body);
        assert_eq!((refused.status, &refused.json()["errors"][0]["code"]), (400, &json!("invalid_value")), "{key}");
    }
    let twice = editor.request("POST", "/v1/people").header("Idempotency-Key", "a").header("Idempotency-Key", "a");
    assert_eq!(twice.json(&body).send().expect(400).json()["errors"][0]["code"], "duplicate_parameter");
    assert_eq!(writes(service), 0);
});

on_both!(key_of_a_request_under_way_is_in_use, |service| {
    let editor = service.editor();
    let (tell, told) = mpsc::channel();
    let mut conn = service.storage.connect(Purpose::Write);
    thread::scope(|scope| {
        let refused = alone(&mut conn, |_| {
            // While somebody else holds the database, one of the two waits to write; the other is told so.
            for _ in 0..2 {
                let (editor, tell) = (&editor, tell.clone());
                scope.spawn(move || tell.send(create(editor, "k-1", &json!({ "name": "An" }))).unwrap());
            }
            Ok::<_, directive_tracker::domain::Error>(told.recv().unwrap())
        });
        assert_snapshot!(refused.unwrap(), @r#"
        409
        cache-control: no-store
        content-type: application/problem+json
        retry-after: 2
        vary: Authorization, Accept-Language, Accept-Encoding

        {
          "type": "/problems#idempotency_key_in_use",
          "title": "A request with this key is under way",
          "status": 409,
          "code": "idempotency_key_in_use",
          "detail": "A request with this key is under way; send it again when that has ended.",
          "instance": "/v1/people"
        }
        "#);
        assert!(!replayed(&told.recv().unwrap().expect(201)));
    });
    assert!(replayed(&create(&editor, "k-1", &json!({ "name": "An" })).expect(201)));
    assert_eq!(writes(service), 1);
});

on_both!(however_many_send_one_key_at_once_it_takes_effect_once, |service| {
    let editor = service.editor();
    let answers: Vec<Response> = thread::scope(|scope| {
        let senders: Vec<_> =
            (0..8).map(|_| scope.spawn(|| create(&editor, "k-1", &json!({ "name": "An" })))).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let first = answers.iter().filter(|answer| answer.status == 201 && !replayed(answer)).count();
    let others = answers.iter().filter(|answer| answer.status == 409 || replayed(answer)).count();
    assert_eq!((first, others, writes(service)), (1, 7, 1), "{answers:?}");
});

on_both!(key_means_nothing_to_other_methods, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    for name in ["Bình", "Chi"] {
        let patch = editor.request("PATCH", &person.url()).header("Idempotency-Key", "k-1");
        assert_eq!(patch.json(&json!({ "name": name })).send().expect(200).json()["name"], name);
    }
});
