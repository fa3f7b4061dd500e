//! What a person did, and as which officer then.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, given};

fn timeline(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/people/1/timeline?{question}")).expect(200).json()
}

/// The entries: `2018-07-16 conference` with what the record is called.
fn told(timeline: &Value) -> Vec<String> {
    let entries = timeline["entries"].as_array().unwrap().iter();
    let entries = entries.map(|entry| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text(&entry["on"]), text(&entry["event"]), text(&entry["record"]["url"]))
    });
    entries.collect()
}

/// The posts of an entry: `Bí thư Tỉnh ủy held`.
fn posts(entry: &Value) -> Vec<String> {
    let posts = entry["posts"].as_array().unwrap().iter();
    posts.map(|post| format!("{} {}", post["title"].as_str().unwrap(), post["held"].as_str().unwrap())).collect()
}

/// A person who was deputy until 2018-03-10, and chairs a conference as secretary on 2018-07-16.
fn given_chair(editor: &Client) {
    given::person(editor, json!({}));
    let position = |fields: Value| given::record(editor, "positions", &given::with(json!({ "person": 1 }), fields));
    position(json!({ "title": "Phó Bí thư Tỉnh ủy", "valid_from": "2015-10-01", "valid_to": "2018-03-10" }));
    position(json!({ "title": "Bí thư Tỉnh ủy", "valid_from": "2018-03-11" }));
    let part = json!([{
        "person": 1, "roles": ["chair"], "positions_as_stated": ["Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"],
    }]);
    given::conference(editor, json!({ "participations": part }));
}

on_both!(chair_is_shown_as_the_officer_of_the_day, |service| {
    given_chair(&service.editor());
    let timeline = timeline(&service.public(), "event=conference");
    let entry = &timeline["entries"][0];
    assert_eq!(posts(entry), ["Bí thư Tỉnh ủy begun"]);
    assert_eq!(entry["agrees"], false, "the source calls them by the post before");
    assert_snapshot!(format!("{timeline:#}"), @r#"
    {
      "person": {
        "id": 1,
        "type": "person",
        "url": "/v1/people/1",
        "title": "Nguyễn Hồng Diên"
      },
      "as_of": "2026-11-21",
      "truncated": false,
      "entries": [
        {
          "on": "2018-07-16",
          "precision": null,
          "event": "conference",
          "record": {
            "id": 1,
            "type": "conference",
            "url": "/v1/conferences/1",
            "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng"
          },
          "roles": [
            "chair"
          ],
          "part": {
            "id": 1,
            "type": "participation",
            "url": "/v1/participations/1",
            "title": null
          },
          "organization": null,
          "document": null,
          "posts": [
            {
              "id": 2,
              "type": "position",
              "url": "/v1/positions/2",
              "title": "Bí thư Tỉnh ủy",
              "held": "begun",
              "organization": null
            }
          ],
          "stated": [
            {
              "title": "Phó Bí thư Tỉnh ủy",
              "position": 1,
              "held": "excluded"
            },
            {
              "title": "Chủ tịch UBND tỉnh",
              "position": null,
              "held": "not_recorded"
            }
          ],
          "agrees": false
        }
      ]
    }
    "#);
});

on_both!(everything_with_a_day_stands_in_its_order, |service| {
    let editor = service.editor();
    given_chair(&editor);
    let body = given::organization(&editor, json!({ "kind": "steering_committee" })).id();
    let member = json!({
        "organization": body, "person": 1, "role": "head", "valid_from": "2016-01-01", "valid_to": "2020-01-01",
    });
    given::record(&editor, "committee-members", &member);
    given::document(&editor, json!({ "signer": 1 }));
    given::document(&editor, json!({ "signer": 1, "status": "draft" }));
    let presented = json!([{ "document": 1, "citation_role": "disseminated", "presenter": 1 }]);
    given::conference(&editor, json!({ "held_from": "2018-07-20", "conference_documents": presented }));
    given::task(&editor, json!({ "issued_by_person": 1, "issued_on": "2018-07-21" }));
    let assigned = json!([{ "role": "lead", "person": 1 }]);
    given::task(&editor, json!({ "issued_on": "2018-07-22", "assignments": assigned }));
    let award = json!({ "kind": "badge", "giver_person": 1, "presenter": 1, "awarded_on": "2018-12-31" });
    given::record(&editor, "awards", &award);
    given::record(&editor, "awards", &json!({ "kind": "badge", "giver_person": 1 }));
    let client = service.public();
    let all = [
        "2015-10-01 took_office /v1/positions/1",
        "2016-01-01 joined_committee /v1/committee-members/1",
        "2018-03-10 left_office /v1/positions/1",
        "2018-03-11 took_office /v1/positions/2",
        "2018-07-05 signed /v1/documents/1",
        "2018-07-16 conference /v1/conferences/1",
        "2018-07-20 presented /v1/conferences/2",
        "2018-07-21 task_given /v1/tasks/1",
        "2018-07-22 task_assigned /v1/tasks/2",
        "2018-12-31 award_given /v1/awards/1",
        "2018-12-31 award_presented /v1/awards/1",
        "2020-01-01 left_committee /v1/committee-members/1",
    ];
    assert_eq!(told(&timeline(&client, "as_of=2026-11-21")), all);
    assert_eq!(told(&timeline(&client, "on_from=2018-07-16&as_of=2018-07-21")), all[5..8]);
    assert_eq!(told(&timeline(&client, "role=chair,speaker")), all[5..6]);
    assert_eq!(told(&timeline(&client, "role=speaker")), [""; 0]);
    assert_eq!(told(&timeline(&client, "event=signed,task_given")), [all[4], all[7]]);
});

on_both!(of_a_month_nobody_can_tell_the_posts, |service| {
    let editor = service.editor();
    given_chair(&editor);
    let part = json!([{ "person": 1, "roles": ["chair"], "positions_as_stated": ["Bí thư Tỉnh ủy"] }]);
    let fields = json!({ "held_from": "2018-03-01", "date_precision": "month", "participations": part });
    given::conference(&editor, fields);
    let entry = timeline(&service.public(), "event=conference&as_of=2018-03-31")["entries"][0].clone();
    assert_eq!((&entry["posts"], &entry["stated"], &entry["agrees"]), (&json!([]), &json!([]), &Value::Null));
});

on_both!(internal_posts_and_parts_are_not_told_to_the_public, |service| {
    let editor = service.editor();
    given::person(&editor, json!({}));
    let post = json!({ "person": 1, "title": "Bí thư Tỉnh ủy", "valid_from": "2018-03-11", "visibility": "internal" });
    given::record(&editor, "positions", &post);
    let part = json!([{ "person": 1, "roles": ["chair"] }]);
    given::conference(&editor, json!({ "participations": part, "visibility": "internal" }));
    let counted = |client: Client| timeline(&client, "as_of=2026-11-21")["entries"].as_array().unwrap().len();
    assert_eq!((counted(service.public()), counted(service.reader())), (0, 2));
});

on_both!(long_timeline_is_cut_off_and_goes_on, |service| {
    let editor = service.editor();
    given::person(&editor, json!({}));
    let rows: Vec<String> = (0..1001)
        .map(|at| {
            let day = chrono::NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + chrono::Days::new(at);
            json!({ "type": "award", "kind": "badge", "presenter": 1, "awarded_on": day.to_string() }).to_string()
        })
        .collect();
    let import = editor.request("POST", "/v1/import").body("application/x-ndjson", rows.join("\n")).send();
    assert_eq!(import.status, 200, "{import}");
    let first = timeline(&service.public(), "as_of=2026-11-21");
    let entries = first["entries"].as_array().unwrap();
    assert_eq!((&first["truncated"], entries.len()), (&json!(true), 1000));
    let last = entries[999]["on"].as_str().unwrap();
    let rest = timeline(&service.public(), &format!("on_from={last}"));
    assert_eq!((&rest["truncated"], rest["entries"].as_array().unwrap().len()), (&json!(false), 2));
});

on_both!(nothing_is_told_of_a_person_who_is_not_there, |service| {
    let editor = service.editor();
    given::person(&editor, json!({ "visibility": "internal" }));
    given::person(&editor, json!({}));
    editor.delete("/v1/people/2").expect(204);
    let status = |id: i64| service.public().get(&format!("/v1/people/{id}/timeline")).status;
    assert_eq!([status(1), status(2), status(3)], [404, 410, 404]);
    let code = |question: &str| {
        let path = format!("/v1/people/1/timeline?{question}");
        service.reader().get(&path).expect(400).json()["errors"][0]["code"].clone()
    };
    assert_eq!(code("as_of=2018"), "invalid_date");
    assert_eq!(code("role=boss"), "unknown_code");
    assert_eq!(code("sort=on"), "unknown_parameter");
});
