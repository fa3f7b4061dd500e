//! How tasks stand on a day, one by one, in lists and in reports: worked out by hand for eleven tasks.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{ids, rows};
use crate::support::{Client, given};

/// The day on which most is asked.
const DAY: &str = "2026-09-30";

fn record(editor: &Client, collection: &str, fields: Value) -> i64 {
    given::record(editor, collection, &fields).id()
}

/// Asks for more time for a task, and grants it.
fn extend(editor: &Client, task: i64, decided_on: &str, until: &str) {
    let request = json!({ "task": task, "requested_on": "2026-09-01", "requested_due_on": until });
    let id = record(editor, "extensions", request);
    let decision = json!({ "status": "granted", "decided_on": decided_on, "new_due_on": until });
    editor.post(&format!("/v1/extensions/{id}/decision"), &decision).expect(200);
}

/// The police of Thái Bình (1), which is Hưng Yên since 2025-07-01, a department there (2) and a ministry (3), with the
/// tasks of a quarter: in time and late, extended, due soon, without a deadline, cancelled, of nobody, and of later days.
fn given_tasks(editor: &Client) {
    let ended = json!({ "name": "Thái Bình", "code": "34", "valid_to": "2025-06-30" });
    let (old, new) = (
        given::admin_unit(editor, ended).id(),
        given::admin_unit(editor, json!({ "name": "Hưng Yên", "code": "33", "valid_from": "2025-07-01" })).id(),
    );
    let merged =
        json!({ "kind": "merged", "effective_on": "2025-07-01", "from_admin_unit": old, "to_admin_unit": new });
    record(editor, "successions", merged);
    let body = |name: &str, kind: &str, unit: Option<i64>| {
        given::organization(editor, json!({ "name": name, "kind": kind, "admin_unit": unit })).id()
    };
    let police = body("Công an Thái Bình", "police", Some(old));
    let department = body("Sở Nội vụ Hưng Yên", "department", Some(new));
    let ministry = body("Bộ Công an", "ministry", None);
    given::document(editor, json!({}));
    given::document(editor, json!({}));
    let task = |lead: Option<i64>, fields: Value| {
        let lead = lead.map(|id| json!([{ "role": "lead", "organization": id }]));
        let defaults = json!({
            "content": "Rà soát các dự án.", "issued_on": "2026-07-01", "deadline_kind": "fixed_date", "assignments": [],
        });
        let defaults = given::with(defaults, json!({ "assignments": lead }));
        record(editor, "tasks", given::with(defaults, fields))
    };
    let completed = |due: &str, on: &str| json!({ "due_on": due, "state": "completed", "completed_on": on });
    task(
        Some(police),
        given::with(completed(DAY, "2026-09-28"), json!({ "origin_document": 1, "product": "Báo cáo" })),
    );
    task(Some(police), given::with(completed("2026-09-15", "2026-09-20"), json!({ "documents": [1, 2] })));
    let extended = task(Some(police), json!({ "due_on": "2026-09-20" }));
    extend(editor, extended, "2026-09-18", "2026-10-15");
    task(Some(department), json!({ "due_on": "2026-09-20", "origin_document": 1 }));
    task(Some(department), json!({ "due_on": "2026-10-02" }));
    let timeless = json!({ "deadline_kind": "none_stated", "due_on": null });
    task(Some(ministry), given::with(timeless.clone(), json!({ "state": "in_progress" })));
    task(Some(ministry), given::with(timeless, json!({ "state": "completed", "completed_on": "2026-09-01" })));
    task(None, json!({ "due_on": "2026-09-01", "state": "cancelled" }));
    task(Some(police), completed("2026-09-10", "2026-10-05"));
    task(Some(department), json!({ "issued_on": "2026-10-10", "due_on": "2026-12-01" }));
    let worded = json!([{ "role": "lead", "assignee_text": "các cấp, các ngành" }]);
    task(None, json!({ "due_on": "2026-08-31", "assignments": worded }));
}

/// Each task of a list: its number, and how it stands.
fn standing(client: &Client, question: &str) -> Vec<(i64, String)> {
    let tasks = rows(&client.get(&format!("/v1/tasks?limit=200&{question}")));
    let told = |task: &Value| (task["id"].as_i64().unwrap(), task["timeliness"].as_str().unwrap_or("-").to_owned());
    tasks.iter().map(told).collect()
}

fn report(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/reports/tasks?{question}")).expect(200).json()
}

const COUNTS: [&str; 8] = [
    "done_on_time",
    "done_late",
    "open_in_time",
    "open_due_soon",
    "open_overdue",
    "open_no_deadline",
    "done_no_deadline",
    "excluded",
];

/// A group: what it is called, how many tasks it has, and the eight counts.
fn group(group: &Value) -> String {
    let links = ["lead", "admin_unit", "document"].map(|link| &group[link]["title"]);
    let texts = links.into_iter().chain([&group["month"], &group["without"]]).filter_map(Value::as_str);
    let name = texts.collect::<Vec<_>>().join(" without ");
    let counts = COUNTS.map(|count| group[count].to_string()).join(" ");
    format!("{name} {}: {counts}", group["tasks"])
}

fn groups(report: &Value) -> Vec<String> {
    report["groups"].as_array().unwrap().iter().map(group).collect()
}

on_both!(task_stands_on_a_day_as_its_record_says, |service| {
    given_tasks(&service.administrator());
    let told = |day: &str| {
        let told = standing(&service.public(), &format!("as_of={day}"));
        told.into_iter().map(|(id, stands)| format!("{id} {stands}")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(told(DAY), @r"
    1 done_on_time
    2 done_late
    3 open_in_time
    4 open_overdue
    5 open_due_soon
    6 open_no_deadline
    7 done_no_deadline
    8 excluded
    9 open_overdue
    11 open_overdue
    ");
    assert_snapshot!(told("2026-10-10"), @r"
    1 done_on_time
    2 done_late
    3 open_in_time
    4 open_overdue
    5 open_overdue
    6 open_no_deadline
    7 done_no_deadline
    8 excluded
    9 done_late
    10 open_in_time
    11 open_overdue
    ");
});

on_both!(list_of_tasks_that_stand_in_a_way_has_those_and_no_others, |service| {
    let editor = service.administrator();
    given_tasks(&editor);
    let paused = given::task(&editor, json!({ "due_on": "2026-09-20", "state": "on_hold" })).id();
    let update = json!({ "task": paused, "reported_on": "2026-10-01", "text": "Tạm dừng.", "state": "on_hold" });
    record(&editor, "task-updates", update);
    let regular = json!({ "deadline_kind": "regular_no_deadline", "due_on": null });
    let regular = given::task(&editor, regular).id();
    extend(&editor, regular, "2026-09-02", "2026-09-10");
    let codes = COUNTS.into_iter();
    for day in ["2026-06-30", "2026-09-17", "2026-09-18", DAY, "2026-10-01", "2026-10-05", "2026-11-21"] {
        let all = standing(&service.public(), &format!("as_of={day}"));
        for code in codes.clone() {
            let meant: Vec<i64> = all.iter().filter(|(_, stands)| stands == code).map(|(id, _)| *id).collect();
            let question = format!("/v1/tasks?as_of={day}&timeliness={code}&limit=200&count=exact");
            let listed = service.public().get(&question);
            assert_eq!(ids(&listed), meant, "{code} on {day}");
            assert_eq!(listed.json()["page"]["count"], meant.len());
        }
    }
    let stands = |day: &str, id: i64| {
        let all = standing(&service.public(), &format!("as_of={day}"));
        all.into_iter().find(|(task, _)| *task == id).unwrap().1
    };
    assert_eq!([DAY, "2026-10-01"].map(|day| stands(day, paused)), ["open_overdue", "excluded"]);
    assert_eq!(stands("2026-11-21", regular), "open_no_deadline", "whatever was granted");
});

/// A task that is due on 2025-06-20, of a state, with reports.
fn reported(editor: &Client, state: &str, reports: &[(&str, &str)]) -> i64 {
    let fields =
        json!({ "issued_on": "2025-01-01", "due_on": "2025-06-20", "deadline_kind": "fixed_date", "state": state });
    let id = given::task(editor, fields).id();
    for (state, on) in reports {
        let report = json!({ "task": id, "reported_on": on, "text": "Báo cáo.", "state": state });
        record(editor, "task-updates", report);
    }
    id
}

/// How a task stands on these days, one by one, as the pure rules say, once lists and reports are found to say the same.
fn on_days(client: &Client, id: i64, days: &[&str]) -> Vec<String> {
    let told = days.iter().map(|day| {
        let all = standing(client, &format!("as_of={day}"));
        let counted = report(client, &format!("group_by=lead&as_of={day}"));
        for code in COUNTS {
            let meant: Vec<i64> = all.iter().filter(|(_, stands)| stands == code).map(|(id, _)| *id).collect();
            let listed = ids(&client.get(&format!("/v1/tasks?as_of={day}&timeliness={code}&limit=200")));
            assert_eq!(listed, meant, "{code} on {day}");
            assert_eq!(counted["total"][code], meant.len(), "{code} on {day}");
        }
        all.into_iter().find(|(task, _)| *task == id).map_or_else(|| "-".to_owned(), |(_, stands)| stands)
    });
    told.collect()
}

on_both!(pause_that_is_over_leaves_its_own_days_out, |service| {
    let id =
        reported(&service.administrator(), "in_progress", &[("on_hold", "2025-06-01"), ("in_progress", "2025-07-05")]);
    let days = ["2025-05-31", "2025-06-10", "2025-06-30", "2025-07-05", "2026-11-21"];
    let told = on_days(&service.public(), id, &days);
    assert_eq!(told, ["open_in_time", "excluded", "excluded", "open_overdue", "open_overdue"]);
});

on_both!(task_that_is_paused_again_was_at_work_between, |service| {
    let reports = [("on_hold", "2025-06-01"), ("in_progress", "2025-06-15"), ("on_hold", "2025-07-15")];
    let id = reported(&service.administrator(), "on_hold", &reports);
    let days = ["2025-05-31", "2025-06-14", "2025-06-15", "2025-06-30", "2025-07-15", "2026-11-21"];
    let told = on_days(&service.public(), id, &days);
    assert_eq!(told, ["open_in_time", "excluded", "open_in_time", "open_overdue", "excluded", "excluded"]);
});

on_both!(report_alone_takes_no_task_out_of_the_rates, |service| {
    let editor = service.administrator();
    let days = ["2025-06-10", "2025-06-30", "2026-11-21"];
    let id = reported(&editor, "in_progress", &[("on_hold", "2025-06-01"), ("cancelled", "2025-06-15")]);
    assert_eq!(on_days(&service.public(), id, &days), ["open_in_time", "open_overdue", "open_overdue"]);
    let unreported = reported(&editor, "cancelled", &[("in_progress", "2025-06-15")]);
    assert_eq!(on_days(&service.public(), unreported, &days), ["open_in_time", "excluded", "excluded"]);
    let report = json!({ "task": id, "reported_on": "2025-07-01", "text": "Báo cáo.", "visibility": "internal" });
    record(&editor, "task-updates", given::with(report, json!({ "state": "in_progress" })));
    assert_eq!(on_days(&service.reader(), id, &days), ["excluded", "excluded", "open_overdue"]);
    assert_eq!(
        on_days(&service.public(), id, &days),
        ["open_in_time", "open_overdue", "open_overdue"],
        "nor an internal one"
    );
});

on_both!(what_was_done_by_the_day_is_done_whatever_reports_say, |service| {
    let editor = service.administrator();
    let id = reported(&editor, "in_progress", &[("on_hold", "2025-06-01"), ("submitted", "2025-07-05")]);
    for fields in [json!({ "state": "submitted" }), json!({ "state": "completed", "completed_on": "2025-06-20" })] {
        editor.patch(&format!("/v1/tasks/{id}"), &fields).expect(200);
    }
    let told = on_days(&service.public(), id, &["2025-06-19", "2025-06-20", "2025-07-05"]);
    assert_eq!(told, ["excluded", "done_on_time", "done_on_time"]);
});

on_both!(task_without_a_day_is_there_from_the_day_of_its_origin_on, |service| {
    let editor = service.administrator();
    let held = given::conference(&editor, json!({ "held_from": "2025-03-10" })).id();
    let undated = given::conference(&editor, json!({ "held_from": null })).id();
    let document = given::document(&editor, json!({ "issued_on": "2025-02-01" })).id();
    let origins = [
        json!({ "origin_conference": held, "origin_document": document }),
        json!({ "origin_conference": undated, "origin_document": document }),
        json!({}),
    ];
    let due = json!({ "issued_on": null, "deadline_kind": "fixed_date", "due_on": "2025-12-31" });
    let tasks = origins.map(|origin| given::task(&editor, given::with(due.clone(), origin)).id());
    let days = ["2025-01-31", "2025-02-01", "2025-03-09", "2025-03-10"];
    let there = |client: &Client, id: i64| {
        let told = on_days(client, id, &days);
        let single = days.map(|day| client.get(&format!("/v1/tasks/{id}?as_of={day}")).expect(200).json());
        for (told, single) in told.iter().zip(single) {
            assert_eq!(single["timeliness"].as_str().unwrap_or("-"), told);
        }
        told.iter().filter(|told| *told != "-").count()
    };
    assert_eq!(tasks.map(|id| there(&service.public(), id)), [1, 3, 4]);
    editor.patch(&format!("/v1/conferences/{held}"), &json!({ "visibility": "internal" })).expect(200);
    assert_eq!(there(&service.public(), tasks[0]), 3, "who may not see the conference sees the document");
    assert_eq!(there(&service.reader(), tasks[0]), 1);
});

on_both!(body_that_has_ended_says_so_in_the_report, |service| {
    let editor = service.administrator();
    let body = |fields: Value| given::organization(&editor, fields).id();
    let old = body(json!({ "name": "Sở Kế hoạch và Đầu tư", "valid_to": "2025-02-28" }));
    let new = body(json!({ "name": "Sở Tài chính", "valid_from": "2025-03-01" }));
    let merged =
        json!({ "kind": "merged", "effective_on": "2025-03-01", "from_organization": old, "to_organization": new });
    record(&editor, "successions", merged);
    for lead in [old, new] {
        given::task(&editor, json!({ "assignments": [{ "role": "lead", "organization": lead }] }));
    }
    let told = |day: &str| {
        let report = report(&service.public(), &format!("group_by=lead&as_of={day}"));
        let told = report["groups"].as_array().unwrap().iter().map(|group| {
            let successors = group["succeeded_by"].as_array().unwrap().iter().map(|link| link["title"].to_string());
            let successors = successors.collect::<Vec<_>>().join(",");
            format!("{}: {}, {successors}.", group["lead"]["title"], group["ended_on"])
        });
        told.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(told(DAY), @r#"
    "Sở Kế hoạch và Đầu tư": "2025-02-28", "Sở Tài chính".
    "Sở Tài chính": null, .
    "#);
    assert_snapshot!(told("2025-02-28"), @r#"
    "Sở Kế hoạch và Đầu tư": null, .
    "Sở Tài chính": null, .
    "#);
});

on_both!(tasks_of_bodies_that_ended_are_rolled_up_to_those_of_a_day, |service| {
    let editor = service.administrator();
    let body = |name: &str, from: Option<&str>, to: Option<&str>| {
        given::organization(&editor, json!({ "name": name, "valid_from": from, "valid_to": to })).id()
    };
    let [planning, finance] = ["Sở Kế hoạch", "Sở Tài chính cũ"].map(|name| body(name, None, Some("2025-02-28")));
    let [merged, split, abolished] = [
        body("Sở Tài chính", Some("2025-03-01"), None),
        body("Sở Nội vụ", Some("2025-03-01"), None),
        body("Ban quản lý", None, Some("2025-02-28")),
    ];
    for (from, to) in [(planning, merged), (finance, merged), (finance, split)] {
        let step = json!({
            "kind": "merged", "effective_on": "2025-03-01", "from_organization": from, "to_organization": to,
        });
        record(&editor, "successions", step);
    }
    for lead in [planning, finance, finance, merged, abolished] {
        given::task(&editor, json!({ "assignments": [{ "role": "lead", "organization": lead }] }));
    }
    let told = |question: &str| {
        let report = report(&service.public(), question);
        let group = |group: &Value| {
            let listed = service.public().get(group["url"].as_str().unwrap()).expect(200).json();
            let listed: Vec<i64> =
                listed["data"].as_array().unwrap().iter().map(|task| task["id"].as_i64().unwrap()).collect();
            format!("{} {}: {listed:?}", group["lead"]["title"], group["tasks"])
        };
        let groups: Vec<String> = report["groups"].as_array().unwrap().iter().map(group).collect();
        format!("{} in the bodies of {}\n{}", report["total"]["tasks"], report["units"], groups.join("\n"))
    };
    assert_snapshot!(told("group_by=lead&as_of=2025-12-31"), @r#"
    5 in the bodies of null
    "Sở Tài chính cũ" 2: [2, 3]
    "Sở Kế hoạch" 1: [1]
    "Sở Tài chính" 1: [4]
    "Ban quản lý" 1: [5]
    "#);
    assert_snapshot!(told("group_by=lead&as_of=2025-12-31&units=2025-12-31"), @r#"
    5 in the bodies of "2025-12-31"
    "Sở Tài chính" 4: [1, 2, 3, 4]
    "Sở Nội vụ" 2: [2, 3]
    "Ban quản lý" 1: [5]
    "#);
    assert_snapshot!(told("group_by=lead&as_of=2025-12-31&units=2025-02-28"), @r#"
    5 in the bodies of "2025-02-28"
    "Sở Tài chính cũ" 3: [2, 3, 4]
    "Sở Kế hoạch" 2: [1, 4]
    "Ban quản lý" 1: [5]
    "#);
    assert_snapshot!(told(&format!("group_by=lead&as_of=2025-12-31&units=2025-12-31&lead={merged}")), @r#"
    4 in the bodies of "2025-12-31"
    "Sở Tài chính" 4: [1, 2, 3, 4]
    "#);
    let by_month = report(&service.public(), &format!("group_by=month&units=2025-12-31&lead={split}"));
    assert_eq!(by_month["total"]["tasks"], 2, "whatever the groups are");
});

on_both!(task_that_is_asked_for_without_a_day_stands_as_it_does_today, |service| {
    given_tasks(&service.administrator());
    let task = service.public().get("/v1/tasks/5").expect(200).json();
    let fields = ["timeliness", "signal", "days_left", "days_late", "working_days_late"];
    assert_eq!(
        fields.map(|field| task[field].clone()),
        [json!("open_overdue"), json!("red"), json!(null), json!(50), json!(null)]
    );
    assert_eq!(task["lacks"], json!(["product"]));
    assert_eq!(ids(&service.public().get("/v1/tasks?timeliness=open_overdue")), [3, 4, 5, 11]);
    let changed = service.administrator().patch("/v1/tasks/5", &json!({ "product": "Báo cáo" })).expect(200).json();
    assert_eq!((&changed["timeliness"], &changed["lacks"]), (&json!("open_overdue"), &json!([])));
    assert_eq!(service.administrator().get("/v1/tasks/5").expect(200).json(), {
        let mut read = changed;
        read.as_object_mut().unwrap().shift_remove("warnings");
        read
    });
});

on_both!(due_soon_is_as_many_days_as_are_asked_for, |service| {
    given_tasks(&service.administrator());
    let soon = |days: i64| {
        let question = format!("/v1/tasks?as_of={DAY}&timeliness=open_due_soon&due_soon_days={days}");
        ids(&service.public().get(&question))
    };
    assert_eq!((soon(1), soon(2), soon(15)), (vec![], vec![5], vec![3, 5]));
    let report = report(&service.public(), &format!("group_by=lead&as_of={DAY}&due_soon_days=15"));
    assert_eq!((&report["due_soon_days"], &report["total"]["open_due_soon"]), (&json!(15), &json!(2)));
});

on_both!(the_most_overdue_come_first_after_their_extensions, |service| {
    given_tasks(&service.administrator());
    let sorted = |question: &str| {
        let (mut found, mut next) = (Vec::new(), Some(format!("/v1/tasks?as_of={DAY}&limit=2&{question}")));
        while let Some(path) = next {
            let page = service.public().get(&path);
            found.extend(ids(&page));
            next = page.json()["links"]["next"].as_str().map(str::to_owned);
        }
        found
    };
    assert_eq!(sorted("timeliness=open_overdue&sort=effective_due_on"), [11, 9, 4]);
    assert_eq!(sorted("sort=effective_due_on"), [6, 7, 11, 8, 9, 2, 4, 1, 5, 3]);
    assert_eq!(sorted("sort=-effective_due_on"), [3, 5, 1, 4, 2, 9, 8, 11, 7, 6]);
    assert_eq!(sorted("sort=-effective_due_on,id&timeliness=open_no_deadline,done_no_deadline"), [6, 7]);
});

on_both!(tasks_are_listed_by_what_they_lack, |service| {
    given_tasks(&service.administrator());
    let lacking = |what: &str| ids(&service.public().get(&format!("/v1/tasks?as_of={DAY}&lacks={what}")));
    assert_eq!(lacking("lead"), [8]);
    assert_eq!(lacking("responsibility"), [8, 11]);
    assert_eq!(lacking("deadline"), [6, 7]);
    assert_eq!(lacking("product"), [2, 3, 4, 5, 6, 7, 8, 9, 11]);
    assert_eq!(lacking("lead,deadline"), [6, 7, 8]);
    assert_eq!(lacking("content"), [0_i64; 0]);
    let all = rows(&service.public().get(&format!("/v1/tasks?as_of={DAY}&limit=200")));
    for lack in ["lead", "responsibility", "deadline", "product"] {
        let says = |task: &&Value| task["lacks"].as_array().unwrap().contains(&json!(lack));
        let meant: Vec<i64> = all.iter().filter(says).map(|task| task["id"].as_i64().unwrap()).collect();
        assert_eq!(lacking(lack), meant, "{lack}");
    }
});

on_both!(report_counts_each_task_in_the_group_that_it_belongs_to, |service| {
    given_tasks(&service.administrator());
    let told = |question: &str| {
        let report = report(&service.public(), &format!("as_of={DAY}&{question}"));
        format!("{}\n---\n{}", groups(&report).join("\n"), group(&report["total"]))
    };
    assert_snapshot!(told("group_by=lead"), @r"
    Công an Thái Bình 4: 1 1 1 0 1 0 0 0
    Sở Nội vụ Hưng Yên 2: 0 0 0 1 1 0 0 0
    Bộ Công an 2: 0 0 0 0 0 1 1 0
    lead 2: 0 0 0 0 1 0 0 1
    ---
     10: 1 1 1 1 3 1 1 1
    ");
    assert_snapshot!(told("group_by=admin_unit"), @r"
    Hưng Yên 6: 1 1 1 1 2 0 0 0
    lead_unit 4: 0 0 0 0 1 1 1 1
    ---
     10: 1 1 1 1 3 1 1 1
    ");
    assert_snapshot!(told("group_by=admin_unit&units=2018-12-31"), @r"
    Thái Bình 6: 1 1 1 1 2 0 0 0
    lead_unit 4: 0 0 0 0 1 1 1 1
    ---
     10: 1 1 1 1 3 1 1 1
    ");
    assert_snapshot!(told("group_by=document"), @r"
    Về tình hình an ninh trật tự nổi lên thời gian gần đây 3: 1 1 0 0 1 0 0 0
    Về tình hình an ninh trật tự nổi lên thời gian gần đây 1: 0 1 0 0 0 0 0 0
    document 7: 0 0 1 1 2 1 1 1
    ---
     10: 1 1 1 1 3 1 1 1
    ");
    assert_snapshot!(told("group_by=month"), @r"
    2026-08 1: 0 0 0 0 1 0 0 0
    2026-09 5: 1 1 0 0 2 0 0 1
    2026-10 2: 0 0 1 1 0 0 0 0
    due_on 2: 0 0 0 0 0 1 1 0
    ---
     10: 1 1 1 1 3 1 1 1
    ");
    assert_snapshot!(told("group_by=month&period_by=issued_on"), @r"
    2026-07 10: 1 1 1 1 3 1 1 1
    ---
     10: 1 1 1 1 3 1 1 1
    ");
    assert_snapshot!(told("group_by=lead&timeliness=open_due_soon"), @r"
    Sở Nội vụ Hưng Yên 2: 0 0 0 1 1 0 0 0
    ---
     10: 1 1 1 1 3 1 1 1
    ");
});

on_both!(rate_for_a_quarter_names_its_denominator, |service| {
    given_tasks(&service.administrator());
    let question = format!("group_by=month&as_of={DAY}&from=2026-07-01&to=2026-09-30");
    let report = report(&service.public(), &question);
    assert_snapshot!(format!("{:#}", report["total"]), @r#"
    {
      "lead": null,
      "ended_on": null,
      "succeeded_by": [],
      "admin_unit": null,
      "document": null,
      "month": null,
      "without": null,
      "tasks": 6,
      "assigned": 5,
      "done": 2,
      "due": 5,
      "done_on_time": 1,
      "done_late": 1,
      "open_in_time": 0,
      "open_due_soon": 0,
      "open_overdue": 3,
      "open_no_deadline": 0,
      "done_no_deadline": 0,
      "excluded": 1,
      "most_days_late": 30,
      "url": "/v1/tasks?due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30",
      "rates": [
        {
          "name": "done",
          "of": "assigned",
          "numerator": 2,
          "denominator": 5,
          "percent": 40.0,
          "numerator_url": "/v1/tasks?timeliness=done_on_time,done_late,done_no_deadline&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30",
          "denominator_url": "/v1/tasks?timeliness=done_on_time,done_late,open_in_time,open_due_soon,open_overdue,open_no_deadline,done_no_deadline&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30"
        },
        {
          "name": "done",
          "of": "due",
          "numerator": 2,
          "denominator": 5,
          "percent": 40.0,
          "numerator_url": "/v1/tasks?timeliness=done_on_time,done_late&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30",
          "denominator_url": "/v1/tasks?timeliness=done_on_time,done_late,open_overdue&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30"
        },
        {
          "name": "on_time",
          "of": "assigned",
          "numerator": 1,
          "denominator": 5,
          "percent": 20.0,
          "numerator_url": "/v1/tasks?timeliness=done_on_time&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30",
          "denominator_url": "/v1/tasks?timeliness=done_on_time,done_late,open_in_time,open_due_soon,open_overdue,open_no_deadline,done_no_deadline&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30"
        },
        {
          "name": "on_time",
          "of": "due",
          "numerator": 1,
          "denominator": 5,
          "percent": 20.0,
          "numerator_url": "/v1/tasks?timeliness=done_on_time&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30",
          "denominator_url": "/v1/tasks?timeliness=done_on_time,done_late,open_overdue&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30"
        },
        {
          "name": "overdue",
          "of": "assigned",
          "numerator": 3,
          "denominator": 5,
          "percent": 60.0,
          "numerator_url": "/v1/tasks?timeliness=open_overdue&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30",
          "denominator_url": "/v1/tasks?timeliness=done_on_time,done_late,open_in_time,open_due_soon,open_overdue,open_no_deadline,done_no_deadline&due_from=2026-07-01&due_to=2026-09-30&as_of=2026-09-30"
        }
      ]
    }
    "#);
});

on_both!(each_rate_links_to_the_lists_that_it_counts, |service| {
    let editor = service.administrator();
    given_tasks(&editor);
    editor.patch("/v1/tasks/2", &json!({ "visibility": "internal" })).expect(200);
    let counted = |client: &Client, url: &Value| {
        client.get(&format!("{}&count=exact&limit=1", url.as_str().unwrap())).expect(200).json()["page"]["count"]
            .clone()
    };
    let mut followed = 0;
    for client in [service.public(), service.reader()] {
        for question in [
            "group_by=lead",
            "group_by=admin_unit",
            "group_by=admin_unit&units=2018-12-31",
            "group_by=document",
            "group_by=month",
            "group_by=month&period_by=issued_on",
            "group_by=lead&from=2026-09-01&to=2026-09-30&due_soon_days=5",
            "group_by=month&from=2026-09-15&to=2026-10-05",
            "group_by=lead&admin_unit=2&document=1",
        ] {
            let report = report(&client, &format!("as_of={DAY}&{question}"));
            for group in report["groups"].as_array().unwrap().iter().chain([&report["total"]]) {
                assert_eq!(counted(&client, &group["url"]), group["tasks"], "{question}: {}", group["url"]);
                for rate in group["rates"].as_array().unwrap() {
                    assert_eq!(counted(&client, &rate["numerator_url"]), rate["numerator"], "{question}: {rate}");
                    assert_eq!(counted(&client, &rate["denominator_url"]), rate["denominator"], "{question}: {rate}");
                    followed += 1;
                }
            }
        }
    }
    assert!(followed > 200, "{followed}");
});

on_both!(internal_tasks_and_leads_do_not_show_in_what_the_public_counts, |service| {
    let editor = service.administrator();
    given_tasks(&editor);
    editor.patch("/v1/tasks/4", &json!({ "visibility": "internal" })).expect(200);
    editor.patch("/v1/assignments/5", &json!({ "visibility": "internal" })).expect(200);
    let counted = |client: &Client| {
        let report = report(client, &format!("group_by=lead&as_of={DAY}&timeliness=open_overdue,open_due_soon"));
        groups(&report)
    };
    assert_snapshot!(counted(&service.public()).join("\n"), @r"
    Công an Thái Bình 4: 1 1 1 0 1 0 0 0
    lead 3: 0 0 0 1 1 0 0 1
    ");
    assert_snapshot!(counted(&service.reader()).join("\n"), @r"
    Sở Nội vụ Hưng Yên 2: 0 0 0 1 1 0 0 0
    Công an Thái Bình 4: 1 1 1 0 1 0 0 0
    lead 2: 0 0 0 0 1 0 0 1
    ");
});

on_both!(working_days_leave_out_weekends_and_holidays, |service| {
    let editor = service.administrator();
    given::task(&editor, json!({ "issued_on": "2025-04-01", "due_on": "2025-04-29" }));
    let told = |day: &str| {
        let task = rows(&editor.get(&format!("/v1/tasks?as_of={day}"))).remove(0);
        ["days_left", "working_days_left", "days_late", "working_days_late"].map(|field| task[field].clone())
    };
    assert_eq!(told("2025-05-05"), [json!(null), json!(null), json!(6), json!(null)], "no holiday is known");
    let holiday = |day: &str, fields: Value| {
        let defaults = json!({ "day": day, "name": "Ngày nghỉ" });
        record(&editor, "holidays", given::with(defaults, fields))
    };
    let rest = ["2025-04-30", "2025-05-01", "2025-05-02"].map(|day| holiday(day, json!({})));
    let others = ["2025-01-28", "2025-01-29"].map(|day| holiday(day, json!({})));
    assert_eq!(others, [4, 5]);
    holiday("2025-04-26", json!({ "kind": "make_up_working_day" }));
    assert_eq!(told("2025-05-05"), [json!(null), json!(null), json!(6), json!(1)]);
    assert_eq!(told("2025-04-25"), [json!(4), json!(3), json!(null), json!(null)]);
    holiday("2025-01-30", json!({}));
    editor.delete(&format!("/v1/holidays/{}", rest[2])).expect(204);
    assert_eq!(told("2025-05-05")[3], 2);
    editor.delete(&format!("/v1/holidays/{}", others[1])).expect(204);
    assert_eq!(told("2025-05-05")[3], json!(null), "of four holidays nobody knows whether they are all");
    assert_eq!(ids(&editor.get("/v1/holidays?kind=make_up_working_day")), [6]);
    assert_eq!(ids(&editor.get("/v1/holidays?day_from=2025-05-01&sort=-day")), [2]);
});

on_both!(day_is_not_both_a_holiday_and_a_working_day, |service| {
    let editor = service.administrator();
    let day = |kind: &str| json!({ "day": "2025-04-26", "name": "Làm bù", "kind": kind });
    record(&editor, "holidays", day("make_up_working_day"));
    assert_snapshot!(editor.post("/v1/holidays", &day("holiday")), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#contradicting_holiday",
      "title": "The day is recorded the other way",
      "status": 409,
      "code": "contradicting_holiday",
      "detail": "Another record says that offices work on 2025-04-26.",
      "instance": "/v1/holidays",
      "errors": [
        {
          "pointer": "/kind",
          "code": "inconsistent",
          "message": "is not the kind of the other record of the day"
        }
      ],
      "existing": {
        "id": 1,
        "type": "holiday",
        "url": "/v1/holidays/1",
        "title": "Làm bù"
      }
    }
    "#);
    record(&editor, "holidays", day("make_up_working_day"));
    let elsewhere = record(&editor, "holidays", given::with(day("holiday"), json!({ "day": "2025-04-27" })));
    let moved = editor.patch(&format!("/v1/holidays/{elsewhere}"), &json!({ "day": "2025-04-26" })).expect(409).json();
    assert_eq!((&moved["code"], &moved["existing"]["id"]), (&json!("contradicting_holiday"), &json!(1)));
    editor.patch("/v1/holidays/1", &json!({ "name": "Làm bù cho ngày 02/5" })).expect(200);
});

on_both!(report_that_nobody_can_answer_is_refused, |service| {
    assert_snapshot!(service.public().get("/v1/reports/tasks"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter group_by is required.",
      "instance": "/v1/reports/tasks",
      "errors": [
        {
          "parameter": "group_by",
          "code": "missing",
          "message": "is required"
        }
      ]
    }
    "#);
    assert_snapshot!(service.public().get("/v1/reports/tasks?group_by=document&document=1"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter document does not go with group_by=document.",
      "instance": "/v1/reports/tasks",
      "errors": [
        {
          "parameter": "document",
          "code": "inconsistent",
          "message": "does not go with group_by=document"
        }
      ]
    }
    "#);
    let fault = |question: &str| {
        let refused = service.public().get(question).expect(400).json();
        let fault = &refused["errors"][0];
        format!("{} {}: {}", fault["parameter"], fault["code"], fault["message"])
    };
    assert_snapshot!(fault("/v1/reports/tasks?group_by=lead&due_soon_days=366"), @r#""due_soon_days" "out_of_range": "must be from 0 to 365""#);
    assert_snapshot!(fault("/v1/tasks?timeliness=open_overdue&due_soon_days=-1"), @r#""due_soon_days" "out_of_range": "must be from 0 to 365""#);
    assert_snapshot!(fault("/v1/reports/tasks?group_by=person"), @r#""group_by" "unknown_code": "is not a code of the enumeration task_grouping""#);
    assert_snapshot!(fault("/v1/reports/tasks?group_by=lead&document=48-CT/TW"), @r#""document" "does_not_exist": "names no document: there is none with the symbol 48-CT/TW""#);
    assert_snapshot!(fault("/v1/reports/tasks?group_by=month&units=2026-01-01"), @r#""units" "inconsistent": "does not go with group_by=month unless admin_unit or lead is given""#);
    assert_snapshot!(fault("/v1/reports/tasks?group_by=lead&admin_unit=1"), @r#""admin_unit" "does_not_exist": "names no administrative unit: there is none with the number 1""#);
    assert_snapshot!(fault("/v1/reports/tasks?group_by=lead&from=2026-09-02&to=2026-09-01"), @r#""to" "inconsistent": "must not be before 2026-09-02""#);
    given::admin_unit(&service.administrator(), json!({}));
    for narrowed in ["group_by=lead", "group_by=month&admin_unit=1", "group_by=document&lead=1"] {
        service.public().get(&format!("/v1/reports/tasks?{narrowed}&units=2026-01-01")).expect(200);
    }
    assert_snapshot!(fault("/v1/tasks?timeliness=late"), @r#""timeliness" "unknown_code": "is not a code of the enumeration task_timeliness""#);
});

on_both!(report_is_a_table_too, |service| {
    given_tasks(&service.administrator());
    let question = format!("/v1/reports/tasks?group_by=lead&as_of={DAY}");
    let csv = service.public().get(&format!("{question}&format=csv&csv=raw")).expect(200);
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"task_report.csv\""));
    assert_snapshot!(csv.text(), @r"
    as_of,lead_id,lead_title,ended_on,admin_unit_id,admin_unit_title,document_id,document_title,month,without,tasks,assigned,done,due,done_on_time,done_late,open_in_time,open_due_soon,open_overdue,open_no_deadline,done_no_deadline,excluded,most_days_late,done_of_assigned,done_of_due,on_time_of_assigned,on_time_of_due,overdue_of_assigned,url
    2026-09-30,1,Công an Thái Bình,,,,,,,,4,4,2,3,1,1,1,0,1,0,0,0,20,50.0,66.7,25.0,33.3,25.0,/v1/tasks?lead=1&as_of=2026-09-30
    2026-09-30,2,Sở Nội vụ Hưng Yên,,,,,,,,2,2,0,1,0,0,0,1,1,0,0,0,10,0.0,0.0,0.0,0.0,50.0,/v1/tasks?lead=2&as_of=2026-09-30
    2026-09-30,3,Bộ Công an,,,,,,,,2,2,1,0,0,0,0,0,0,1,1,0,,50.0,,0.0,,0.0,/v1/tasks?lead=3&as_of=2026-09-30
    2026-09-30,,,,,,,,,lead,2,1,0,1,0,0,0,0,1,0,0,1,30,0.0,0.0,0.0,0.0,100.0,/v1/tasks?without=lead&as_of=2026-09-30
    ");
    let lines = service.public().get(&format!("{question}&format=ndjson")).expect(200);
    assert_eq!(lines.text().lines().count(), 5);
    let workbook = service.public().get(&format!("{question}&format=xlsx&labels=vi")).expect(200);
    assert_eq!(&workbook.body[..2], b"PK");
});
