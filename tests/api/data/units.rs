//! Provinces on a day, their codes, and what became of them.

use crate::data::{all, by_key, symbol, texts};
use crate::reading::{encoded, rows};
use crate::support::{Client, Service};

/// The units of 2026-11-21; a star marks the municipalities.
const UNITS: &str = "01 Hà Nội*, 04 Cao Bằng, 08 Tuyên Quang, 11 Điện Biên, 12 Lai Châu, 14 Sơn La, 15 Lào Cai, \
    19 Thái Nguyên, 20 Lạng Sơn, 22 Quảng Ninh*, 24 Bắc Ninh*, 25 Phú Thọ, 31 Hải Phòng*, 33 Hưng Yên, 37 Ninh Bình, \
    38 Thanh Hóa, 40 Nghệ An, 42 Hà Tĩnh, 44 Quảng Trị, 46 Huế*, 48 Đà Nẵng*, 51 Quảng Ngãi, 52 Gia Lai, \
    56 Khánh Hòa, 66 Đắk Lắk, 68 Lâm Đồng, 75 Đồng Nai*, 79 Hồ Chí Minh*, 80 Tây Ninh, 82 Đồng Tháp, 86 Vĩnh Long, \
    91 An Giang, 92 Cần Thơ*, 96 Cà Mau";

fn count(client: &Client, path: &str) -> i64 {
    client.get(&format!("{path}&count=exact&limit=1")).expect(200).json()["page"]["count"].as_i64().unwrap()
}

on_loaded!(units_are_as_many_as_there_were_on_each_day, |service| {
    for (day, units, municipalities) in [
        ("2018-07-16", 63, 5),
        ("2024-12-31", 63, 5),
        ("2025-01-01", 63, 6),
        ("2025-06-30", 63, 6),
        ("2025-07-01", 34, 6),
        ("2026-04-29", 34, 6),
        ("2026-04-30", 34, 7),
        ("2026-08-31", 34, 7),
        ("2026-09-01", 34, 8),
        ("2026-09-19", 34, 8),
        ("2026-09-20", 34, 9),
        ("2026-11-21", 34, 9),
    ] {
        let on_day = format!("/v1/admin-units?level=province&as_of={day}");
        let client = service.public();
        let found = (count(&client, &on_day), count(&client, &format!("{on_day}&unit_type=municipality")));
        assert_eq!(found, (units, municipalities), "{day}");
    }
});

on_loaded!(units_of_today_have_the_codes_of_the_decision_of_2025, |service| {
    let units = rows(&service.public().get("/v1/admin-units?level=province&as_of=2026-11-21&sort=code&limit=200"));
    let told: Vec<String> = units
        .iter()
        .map(|unit| {
            let star = if unit["unit_type"] == "municipality" { "*" } else { "" };
            format!("{} {}{star}", unit["code"].as_str().unwrap(), unit["name"].as_str().unwrap())
        })
        .collect();
    assert_eq!(told.join(", "), UNITS);
});

on_loaded!(code_means_one_unit_on_a_day_and_may_mean_another_on_the_next, |service| {
    for (code, before, after) in [
        ("15", "Yên Bái", "Lào Cai"),
        ("24", "Bắc Giang", "Bắc Ninh"),
        ("44", "Quảng Bình", "Quảng Trị"),
        ("52", "Bình Định", "Gia Lai"),
        ("80", "Long An", "Tây Ninh"),
        ("82", "Tiền Giang", "Đồng Tháp"),
        ("91", "Kiên Giang", "An Giang"),
        ("46", "Huế", "Huế"),
    ] {
        for (day, name) in [("2025-06-30", before), ("2025-07-01", after)] {
            let units = rows(&service.public().get(&format!("/v1/admin-units?code={code}&as_of={day}")));
            assert_eq!(texts(&units, "/name"), [name], "{code} on {day}");
        }
    }
});

on_loaded!(name_lives_on_under_another_code, |service| {
    for (name, before, after) in [
        ("Lào Cai", "10", "15"),
        ("Bắc Ninh", "27", "24"),
        ("Quảng Trị", "45", "44"),
        ("Gia Lai", "64", "52"),
        ("Tây Ninh", "72", "80"),
        ("Đồng Tháp", "87", "82"),
        ("An Giang", "89", "91"),
    ] {
        for (day, code) in [("2025-06-30", before), ("2025-07-01", after)] {
            let path = format!("/v1/admin-units?q={}&as_of={day}", encoded(name));
            assert_eq!(texts(&rows(&service.public().get(&path)), "/code"), [code], "{name} on {day}");
        }
    }
});

on_loaded!(fifty_two_units_were_merged_into_twenty_three, |service| {
    let merged = all(&service.public(), "/v1/successions?kind=merged&effective_from=2025-07-01&limit=200");
    let merged: Vec<_> = merged.iter().filter(|merger| !merger["from_admin_unit"].is_null()).collect();
    assert_eq!(merged.len(), 52);
    let mut into: Vec<i64> = merged.iter().map(|merger| merger["to_admin_unit"]["id"].as_i64().unwrap()).collect();
    into.sort_unstable();
    into.dedup();
    assert_eq!(into.len(), 23);
    for merger in merged {
        assert_eq!((&merger["effective_on"], symbol(&merger["legal_basis"])), (&"2025-07-01".into(), "202/2025/QH15"));
    }
});

fn successor(service: &Service, kind: &str, key: &str) -> Vec<String> {
    let client = service.public();
    let ended = by_key(&client, if kind == "admin_unit" { "admin-units" } else { "organizations" }, "reference", key);
    assert_eq!(ended["valid_to"], "2025-06-30", "{key}");
    let after = rows(&client.get(&format!("/v1/successions?from_{kind}={}", ended["id"])));
    let told = |succession: &serde_json::Value| {
        let field = |name: &str| succession[name].as_str().unwrap().to_owned();
        let to = succession[format!("to_{kind}")]["title"].as_str().unwrap();
        format!("{} {} {to} ({})", field("kind"), field("effective_on"), field("provenance"))
    };
    after.iter().map(told).collect()
}

on_loaded!(provinces_of_the_articles_have_ended_and_have_successors, |service| {
    for (key, after) in [
        ("province-34-thai-binh", "merged 2025-07-01 Tỉnh Hưng Yên (found)"),
        ("province-82-tien-giang", "merged 2025-07-01 Tỉnh Đồng Tháp (found)"),
        ("province-17-hoa-binh", "merged 2025-07-01 Tỉnh Phú Thọ (found)"),
    ] {
        assert_eq!(successor(service, "admin_unit", key), [after], "{key}");
    }
});

on_loaded!(bodies_of_the_provinces_went_the_way_of_the_provinces, |service| {
    for (key, after) in [
        ("tinh-uy-34-thai-binh", "merged 2025-07-01 Tỉnh ủy Hưng Yên (unverified)"),
        ("ubnd-82-tien-giang", "merged 2025-07-01 Ủy ban nhân dân tỉnh Đồng Tháp (found)"),
        ("hdnd-17-hoa-binh", "merged 2025-07-01 Hội đồng nhân dân tỉnh Phú Thọ (found)"),
    ] {
        assert_eq!(successor(service, "organization", key), [after], "{key}");
    }
});

on_loaded!(every_unit_has_its_committee_its_administration_and_its_council_on_each_day, |service| {
    for (day, units) in [("2018-07-16", 63), ("2025-06-30", 63), ("2025-07-01", 34), ("2026-11-21", 34)] {
        for kind in ["party_committee", "peoples_committee", "peoples_council"] {
            let path = format!("/v1/organizations?level=province&kind={kind}&as_of={day}");
            assert_eq!(count(&service.public(), &path), units, "{kind} on {day}");
        }
    }
});
