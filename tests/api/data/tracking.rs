//! What is computed about the documents of the data: worked out by hand from the reports, on days around 1 July 2025.

use serde_json::{Value, json};

use crate::data::{all, by_key, texts};
use crate::support::{Client, Service};

/// The address of the document that the data know by this key.
fn document(client: &Client, key: &str) -> String {
    by_key(client, "documents", "reference", key)["url"].as_str().unwrap().to_owned()
}

/// What is computed about a document.
fn computed(client: &Client, key: &str, question: &str) -> Value {
    client.get(&format!("{}/{question}", document(client, key))).expect(200).json()
}

/// The title of a link, nothing where there is none.
fn title(link: &Value) -> &str {
    link["title"].as_str().unwrap_or_default()
}

/// What is on record: `Tỉnh ủy Thái Bình disseminated 2018-07-16 11`, with `←` whose it was if it was another's.
fn done(answer: &Value) -> Vec<String> {
    let rows = answer["rows"].as_array().unwrap().iter();
    let cells = rows.flat_map(|row| row["cells"].as_array().unwrap().iter().map(move |cell| (row, cell)));
    cells
        .filter(|(_, cell)| cell["evidence_count"] != 0)
        .map(|(row, cell)| {
            let body = title(&row["organization"]);
            let (step, on) = (cell["milestone"].as_str().unwrap(), cell["on"].as_str().unwrap_or("-"));
            let from = match title(&cell["inherited_from"]) {
                "" => String::new(),
                from => format!(" ← {from}"),
            };
            format!("{body} {step} {on} {}{from}", cell["days_since_issue"])
        })
        .collect()
}

/// How many bodies have a row, and how many of them have done the only step that was asked for.
fn counted(answer: &Value) -> (Value, Value, Value) {
    let count = &answer["counts"][0];
    (count["bodies"].clone(), count["done"].clone(), count["acts"].clone())
}

on_loaded!(act_of_a_province_that_ended_answers_for_its_successor, |service| {
    let client = service.public();
    let own = ["Tỉnh ủy Thái Bình disseminated 2018-07-16 11"];
    let inherited = ["Tỉnh ủy Hưng Yên disseminated 2018-07-16 11 ← Tỉnh ủy Thái Bình"];
    for (days, bodies, expected) in [
        ("as_of=2018-07-15", 63, &[][..]),
        ("as_of=2018-07-16", 63, &own[..]),
        ("as_of=2018-12-31", 63, &own),
        ("as_of=2025-06-30", 63, &own),
        ("as_of=2025-07-01", 34, &inherited),
        ("as_of=2018-12-31&units=2026-11-01", 34, &inherited),
        ("as_of=2026-11-21&units=2018-07-16", 63, &own),
        ("as_of=2026-11-21", 34, &inherited),
    ] {
        let question = format!("implementation?milestone=disseminated&level=province&{days}");
        let answer = computed(&client, "32-kl-tw-xii", &question);
        assert_eq!(done(&answer), expected, "{days}");
        assert_eq!(counted(&answer), (json!(bodies), json!(expected.len()), json!(expected.len())), "{days}");
    }
});

on_loaded!(evidence_stands_in_the_cell_with_its_day, |service| {
    let client = service.public();
    let answer = computed(&client, "32-kl-tw-xii", "implementation?milestone=disseminated&as_of=2025-07-01");
    let row = answer["rows"].as_array().unwrap().iter().find(|row| row["cells"][0]["evidence_count"] != 0).unwrap();
    let conference = by_key(&client, "conferences", "sample", "2018-07-16-thai-binh-ket-luan-32");
    let cell = &row["cells"][0];
    assert_eq!(cell["status"], "done_no_deadline");
    assert_eq!(cell["evidence_count"], 1, "two activities of one conference are one act");
    let proof = &cell["evidence"][0];
    assert_eq!(
        (&proof["url"], &proof["title"], &proof["on"]),
        (&conference["url"], &conference["name"], &json!("2018-07-16"))
    );
    assert_eq!(title(&proof["inherited_from"]), "Tỉnh ủy Thái Bình");
});

on_loaded!(one_conference_takes_different_steps_about_different_documents, |service| {
    let client = service.public();
    for (key, told) in [
        ("48-ct-tw-x", "reviewed_final 2020-11-11 3673"),
        ("46-ct-tw-xi", "reviewed_interim 2020-11-11 1969"),
        ("12-ct-tw-xii", "reviewed_interim 2020-11-11 1406"),
        ("51-nq-tw-xii", "disseminated 2020-11-11 433"),
    ] {
        let on = |days: &str| done(&computed(&client, key, &format!("implementation?level=province&{days}")));
        assert_eq!(on("as_of=2020-11-10"), [""; 0], "{key}");
        assert_eq!(on("as_of=2025-06-30"), [format!("Tỉnh ủy Tiền Giang {told}")], "{key}");
        let inherited = [format!("Tỉnh ủy Đồng Tháp {told} ← Tỉnh ủy Tiền Giang")];
        assert_eq!(on("as_of=2025-07-01"), inherited, "{key}");
        assert_eq!(on("as_of=2020-12-31&units=2026-11-01"), inherited, "{key}");
    }
});

on_loaded!(code_82_means_tien_giang_before_and_dong_thap_after, |service| {
    let client = service.public();
    for (day, row) in [
        ("2025-06-30", "Tỉnh ủy Tiền Giang reviewed_final 2020-11-11 3673"),
        ("2025-07-01", "Tỉnh ủy Đồng Tháp reviewed_final 2020-11-11 3673 ← Tỉnh ủy Tiền Giang"),
    ] {
        let units = all(&client, &format!("/v1/admin-units?code=82&as_of={day}"));
        let question = format!("implementation?admin_unit={}&as_of={day}", units[0]["id"]);
        assert_eq!(done(&computed(&client, "48-ct-tw-x", &question)), [row], "{day}");
    }
});

on_loaded!(unit_is_found_by_what_it_was_and_by_what_it_became, |service| {
    let client = service.public();
    let unit = |key: &str| by_key(&client, "admin-units", "reference", key)["id"].clone();
    let bodies = |key: &str, days: &str| {
        let question = format!("implementation?milestone=disseminated&level=province&admin_unit={}&{days}", unit(key));
        let answer = computed(&client, "32-kl-tw-xii", &question);
        answer["rows"].as_array().unwrap().iter().map(|row| title(&row["admin_unit"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(bodies("province-34-thai-binh", "as_of=2018-12-31"), ["Tỉnh Thái Bình"]);
    assert_eq!(bodies("province-34-thai-binh", "as_of=2026-11-01"), ["Tỉnh Hưng Yên"]);
    let old = bodies("province-33-hung-yen-2025", "as_of=2026-11-01&units=2018-12-31");
    assert_eq!(old, ["Tỉnh Hưng Yên", "Tỉnh Thái Bình"]);
});

on_loaded!(government_issued_its_program_as_a_resolution, |service| {
    let answer = computed(&service.public(), "12-ct-tw-xii", "implementation?milestone=plan_issued&as_of=2018-12-31");
    assert_eq!(done(&answer), ["Chính phủ plan_issued 2017-09-13 251"]);
});

on_loaded!(draft_is_no_plan, |service| {
    let answer = computed(&service.public(), "32-kl-tw-xii", "implementation?milestone=plan_issued");
    assert_eq!(answer["rows"], json!([]));
});

on_loaded!(gaps_are_the_rows_without_a_record, |service| {
    let client = service.public();
    for (days, bodies, gaps) in [
        ("as_of=2018-12-31", 63, 62),
        ("as_of=2018-12-31&units=2026-11-01", 34, 33),
        ("as_of=2018-07-15", 63, 63),
        ("as_of=2026-11-01", 34, 33),
    ] {
        let of = |what: &str| {
            computed(&client, "32-kl-tw-xii", &format!("{what}?milestone=disseminated&level=province&{days}"))
        };
        let (all, without) = (of("implementation"), of("gaps"));
        let (rows, missing) = (all["rows"].as_array().unwrap(), without["rows"].as_array().unwrap());
        assert_eq!((rows.len(), missing.len()), (bodies, gaps), "{days}");
        assert!(missing.iter().all(|row| row["cells"][0]["status"] == "no_record"), "{days}");
        let unrecorded = rows.iter().filter(|row| row["cells"][0]["status"] == "no_record");
        assert!(unrecorded.eq(missing), "{days}: the two agree");
        assert_eq!(without["counts"], all["counts"], "{days}");
    }
});

on_loaded!(what_is_expected_in_words_alone_stands_in_no_row, |service| {
    let answer = computed(&service.public(), "32-kl-tw-xii", "gaps?milestone=disseminated&as_of=2018-12-31");
    let words = answer["in_words"].as_array().unwrap();
    assert_eq!(texts(words, "/expected_text"), ["đơn vị"]);
    assert_eq!(texts(words, "/expectation/origin/type"), ["conference"]);
});

on_loaded!(document_is_in_force_until_it_is_replaced, |service| {
    let client = service.public();
    let force = |key: &str, day: &str| {
        let lineage = computed(&client, key, &format!("lineage?as_of={day}"));
        let force = &lineage["force"];
        (force["in_force"].clone(), force["reason"].as_str().unwrap().to_owned(), force["on"].clone())
    };
    let told = |in_force: Value, reason: &str, on: Value| (in_force, reason.to_owned(), on);
    assert_eq!(force("51-nq-tw-xii", "2019-09-04"), told(json!(false), "not_issued", json!("2019-09-05")));
    assert_eq!(force("51-nq-tw-xii", "2026-07-27"), told(json!(true), "ends_later", json!(null)));
    assert_eq!(force("51-nq-tw-xii", "2026-07-28"), told(json!(false), "replaced", json!("2026-07-28")));
    assert_eq!(force("48-ct-tw-x", "2026-11-21"), told(json!(true), "continued", json!("2021-08-16")));
    assert_eq!(force("28-nq-tw-xi", "2026-11-21"), told(json!(null), "end_undated", json!(null)));
    assert_eq!(force("32-kl-tw-xii", "2026-11-21"), told(json!(null), "not_known", json!(null)));
});

/// The links of a lineage: `1 incoming replaces 22-NQ/TW`.
fn lines(service: &Service, key: &str, question: &str) -> Vec<String> {
    let lineage = computed(&service.public(), key, question);
    let links = lineage["links"].as_array().unwrap();
    let symbol = |link: &Value| title(link).split(' ').next().unwrap_or_default().to_owned();
    links
        .iter()
        .map(|link| {
            let text = |name: &str| link[name].as_str().unwrap().to_owned();
            format!("{} {} {} {}", link["depth"], text("direction"), text("kind"), symbol(&link["document"]))
        })
        .collect()
}

on_loaded!(lineage_goes_both_ways_and_as_far_as_it_is_asked, |service| {
    let both = ["1 incoming replaces 22-NQ/TW", "1 outgoing replaces 08-NQ/TW"];
    assert_eq!(lines(service, "51-nq-tw-xii", "lineage"), both);
    assert_eq!(lines(service, "51-nq-tw-xii", "lineage?as_of=2026-07-27"), both[1..]);
    assert_eq!(lines(service, "22-nq-tw-xiv", "lineage"), ["1 outgoing replaces 51-NQ/TW"]);
    let far = ["1 outgoing replaces 51-NQ/TW", "2 outgoing replaces 08-NQ/TW"];
    assert_eq!(lines(service, "22-nq-tw-xiv", "lineage?depth=2"), far);
    let kept = ["1 incoming continues 13-KL/TW", "1 incoming continues 56-KL/TW"];
    assert_eq!(lines(service, "48-ct-tw-x", "lineage?kind=continues"), kept);
    assert_eq!(lines(service, "48-ct-tw-x", "lineage?kind=replaces"), [""; 0]);
});

on_loaded!(cascade_holds_programs_and_conferences_below_a_document, |service| {
    let nodes = |key: &str, question: &str| {
        let cascade = computed(&service.public(), key, question);
        assert_eq!(cascade["truncated"], json!(false));
        let nodes = cascade["nodes"].as_array().unwrap().clone();
        let told = nodes.iter().map(|node| {
            let kind = node["record"]["type"].as_str().unwrap();
            format!("{} {kind} {} {}", node["depth"], node["on"].as_str().unwrap_or("-"), node["is_draft"])
        });
        told.collect::<Vec<_>>()
    };
    let program = "1 document 2017-09-13 false";
    assert_eq!(nodes("12-ct-tw-xii", "cascade?as_of=2020-11-10"), [program]);
    assert_eq!(nodes("12-ct-tw-xii", "cascade"), ["1 conference 2020-11-11 false", program]);
    // The draft of the plan, and the conference that it was presented at.
    let draft = ["1 conference 2018-07-16 false", "1 document - true", "2 conference 2018-07-16 false"];
    assert_eq!(nodes("32-kl-tw-xii", "cascade"), draft);
    assert_eq!(nodes("25-nq-tw-xi", "cascade"), [""; 0], "a conference that only names it is not about it");
});

on_loaded!(timeline_has_what_happened_in_order, |service| {
    let entries = |key: &str, question: &str| {
        let timeline = computed(&service.public(), key, question);
        let entries = timeline["entries"].as_array().unwrap().clone();
        let told = entries
            .iter()
            .map(|entry| format!("{} {}", entry["on"].as_str().unwrap(), entry["event"].as_str().unwrap()));
        told.collect::<Vec<_>>()
    };
    let all = ["2019-09-05 issued", "2020-11-11 conference", "2026-07-28 linked_document", "2026-07-28 ended"];
    assert_eq!(entries("51-nq-tw-xii", "timeline"), all);
    assert_eq!(entries("51-nq-tw-xii", "timeline?as_of=2020-12-31"), all[..2]);
    assert_eq!(entries("51-nq-tw-xii", "timeline?on_from=2020-11-11&as_of=2020-12-31"), all[1..2]);
});
