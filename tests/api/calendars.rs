//! Calendars: what subscribers see of conferences and tasks, read back by a parser that others wrote.

use icalendar::parser::{read_calendar, unfold};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::parameters::load_all;
use crate::support::{Client, Response, Service, given};

/// A calendar with the name of the database and of the host taken out, which differ from run to run.
fn calendar(client: &Client, path: &str) -> String {
    let answer = client.get(path).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    let host = client.address.to_string();
    let lines = answer.text().split_terminator("\r\n");
    assert!(lines.clone().all(|line| line.len() <= 75), "{answer}");
    let whole = lines.collect::<Vec<_>>().join("\n").replace("\n ", "").replace(&host, "HOST");
    let identity =
        whole.split_once("UID:").and_then(|(_, rest)| rest.split_once('@')?.1.split_once('.')).map(|it| it.0);
    match identity {
        Some(identity) => whole.replace(identity, "IDENTITY"),
        None => whole,
    }
}

/// The calendar of conferences as it is found under a host.
fn found_at(client: &Client, host: &str, headers: &str) -> Response {
    let request = format!("GET /v1/conferences.ics HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n");
    client.raw(request.as_bytes())
}

/// The properties of each entry, as the parser reads them.
fn entries(client: &Client, path: &str) -> Vec<Vec<(String, String)>> {
    let answer = client.get(path).expect(200);
    let unfolded = unfold(answer.text());
    let calendar = read_calendar(&unfolded).unwrap_or_else(|error| panic!("{error}\n{answer}"));
    let entries = calendar.components.iter().filter(|component| component.name != "VTIMEZONE");
    let properties = entries.map(|entry| {
        entry.properties.iter().map(|property| (property.name.to_string(), property.val.to_string())).collect()
    });
    properties.collect()
}

fn value<'a>(entry: &'a [(String, String)], name: &str) -> &'a str {
    entry.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// These properties of each entry, with `-` for those that it has not.
fn values(client: &Client, path: &str, names: &[&str]) -> Vec<String> {
    let shown = |entry: &Vec<(String, String)>| {
        let values = names.iter().map(|name| value(entry, name)).map(|text| if text.is_empty() { "-" } else { text });
        values.collect::<Vec<_>>().join(" ")
    };
    entries(client, path).iter().map(shown).collect()
}

/// A task that is due on a day after that of the tests.
fn task(service: &Service, fields: Value) -> given::Record {
    let defaults = json!({ "content": "Rà soát các dự án.", "deadline_kind": "fixed_date", "due_on": "2026-12-01" });
    given::record(&service.editor(), "tasks", &given::with(defaults, fields))
}

on_both!(conference_is_an_entry_on_whole_days, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({})).id();
    given::conclusion_32(&editor);
    let about = json!([
        { "document": 1, "activity": "study_dissemination" }, { "document": 1, "activity": "implementation" },
    ]);
    given::conference(
        &editor,
        json!({
            "held_from": "2026-12-16", "held_to": "2026-12-17", "part_of_day": "morning", "place": "Thái Bình; hội trường A, B",
            "convening_body": body, "conference_documents": about, "mode": "hybrid",
        }),
    );
    assert_snapshot!(calendar(&service.public(), "/v1/conferences.ics?alarm_days=3"), @r"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Directive tracker//Directive tracker 0.1.0//VI
    CALSCALE:GREGORIAN
    NAME:Hội nghị
    X-WR-CALNAME:Hội nghị
    REFRESH-INTERVAL;VALUE=DURATION:PT6H
    X-PUBLISHED-TTL:PT6H
    SOURCE;VALUE=URI:http://HOST/v1/conferences.ics?alarm_days=3
    BEGIN:VTIMEZONE
    TZID:Asia/Ho_Chi_Minh
    BEGIN:STANDARD
    DTSTART:19750613T000000
    TZOFFSETFROM:+0800
    TZOFFSETTO:+0700
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VEVENT
    UID:conference-1@IDENTITY.directive-tracker
    DTSTAMP:20261121T030000Z
    CREATED:20261121T030000Z
    LAST-MODIFIED:20261121T030000Z
    SEQUENCE:0
    DTSTART;VALUE=DATE:20261216
    DTEND;VALUE=DATE:20261218
    STATUS:CONFIRMED
    TRANSP:TRANSPARENT
    SUMMARY:Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng
    DESCRIPTION:Buổi sáng.\nCơ quan triệu tập: Tỉnh ủy Thái Bình\nHình thức tổ chức: Trực tiếp kết hợp trực tuyến\n- Quán triệt: 32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây\n- Triển khai: 32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây
    LOCATION:Thái Bình\; hội trường A\, B
    CATEGORIES:Quán triệt,Triển khai
    URL:http://HOST/v1/conferences/1
    BEGIN:VALARM
    ACTION:DISPLAY
    DESCRIPTION:Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng
    TRIGGER:-P2DT16H
    END:VALARM
    END:VEVENT
    END:VCALENDAR
    ");
});

on_both!(task_is_to_be_done_by_the_day_that_holds, |service| {
    let editor = service.administrator();
    let body = given::organization(&editor, json!({ "name": "Công an tỉnh", "kind": "police" })).id();
    let lead = json!([{ "role": "lead", "organization": body }]);
    let content = "Rà soát, giải quyết các vụ việc phức tạp.\nBáo cáo trước ngày 01/12.";
    let id = task(service, json!({ "content": content, "urgency": "urgent", "assignments": lead })).id();
    assert_snapshot!(calendar(&service.public(), "/v1/tasks.ics?alarm_days=3"), @r"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Directive tracker//Directive tracker 0.1.0//VI
    CALSCALE:GREGORIAN
    NAME:Nhiệm vụ
    X-WR-CALNAME:Nhiệm vụ
    REFRESH-INTERVAL;VALUE=DURATION:PT6H
    X-PUBLISHED-TTL:PT6H
    SOURCE;VALUE=URI:http://HOST/v1/tasks.ics?alarm_days=3
    BEGIN:VTIMEZONE
    TZID:Asia/Ho_Chi_Minh
    BEGIN:STANDARD
    DTSTART:19750613T000000
    TZOFFSETFROM:+0800
    TZOFFSETTO:+0700
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VTODO
    UID:task-1@IDENTITY.directive-tracker
    DTSTAMP:20261121T030000Z
    CREATED:20261121T030000Z
    LAST-MODIFIED:20261121T030000Z
    SEQUENCE:0
    DUE;VALUE=DATE:20261201
    STATUS:NEEDS-ACTION
    SUMMARY:Rà soát\, giải quyết các vụ việc phức tạp.
    DESCRIPTION:Rà soát\, giải quyết các vụ việc phức tạp.\nBáo cáo trước ngày 01/12.\nChủ trì: Công an tỉnh\nTrạng thái: Chưa thực hiện
    CATEGORIES:Chưa thực hiện
    PRIORITY:3
    URL:http://HOST/v1/tasks/1
    BEGIN:VALARM
    ACTION:DISPLAY
    DESCRIPTION:Rà soát\, giải quyết các vụ việc phức tạp.
    TRIGGER;RELATED=END:-P2DT16H
    END:VALARM
    END:VTODO
    END:VCALENDAR
    ");
    let told = |path: &str| values(&service.public(), path, &["DUE", "DTSTART", "SEQUENCE"]);
    assert_eq!(told("/v1/tasks.ics"), ["20261201 - 0"]);
    let extension = json!({ "task": id, "requested_on": "2026-11-20", "requested_due_on": "2026-12-31" });
    given::record(&editor, "extensions", &extension);
    assert_eq!(told("/v1/tasks.ics"), ["20261201 - 0"], "it is asked for");
    let decision = json!({ "status": "granted", "decided_on": "2026-11-21", "new_due_on": "2026-12-31" });
    editor.post("/v1/extensions/1/decision", &decision).expect(200);
    assert_eq!(told("/v1/tasks.ics"), ["20261231 - 1"], "the day moved, so that the entry changed");
    assert_eq!(told("/v1/tasks.ics?entries=event"), ["- 20261231 1"]);
    assert_eq!(told("/v1/tasks.ics?due_to=2026-12-30"), [""; 0]);
    given::record(&editor, "extensions", &given::with(extension, json!({ "requested_due_on": "2027-01-10" })));
    let decision = given::with(decision, json!({ "new_due_on": "2027-01-10" }));
    editor.post("/v1/extensions/2/decision", &decision).expect(200);
    assert_eq!(told("/v1/tasks.ics"), ["20270110 - 2"]);
    editor.delete(&format!("/v1/tasks/{id}")).expect(204);
    assert_eq!(told("/v1/tasks.ics"), ["20270110 - 3"], "what was deleted with it counts on");
    assert_eq!(values(&service.public(), "/v1/tasks.ics", &["STATUS"]), ["CANCELLED"]);
});

on_both!(day_of_less_precision_spans_its_month_or_year, |service| {
    let editor = service.editor();
    let conference = |name: &str, precision: &str, to: Option<&str>| {
        let fields = json!({ "name": name, "held_from": "2018-07-01", "date_precision": precision, "held_to": to });
        given::conference(&editor, fields);
    };
    conference("A", "day", None);
    conference("B", "month", None);
    conference("C", "year", None);
    given::conference(&editor, json!({ "name": "D", "held_from": null }));
    let told = values(&service.public(), "/v1/conferences.ics", &["SUMMARY", "DTSTART", "DTEND", "DESCRIPTION"]);
    assert_eq!(
        told,
        [
            "A 20180701 20180702 -",
            "B 20180701 20180801 Không rõ ngày: trong tháng 07/2018.",
            "C 20180101 20190101 Không rõ ngày: trong năm 2018.",
        ],
        "one without a day is not there"
    );
});

on_both!(entry_is_known_again_and_tells_that_it_changed, |service| {
    let conference = given::conference(&service.editor(), json!({}));
    let client = service.public();
    let seen = |host: &str| {
        let text = found_at(&client, host, "").expect(200).text().replace("\r\n ", "");
        let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        (line("UID:"), line("SEQUENCE:"))
    };
    let before = seen("a.example");
    assert_eq!(before, seen("b.example:8080"), "whatever the address");
    service.editor().patch(&conference.url(), &json!({ "held_from": "2018-07-17" })).expect(200);
    let after = seen("a.example");
    assert_eq!((after.0 == before.0, before.1, after.1), (true, "SEQUENCE:0".to_owned(), "SEQUENCE:1".to_owned()));
});

on_both!(deleted_record_stays_for_a_while_as_cancelled, |service| {
    let editor = service.editor();
    let conference = given::conference(&editor, json!({ "held_from": "2026-12-16" }));
    let due = task(service, json!({}));
    editor.delete(&conference.url()).expect(204);
    editor.delete(&due.url()).expect(204);
    let told = |list: &str| values(&service.public(), &format!("/v1/{list}.ics?alarm_days=3"), &["STATUS", "SEQUENCE"]);
    assert_eq!((told("conferences"), told("tasks")), (vec!["CANCELLED 1".to_owned()], vec!["CANCELLED 1".to_owned()]));
    let elsewhere = "/v1/conferences.ics?held_to=2026-12-15";
    assert_eq!(entries(&service.public(), elsewhere).len(), 0, "where it would not stand if it lived");
    service.set_clock("2027-02-19T03:00:01Z");
    assert_eq!((told("conferences"), told("tasks")), (vec![], vec![]), "after ninety days");
});

on_both!(each_state_of_a_task_has_its_status, |service| {
    let state = |state: &str, more: Value| drop(task(service, given::with(json!({ "state": state }), more)));
    for name in ["not_started", "in_progress", "submitted", "returned", "on_hold", "transferred", "cancelled"] {
        state(name, json!({}));
    }
    state("completed", json!({ "completed_on": "2026-11-20" }));
    state("declined", json!({ "state_reason": "Không thuộc thẩm quyền." }));
    let names = ["STATUS", "PERCENT-COMPLETE", "COMPLETED", "CATEGORIES"];
    assert_snapshot!(values(&service.public(), "/v1/tasks.ics", &names).join("\n"), @r"
    NEEDS-ACTION - - Chưa thực hiện
    IN-PROCESS - - Đang thực hiện
    IN-PROCESS - - Đã báo cáo hoàn thành\, chờ xác nhận
    NEEDS-ACTION - - Trả lại / thực hiện lại
    NEEDS-ACTION - - Tạm dừng / tạm hoãn
    CANCELLED - - Đã chuyển đơn vị khác
    CANCELLED - - Hủy / không còn phù hợp
    COMPLETED 100 20261120T050000Z Đã hoàn thành (được xác nhận)
    NEEDS-ACTION - - Từ chối (có lý do)
    ");
    let events =
        values(&service.public(), "/v1/tasks.ics?entries=event&state=completed,cancelled", &["STATUS", "SUMMARY"]);
    assert_eq!(events, ["CANCELLED Đến hạn: Rà soát các dự án.", "CONFIRMED Đã hoàn thành: Rà soát các dự án."]);
    let alarms = calendar(&service.public(), "/v1/tasks.ics?alarm_days=1").matches("BEGIN:VALARM").count();
    assert_eq!(alarms, 4, "what is done, cancelled, transferred, declined or on hold reminds nobody");
});

on_both!(calendar_has_what_the_filters_of_its_list_let_through, |service| {
    load_all(service);
    let client = service.public();
    for question in
        ["", "document=5", "admin_unit=52", "person=2", "held_from=2018-01-01&held_to=2020-12-31", "q=an+ninh"]
    {
        let list = client.get(&format!("/v1/conferences?{question}&limit=200&sort=held_on")).expect(200).json();
        let dated = list["data"].as_array().unwrap().iter().filter(|record| !record["held_from"].is_null());
        let names: Vec<String> = dated.map(|record| record["name"].as_str().unwrap().to_owned()).collect();
        let read = entries(&client, &format!("/v1/conferences.ics?{question}"));
        let read: Vec<String> = read.iter().map(|entry| value(entry, "SUMMARY").replace('\\', "")).collect();
        assert_eq!(read, names, "{question}");
        assert!(!read.is_empty(), "{question}");
    }
    assert_eq!(entries(&client, "/v1/tasks.ics").len(), 0, "no task of the press has a deadline");
});

on_both!(calendar_may_begin_some_days_ago, |service| {
    for day in ["2026-10-21", "2026-10-22", "2026-11-21"] {
        given::conference(&service.editor(), json!({ "held_from": day }));
    }
    let count = |question: &str| entries(&service.public(), &format!("/v1/conferences.ics?{question}")).len();
    assert_eq!(["past_days=0", "past_days=30", "past_days=31", ""].map(count), [1, 2, 3, 3]);
});

on_both!(calendar_shows_the_public_no_internal_record, |service| {
    let editor = service.editor();
    let hidden = given::conference(&editor, json!({ "visibility": "internal" }));
    let count = |client: &Client| entries(client, "/v1/conferences.ics").len();
    assert_eq!((count(&service.public()), count(&service.reader())), (0, 1));
    editor.delete(&hidden.url()).expect(204);
    assert_eq!((count(&service.public()), count(&service.reader())), (0, 1), "nor that it was deleted");
});

on_both!(calendar_is_known_by_its_tag, |service| {
    given::conference(&service.editor(), json!({}));
    let client = service.public();
    let ask = |tag: &str| found_at(&client, "a.example", &format!("If-None-Match: {tag}\r\n"));
    let answer = ask("\"none\"").expect(200);
    assert_eq!(answer.header("vary"), Some("Authorization, Accept, Accept-Encoding"));
    assert_eq!(ask(answer.etag()).expect(304).body.len(), 0);
});

on_both!(calendar_that_cannot_be_is_refused, |service| {
    let client = service.public();
    assert_snapshot!(client.get("/v1/conferences.ics?past_days=30&held_from=2018-01-01"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter past_days stands in place of held_from and cannot stand beside it.",
      "instance": "/v1/conferences.ics",
      "errors": [
        {
          "parameter": "past_days",
          "code": "inconsistent",
          "message": "stands in place of held_from and cannot stand beside it"
        }
      ]
    }
    "#);
    let fault = |path: &str| -> Value { client.get(path).expect(400).json()["errors"][0].clone() };
    assert_eq!(fault("/v1/conferences.ics?alarm_days=61")["code"], "out_of_range");
    assert_eq!(fault("/v1/conferences.ics?past_days=-1")["code"], "out_of_range");
    assert_eq!(fault("/v1/conferences.ics?entries=event")["code"], "unknown_parameter");
    assert_eq!(fault("/v1/conferences.ics?sort=held_on")["code"], "unknown_parameter");
    assert_eq!(fault("/v1/tasks.ics?entries=journal")["allowed"], json!(["todo", "event"]));
    assert_eq!(fault("/v1/tasks.ics?due_from=2018-02-30")["parameter"], "due_from");
    let refused = client.request("GET", "/v1/tasks.ics").header("Accept", "application/json").send();
    assert_eq!((refused.status, &refused.json()["code"]), (406, &json!("not_acceptable")));
});

/// A conference of a body that reviews the document 1 after ten years.
fn final_review(editor: &Client, body: i64) {
    let about = json!([{ "document": 1, "activity": "final_review", "review_years": 10 }]);
    let fields = json!({ "convening_body": body, "held_from": "2026-07-16", "conference_documents": about });
    given::conference(editor, fields);
}

on_both!(review_that_falls_due_is_an_entry_until_all_have_held_it, |service| {
    let editor = service.editor();
    let directive = json!({ "kind": "directive", "number": 48, "issued_on": "2016-06-22", "title": "Về phòng cháy" });
    given::document(&editor, directive);
    let [held, waiting] = ["A", "B"].map(|name| given::organization(&editor, json!({ "name": name })).id());
    for body in [held, waiting] {
        let expectation = json!({ "milestone": "reviewed_final", "document": 1, "organization": body });
        given::record(&editor, "expectations", &expectation);
    }
    let path = "/v1/reviews/due.ics?year=2026&activity=final_review";
    let told = |path: &str| values(&service.public(), path, &["STATUS", "DUE", "SUMMARY", "DESCRIPTION"]).join("\n");
    assert_snapshot!(told(path), @"NEEDS-ACTION 20260622 Tổng kết 10 năm: Về phòng cháy Đã tổ chức: 0/2");
    final_review(&editor, held);
    assert_snapshot!(told(path), @"IN-PROCESS 20260622 Tổng kết 10 năm: Về phòng cháy Đã tổ chức: 1/2");
    final_review(&editor, waiting);
    assert_snapshot!(told(path), @"COMPLETED 20260622 Tổng kết 10 năm: Về phòng cháy Đã tổ chức: 2/2");
    assert_snapshot!(calendar(&service.public(), &format!("{path}&entries=event&alarm_days=30")), @r"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Directive tracker//Directive tracker 0.1.0//VI
    CALSCALE:GREGORIAN
    NAME:Sơ kết\, tổng kết đến hạn
    X-WR-CALNAME:Sơ kết\, tổng kết đến hạn
    REFRESH-INTERVAL;VALUE=DURATION:PT6H
    X-PUBLISHED-TTL:PT6H
    SOURCE;VALUE=URI:http://HOST/v1/reviews/due.ics?year=2026&activity=final_review&entries=event&alarm_days=30
    BEGIN:VTIMEZONE
    TZID:Asia/Ho_Chi_Minh
    BEGIN:STANDARD
    DTSTART:19750613T000000
    TZOFFSETFROM:+0800
    TZOFFSETTO:+0700
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VEVENT
    UID:review-1-final-review-10@IDENTITY.directive-tracker
    DTSTAMP:20261120T170000Z
    SEQUENCE:0
    DTSTART;VALUE=DATE:20260622
    DTEND;VALUE=DATE:20260623
    STATUS:CONFIRMED
    TRANSP:TRANSPARENT
    SUMMARY:Đến hạn: Tổng kết 10 năm: Về phòng cháy
    DESCRIPTION:Đã tổ chức: 2/2
    CATEGORIES:Tổng kết
    URL:http://HOST/v1/reviews/due?document=1&year=2026&activity=final_review
    END:VEVENT
    END:VCALENDAR
    ");
    assert_eq!(told("/v1/reviews/due.ics?year=2024"), "");
    let without_year = entries(&service.public(), "/v1/reviews/due.ics");
    assert_eq!(without_year.len(), 1, "what falls due this year and in the next");
    let fault = |path: &str| -> Value { service.public().get(path).expect(400).json()["errors"][0].clone() };
    assert_eq!(fault("/v1/reviews/due.ics?year=1800")["parameter"], "year");
    assert_eq!(fault("/v1/reviews/due.ics?past_days=3")["code"], "unknown_parameter");
});

on_both!(review_of_which_nobody_is_asked_is_never_completed, |service| {
    let editor = service.editor();
    given::document(&editor, json!({ "kind": "directive", "issued_on": "2016-06-22", "title": "Về phòng cháy" }));
    let unit = given::admin_unit(&editor, json!({})).id();
    let body = given::organization(&editor, json!({ "admin_unit": unit })).id();
    final_review(&editor, body);
    let told = |more: &str| {
        let path = format!("/v1/reviews/due.ics?year=2026{more}");
        values(&service.public(), &path, &["STATUS", "DESCRIPTION"]).join("\n")
    };
    assert_eq!(told(""), "IN-PROCESS Đã có 1 cơ quan tổ chức", "nobody knows of how many");
    assert_eq!(told("&level=province"), "COMPLETED Đã tổ chức: 1/1");
    assert_eq!(told(&format!("&admin_unit={unit}")), "COMPLETED Đã tổ chức: 1/1");
    assert_eq!(told("&level=commune"), "NEEDS-ACTION -", "there is none");
    let other = given::organization(&editor, json!({ "name": "B" })).id();
    let expectation = json!({ "milestone": "reviewed_final", "document": 1, "organization": other });
    given::record(&editor, "expectations", &expectation);
    assert_eq!(told(""), "IN-PROCESS Đã tổ chức: 0/1", "another was expected to");
});

on_both!(address_of_a_review_keeps_what_it_was_counted_with, |service| {
    let editor = service.editor();
    given::document(&editor, json!({ "kind": "directive", "issued_on": "2016-06-22" }));
    let unit = given::admin_unit(&editor, json!({})).id();
    let question = format!(
        "activity=final_review&years=10&level=province&admin_unit={unit}&as_of=2026-10-01&units=2025-06-30&kind=directive"
    );
    let told = values(&service.public(), &format!("/v1/reviews/due.ics?{question}"), &["URL"]).join("\n");
    let address = told.split_once("/v1/").unwrap().1;
    let kept = question.replace("&kind=directive", "");
    assert_eq!(address, format!("reviews/due?document=1&year=2026&{kept}"));
    service.public().get(&format!("/v1/{address}")).expect(200);
});

on_both!(review_in_a_calendar_has_a_name_of_its_own, |service| {
    let editor = service.editor();
    given::document(&editor, json!({ "kind": "plan", "issued_on": "2016-06-22" }));
    given::document(&editor, json!({ "kind": "directive", "issued_on": "2017-01-05", "title": "Về phòng cháy" }));
    let expect = |document: i64, due_on: &str| {
        let fields =
            json!({ "milestone": "reviewed_final", "document": document, "organization": 1, "due_on": due_on });
        given::record(&editor, "expectations", &fields)
    };
    given::organization(&editor, json!({}));
    expect(1, "2026-09-30");
    expect(1, "2027-06-30");
    expect(2, "2026-12-15");
    let names = || {
        let told = values(&service.public(), "/v1/reviews/due.ics", &["UID"]);
        told.iter().map(|uid| uid.split_once('@').unwrap().0.to_owned()).collect::<Vec<_>>()
    };
    let once =
        ["review-1-final-review-expected-2026", "review-2-final-review-10", "review-1-final-review-expected-2027"];
    assert_eq!(names(), once, "one that is asked about in both years is there once");
    editor.patch("/v1/expectations/1", &json!({ "due_on": "2026-10-31" })).expect(200);
    assert_eq!(names(), once, "whatever the day");
});

on_both!(review_of_less_precision_is_due_on_the_last_day_that_it_may_be, |service| {
    let editor = service.editor();
    for (title, precision) in [("A", "day"), ("B", "month"), ("C", "year")] {
        let fields = json!({ "issued_on": "2016-02-01", "issued_on_precision": precision, "title": title });
        given::document(&editor, given::with(json!({ "kind": "directive" }), fields));
    }
    let names = ["SUMMARY", "DUE", "DTSTART", "DESCRIPTION"];
    let told = |question: &str| values(&service.public(), &format!("/v1/reviews/due.ics?year=2026{question}"), &names);
    assert_snapshot!(told("").join("\n"), @r"
    Tổng kết 10 năm: A 20260201 - -
    Tổng kết 10 năm: B 20260228 - Không rõ ngày: 02/2026.
    Tổng kết 10 năm: C 20261231 - Không rõ ngày: 2026.
    ");
    assert_snapshot!(told("&entries=event").join("\n"), @r"
    Đến hạn: Tổng kết 10 năm: A - 20260201 -
    Đến hạn: Tổng kết 10 năm: B - 20260228 Không rõ ngày: 02/2026.
    Đến hạn: Tổng kết 10 năm: C - 20261231 Không rõ ngày: 2026.
    ");
});

on_both!(calendar_of_tasks_stays_with_today_where_a_filter_needs_a_day, |service| {
    task(service, json!({ "due_on": "2026-11-20" }));
    task(service, json!({ "due_on": "2026-12-31" }));
    let due = |question: &str| values(&service.public(), &format!("/v1/tasks.ics?{question}"), &["DUE"]);
    assert_eq!(due("timeliness=open_overdue"), ["20261120"]);
    let refused = service.public().get("/v1/tasks.ics?as_of=2027-01-01").expect(400).json();
    let fault = &refused["errors"][0];
    assert_eq!((&fault["parameter"], &fault["code"]), (&json!("as_of"), &json!("unknown_parameter")));
    service.public().get("/v1/conferences.ics?as_of=2027-01-01").expect(200);
});
