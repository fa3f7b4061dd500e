//! By when tasks are to be done: what a due date says without its kind, and which extensions count on a day.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::import::import;
use crate::reading::{ids, rows};
use crate::support::{Client, given};

/// The fields of a task with a due date, of which nothing says what sort of deadline it is.
fn dated() -> Value {
    given::with(given::task_fields(), json!({ "deadline_kind": null }))
}

/// What is said of a deadline.
fn deadline(task: &Value) -> [Value; 3] {
    ["deadline_kind", "due_on", "effective_due_on"].map(|field| task[field].clone())
}

fn fixed() -> [Value; 3] {
    [json!("fixed_date"), json!("2018-09-30"), json!("2018-09-30")]
}

on_both!(due_date_without_its_kind_is_a_fixed_one, |service| {
    let editor = service.administrator();
    let posted = editor.post("/v1/tasks", &dated()).expect(201).json();
    assert_eq!(deadline(&posted), fixed());
    let mut null = dated();
    null["deadline_kind"] = Value::Null;
    assert_eq!(deadline(&editor.post("/v1/tasks", &null).expect(201).json()), fixed());
    let key = "/v1/tasks/by-key/partner/1";
    assert_eq!(deadline(&editor.put(key, &dated()).expect(201).json()), fixed());
    let replaced = editor.request("PUT", key).header("If-Match", "*").json(&dated()).send().expect(200).json();
    assert_eq!(replaced["version"], 1, "it says the same");
    import(&editor, "", &[given::with(dated(), json!({ "type": "task" }))]);
    assert_eq!(deadline(&editor.get("/v1/tasks/4").expect(200).json()), fixed());
});

on_both!(due_date_of_a_patch_is_a_fixed_one_where_no_deadline_was_stated, |service| {
    let editor = service.administrator();
    let plain = json!({ "deadline_kind": null, "due_on": null });
    for _ in 0..2 {
        given::task(&editor, plain.clone());
    }
    let patched = editor.patch("/v1/tasks/1", &json!({ "due_on": "2018-09-30" })).expect(200).json();
    assert_eq!(deadline(&patched), fixed());
    let row = json!({ "type": "task", "id": 2, "due_on": "2018-09-30" });
    assert_eq!(import(&editor, "?mode=merge", &[row])[0]["result"], "updated");
    assert_eq!(deadline(&editor.get("/v1/tasks/2").expect(200).json()), fixed());
    let gone = editor.patch("/v1/tasks/1", &json!({ "due_on": null })).expect(422).json();
    assert_eq!(gone["errors"][0]["message"], "is needed where deadline_kind is fixed_date");
});

on_both!(due_date_beside_another_kind_of_deadline_is_refused, |service| {
    let editor = service.administrator();
    assert_snapshot!(editor.post("/v1/tasks", &given::with(dated(), json!({ "deadline_kind": "none_stated" }))), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/due_on must be null unless deadline_kind is fixed_date.",
      "instance": "/v1/tasks",
      "errors": [
        {
          "pointer": "/due_on",
          "code": "inconsistent",
          "message": "must be null unless deadline_kind is fixed_date"
        }
      ]
    }
    "#);
    let fault = |answer: crate::support::Response| {
        let refused = answer.expect(422).json();
        (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["message"].clone())
    };
    let message = json!("must be null unless deadline_kind is fixed_date");
    given::task(&editor, json!({ "deadline_kind": "period", "period_to": "2018-12-31", "due_on": null }));
    let patched = editor.patch("/v1/tasks/1", &json!({ "due_on": "2018-09-30" }));
    assert_eq!(fault(patched), (json!("/due_on"), message), "a kind that was stated stays");
    let days = editor.post("/v1/tasks", &given::with(dated(), json!({ "due_days": 10 })));
    assert_eq!(fault(days).0, "/due_days");
});

/// A task that is due on 2018-09-30, with an extension to 2018-10-15 granted on 2018-09-25 and one to 2018-12-31 granted on
/// 2018-10-10.
fn extended_task(editor: &Client) {
    given::task(editor, json!({}));
    for (asked, decided, until) in
        [("2018-09-20", "2018-09-25", "2018-10-15"), ("2018-10-01", "2018-10-10", "2018-12-31")]
    {
        let fields = json!({ "requested_on": asked, "requested_due_on": until });
        let request = editor.post("/v1/tasks/1/extensions", &fields).expect(201).json()["id"].clone();
        let decision = json!({ "status": "granted", "new_due_on": until, "decided_on": decided });
        editor.post(&format!("/v1/extensions/{request}/decision"), &decision).expect(200);
    }
}

const DAYS: [(&str, &str, i32); 4] = [
    ("2018-09-24", "2018-09-30", 0),
    ("2018-09-25", "2018-10-15", 1),
    ("2018-10-09", "2018-10-15", 1),
    ("2018-10-10", "2018-12-31", 2),
];

on_both!(task_is_due_as_it_was_at_the_end_of_a_day, |service| {
    let editor = service.administrator();
    extended_task(&editor);
    let due = |task: &Value| (task["effective_due_on"].clone(), task["extensions_granted"].clone());
    assert_eq!(due(&editor.get("/v1/tasks/1").expect(200).json()), (json!("2018-12-31"), json!(2)), "now");
    for (day, until, many) in DAYS {
        let expected = (json!(until), json!(many));
        assert_eq!(due(&editor.get(&format!("/v1/tasks/1?as_of={day}")).expect(200).json()), expected, "{day}");
        let list = rows(&editor.get(&format!("/v1/tasks?as_of={day}")));
        assert_eq!(due(&list[0]), expected, "the list on {day}");
        let lines = editor.get(&format!("/v1/tasks?format=ndjson&as_of={day}")).expect(200);
        let line: Value = serde_json::from_str(lines.text().lines().next().unwrap()).unwrap();
        assert_eq!(due(&line), expected, "lines on {day}");
    }
});

on_both!(tasks_behind_links_are_due_as_they_were_on_the_day_of_the_list, |service| {
    let editor = service.administrator();
    extended_task(&editor);
    given::task(&editor, json!({ "parent": 1 }));
    let parent = |path: &str| editor.get(path).expect(200).json();
    let path = "/v1/tasks/2?expand=parent&as_of=2018-09-25";
    assert_eq!(parent(path)["parent"]["effective_due_on"], "2018-10-15");
    let assignments = json!({ "role": "lead", "assignee_text": "Công an tỉnh" });
    editor.post("/v1/tasks/1/assignments", &assignments).expect(201);
    let list = parent("/v1/assignments?expand=task&as_of=2018-09-25");
    assert_eq!(list["data"][0]["task"]["effective_due_on"], "2018-10-15");
});

on_both!(tasks_are_listed_by_when_they_were_due_on_a_day, |service| {
    let editor = service.administrator();
    extended_task(&editor);
    let listed = |query: &str| ids(&editor.get(&format!("/v1/tasks?{query}")));
    assert_eq!(listed("due_to=2018-10-15"), Vec::<i64>::new());
    assert_eq!(listed("due_to=2018-10-15&as_of=2018-10-09"), [1]);
    assert_eq!(listed("due_to=2018-10-15&as_of=2018-10-10"), Vec::<i64>::new());
    assert_eq!(listed("due_from=2018-10-01&as_of=2018-09-24"), Vec::<i64>::new());
    assert_eq!(listed("due_from=2018-10-01&as_of=2018-09-25"), [1]);
    assert_eq!(listed("extensions_min=2&as_of=2018-10-09"), Vec::<i64>::new());
    assert_eq!(listed("extensions_min=2&as_of=2018-10-10"), [1]);
});

on_both!(day_and_instant_of_a_record_are_not_mixed, |service| {
    let editor = service.administrator();
    given::task(&editor, json!({}));
    assert_snapshot!(editor.get("/v1/tasks/1?as_of=2018-12-31&recorded_at=2026-11-21T03:00:00Z"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter as_of works out fields for a day, which recorded_at does not mix with.",
      "instance": "/v1/tasks/1",
      "errors": [
        {
          "parameter": "as_of",
          "code": "inconsistent",
          "message": "works out fields for a day, which recorded_at does not mix with"
        }
      ]
    }
    "#);
    assert_eq!(editor.get("/v1/tasks/1?as_of=2018-13-31").status, 400);
    given::person(&editor, json!({}));
    assert_eq!(editor.get("/v1/people/1?as_of=2018-12-31").status, 400, "nothing of a person is worked out");
});
