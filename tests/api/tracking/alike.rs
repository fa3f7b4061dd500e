//! Both databases answer alike, field by field: generated records over the provinces and committees of the reference data,
//! asked for all that is computed, as of days around 1 July 2025 and in the units of others.

use serde_json::{Value, json};

use crate::parameters::load_all;
use crate::support::{Client, Engine, Service, small_settings};

/// The days on which everything is asked.
const DAYS: [&str; 4] = ["2018-12-31", "2025-06-30", "2025-07-01", "2026-11-21"];
/// How many of each are made.
const DOCUMENTS: usize = 30;
const CONFERENCES: usize = 150;
const EXPECTATIONS: usize = 60;
const TASKS: usize = 200;
const AWARDS: usize = 60;

/// Numbers that look like chance and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn day(&mut self, first: usize, years: usize) -> String {
        format!("{}-{:02}-{:02}", first + self.below(years), 1 + self.below(12), 1 + self.below(28))
    }

    fn maybe<T>(&mut self, one_in: usize, value: T) -> Option<T> {
        (self.below(one_in) == 0).then_some(value)
    }
}

fn key(kind: &str, at: usize) -> Value {
    json!({ "external_key": { "system": "generated", "key": format!("{kind}{at}") } })
}

fn keyed(kind: &str, at: usize, mut fields: Value) -> Value {
    fields["type"] = json!(kind);
    fields["external_key"] = key(kind, at)["external_key"].clone();
    fields
}

/// The records, as rows to be imported; `bodies` are the numbers of the organizations that act.
fn generated(bodies: &[i64]) -> Vec<Value> {
    let mut numbers = Numbers(20_250_701);
    let mut rows = Vec::new();
    for at in 0..DOCUMENTS {
        rows.push(document(&mut numbers, at, bodies));
        if at > 2 {
            let kind = numbers.one(&["implements", "replaces", "continues", "based_on"]);
            let to = key("document", numbers.below(at));
            let stated_on = numbers.day(2015, 11);
            let link = json!({ "kind": kind, "from": key("document", at), "to": to, "stated_on": stated_on });
            rows.push(keyed("document_link", at, link));
        }
    }
    rows.extend((0..CONFERENCES).map(|at| conference(&mut numbers, at, bodies)));
    rows.extend((0..EXPECTATIONS).map(|at| expectation(&mut numbers, at, bodies)));
    for at in 0..TASKS {
        rows.push(task(&mut numbers, at, bodies));
        let extension = extension(&mut numbers, at);
        rows.extend(numbers.maybe(3, keyed("extension", at, extension)));
        let update = json!({
            "task": key("task", at), "reported_on": numbers.day(2025, 2), "text": "Đã báo cáo.",
            "state": numbers.one(&["in_progress", "on_hold", "cancelled"]),
        });
        rows.extend(numbers.maybe(3, keyed("task_update", at, update)));
    }
    rows.extend((0..AWARDS).map(|at| award(&mut numbers, at, bodies)));
    rows
}

fn document(numbers: &mut Numbers, at: usize, bodies: &[i64]) -> Value {
    let kind = numbers.one(&["directive", "resolution", "conclusion", "plan"]);
    let activity = numbers.one(&["interim_review", "final_review"]);
    let years = numbers.one(&[1, 3, 5, 10]);
    let schedule = numbers.maybe(3, json!([{ "activity": activity, "years": years }]));
    let visibility = if numbers.below(8) == 0 { "internal" } else { "public" };
    keyed(
        "document",
        at,
        json!({
            "system": "party", "kind": kind, "title": format!("Về việc thứ {at}"), "issued_on": numbers.day(2012, 14),
            "review_schedule": schedule.unwrap_or(json!([])), "numbering_body": numbers.one(bodies),
            "number": 1000 + at, "visibility": visibility,
        }),
    )
}

fn conference(numbers: &mut Numbers, at: usize, bodies: &[i64]) -> Value {
    let activities =
        ["study_dissemination", "implementation", "interim_review", "final_review", "thematic", "popularization"];
    let mut about = Vec::new();
    for _ in 0..=numbers.below(2) {
        let activity = numbers.one(&activities);
        let years = if activity.ends_with("review") { numbers.maybe(2, numbers.0 % 10 + 1) } else { None };
        let document = key("document", numbers.below(DOCUMENTS));
        about.push(json!({ "document": document, "activity": activity, "review_years": years }));
    }
    about.dedup_by(|one, other| one["document"] == other["document"]);
    let precision = numbers.one(&["day", "day", "day", "month", "year"]);
    keyed(
        "conference",
        at,
        json!({
            "name": format!("Hội nghị thứ {at}"), "held_from": numbers.day(2015, 12), "date_precision": precision,
            "convening_body": numbers.one(bodies), "conference_documents": about,
            "visibility": if numbers.below(10) == 0 { "internal" } else { "public" },
        }),
    )
}

fn expectation(numbers: &mut Numbers, at: usize, bodies: &[i64]) -> Value {
    let milestone = numbers.one(&["disseminated", "plan_issued", "reviewed_interim", "reviewed_final", "reported"]);
    let due_on = numbers.day(2018, 9);
    let mut fields = json!({
        "milestone": milestone, "document": key("document", numbers.below(DOCUMENTS)),
        "due_on": numbers.maybe(2, due_on), "origin_conference": key("conference", numbers.below(CONFERENCES)),
    });
    if numbers.below(4) == 0 {
        fields["class_kind"] = json!("party_committee");
        fields["class_level"] = json!("province");
    } else {
        fields["organization"] = json!(numbers.one(bodies));
    }
    keyed("expectation", at, fields)
}

fn task(numbers: &mut Numbers, at: usize, bodies: &[i64]) -> Value {
    let state =
        numbers.one(&["not_started", "in_progress", "completed", "completed", "on_hold", "cancelled", "submitted"]);
    let kind = numbers.one(&["fixed_date", "fixed_date", "fixed_date", "none_stated", "regular_no_deadline"]);
    let lead = match numbers.below(6) {
        0 => json!([]),
        1 => json!([{ "role": "lead", "assignee_text": "các cấp, các ngành" }]),
        _ => json!([{ "role": "lead", "organization": numbers.one(bodies) }]),
    };
    let documents = [numbers.below(DOCUMENTS), DOCUMENTS - 1 - numbers.below(3)];
    let due_on = numbers.day(2025, 2);
    let origin = key("document", documents[0]);
    let product = numbers.maybe(2, "Báo cáo");
    keyed(
        "task",
        at,
        json!({
            "content": format!("Việc thứ {at}"), "state": state, "issued_on": numbers.day(2024, 2),
            "completed_on": (state == "completed").then(|| numbers.day(2026, 1)), "deadline_kind": kind,
            "due_on": (kind == "fixed_date").then_some(due_on), "assignments": lead, "product": product,
            "origin_document": numbers.maybe(2, origin), "documents": [key("document", documents[1])],
            "visibility": if numbers.below(12) == 0 { "internal" } else { "public" },
        }),
    )
}

fn extension(numbers: &mut Numbers, at: usize) -> Value {
    json!({
        "task": key("task", at), "requested_on": numbers.day(2025, 1), "requested_due_on": numbers.day(2027, 1),
    })
}

fn award(numbers: &mut Numbers, at: usize, bodies: &[i64]) -> Value {
    let (giver, awarded_on, collectives) = (numbers.one(bodies), numbers.day(2016, 10), numbers.below(20));
    keyed(
        "award",
        at,
        json!({
            "kind": numbers.one(&["merit_certificate", "commemorative_medal"]), "giver": numbers.maybe(2, giver),
            "awarded_on": numbers.maybe(2, awarded_on), "collectives": numbers.maybe(2, collectives),
            "documents": [key("document", numbers.below(DOCUMENTS))],
        }),
    )
}

/// A service with the data sets and the generated records, and the numbers of the generated documents.
fn filled(engine: Engine) -> (Service, Vec<i64>) {
    let service = Service::start(engine, small_settings());
    load_all(&service);
    let editor = service.administrator();
    let list = "/v1/organizations?kind=party_committee&level=province&limit=200&fields=id";
    let bodies = editor.get(list).expect(200).json();
    let bodies: Vec<i64> = bodies["data"].as_array().unwrap().iter().map(|body| body["id"].as_i64().unwrap()).collect();
    assert!(bodies.len() >= 90, "the committees of the old and the new provinces: {}", bodies.len());
    let rows = generated(&bodies);
    let body = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let answer = editor.request("POST", "/v1/import?atomic=true").body("application/x-ndjson", body).send();
    let answer = answer.expect(200);
    let results: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(results.last().unwrap()["created"], rows.len(), "{answer}");
    let documents = results.iter().filter(|row| row["type"] == "document").map(|row| row["id"].as_i64().unwrap());
    let documents = documents.collect();
    decide(&editor);
    (service, documents)
}

/// Grants every second request, some of them after the days that are asked about.
fn decide(editor: &Client) {
    let requests = editor.get("/v1/extensions?limit=200&fields=id,requested_due_on").expect(200).json();
    for (at, request) in requests["data"].as_array().unwrap().iter().enumerate() {
        let decided_on = ["2026-01-15", "2026-06-15", "2026-11-20"][at % 3];
        let decision =
            json!({ "status": "granted", "decided_on": decided_on, "new_due_on": request["requested_due_on"] });
        let refusal = json!({ "status": "refused", "decided_on": decided_on });
        let decision = if at % 2 == 0 { decision } else { refusal };
        editor.post(&format!("/v1/extensions/{}/decision", request["id"]), &decision).expect(200);
    }
}

/// What is asked about one document as of a day.
fn about_a_document(id: i64, day: &str) -> Vec<String> {
    let units = ["", "&units=2026-11-01", "&units=2025-06-30", "&level=province&units=2018-01-01"];
    let mut paths: Vec<String> =
        units.iter().map(|units| format!("/v1/documents/{id}/implementation?as_of={day}{units}")).collect();
    paths.push(format!("/v1/documents/{id}/gaps?level=province&milestone=disseminated&as_of={day}"));
    for answer in ["lineage", "cascade", "timeline"] {
        paths.push(format!("/v1/documents/{id}/{answer}?as_of={day}"));
    }
    paths
}

/// What is asked across documents as of a day.
fn across(day: &str) -> Vec<String> {
    let mut paths: Vec<String> = [
        "matrix?kind=directive&issued_from=2012-01-01&milestone=disseminated,reviewed_final",
        "matrix.svg?kind=resolution&issued_from=2020-01-01&milestone=disseminated",
        "reports/awards?group_by=giver,kind,year",
        "reports/conferences?group_by=province&document=1",
        "reports/conferences?group_by=convening_body",
        "reviews/due?year=2026&level=province",
        "reviews/due?year=2027",
        "reports/tasks.svg?group_by=month",
        "tasks?sort=effective_due_on&limit=200&timeliness=open_overdue,done_late",
        "tasks?lacks=lead,product&limit=50&count=exact",
        "people/1/timeline?",
        "citations?text=Chi+thi+so+1003,+1004,+1007;+nghi+quyet+so+1001,+1002;+28-NQ/TW;+5+nam+thuc+hien+chi+thi+so+46",
    ]
    .iter()
    .map(|path| format!("/v1/{path}{}as_of={day}", if path.ends_with('?') { "" } else { "&" }))
    .collect();
    for group in ["lead", "admin_unit", "document", "month"] {
        paths.push(format!("/v1/reports/tasks?group_by={group}&as_of={day}"));
        paths.push(format!("/v1/reports/tasks?group_by={group}&as_of={day}&format=csv&csv=raw"));
    }
    paths.push(format!("/v1/reports/tasks?group_by=admin_unit&as_of={day}&units=2026-11-01"));
    paths
}

#[test]
fn both_databases_answer_alike_field_by_field() {
    let (sqlite, documents) = filled(Engine::Sqlite);
    let (postgres, same) = filled(Engine::Postgres);
    assert_eq!(documents, same);
    let mut paths = Vec::new();
    for day in DAYS {
        paths.extend(documents.iter().take(3).flat_map(|id| about_a_document(*id, day)));
        paths.extend(across(day));
    }
    paths.extend(["/v1/quality".to_owned(), "/v1/statistics?check=inconsistent".to_owned()]);
    let (mut answered, mut told) = (0, 0);
    for (at, path) in paths.iter().enumerate() {
        // By turns what the public sees, and all.
        let [one, other] = [&sqlite, &postgres].map(|service| {
            let client = if at % 2 == 0 { service.public() } else { service.reader() };
            client.get(path).expect(200)
        });
        assert!(one.text() == other.text(), "{path}: {}", first_difference(one.text(), other.text()));
        answered += 1;
        told += one.text().len();
    }
    assert!(answered > 150 && told > 3_000_000, "{answered} answers of {told} bytes");
}

/// Where two texts part, with what stands around it.
fn first_difference(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(200)..text.len().min(at + 200)]).into_owned()
    };
    format!("SQLite says\n{}\nPostgreSQL says\n{}", around(one), around(other))
}
