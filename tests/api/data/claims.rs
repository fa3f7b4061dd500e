//! Where the articles say what the sample data hold.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::data::{all, by_key, texts};
use crate::reading::rows;
use crate::support::Service;

fn claims(service: &Service) -> Vec<Value> {
    all(&service.public(), "/v1/claims?sort=id&limit=200")
}

on_loaded!(every_claim_is_about_a_field_of_a_record_that_is_there, |service| {
    let mut records: BTreeMap<String, Value> = BTreeMap::new();
    let claims = claims(service);
    assert_eq!(claims.len(), 284);
    for claim in &claims {
        let url = claim["about"]["url"].as_str().unwrap();
        let record = records.entry(url.to_owned()).or_insert_with(|| service.public().get(url).expect(200).json());
        let field = claim["field"].as_str().unwrap();
        assert!(record.get(field).is_some_and(|value| !value.is_null()), "{url} has no {field}");
        if matches!(field, "roles" | "formats") {
            assert!(record[field].as_array().unwrap().contains(&claim["value"]), "{url} {field}: {}", claim["value"]);
        }
        if matches!(
            field,
            "activity" | "citation_role" | "part_of_day" | "rank_title" | "title_as_cited" | "subject_text" | "place"
        ) {
            assert_eq!(record[field], claim["value"], "{url} {field}");
        }
    }
});

on_loaded!(claim_has_its_place_in_the_text_of_a_report_and_not_the_words, |service| {
    let sources = rows(&service.public().get("/v1/sources"));
    assert_eq!(sources.len(), 6);
    assert!(sources.iter().all(|source| source["raw_text"].is_null()));
    let records: Vec<_> = sources.iter().filter(|source| source["kind"] == "official_record").collect();
    for claim in claims(service) {
        let (offset, length) = (claim["offset"].as_i64(), claim["length"].as_i64());
        let has_place = offset.is_some_and(|offset| offset >= 0) && length.is_some_and(|length| length > 0);
        // A plan that is a source itself was read in a copy, whose layout is its own.
        let is_report = records.iter().all(|source| source["id"] != claim["source"]["id"]);
        assert_eq!(has_place, is_report, "{claim}");
        assert_eq!(claim["quote"], Value::Null, "{claim}");
    }
});

on_loaded!(value_of_a_claim_is_what_the_source_says_and_the_remark_is_its_note, |service| {
    let remarks = ["official", "agrees", "title:", "no number", "not stated", ";"];
    for claim in claims(service).iter().filter(|claim| claim["field"] != "text") {
        let value = claim["value"].as_str().unwrap();
        assert!(!remarks.iter().any(|remark| value.contains(remark)), "{value}");
    }
    let client = service.public();
    let cited = by_key(&client, "conference-documents", "sample", "2020-11-11-46-ct-tw");
    let path = format!("/v1/claims?about_type=conference_document&about_id={}&field=title_as_cited", cited["id"]);
    let found = rows(&client.get(&path));
    let note = "\"đảm bảo\" as in the source; the official title has \"bảo đảm\".";
    assert_eq!(texts(&found, "/note"), [note]);
    assert_eq!((&found[0]["offset"], &found[0]["length"]), (&json!(1165), &json!(96)));
});

on_loaded!(places_are_where_the_articles_have_the_words, |service| {
    let client = service.public();
    for (source, conference, field, value, offset, length) in [
        ("bai-2017-05-16", "2017-05-15-chinh-phu-an-ninh-trat-tu", "held_from", "2017-05-15", 73, 14),
        ("bai-2017-05-16", "2017-05-15-chinh-phu-an-ninh-trat-tu", "place", "Hà Nội", 89, 10),
        ("bai-2018-07-17", "2018-07-16-thai-binh-ket-luan-32", "held_from", "2018-07-16", 85, 15),
        ("bai-2018-07-17", "2018-06-27-thai-binh-rut-kinh-nghiem", "held_from", "2018-06-27", 2171, 9),
        ("bai-2017-02-20", "2017-02-20-bo-cong-an-giao-ban", "held_from", "2017-02-20", 96, 15),
        ("bai-2017-02-20", "2017-02-20-bo-cong-an-giao-ban", "participants_complete", "false", 554, 55),
        ("bai-2023-12-29", "2023-12-29-hoa-binh-tong-ket-2023", "held_from", "2023-12-29", 192, 10),
    ] {
        let about = &by_key(&client, "conferences", "sample", conference)["id"];
        let source = &by_key(&client, "sources", "sample", source)["id"];
        let path = format!("/v1/claims?source={source}&about_type=conference&about_id={about}&field={field}");
        let found: Vec<Value> = rows(&client.get(&path))
            .iter()
            .map(|claim| json!([claim["value"], claim["offset"], claim["length"]]))
            .collect();
        assert_eq!(found, [json!([value, offset, length])], "{conference} {field}");
    }
});

on_loaded!(year_of_tien_giang_comes_from_the_names_of_its_photographs, |service| {
    let client = service.public();
    let about = &by_key(&client, "conferences", "sample", "2020-11-11-tien-giang-chi-thi-48-46-12")["id"];
    let path = format!("/v1/claims?about_type=conference&about_id={about}&field=held_from&sort=id");
    let found = rows(&client.get(&path));
    assert_eq!(texts(&found, "/value"), ["2020", "11-11"]);
    assert_eq!((&found[0]["offset"], &found[0]["length"]), (&json!(758), &json!(31)));
});

on_loaded!(caption_and_text_name_two_givers_of_one_award, |service| {
    let client = service.public();
    let award = by_key(&client, "awards", "sample", "2023-12-29-bang-khen-ubnd");
    let path = format!("/v1/claims?about_type=award&about_id={}&field=giver&sort=id", award["id"]);
    let found = rows(&client.get(&path));
    assert_eq!(texts(&found, "/value"), ["UBND tỉnh", "Bùi Văn Khánh, Chủ tịch Ủy ban nhân dân tỉnh"]);
    assert_eq!(award["giver_text"], "UBND tỉnh");
});

on_loaded!(sources_tell_who_published_them_what_they_reprint_and_when_they_appeared, |service| {
    let sources = rows(&service.public().get("/v1/sources?sort=id"));
    let told: Vec<Value> = sources
        .iter()
        .map(|source| {
            json!([
                source["kind"],
                source["publisher"],
                source["published_on"],
                source["published_time"],
                source["reprinted_from"]
            ])
        })
        .collect();
    let expected = [
        json!(["reprint", "Baothaibinh.com.vn", "2017-05-16", null, "Baothaibinh.com.vn"]),
        json!(["reprint", "baothaibinh.com.vn", "2018-07-17", null, "baothaibinh.com.vn"]),
        json!(["original", "THTG", null, null, null]),
        json!([
            "reprint",
            "Cổng thông tin điện tử Bộ Công an",
            "2017-02-20",
            "19:09",
            "Cổng thông tin điện tử Bộ Công an"
        ]),
        json!(["original", null, "2023-12-29", "16:30", null]),
        json!(["official_record", "Ủy ban nhân dân tỉnh Gia Lai", "2019-12-17", null, null]),
    ];
    assert_eq!(told, expected);
});
