//! Requests for more time and evidence: never changed, decided once, and not by whoever submitted them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::import::import;
use crate::reading::ids;
use crate::support::{Client, Response, given};

/// Asks for more time for a task.
fn request(administrator: &Client, task: i64, until: &str) -> Response {
    let fields = json!({ "requested_on": "2018-09-20", "requested_due_on": until });
    administrator.post(&format!("/v1/tasks/{task}/extensions"), &fields)
}

fn decide(administrator: &Client, extension: i64, decision: Value) -> Response {
    let decision = given::with(json!({ "decided_on": "2018-09-25" }), decision);
    administrator.post(&format!("/v1/extensions/{extension}/decision"), &decision)
}

fn granted(until: &str) -> Value {
    json!({ "status": "granted", "new_due_on": until })
}

on_both!(granted_extension_moves_the_effective_due_date_and_not_the_stated_one, |service| {
    let administrator = service.administrator();
    let task = given::task(&administrator, json!({}));
    assert_eq!((&task["effective_due_on"], &task["extensions_granted"]), (&json!("2018-09-30"), &json!(0)));
    request(&administrator, 1, "2018-10-31").expect(201);
    let decided = decide(&administrator, 1, granted("2018-10-15")).expect(200).json();
    assert_eq!((&decided["status"], &decided["version"]), (&json!("granted"), &json!(2)));
    request(&administrator, 1, "2018-11-30").expect(201);
    decide(&administrator, 2, json!({ "status": "refused" })).expect(200);
    let read = administrator.get(&task.url()).expect(200).json();
    assert_eq!(
        (&read["due_on"], &read["effective_due_on"], &read["extensions_granted"], &read["version"]),
        (&json!("2018-09-30"), &json!("2018-10-15"), &json!(1), &json!(1)),
    );
    let history = administrator.get("/v1/extensions/1/history").expect(200).json();
    let operations: Vec<&Value> = history["data"].as_array().unwrap().iter().map(|row| &row["operation"]).collect();
    assert_eq!(operations, ["decide", "create"]);
});

on_both!(tasks_are_listed_by_their_effective_due_date_and_their_extensions, |service| {
    let administrator = service.administrator();
    for _ in 0..3 {
        given::task(&administrator, json!({}));
    }
    for (task, until) in [(1, "2018-10-15"), (2, "2018-10-15"), (2, "2018-12-31")] {
        let extension = request(&administrator, task, until).expect(201).json()["id"].as_i64().unwrap();
        decide(&administrator, extension, granted(until)).expect(200);
    }
    request(&administrator, 3, "2019-12-31").expect(201);
    let listed = |query: &str| ids(&administrator.get(&format!("/v1/tasks?{query}")));
    assert_eq!(listed("due_to=2018-09-30"), [3]);
    assert_eq!(listed("due_to=2018-10-15"), [1, 3]);
    assert_eq!(listed("due_from=2018-10-01"), [1, 2]);
    assert_eq!(listed("due_from=2018-11-01&due_to=2018-12-31"), [2]);
    assert_eq!(listed("extensions_min=1"), [1, 2]);
    assert_eq!(listed("extensions_min=2"), [2]);
    assert_eq!(administrator.get("/v1/tasks?extensions_min=0").status, 400);
    assert_eq!(ids(&administrator.get("/v1/extensions?status=granted&task=2")), [2, 3]);
});

on_both!(task_of_which_no_due_date_is_known_may_be_given_more_time, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({ "deadline_kind": null, "due_on": null }));
    request(&administrator, 1, "2018-10-31").expect(201);
    assert_eq!(ids(&administrator.get("/v1/tasks?due_to=2018-12-31")), Vec::<i64>::new());
    decide(&administrator, 1, granted("2018-10-31")).expect(200);
    assert_eq!(administrator.get("/v1/tasks/1").expect(200).json()["effective_due_on"], "2018-10-31");
    assert_eq!(ids(&administrator.get("/v1/tasks?due_to=2018-12-31")), [1]);
    assert_eq!(ids(&administrator.get("/v1/tasks?due_to=2018-10-30")), Vec::<i64>::new());
    assert_eq!(ids(&administrator.get("/v1/tasks?due_from=2018-10-31")), [1]);
});

on_both!(internal_extension_moves_no_date_that_the_public_sees, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    let fields = json!({ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31", "visibility": "internal" });
    administrator.post("/v1/tasks/1/extensions", &fields).expect(201);
    decide(&administrator, 1, granted("2018-10-31")).expect(200);
    assert_eq!(administrator.get("/v1/tasks/1").expect(200).json()["effective_due_on"], "2018-10-31");
    let public = service.public();
    assert_eq!(public.get("/v1/tasks/1").expect(200).json()["effective_due_on"], "2018-09-30");
    assert_eq!(ids(&public.get("/v1/tasks?due_to=2018-09-30")), [1]);
    assert_eq!(ids(&public.get("/v1/tasks?extensions_min=1")), Vec::<i64>::new());
});

on_both!(extension_is_decided_once, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    request(&administrator, 1, "2018-10-31").expect(201);
    decide(&administrator, 1, json!({ "status": "refused" })).expect(200);
    assert_snapshot!(decide(&administrator, 1, granted("2018-10-31")), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#already_decided",
      "title": "The record is decided already",
      "status": 409,
      "code": "already_decided",
      "detail": "The extension is decided already.",
      "instance": "/v1/extensions/1/decision"
    }
    "#);
});

on_both!(decision_with_a_key_is_taken_once, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    request(&administrator, 1, "2018-10-31").expect(201);
    let decision = json!({ "status": "refused", "decided_on": "2018-09-25" });
    let send = || {
        let request = administrator.request("POST", "/v1/extensions/1/decision").header("Idempotency-Key", "k-1");
        request.json(&decision).send().expect(200)
    };
    let first = send();
    let again = send();
    assert_eq!((again.json(), again.header("idempotent-replayed")), (first.json(), Some("true")));
});

on_both!(decision_is_imported_only_where_it_says_what_is_so, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    request(&administrator, 1, "2018-10-31").expect(201);
    let import = |record: &Value| import(&administrator, "", std::slice::from_ref(record))[0].clone();
    let open = administrator.get("/v1/extensions/1").expect(200).json();
    assert_eq!(import(&open)["result"], "unchanged");
    decide(
        &administrator,
        1,
        json!({ "status": "refused", "decided_by": given::organization(&administrator, json!({})).id() }),
    )
    .expect(200);
    let decided = administrator.get("/v1/extensions/1").expect(200).json();
    assert_eq!(import(&decided)["result"], "unchanged");
    let fault = import(&given::with(decided, json!({ "status": "withdrawn" })))["problem"]["errors"][0].clone();
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/status"), &json!("read_only")));
    let new = given::with(open, json!({ "id": null, "requested_due_on": "2018-11-30" }));
    assert_eq!(import(&new)["result"], "created", "without a decision");
});

on_both!(granted_extension_may_be_sent_again, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    let key = "/v1/extensions/by-key/office/x-1";
    let fields = json!({ "task": 1, "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" });
    administrator.put(key, &fields).expect(201);
    decide(&administrator, 1, granted("2018-10-31")).expect(200);
    // The task is due that day now, which says nothing against a request that was granted.
    let again = administrator.request("PUT", key).header("If-Match", "*").json(&fields).send().expect(200).json();
    assert_eq!((&again["status"], &again["version"]), (&json!("granted"), &json!(2)));
    let granted = administrator.get("/v1/extensions/1").expect(200).json();
    assert_eq!(import(&administrator, "", &[granted])[0]["result"], "unchanged");
});

on_both!(decision_says_what_it_is_and_nothing_else, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    request(&administrator, 1, "2018-10-31").expect(201);
    assert_snapshot!(decide(&administrator, 1, json!({ "status": "granted", "requested_due_on": "2019-01-01" })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/requested_due_on is not a field of this record.",
      "instance": "/v1/extensions/1/decision",
      "errors": [
        {
          "pointer": "/requested_due_on",
          "code": "unknown_field",
          "message": "is not a field of this record",
          "allowed": [
            "status",
            "decided_by",
            "decided_by_person",
            "decided_on",
            "new_due_on",
            "decision_text"
          ]
        }
      ]
    }
    "#);
    let first_fault = |decision| {
        let refused = decide(&administrator, 1, decision).expect(422).json();
        (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["message"].clone())
    };
    assert_eq!(first_fault(json!({})), (json!("/status"), json!("is required")));
    assert_eq!(
        first_fault(json!({ "status": "requested", "decided_on": null })),
        (json!("/status"), json!("is no decision"))
    );
    assert_eq!(
        first_fault(json!({ "status": "refused", "decided_on": null })),
        (json!("/decided_on"), json!("is required"))
    );
    assert_eq!(administrator.get("/v1/extensions/1").expect(200).json()["version"], 1);
    assert_eq!(service.reader().post("/v1/extensions/1/decision", &granted("2018-10-31")).status, 403);
    let stale = administrator.request("POST", "/v1/extensions/1/decision").header("If-Match", "\"9-0\"");
    assert_eq!(stale.json(&json!({ "status": "refused", "decided_on": "2018-09-25" })).send().status, 412);
    let rehearsed = json!({ "status": "refused", "decided_on": "2018-09-25" });
    let rehearsed = administrator.post("/v1/extensions/1/decision?dry_run=true", &rehearsed).expect(200).json();
    assert_eq!(rehearsed["status"], "refused");
    assert_eq!(administrator.get("/v1/extensions/1").expect(200).json()["status"], "requested");
});

on_both!(request_does_not_bring_its_decision_along, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    let fields = json!({ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31", "status": "granted" });
    let refused = administrator.post("/v1/tasks/1/extensions", &fields).expect(422).json();
    assert_eq!(refused["errors"][0]["message"], "is set by the decision alone: POST /v1/extensions/{id}/decision");
});

on_both!(extension_moves_a_due_date_back_only, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    assert_snapshot!(request(&administrator, 1, "2018-09-30"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/requested_due_on must be after 2018-09-30, by which the task is due as it is.",
      "instance": "/v1/tasks/1/extensions",
      "errors": [
        {
          "pointer": "/requested_due_on",
          "code": "inconsistent",
          "message": "must be after 2018-09-30, by which the task is due as it is"
        }
      ]
    }
    "#);
    request(&administrator, 1, "2018-10-31").expect(201);
    let refused = decide(&administrator, 1, granted("2018-09-01")).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/new_due_on");
});

/// Submits evidence of task 1, as `submitted_by` if it is given.
fn submit(administrator: &Client, submitted_by: Option<i64>) {
    let fields = json!({ "symbol": "125-BC/TU", "submitted_on": "2018-09-29", "submitted_by": submitted_by });
    administrator.post("/v1/tasks/1/evidence-documents", &fields).expect(201);
}

on_both!(nobody_accepts_evidence_of_their_own, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({ "state": "submitted" }));
    let body = given::organization(&administrator, json!({})).id();
    submit(&administrator, Some(body));
    let accept = |client: &Client, by: Value| {
        let decision = given::with(json!({ "status": "accepted", "decided_on": "2018-10-02" }), by);
        client.post("/v1/evidence-documents/1/decision", &decision)
    };
    let reviewer = given::organization(&administrator, json!({ "name": "Ban Chỉ đạo" })).id();
    assert_snapshot!(accept(&administrator, json!({ "decided_by": reviewer })), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#own_evidence",
      "title": "Nobody accepts their own evidence",
      "status": 409,
      "code": "own_evidence",
      "detail": "Nobody accepts their own evidence: this was entered with the same subject.",
      "instance": "/v1/evidence-documents/1/decision"
    }
    "#);
    let other = service.reviewer();
    assert_snapshot!(accept(&other, json!({ "decided_by": body })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/decided_by is the body that submitted the evidence: nobody accepts their own.",
      "instance": "/v1/evidence-documents/1/decision",
      "errors": [
        {
          "pointer": "/decided_by",
          "code": "inconsistent",
          "message": "is the body that submitted the evidence: nobody accepts their own"
        }
      ]
    }
    "#);
    let accepted = accept(&other, json!({ "decided_by": reviewer })).expect(200).json();
    assert_eq!(accepted["status"], "accepted");
    let completed = administrator.patch("/v1/tasks/1", &json!({ "state": "completed", "completed_on": "2018-09-28" }));
    assert_eq!(completed.expect(200).json().get("warnings"), None, "its evidence was accepted");
    assert_eq!(ids(&administrator.get("/v1/evidence-documents?status=accepted")), [1]);
});

on_both!(whoever_accepts_evidence_is_named, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    submit(&administrator, None);
    let other = service.reviewer();
    let decision = json!({ "status": "accepted", "decided_on": "2018-10-02" });
    assert_snapshot!(other.post("/v1/evidence-documents/1/decision", &decision), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/decided_by is needed where the status is accepted and there is no decided_by_person.",
      "instance": "/v1/evidence-documents/1/decision",
      "errors": [
        {
          "pointer": "/decided_by",
          "code": "missing",
          "message": "is needed where the status is accepted and there is no decided_by_person"
        }
      ]
    }
    "#);
    let person = given::person(&administrator, json!({})).id();
    let signed = given::with(decision, json!({ "decided_by_person": person }));
    let accepted = other.post("/v1/evidence-documents/1/decision", &signed).expect(200).json();
    assert_eq!(accepted["decided_by_person"]["id"], person);
});

on_both!(nobody_grants_their_own_extension, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    let body = given::organization(&administrator, json!({})).id();
    let fields = json!({ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31", "requested_by": body });
    administrator.post("/v1/tasks/1/extensions", &fields).expect(201);
    let own = json!({ "decided_by": body });
    assert_snapshot!(decide(&administrator, 1, given::with(granted("2018-10-31"), own.clone())), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/decided_by is the body that asked for the extension: nobody grants their own.",
      "instance": "/v1/extensions/1/decision",
      "errors": [
        {
          "pointer": "/decided_by",
          "code": "inconsistent",
          "message": "is the body that asked for the extension: nobody grants their own"
        }
      ]
    }
    "#);
    let giver = given::organization(&administrator, json!({ "name": "Ban Chỉ đạo" })).id();
    let decided =
        decide(&administrator, 1, given::with(granted("2018-10-31"), json!({ "decided_by": giver }))).expect(200);
    assert_eq!((&decided.json()["status"], decided.json().get("warnings")), (&json!("granted"), None));
    let later = given::with(fields, json!({ "requested_due_on": "2018-12-31" }));
    administrator.post("/v1/tasks/1/extensions", &later).expect(201);
    decide(&administrator, 2, given::with(json!({ "status": "withdrawn" }), own)).expect(200);
});

on_both!(extension_that_nobody_granted_is_warned_of, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    request(&administrator, 1, "2018-10-31").expect(201);
    let decided = decide(&administrator, 1, granted("2018-10-31")).expect(200).json();
    let warning = json!([{
        "code": "granted_by_nobody",
        "pointer": "/decided_by",
        "message": "The extension was granted, and nothing says by whom.",
    }]);
    assert_eq!(decided["warnings"], warning);
});

on_both!(evidence_is_returned_by_anybody_and_decided_once, |service| {
    let administrator = service.administrator();
    given::task(&administrator, json!({}));
    submit(&administrator, None);
    let decision = json!({ "status": "returned", "decided_on": "2018-10-02", "decision_text": "Thiếu phụ lục." });
    administrator.post("/v1/evidence-documents/1/decision", &decision).expect(200);
    let again = administrator.post("/v1/evidence-documents/1/decision", &decision).expect(409).json();
    assert_eq!(again["code"], "already_decided");
});

on_both!(what_was_reported_is_listed_by_task_body_and_day, |service| {
    let administrator = service.administrator();
    let body = given::organization(&administrator, json!({})).id();
    given::task(&administrator, json!({}));
    for (day, text) in [("2018-08-31", "Đã rà soát."), ("2018-09-30", "Xong."), ("2019-01-31", "Bổ sung.")] {
        let fields = json!({ "reported_on": day, "text": text, "organization": body, "state": "in_progress" });
        administrator.post("/v1/tasks/1/task-updates", &fields).expect(201);
    }
    let listed = |query: &str| ids(&administrator.get(&format!("/v1/task-updates?{query}")));
    assert_eq!(listed(&format!("organization={body}&sort=-reported_on")), [3, 2, 1]);
    assert_eq!(listed("reported_from=2018-09-01&reported_to=2018-12-31"), [2]);
    assert_eq!(listed("as_of=2018-12-31"), [1, 2]);
    assert_eq!(listed("state=in_progress&task=1"), [1, 2, 3]);
    assert_eq!(listed("q=ra%20soat"), [1]);
    assert_eq!(administrator.get("/v1/tasks/1").expect(200).json()["state"], "not_started", "a report moves no state");
});
