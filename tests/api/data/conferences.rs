//! The five conferences of the articles: what they did about which document, who led them, when they were.

use serde_json::Value;

use crate::data::{by_key, symbol, texts};
use crate::reading::{encoded, rows};
use crate::support::{Client, Service};

const GOVERNMENT: &str = "2017-05-15-chinh-phu-an-ninh-trat-tu";
const THAI_BINH: &str = "2018-07-16-thai-binh-ket-luan-32";
const TIEN_GIANG: &str = "2020-11-11-tien-giang-chi-thi-48-46-12";
const MINISTRY: &str = "2017-02-20-bo-cong-an-giao-ban";
const HOA_BINH: &str = "2023-12-29-hoa-binh-tong-ket-2023";

fn conference(client: &Client, key: &str) -> Value {
    by_key(client, "conferences", "sample", key)
}

/// What a conference dealt with: the symbol and the term, the body, the initiative, or the subject; the activity; the part;
/// the years.
fn dealt_with(service: &Service, key: &str) -> Vec<String> {
    let client = service.public();
    let id = &conference(&client, key)["id"];
    let path =
        format!("/v1/conference-documents?conference={id}&sort=id&expand=document.numbering_period,organization");
    let told = |row: &Value| {
        let subject = match (&row["document"], &row["organization"], &row["initiative"]) {
            (Value::Null, Value::Null, Value::Null) => "(text)".to_owned(),
            (Value::Null, Value::Null, subject) | (Value::Null, subject, _) => {
                subject["title"].as_str().unwrap().to_owned()
            }
            (document, _, _) => {
                let symbol = document["symbol"].as_str().unwrap_or(document["kind"].as_str().unwrap());
                let term = document["numbering_period"]["label"].as_str();
                term.map_or_else(|| symbol.to_owned(), |term| format!("{symbol} ({term})"))
            }
        };
        let code = |field: &str| row[field].as_str().unwrap_or("-").to_owned();
        let years = row["review_years"].as_i64().map_or_else(|| "-".to_owned(), |years| years.to_string());
        format!("{subject}: {} {} {years}", code("activity"), code("citation_role"))
    };
    rows(&client.get(&path)).iter().map(told).collect()
}

on_loaded!(briefing_of_the_government_was_about_no_document, |service| {
    let expected = ["(text): thematic - -", "resolution: - to_implement -"];
    assert_eq!(dealt_with(service, GOVERNMENT), expected);
});

on_loaded!(thai_binh_disseminated_and_implemented_conclusion_32, |service| {
    let expected = [
        "32-KL/TW (XII): study_dissemination disseminated -",
        "32-KL/TW (XII): implementation - -",
        "plan: - presented_draft -",
        "(text): - to_implement -",
    ];
    assert_eq!(dealt_with(service, THAI_BINH), expected);
});

on_loaded!(tien_giang_reviewed_three_directives_and_launched_a_resolution, |service| {
    let expected = [
        "48-CT/TW (X): final_review reviewed_final 10",
        "46-CT/TW (XI): interim_review reviewed_interim 5",
        "12-CT/TW (XII): interim_review reviewed_interim 3",
        "51-NQ/TW (XII): implementation implemented_together -",
        "Mô hình tổ chức quần chúng bảo vệ an ninh trật tự: - mentioned -",
        "Chương trình quốc gia phòng chống tội phạm ma túy: - mentioned -",
    ];
    assert_eq!(dealt_with(service, TIEN_GIANG), expected);
});

on_loaded!(ministry_briefed_on_a_committee_and_two_programs, |service| {
    let expected = [
        "Ban Chỉ đạo \"Thực hiện phong trào toàn dân bảo vệ an ninh Tổ quốc\" Trung ương: periodic_briefing - -",
        "09/CTr-BCA-MTTW: periodic_briefing - -",
        "38-CTr/BDVTW-BCA: periodic_briefing - -",
        "decision: announcement announced -",
        "(text): - mentioned -",
        "25-NQ/TW (XI): - to_integrate -",
        "28-NQ/TW (XI): - to_integrate -",
        "09-CT/TW (XI): - to_integrate -",
        "Toàn dân đoàn kết xây dựng nông thôn mới, đô thị văn minh: - mentioned -",
        "Cả nước chung sức xây dựng nông thôn mới: - mentioned -",
        "Mô hình tự quản, tự phòng, tự bảo vệ và tự hoà giải: - mentioned -",
    ];
    assert_eq!(dealt_with(service, MINISTRY), expected);
});

on_loaded!(hoa_binh_reviewed_a_year_of_work_and_launched_the_next, |service| {
    let expected = [
        "Ủy ban nhân dân tỉnh Hòa Bình: annual_review - -",
        "(text): - to_implement -",
        "(text): implementation - -",
        "Tổ liên gia phòng cháy, chữa cháy: - mentioned -",
    ];
    assert_eq!(dealt_with(service, HOA_BINH), expected);
    let conference = conference(&service.public(), HOA_BINH);
    let reviewed = ["period_reviewed_from", "period_reviewed_to"].map(|field| conference[field].clone());
    assert_eq!(reviewed, ["2023-01-01", "2023-12-31"]);
});

on_loaded!(conferences_are_led_by_those_the_articles_name, |service| {
    for (key, role, people) in [
        (GOVERNMENT, "chair,co_chair", ["Nguyễn Xuân Phúc"].as_slice()),
        (THAI_BINH, "chair,co_chair", &["Nguyễn Hồng Diên"]),
        (TIEN_GIANG, "chair,co_chair,directing_leader", &[]),
        (MINISTRY, "chair,co_chair", &["Nguyễn Văn Sơn"]),
        (HOA_BINH, "chair,co_chair", &[]),
        (HOA_BINH, "directing_leader", &["Bùi Văn Khánh"]),
        (THAI_BINH, "presenter", &["Đặng Trọng Thăng", "Vũ Đức Hằng"]),
    ] {
        let client = service.public();
        let id = &conference(&client, key)["id"];
        let found = rows(&client.get(&format!("/v1/participations?conference={id}&role={role}&sort=id")));
        assert_eq!(texts(&found, "/person/title"), people, "{key} {role}");
    }
});

on_loaded!(days_of_the_conferences_say_where_the_year_comes_from, |service| {
    let client = service.public();
    for (key, day, part, inferred, text) in [
        (GOVERNMENT, "2017-05-15", Some("morning"), true, "Sáng ngày 15/5"),
        (THAI_BINH, "2018-07-16", Some("afternoon"), true, "Chiều ngày 16/7"),
        (TIEN_GIANG, "2020-11-11", None, true, "Ngày 11-11"),
        (MINISTRY, "2017-02-20", Some("afternoon"), false, "Chiều 20/2/2017"),
        (HOA_BINH, "2023-12-29", None, true, "Ngày 29/12"),
        ("2018-06-12-thai-binh-rut-kinh-nghiem", "2018-06-12", None, true, "12/6"),
        ("2018-06-15-thai-binh-rut-kinh-nghiem", "2018-06-15", None, true, "15/6"),
        ("2018-06-27-thai-binh-rut-kinh-nghiem", "2018-06-27", None, false, "27/6/2018"),
    ] {
        let found = conference(&client, key);
        assert_eq!((&found["held_from"], found["part_of_day"].as_str()), (&day.into(), part), "{key}");
        assert_eq!((&found["year_inferred"], &found["held_text"]), (&inferred.into(), &text.into()), "{key}");
        assert_eq!((&found["held_to"], &found["date_precision"]), (&Value::Null, &"day".into()), "{key}");
    }
});

on_loaded!(conferences_were_convened_by_those_the_articles_name, |service| {
    let client = service.public();
    for (key, body, place, level) in [
        (GOVERNMENT, "Chính phủ", Some("Hà Nội"), "central"),
        (THAI_BINH, "Ban Thường vụ Tỉnh ủy Thái Bình", None, "province"),
        (TIEN_GIANG, "Ban Thường vụ Tỉnh ủy Tiền Giang", None, "province"),
        (MINISTRY, "Bộ Công an", Some("Hà Nội"), "central"),
        (HOA_BINH, "Ủy ban nhân dân tỉnh Hòa Bình", None, "province"),
    ] {
        let found = conference(&client, key);
        assert_eq!((&found["convening_body"]["title"], found["place"].as_str()), (&body.into(), place), "{key}");
        assert_eq!(found["level"], level, "{key}");
    }
});

on_loaded!(list_of_those_attending_is_incomplete_where_the_article_breaks_it_off, |service| {
    let client = service.public();
    let complete = |key: &str| conference(&client, key)["participants_complete"].clone();
    assert_eq!(complete(MINISTRY), false);
    assert_eq!([GOVERNMENT, THAI_BINH, TIEN_GIANG, HOA_BINH].map(complete), [(); 4].map(|()| Value::Null));
});

on_loaded!(attendance_is_at_the_bridge_point_and_not_where_the_conference_was, |service| {
    let client = service.public();
    let id = &conference(&client, GOVERNMENT)["id"];
    let points = rows(&client.get(&format!("/v1/bridge-points?conference={id}&sort=id")));
    assert_eq!(texts(&points, "/name"), ["Hà Nội", "Thái Bình"]);
    assert_eq!((&points[0]["main"], &points[1]["main"]), (&true.into(), &false.into()));
    let there = rows(&client.get(&format!("/v1/participations?bridge_point={}&sort=id", points[1]["id"])));
    assert_eq!(texts(&there, "/person/title"), ["Nguyễn Hồng Diên", "Đặng Trọng Thăng"]);
    assert_eq!(points[1]["admin_unit"]["title"], "Tỉnh Thái Bình");
});

on_loaded!(posts_of_one_person_change_from_one_year_to_the_next, |service| {
    let client = service.public();
    let person = by_key(&client, "people", "sample", "nguyen-hong-dien");
    let stated = |key: &str| {
        let conference = &conference(&client, key)["id"];
        let path = format!("/v1/participations?conference={conference}&person={}", person["id"]);
        rows(&client.get(&path))[0]["positions_as_stated"].clone()
    };
    let in_2017 = ["Ủy viên Trung ương Đảng", "Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"];
    let in_2018 = ["Ủy viên Trung ương Đảng", "Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"];
    assert_eq!((stated(GOVERNMENT), stated(THAI_BINH)), (in_2017.as_slice().into(), in_2018.as_slice().into()));
    let posts = rows(&client.get(&format!("/v1/positions?person={}&sort=id", person["id"])));
    let posts: Vec<_> = texts(&posts, "/title").into_iter().zip(texts(&posts, "/stated_on")).collect();
    let expected = [
        ("Ủy viên Trung ương Đảng", "2017-05-15"),
        ("Phó Bí thư Tỉnh ủy", "2017-05-15"),
        ("Chủ tịch UBND tỉnh", "2017-05-15"),
        ("Bí thư Tỉnh ủy", "2018-07-16"),
    ];
    assert_eq!(posts, expected);
});

on_loaded!(rank_is_no_office, |service| {
    let client = service.public();
    let id = &conference(&client, MINISTRY)["id"];
    let chair = &rows(&client.get(&format!("/v1/participations?conference={id}&role=chair")))[0];
    assert_eq!(
        (&chair["rank_title"], &chair["positions_as_stated"][0]),
        (&"Trung tướng".into(), &"Thứ trưởng Bộ Công an".into())
    );
});

on_loaded!(document_is_asked_what_was_done_about_it, |service| {
    let client = service.public();
    let titles = |query: &str| {
        let listed = rows(&client.get(&format!("/v1/conferences?{query}&sort=held_on")));
        texts(&listed, "/held_from").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(titles("document=32-KL/TW&activity=study_dissemination"), ["2018-07-16"]);
    assert_eq!(titles("document=48-CT/TW&activity=final_review"), ["2020-11-11"]);
    assert_eq!(titles("document=48-CT/TW&activity=interim_review"), Vec::<String>::new());
    let refused = client.get("/v1/conferences?document=46-CT/TW").expect(400).json();
    assert_eq!((&refused["code"], refused["candidates"].as_array().unwrap().len()), (&"ambiguous_document".into(), 3));
    let plan = rows(&client.get("/v1/document-links?to=32-KL/TW&kind=implements"));
    assert_eq!(texts(&plan, "/stated_on"), ["2018-07-16"]);
});

on_loaded!(province_is_asked_for_its_conferences, |service| {
    let client = service.public();
    let unit = by_key(&client, "admin-units", "reference", "province-34-thai-binh");
    let listed = rows(&client.get(&format!("/v1/conferences?admin_unit={}&sort=held_on", unit["id"])));
    let days = ["2017-05-15", "2018-06-12", "2018-06-15", "2018-06-27", "2018-07-16"];
    assert_eq!(texts(&listed, "/held_from"), days);
});

on_loaded!(title_is_kept_as_the_article_misquotes_it, |service| {
    let client = service.public();
    let id = &conference(&client, MINISTRY)["id"];
    let resolution = by_key(&client, "documents", "reference", "25-nq-tw-xi");
    let path = format!("/v1/conference-documents?conference={id}&document={}", resolution["id"]);
    let cited = &rows(&client.get(&path))[0];
    assert_eq!(
        cited["title_as_cited"],
        "về tăng cường sự đổi mới của Đảng đối với công tác vận động trong tình hình mới"
    );
    assert_eq!(symbol(&cited["document"]), "25-NQ/TW");
    let title = "Về tăng cường và đổi mới sự lãnh đạo của Đảng đối với công tác dân vận trong tình hình mới";
    assert_eq!(resolution["title"], title);
});

on_loaded!(committee_that_was_announced_has_a_head_and_a_deputy, |service| {
    let client = service.public();
    let committee = by_key(&client, "organizations", "sample", "bcd-phong-trao-antq-trung-uong");
    let members = rows(&client.get(&format!("/v1/committee-members?organization={}&sort=id", committee["id"])));
    assert_eq!(texts(&members, "/person/title"), ["Nguyễn Văn Sơn", "Trương Thị Ngọc Ánh"]);
    assert_eq!(texts(&members, "/role"), ["head", "deputy"]);
    let stub = client.get(members[0]["established_by"]["url"].as_str().unwrap()).expect(200).json();
    assert_eq!(
        (&stub["number"], &stub["issued_on"], &stub["identity_complete"]),
        (&Value::Null, &Value::Null, &false.into())
    );
    let found = rows(&client.get(&format!("/v1/people?q={}", encoded("truong thi ngoc anh"))));
    assert_eq!(texts(&found, "/name"), ["Trương Thị Ngọc Ánh"]);
});
