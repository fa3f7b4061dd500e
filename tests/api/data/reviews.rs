//! Reviews and tasks of the data: the questions of an office, answered by hand from the reports.

use serde_json::{Value, json};

use crate::data::by_key;
use crate::support::Client;

fn reviews(client: &Client, question: &str) -> Vec<Value> {
    let answer = client.get(&format!("/v1/reviews/due?{question}")).expect(200).json();
    answer["reviews"].as_array().unwrap().clone()
}

/// What falls due: `12-CT/TW final_review 10 2027-01-05`.
fn due(reviews: &[Value]) -> Vec<String> {
    let told = |review: &Value| {
        let title = review["document"]["title"].as_str().unwrap().split(' ').next().unwrap().to_owned();
        format!(
            "{title} {} {} {}",
            review["activity"].as_str().unwrap(),
            review["years"],
            review["on"].as_str().unwrap()
        )
    };
    reviews.iter().map(told).collect()
}

on_loaded!(directives_that_fall_due_in_2027_are_those_of_2017, |service| {
    let found = reviews(&service.public(), "year=2027&kind=directive&level=province&held=false");
    assert_eq!(due(&found), ["12-CT/TW final_review 10 2027-01-05", "13-CT/TW final_review 10 2027-01-12"]);
    for review in &found {
        assert_eq!((&review["rule"], review["rows"].as_array().unwrap().len()), (&json!("default"), 34));
        assert!(review["rows"].as_array().unwrap().iter().all(|row| row["status"] == "no_record"));
    }
    let unit = by_key(&service.public(), "admin-units", "reference", "province-33-hung-yen-2025");
    let in_unit = reviews(&service.public(), &format!("year=2027&kind=directive&admin_unit={}", unit["id"]));
    assert_eq!(in_unit[0]["rows"][0]["organization"]["title"], "Tỉnh ủy Hưng Yên");
    assert_eq!(in_unit[0]["rows"].as_array().unwrap().len(), 1);
});

on_loaded!(reviews_of_2020_were_held_at_tien_giang, |service| {
    let told = |question: &str| {
        let found = reviews(&service.public(), &format!("year=2020&kind=directive&held=true&{question}"));
        let row = |review: &Value| {
            let row = &review["rows"][0];
            let from = row["inherited_from"]["title"].as_str().unwrap_or("-");
            let body = row["organization"]["title"].as_str().unwrap();
            format!("{body} {} {} ← {from}", row["held_on"].as_str().unwrap(), row["days_after"])
        };
        due(&found).into_iter().zip(found.iter().map(row)).collect::<Vec<_>>()
    };
    let interim = "46-CT/TW interim_review 5 2020-06-22".to_owned();
    let last = "48-CT/TW final_review 10 2020-10-22".to_owned();
    let own = |days: i32| format!("Tỉnh ủy Tiền Giang 2020-11-11 {days} ← -");
    assert_eq!(told("as_of=2020-11-10"), []);
    assert_eq!(told("as_of=2025-06-30"), [(interim.clone(), own(142)), (last.clone(), own(20))]);
    let after = |days: i32| format!("Tỉnh ủy Đồng Tháp 2020-11-11 {days} ← Tỉnh ủy Tiền Giang");
    assert_eq!(told("as_of=2025-07-01"), [(interim, after(142)), (last, after(20))]);
});

on_loaded!(no_task_of_the_five_reports_has_a_due_date, |service| {
    let report = service.public().get("/v1/reports/tasks?group_by=lead&as_of=2026-11-21").expect(200).json();
    let total = &report["total"];
    assert_eq!((&total["tasks"], &total["open_no_deadline"]), (&json!(41), &json!(41)));
    let rates: Vec<&Value> = total["rates"].as_array().unwrap().iter().map(|rate| &rate["percent"]).collect();
    assert_eq!(rates, [&json!(0.0), &json!(null), &json!(0.0), &json!(null), &json!(0.0)]);
    let lacking = service.public().get("/v1/tasks?lacks=deadline&count=exact&as_of=2026-11-21").expect(200).json();
    assert_eq!(lacking["page"]["count"], 40, "one is a regular task");
});

on_loaded!(holidays_are_there_and_those_of_2027_are_not_confirmed, |service| {
    let listed = |question: &str| {
        let answer = service.public().get(&format!("/v1/holidays?count=exact&{question}")).expect(200).json();
        answer["page"]["count"].clone()
    };
    assert_eq!(listed("day_from=2025-01-01&day_to=2025-12-31&kind=holiday"), json!(13));
    assert_eq!(
        listed("day_from=2027-01-01&day_to=2027-12-31&provenance=found,secondary"),
        0,
        "nobody has announced it"
    );
});
