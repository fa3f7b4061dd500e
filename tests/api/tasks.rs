//! Tasks: what was asked of whom, by when, and how far it is.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{ids, rows};
use crate::support::{Client, Response, given};

/// Assigns the task 1.
fn assign(editor: &Client, fields: Value) -> Response {
    editor.post("/v1/tasks/1/assignments", &given::with(json!({ "role": "lead" }), fields))
}

on_both!(task_is_created_with_all_that_belongs_to_it, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({})).id();
    let (conference, earlier) =
        (given::conference(&editor, json!({})).id(), given::conference(&editor, json!({})).id());
    let (police, person) = (given::organization(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    let task = given::task(
        &editor,
        json!({
            "origin": "conference_instruction",
            "origin_conference": conference,
            "documents": [document],
            "conferences": [earlier],
            "issued_by_person": person,
            "assignments": [
                { "role": "lead", "organization": police },
                { "role": "coordinating", "assignee_text": "các cấp, các ngành" },
            ],
            "task_updates": [{ "reported_on": "2018-08-31", "text": "Đã rà soát 12 dự án.", "progress": 60 }],
            "extensions": [{ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" }],
            "evidence_documents": [{ "symbol": "125-BC/TU", "submitted_on": "2018-09-29", "submitted_by": police }],
        }),
    );
    assert_eq!(task["documents"][0]["id"], document);
    assert_eq!(task["conferences"][0]["id"], earlier);
    let expand = "assignments,task_updates,extensions,evidence_documents,assignments.organization";
    let whole = editor.get(&format!("{}?expand={expand}", task.url())).expect(200).json();
    assert_eq!(whole["assignments"]["data"][0]["organization"]["name"], "Tỉnh ủy Thái Bình");
    assert_eq!(whole["assignments"]["data"][1]["assignee_text"], "các cấp, các ngành");
    assert_eq!(whole["task_updates"]["data"][0]["progress"], 60);
    assert_eq!(whole["extensions"]["data"][0]["status"], "requested");
    assert_eq!(whole["evidence_documents"]["data"][0]["status"], "submitted");
    let changes = editor.get(&format!("/v1/tasks/{}/history", task.id())).expect(200).json();
    assert_eq!(changes["data"][0]["after"]["documents"], json!([document]));
    assert!(changes["data"][0]["after"].get("effective_due_on").is_none(), "what is computed is not logged");
});

on_both!(task_has_at_most_one_lead, |service| {
    let editor = service.editor();
    given::task(&editor, json!({}));
    let police = given::organization(&editor, json!({ "name": "Công an tỉnh Thái Bình", "kind": "police" })).id();
    assign(&editor, json!({ "organization": police })).expect(201);
    assign(&editor, json!({ "role": "coordinating", "assignee_text": "Mặt trận Tổ quốc" })).expect(201);
    assert_snapshot!(assign(&editor, json!({ "assignee_text": "Sở Nội vụ" })), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#second_lead",
      "title": "The task has a lead already",
      "status": 409,
      "code": "second_lead",
      "detail": "The task has a lead already: at most one body answers for a task.",
      "instance": "/v1/tasks/1/assignments",
      "errors": [
        {
          "pointer": "/role",
          "code": "inconsistent",
          "message": "is the role of another assignment of this task already"
        }
      ],
      "existing": {
        "id": 1,
        "type": "assignment",
        "url": "/v1/assignments/1",
        "title": "Công an tỉnh Thái Bình"
      }
    }
    "#);
    let refused = editor.patch("/v1/assignments/2", &json!({ "role": "lead" })).expect(409).json();
    assert_eq!(refused["code"], "second_lead");
    editor.patch("/v1/assignments/1", &json!({ "role": "monitoring" })).expect(200);
    editor.patch("/v1/assignments/2", &json!({ "role": "lead" })).expect(200);
    let two = json!([{ "role": "lead", "assignee_text": "A" }, { "role": "lead", "assignee_text": "B" }]);
    let refused = editor.post("/v1/tasks", &given::with(given::task_fields(), json!({ "assignments": two })));
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("second_lead")));
    assert_eq!(refused.json()["errors"][0]["pointer"], "/assignments/1/role");
});

on_both!(task_tells_who_leads_it, |service| {
    let editor = service.editor();
    let police = given::organization(&editor, json!({ "name": "Công an tỉnh Tiền Giang" })).id();
    let hidden = given::organization(&editor, json!({ "name": "Cục An ninh", "visibility": "internal" })).id();
    let person = given::person(&editor, json!({})).id();
    let led = |assignment: Value| given::task(&editor, json!({ "assignments": [assignment] })).url();
    let of_body = led(json!({ "role": "lead", "organization": police, "assignee_text": "Công an tỉnh" }));
    let tasks = [
        of_body.clone(),
        led(json!({ "role": "lead", "person": person })),
        led(json!({ "role": "lead", "assignee_text": "Các cấp ủy" })),
        led(json!({ "role": "coordinating", "organization": police })),
        led(json!({ "role": "lead", "organization": hidden })),
    ];
    let told = tasks.map(|task| {
        let task = service.public().get(&task).expect(200).json();
        json!([task["lead"], task["lead_text"]]).to_string()
    });
    assert_snapshot!(told.join("\n"), @r#"
    [{"id":1,"type":"organization","url":"/v1/organizations/1","title":"Công an tỉnh Tiền Giang"},"Công an tỉnh"]
    [{"id":1,"type":"person","url":"/v1/people/1","title":"Nguyễn Hồng Diên"},null]
    [null,"Các cấp ủy"]
    [null,null]
    [{"id":null,"type":"organization","url":null,"title":null,"undisclosed":true},null]
    "#);
    let expanded = service.public().get(&format!("{of_body}?expand=lead")).expect(200).json();
    assert_eq!(expanded["lead"]["name"], "Công an tỉnh Tiền Giang");
    let table =
        service.public().get("/v1/tasks?format=csv&csv=raw&fields=lead,lead_text").expect(200).text().to_owned();
    assert_snapshot!(table, @r#"
    id,type,url,lead_id,lead_type,lead_title,lead_text
    1,task,/v1/tasks/1,1,organization,Công an tỉnh Tiền Giang,Công an tỉnh
    2,task,/v1/tasks/2,1,person,Nguyễn Hồng Diên,
    3,task,/v1/tasks/3,,,,Các cấp ủy
    4,task,/v1/tasks/4,,,,
    5,task,/v1/tasks/5,,organization,,
    "#);
    let brought_back = editor.request("POST", "/v1/import?mode=merge").body("text/csv", table).send().expect(200);
    assert!(brought_back.text().contains(r#""unchanged":5,"#), "{}", brought_back.text());
    let sent = editor.patch(&of_body, &json!({ "lead": person })).expect(422).json();
    assert_eq!((&sent["errors"][0]["pointer"], &sent["errors"][0]["code"]), (&json!("/lead"), &json!("read_only")));
});

on_both!(state_moves_along_allowed_steps_only, |service| {
    let editor = service.editor();
    let task = given::task(&editor, json!({})).url();
    let step = |state: &str| editor.patch(&task, &json!({ "state": state }));
    assert_snapshot!(editor.patch(&task, &json!({ "state": "completed", "completed_on": "2018-09-28" })), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#state_step_not_allowed",
      "title": "The task cannot take this step",
      "status": 409,
      "code": "state_step_not_allowed",
      "detail": "A task that is not_started cannot become completed.",
      "instance": "/v1/tasks/1",
      "errors": [
        {
          "pointer": "/state",
          "code": "inconsistent",
          "message": "cannot follow not_started",
          "allowed": [
            "not_started",
            "in_progress",
            "submitted",
            "on_hold",
            "declined",
            "transferred",
            "cancelled"
          ]
        }
      ]
    }
    "#);
    assert_eq!(editor.get(&task).expect(200).json()["state"], "not_started");
    step("in_progress").expect(200);
    step("submitted").expect(200);
    let done = editor.patch(&task, &json!({ "state": "completed", "completed_on": "2018-09-28" })).expect(200).json();
    assert_eq!(done["warnings"][0]["code"], "completed_without_evidence");
    let over = given::task(&editor, json!({ "state": "cancelled" })).url();
    let refused = editor.patch(&over, &json!({ "state": "in_progress" })).expect(409).json();
    assert_eq!(refused["errors"][0]["message"], "cannot follow cancelled, after which nothing comes");
});

on_both!(replacing_a_task_moves_its_state_along_allowed_steps_too, |service| {
    let editor = service.editor();
    let key = "/v1/tasks/by-key/partner/1";
    editor.put(key, &given::task_fields()).expect(201);
    let fields = given::with(given::task_fields(), json!({ "state": "completed", "completed_on": "2018-09-28" }));
    let refused = editor.request("PUT", key).header("If-Match", "*").json(&fields).send();
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("state_step_not_allowed")));
});

on_both!(tasks_are_listed_by_who_is_to_do_them, |service| {
    let editor = service.editor();
    let province = given::admin_unit(&editor, json!({})).id();
    let police = json!({ "name": "Công an tỉnh Thái Bình", "kind": "police", "admin_unit": province });
    let police = given::organization(&editor, police).id();
    let other = given::organization(&editor, json!({ "name": "Sở Nội vụ", "kind": "department" })).id();
    let given_to = |organization: i64, role: &str| {
        let assignments = json!([{ "role": role, "organization": organization }]);
        given::task(&editor, json!({ "assignments": assignments }));
    };
    given_to(police, "lead");
    given_to(police, "coordinating");
    given_to(other, "lead");
    let listed = |query: &str| ids(&editor.get(&format!("/v1/tasks?{query}")));
    assert_eq!(listed(&format!("assignee={police}")), [1, 2]);
    assert_eq!(listed(&format!("assignee={police}&role=lead")), [1]);
    assert_eq!(listed("role=lead"), [1, 3]);
    assert_eq!(listed(&format!("admin_unit={province}&role=coordinating,monitoring")), [2]);
});

on_both!(tasks_are_listed_by_what_they_come_from_and_go_together_with, |service| {
    let editor = service.editor();
    let (origin, cited) = (given::conclusion_32(&editor).id(), given::document(&editor, json!({})).id());
    let (conference, earlier) =
        (given::conference(&editor, json!({})).id(), given::conference(&editor, json!({})).id());
    given::task(&editor, json!({ "origin_document": origin, "origin_conference": conference }));
    given::task(&editor, json!({ "documents": [cited, origin], "conferences": [earlier] }));
    given::task(&editor, json!({ "documents": [cited], "parent": 1 }));
    let listed = |query: &str| ids(&editor.get(&format!("/v1/tasks?{query}")));
    assert_eq!(listed("document=32-KL/TW"), [1, 2]);
    assert_eq!(listed("origin_document=32-KL/TW"), [1]);
    assert_eq!(listed(&format!("document={cited}")), [2, 3]);
    assert_eq!(listed(&format!("conference={conference}")), [1]);
    assert_eq!(listed(&format!("conference={earlier}")), [2]);
    assert_eq!(listed("parent=1"), [3]);
    editor.patch("/v1/tasks/2", &json!({ "documents": [] })).expect(200);
    assert_eq!(listed(&format!("document={cited}")), [3]);
    assert_eq!(
        editor.delete(&format!("/v1/documents/{cited}")).expect(409).json()["referrers"],
        json!(["/v1/tasks/3"])
    );
});

on_both!(tasks_are_listed_by_state_words_and_days, |service| {
    let editor = service.editor();
    given::task(&editor, json!({ "state": "in_progress", "urgency": "urgent", "code": "061_NQ80" }));
    given::task(
        &editor,
        json!({ "content": "Tiếp công dân.", "deadline_kind": null, "due_on": null, "issued_on": null }),
    );
    given::task(&editor, json!({ "issued_on": "2019-01-02", "due_on": "2019-03-31", "origin": "plan_assignment" }));
    let listed = |query: &str| ids(&editor.get(&format!("/v1/tasks?{query}")));
    assert_eq!(listed("state=in_progress,submitted"), [1]);
    assert_eq!(listed("deadline_kind=none_stated"), [2]);
    assert_eq!(listed("urgency=urgent"), [1]);
    assert_eq!(listed("code=061_NQ80"), [1]);
    assert_eq!(listed("origin=plan_assignment"), [3]);
    assert_eq!(listed("q=cong%20dan"), [2]);
    assert_eq!(listed("issued_from=2019-01-01"), [3]);
    assert_eq!(listed("issued_to=2018-12-31"), [1]);
    assert_eq!(listed("as_of=2018-12-31"), [1, 2]);
    assert_eq!(listed("due_from=2018-10-01"), [3]);
    assert_eq!(listed("due_to=2018-12-31"), [1]);
    assert_eq!(listed("sort=-due_on"), [3, 1, 2]);
});

on_both!(class_of_bodies_is_resolved_to_those_of_a_day, |service| {
    let editor = service.editor();
    let ended = json!({ "name": "Tỉnh ủy Thái Bình", "valid_to": "2025-06-30" });
    given::organization(&editor, ended);
    given::organization(&editor, json!({ "name": "Tỉnh ủy Hưng Yên mới", "valid_from": "2025-07-01" }));
    given::organization(&editor, json!({ "name": "Công an tỉnh Thái Bình", "kind": "police" }));
    given::task(&editor, json!({}));
    let class = json!({ "role": "addressee_class", "class_kind": "party_committee", "class_level": "province" });
    let assignment = assign(&editor, class).expect(201).json();
    let names = |query: &str| -> Vec<String> {
        let bodies = rows(&editor.get(&format!("/v1/assignments/1/organizations?{query}")));
        bodies.iter().map(|body| body["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("as_of=2018-07-16"), ["Tỉnh ủy Thái Bình"]);
    assert_eq!(names("as_of=2025-07-01"), ["Tỉnh ủy Hưng Yên mới"]);
    assert_eq!(names("sort=-id"), ["Tỉnh ủy Hưng Yên mới"], "those of today unless another day is asked for");
    assert_eq!((&assignment["class_kind"], &assignment["organization"]), (&json!("party_committee"), &Value::Null));
    assign(&editor, json!({ "assignee_text": "các cấp" })).expect(201);
    assert_eq!(editor.get("/v1/assignments/2/organizations").status, 404);
    assert_eq!(editor.get("/v1/assignments/1/organizations?kind=police").status, 400);
});

on_both!(expectations_are_listed_by_what_who_and_when, |service| {
    let editor = service.editor();
    let document = given::conclusion_32(&editor).id();
    let conference = given::conference(&editor, json!({})).id();
    let later = given::conference(&editor, json!({ "held_from": "2020-11-11" })).id();
    let expect = |fields: Value| {
        let defaults = json!({ "milestone": "disseminated", "document": document, "class_level": "province" });
        given::record(&editor, "expectations", &given::with(defaults, fields))
    };
    expect(json!({ "origin_conference": conference, "due_on": "2018-09-30" }));
    expect(json!({ "origin_conference": later, "milestone": "plan_issued", "class_kind": "party_committee" }));
    expect(json!({ "document": null, "content": "Triển khai chương trình công tác.", "origin_document": document }));
    let listed = |query: &str| ids(&editor.get(&format!("/v1/expectations?{query}")));
    assert_eq!(listed("document=32-KL/TW"), [1, 2]);
    assert_eq!(listed("milestone=plan_issued"), [2]);
    assert_eq!(listed("class_kind=party_committee"), [2]);
    assert_eq!(listed(&format!("origin_conference={conference}")), [1]);
    assert_eq!(listed("origin_document=32-KL/TW"), [3]);
    assert_eq!(listed("due_from=2018-09-01"), [1]);
    assert_eq!(listed("due_to=2018-09-30"), [1]);
    assert_eq!(listed("as_of=2018-12-31"), [1, 3]);
    assert_eq!(listed("as_of=2018-07-01"), Vec::<i64>::new());
    assert_eq!(ids(&editor.get("/v1/expectations/1/organizations?as_of=2018-07-16")), [1_i64; 0]);
});
