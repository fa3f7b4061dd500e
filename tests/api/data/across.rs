//! What is computed across the documents and the people of the data: worked out by hand from the reports.

use serde_json::{Value, json};

use crate::data::{all, by_key, symbol, texts};
use crate::support::Client;

fn get(client: &Client, path: &str) -> Value {
    client.get(path).expect(200).json()
}

/// The number of the document that the data know by this key.
fn document(client: &Client, key: &str) -> i64 {
    by_key(client, "documents", "reference", key)["id"].as_i64().unwrap()
}

fn title(link: &Value) -> &str {
    link["title"].as_str().unwrap_or_default()
}

/// What is on record in the rows of a matrix: `Tỉnh ủy Tiền Giang 48-CT/TW reviewed_final 2020-11-11 3673`.
fn done(matrix: &Value) -> Vec<String> {
    let symbols = |id: &Value| {
        let documents = matrix["documents"].as_array().unwrap();
        symbol(&documents.iter().find(|it| it["document"]["id"] == *id).unwrap()["document"]).to_owned()
    };
    let rows = matrix["rows"].as_array().unwrap().iter();
    let cells = rows.flat_map(|row| row["cells"].as_array().unwrap().iter().map(move |cell| (row, cell)));
    cells
        .filter(|(_, cell)| cell["evidence_count"] != 0)
        .map(|(row, cell)| {
            let (step, on) = (cell["milestone"].as_str().unwrap(), cell["on"].as_str().unwrap());
            let from = match title(&cell["inherited_from"]) {
                "" => String::new(),
                from => format!(" ← {from}"),
            };
            let body = title(&row["organization"]);
            format!("{body} {} {step} {on} {}{from}", symbols(&cell["document"]), cell["days_since_issue"])
        })
        .collect()
}

on_loaded!(one_conference_stands_in_the_columns_of_four_documents, |service| {
    let client = service.public();
    let keys = ["48-ct-tw-x", "46-ct-tw-xi", "12-ct-tw-xii", "51-nq-tw-xii"];
    let ids = keys.map(|key| document(&client, key).to_string()).join(",");
    let steps = "milestone=disseminated,reviewed_interim,reviewed_final";
    let on = |days: &str| get(&client, &format!("/v1/matrix?documents={ids}&{steps}&level=province&{days}"));
    let acts = [
        "48-CT/TW reviewed_final 2020-11-11 3673",
        "46-CT/TW reviewed_interim 2020-11-11 1969",
        "12-CT/TW reviewed_interim 2020-11-11 1406",
        "51-NQ/TW disseminated 2020-11-11 433",
    ];
    let own = on("as_of=2025-06-30");
    assert_eq!(done(&own), acts.map(|act| format!("Tỉnh ủy Tiền Giang {act}")));
    let inherited = acts.map(|act| format!("Tỉnh ủy Đồng Tháp {act} ← Tỉnh ủy Tiền Giang"));
    assert_eq!(done(&on("as_of=2025-07-01")), inherited);
    assert_eq!(done(&on("as_of=2020-12-31&units=2026-11-01")), inherited);
    assert_eq!(done(&on("as_of=2020-11-10")), [""; 0]);
    let row = own["rows"].as_array().unwrap().iter().find(|row| title(&row["organization"]) == "Tỉnh ủy Tiền Giang");
    let counts: Vec<Value> = row.unwrap()["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it["milestone"], it["documents"], it["done"], it["acts"]]))
        .collect();
    assert_eq!(
        json!(counts),
        json!([["disseminated", 4, 1, 1], ["reviewed_interim", 4, 2, 1], ["reviewed_final", 4, 1, 1]]),
        "two interim reviews at one conference are one act"
    );
});

on_loaded!(matrix_agrees_with_the_implementation_of_every_document, |service| {
    let client = service.public();
    let lines = |path: &str| -> Vec<String> {
        client.get(path).expect(200).text().lines().skip(1).map(str::to_owned).collect()
    };
    let mut compared = 0;
    for page in all(&client, "/v1/documents").chunks(40) {
        let ids: Vec<String> = page.iter().map(|document| document["id"].to_string()).collect();
        for days in ["as_of=2026-11-21", "as_of=2018-12-31&units=2026-11-01"] {
            let of = |path: &str| lines(&format!("{path}{days}&format=csv&csv=raw"));
            let matrix = of(&format!("/v1/matrix?documents={}&", ids.join(",")));
            for id in &ids {
                let own = of(&format!("/v1/documents/{id}/implementation?"));
                let cells: Vec<&String> = matrix.iter().filter(|line| line.starts_with(&format!("{id},"))).collect();
                assert!(own.iter().all(|line| cells.contains(&line)), "{id} {days}");
                let others = cells.iter().filter(|line| !own.contains(line));
                assert!(others.into_iter().all(|line| line.contains(",no_record,")), "{id} {days}");
                compared += own.len();
            }
        }
    }
    assert!(compared >= 80, "{compared}");
});

on_loaded!(figure_that_does_not_add_up_is_listed, |service| {
    let figures = all(&service.public(), "/v1/statistics?check=inconsistent");
    let told: Vec<Value> = figures
        .iter()
        .map(|it| json!([it["numerator"], it["denominator"], it["stated_rate"], it["computed_rate"]]))
        .collect();
    assert_eq!(json!(told), json!([[771, 778, 92.2, 99.1]]));
    let found = get(&service.public(), "/v1/quality?check=statistic_inconsistent");
    assert_eq!(found["rows"][0]["record"]["url"], figures[0]["url"]);
});

/// The groups of a report: `organization Bộ Công an merit_certificate 1 10 null null 0`.
fn groups(report: &Value) -> Vec<String> {
    let told = report["groups"].as_array().unwrap().iter().map(|group| {
        let text = |name: &str| group[name].as_str().unwrap_or("-").to_owned();
        let count = |name: &str| group[name].to_string();
        let counts = ["awards", "collectives", "individuals", "undivided", "uncounted"].map(count).join(" ");
        format!("{} {} {} {counts}", text("given_by"), title(&group["giver"]), text("kind"))
    });
    told.collect()
}

on_loaded!(awards_for_ten_years_of_directive_48_state_no_number, |service| {
    let client = service.public();
    let id = document(&client, "48-ct-tw-x");
    let report = get(&client, &format!("/v1/reports/awards?group_by=giver,kind&document={id}"));
    assert_eq!(groups(&report), ["organization Ban Thường vụ Tỉnh ủy Tiền Giang merit_certificate 1 null null null 1"]);
    assert_eq!(
        report["groups"][0]["url"].as_str().map(|url| get(&client, url)["data"][0]["count_text"].clone()),
        Some(json!("nhiều tập thể và cá nhân"))
    );
});

on_loaded!(awards_of_the_data_by_giver_and_kind, |service| {
    let report = get(&service.public(), "/v1/reports/awards?group_by=giver,kind");
    let mut told = groups(&report);
    told.sort();
    assert_eq!(
        told,
        [
            "organization Ban Thường vụ Tỉnh ủy Tiền Giang merit_certificate 1 null null null 1",
            "organization Bộ Công an merit_certificate 1 10 null null 0",
            "organization Ủy ban nhân dân tỉnh Hòa Bình merit_certificate 1 5 10 null 0",
            "unknown  commemorative_medal 1 null null null 1",
        ]
    );
    let total = &report["total"];
    assert_eq!((&total["awards"], &total["collectives"], &total["individuals"]), (&json!(4), &json!(15), &json!(10)));
});

on_loaded!(officer_of_the_day_chairs_as_the_source_says, |service| {
    let client = service.public();
    let person = by_key(&client, "people", "sample", "nguyen-hong-dien")["id"].clone();
    let timeline = get(&client, &format!("/v1/people/{person}/timeline?event=conference"));
    let told: Vec<Value> = timeline["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let stated = entry["stated"].as_array().unwrap();
            let held = texts(stated, "/held");
            json!([entry["on"], entry["roles"], texts(stated, "/title"), held, entry["agrees"]])
        })
        .collect();
    assert_eq!(
        json!(told),
        json!([
            [
                "2017-05-15",
                ["attendee"],
                ["Ủy viên Trung ương Đảng", "Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"],
                ["held", "held", "held"],
                true
            ],
            [
                "2018-07-16",
                ["chair", "concluding_speaker"],
                ["Ủy viên Trung ương Đảng", "Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"],
                ["begun", "held", "begun"],
                true
            ],
        ])
    );
    let chaired = get(&client, &format!("/v1/people/{person}/timeline?role=chair"));
    let posts = chaired["entries"][0]["posts"].as_array().unwrap();
    assert_eq!(posts[0]["title"], "Bí thư Tỉnh ủy");
    assert_eq!(texts(posts, "/held"), ["held", "begun", "begun", "begun"], "no source says when a post was left");
});

on_loaded!(misspelt_offices_of_a_source_agree_with_the_posts, |service| {
    let client = service.public();
    let person = by_key(&client, "people", "sample", "nguyen-van-danh")["id"].clone();
    let timeline = get(&client, &format!("/v1/people/{person}/timeline?event=conference"));
    let entry = &timeline["entries"][0];
    let stated = entry["stated"].as_array().unwrap();
    assert_eq!(texts(stated, "/title")[0], "Uỷ viên Bán chấp hành Trung ương Đảng");
    assert_eq!((texts(stated, "/held"), &entry["agrees"]), (vec!["held", "held", "held"], &json!(true)));
});

on_loaded!(data_lack_what_the_reports_do_not_say, |service| {
    let quality = get(&service.public(), "/v1/quality");
    let counts: Vec<Value> =
        quality["summary"].as_array().unwrap().iter().map(|it| json!([it["check"], it["count"]])).collect();
    insta::assert_snapshot!(json!(counts).to_string().replace("],[", "],\n["), @r#"
    [["document_without_issuer",1],
    ["document_without_number",2],
    ["document_without_date",6],
    ["document_outside_body",0],
    ["conference_without_day",0],
    ["conference_before_document",0],
    ["conference_outside_body",0],
    ["citation_without_document",3],
    ["office_not_held",0],
    ["task_without_lead",37],
    ["task_without_deadline",31],
    ["task_without_product",41],
    ["task_outside_body",0],
    ["task_due_before_given",0],
    ["task_completed_too_early",0],
    ["task_completed_in_future",0],
    ["assignment_to_ended_body",1],
    ["expectation_without_record",0],
    ["statistic_inconsistent",1],
    ["award_without_giver",1],
    ["award_outside_body",0],
    ["succession_without_act",64],
    ["source_without_day",1]]
    "#);
    for check in quality["summary"].as_array().unwrap() {
        let own = get(&service.public(), check["url"].as_str().unwrap());
        assert_eq!((&own["summary"][0]["count"], &own["summary"][0]["check"]), (&check["count"], &check["check"]));
    }
    let rows = quality["rows"].as_array().unwrap();
    let cited: Vec<&str> = rows
        .iter()
        .filter(|row| row["check"] == "citation_without_document")
        .map(|row| title(&row["record"]))
        .collect();
    assert_eq!(
        cited,
        [
            "Văn bản chỉ đạo về bảo đảm an ninh trật tự (không nêu số)",
            "Quy chế làm việc của Ban Chỉ đạo",
            "Văn bản của Đảng, Nhà nước, Bộ Công an và Tỉnh ủy về an ninh, trật tự (nêu chung)",
        ]
    );
});
