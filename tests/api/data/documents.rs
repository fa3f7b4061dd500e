//! The guiding documents: which there are, which share a symbol, how they bear on one another.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::data::{all, by_key, symbol, texts};
use crate::reading::{encoded, rows};

/// Symbol, term or year, day and provenance of the documents that have a symbol; `-` where it is not known.
const DOCUMENTS: &str = "\
48-CT/TW X 2010-10-22 found
46-CT/TW XI 2015-06-22 found
12-CT/TW XII 2017-01-05 found
51-NQ/TW XII 2019-09-05 found
32-KL/TW XII 2018-07-05 found
25-NQ/TW XI 2013-06-03 found
28-NQ/TW XI 2013-10-25 found
09-CT/TW XI 2011-12-01 found
13-KL/TW XIII 2021-08-16 unverified
56-KL/TW XIV - secondary
22-NQ/TW XIV 2026-07-28 secondary
44-KL/TW XII 2019-01-22 found
44-NQ/TW XIII 2023-11-24 found
08-NQ/TW VIII 1998-12-17 unverified
88/NQ-CP 2017 2017-09-13 found
09/CTr-BCA-MTTW - - found
38-CTr/BDVTW-BCA - - found
66-QĐ/TW XII 2017-02-06 found
36-HD/VPTW XII 2018-04-03 found
399-QĐ/TW XIII 2026-01-09 found
05-HD/VPTW XIV 2026-05-27 found
11-HD/VPTW IX 2004-05-28 found
08-QC/TW XIII 2025-11-05 found
02-QC/BCĐTW XIII 2025-06-10 found
204-QĐ/TW XIII 2024-11-29 found
296-QĐ/TW XIII 2025-05-30 found
22-QĐ/TW XIII 2021-07-28 found
168-QĐ/TW XII 2018-12-28 found
219-QĐ/TW XI 2013-12-27 found
556-QĐ/VPTW XIV 2026-09-06 found
213-KH/VPTW XIV 2026-09-05 found
20-NQ/TW X 2008-01-28 found
28-NQ/TW X 2008-09-22 found
25-NQ/TW X 2008-07-25 found
25-NQ/TW IX 2003-03-12 found
18-CT/TW XI 2012-09-04 found
45-KL/TW XII 2019-02-01 found
12-KL/TW XI 2011-10-24 found
100-KL/TW XI 2014-08-18 found
22-NQ/TW XI 2013-04-10 unverified
29-NQ/TW XI 2013-11-04 unverified
33-NQ/TW XI 2014-06-09 unverified
40-CT/TW XI 2014-11-22 unverified
06-KL/TW XIII 2021-06-10 found
05-CT/TW XII 2016-05-15 found
07-CT/TW XIV 2026-07-13 found
04-NQ/TW XII 2016-10-30 unverified
13-CT/TW XII 2017-01-12 found
61-KL/TW XIII 2023-08-17 found
18-NQ/TW XII 2017-10-25 found
19-NQ/TW XII 2017-10-25 found
22-NQ/TW XII 2018-03-15 found
23-CT/TW XII 2018-02-09 unverified
28-NQ/TW XII 2018-05-23 found
08-QĐi/TW XII 2018-10-25 found
10-QĐi/TW XII 2018-12-12 found
35-NQ/TW XII 2018-10-22 unverified
37-NQ/TW XII 2018-12-24 unverified
35-CT/TW XII 2019-05-30 found
36-CT/TW XII 2019-08-16 found
01-CT/TW XIII 2021-03-09 found
21-KL/TW XIII 2021-10-25 found
12-NQ/TW XIII 2022-03-16 found
34-KL/TW XIII 2022-04-18 found
18-NQ/TW XIII 2022-06-16 unverified
28-NQ/TW XIII 2022-11-17 found
83-KL/TW XIII 2024-06-21 unverified
57-NQ/TW XIII 2024-12-22 found
59-NQ/TW XIII 2025-01-24 found
121-KL/TW XIII 2025-01-24 found
126-KL/TW XIII 2025-02-14 found
127-KL/TW XIII 2025-02-28 found
60-NQ/TW XIII 2025-04-12 found
45-CT/TW XIII 2025-04-14 found
66-NQ/TW XIII 2025-04-30 found
68-NQ/TW XIII 2025-05-04 found
46-CT/TW XIII 2025-05-16 found
50-CT/TW XIII 2025-07-23 found
183-KL/TW XIII 2025-08-01 found
70-NQ/TW XIII 2025-08-20 found
71-NQ/TW XIII 2025-08-22 found
72-NQ/TW XIII 2025-09-09 found
200-KL/TW XIII 2025-10-17 found
79-NQ/TW XIII 2026-01-06 found
80-NQ/TW XIII 2026-01-07 found
05-NQ/TW XIV 2026-04-07 found
10-NQ/TW XIV 2026-06-08 found
51-KL/TW XIV 2026-06-17 found
21-NQ/TW XIV 2026-07-28 found
76-KL/TW XIV 2026-07-28 found
23-NQ/TW XIV 2026-08-02 found
83-KL/TW XIV 2026-08-08 found
24-NQ/TW XIV 2026-08-22 found
25-NQ/TW XIV 2026-08-22 found
26-NQ/TW XIV 2026-08-22 found
27-NQ/TW XIV 2026-08-28 found
91-KL/TW XIV 2026-09-03 found
09-CT/TW XIV - found
19-QĐ/TW XIV 2026-04-08 found
30/2020/NĐ-CP 2020 2020-03-05 found
42/2014/QĐ-TTg 2014 2014-07-27 found
23/2018/QĐ-TTg 2018 2018-05-15 found
10/2016/TT-BTTTT 2016 2016-04-01 found
01/2022/TT-BTTTT 2022 2022-02-17 found
20/2020/QĐ-TTg 2020 2020-07-22 found
28/2018/QĐ-TTg 2018 2018-07-12 found
202/2025/QH15 2025 2025-06-12 found
19/2025/QĐ-TTg 2025 2025-06-30 found
30/2026/QH16 2026 2026-04-24 found
36/2026/QH16 2026 2026-08-24 found
39/2026/QH16 2026 2026-08-24 found";

fn told(document: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let period = text(&document["numbering_period"]["title"]);
    format!("{} {period} {} {}", text(&document["symbol"]), text(&document["issued_on"]), text(&document["provenance"]))
}

on_loaded!(every_document_is_there_with_its_term_its_day_and_what_supports_it, |service| {
    let documents = all(&service.public(), "/v1/documents?limit=200");
    let there: BTreeSet<String> = documents.iter().map(told).collect();
    let missing: Vec<&str> = DOCUMENTS.lines().filter(|line| !there.contains(*line)).collect();
    assert_eq!(missing, Vec::<&str>::new());
    assert_eq!(DOCUMENTS.lines().count(), 111);
});

on_loaded!(nothing_is_odd_about_the_issuer_or_the_symbol_of_a_known_document, |service| {
    let editor = service.editor();
    let documents = all(&service.public(), "/v1/documents?limit=200");
    for document in &documents {
        let url = format!("{}?dry_run=true", document["url"].as_str().unwrap());
        let again = editor.patch(&url, &json!({ "note": "Read again." })).expect(200).json();
        let warnings = again["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
        let odd: Vec<&Value> = warnings.iter().filter(|warning| warning["code"] != "identity_incomplete").collect();
        assert_eq!(odd, Vec::<&Value>::new(), "{}", document["symbol"]);
    }
    assert!(documents.len() > 120);
});

on_loaded!(resolution_of_a_congress_has_no_number_and_its_own_key, |service| {
    let resolution = by_key(&service.public(), "documents", "reference", "nq-dh-xii");
    assert_eq!((&resolution["number"], &resolution["identity_complete"]), (&Value::Null, &false.into()));
    let title = "Nghị quyết Đại hội đại biểu toàn quốc lần thứ XII của Đảng";
    assert_eq!((&resolution["title"], &resolution["issued_on"]), (&title.into(), &"2016-01-28".into()));
});

on_loaded!(symbol_used_again_is_answered_with_the_document_of_each_term, |service| {
    for (symbol, terms) in [
        ("01-CT/TW", "XII XIII"),
        ("09-CT/TW", "XI XIV"),
        ("10-NQ/TW", "IX XII XIII XIV"),
        ("12-CT/TW", "X XII"),
        ("12-KL/TW", "XI XIII"),
        ("18-NQ/TW", "XII XIII"),
        ("22-NQ/TW", "X XI XII XIV"),
        ("25-NQ/TW", "IX X XI XIV"),
        ("28-NQ/TW", "IX X XI XII XIII"),
        ("35-CT/TW", "XII XIII"),
        ("46-CT/TW", "X XI XIII"),
        ("51-KL/TW", "XII XIV"),
        ("51-NQ/TW", "IX XII"),
        ("56-KL/TW", "XII XIV"),
        ("83-KL/TW", "XIII XIV"),
        ("48-CT/TW", "X"),
        ("32-KL/TW", "XII"),
    ] {
        let path = format!("/v1/documents?symbol={}&sort=id", encoded(symbol));
        let documents = rows(&service.public().get(&path));
        let found: BTreeSet<&str> = texts(&documents, "/numbering_period/title").into_iter().collect();
        assert_eq!(found, terms.split(' ').collect(), "{symbol}");
        assert_eq!(documents.len(), found.len(), "{symbol}");
    }
});

on_loaded!(title_tells_the_documents_of_one_symbol_apart, |service| {
    let documents = rows(&service.public().get("/v1/documents?symbol=25-NQ/TW&sort=issued_on"));
    assert_snapshot!(texts(&documents, "/title").join("\n"), @r"
    Về công tác tôn giáo
    Về tăng cường sự lãnh đạo của Đảng đối với công tác thanh niên thời kỳ đẩy mạnh công nghiệp hóa, hiện đại hóa
    Về tăng cường và đổi mới sự lãnh đạo của Đảng đối với công tác dân vận trong tình hình mới
    Về Chiến lược công tác tư tưởng trong bối cảnh mới
    ");
});

on_loaded!(term_whose_days_nobody_checked_is_marked, |service| {
    let tw = by_key(&service.public(), "organizations", "reference", "tw");
    let terms =
        rows(&service.public().get(&format!("/v1/numbering-periods?organization={}&sort=valid_from", tw["id"])));
    let terms: Vec<String> = terms
        .iter()
        .map(|term| {
            ["label", "valid_from", "valid_to", "provenance"].map(|field| term[field].as_str().unwrap_or("now"))
        })
        .map(|fields| fields.join(" "))
        .collect();
    assert_snapshot!(terms.join("\n"), @r"
    VIII 1996-07-02 2001-04-22 unverified
    IX 2001-04-23 2006-04-25 unverified
    X 2006-04-26 2011-01-17 unverified
    XI 2011-01-18 2016-01-26 unverified
    XII 2016-01-27 2021-01-30 unverified
    XIII 2021-01-31 2026-01-22 unverified
    XIV 2026-01-23 now found
    ");
});

on_loaded!(year_stands_for_a_day_that_is_not_known, |service| {
    let directive = by_key(&service.public(), "documents", "reference", "01-ct-tw-xii");
    assert_eq!((&directive["issued_on"], &directive["issued_on_precision"]), (&"2016-01-01".into(), &"year".into()));
    assert_eq!(directive["numbering_period"]["title"], "XII");
});

on_loaded!(links_tell_what_continues_and_what_replaces, |service| {
    let links = all(&service.public(), "/v1/document-links?sort=id&limit=200");
    let told: Vec<String> = links
        .iter()
        .filter(|link| link["from"]["title"].as_str().is_some_and(|title| !title.starts_with("Dự thảo")))
        .map(|link| {
            let [kind, provenance] = ["kind", "provenance"].map(|field| link[field].as_str().unwrap());
            format!("{} {kind} {} ({provenance})", symbol(&link["from"]), symbol(&link["to"]))
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r"
    13-KL/TW continues 48-CT/TW (unverified)
    56-KL/TW continues 48-CT/TW (secondary)
    88/NQ-CP implements 12-CT/TW (found)
    22-NQ/TW replaces 51-NQ/TW (secondary)
    44-NQ/TW follows 28-NQ/TW (found)
    44-KL/TW continues 09-CT/TW (found)
    51-NQ/TW replaces 08-NQ/TW (unverified)
    399-QĐ/TW replaces 66-QĐ/TW (found)
    05-HD/VPTW replaces 36-HD/VPTW (found)
    36-HD/VPTW replaces 11-HD/VPTW (found)
    02-QC/BCĐTW implements 57-NQ/TW (found)
    296-QĐ/TW replaces 22-QĐ/TW (found)
    45-KL/TW continues 18-CT/TW (found)
    12-KL/TW continues 10-NQ/TW (found)
    59-NQ/TW follows 22-NQ/TW (unverified)
    80-NQ/TW follows 33-NQ/TW (unverified)
    06-KL/TW continues 40-CT/TW (found)
    01-KL/TW continues 05-CT/TW (found)
    07-CT/TW follows 05-CT/TW (found)
    21-KL/TW continues 04-NQ/TW (found)
    61-KL/TW continues 13-CT/TW (found)
    121-KL/TW reviews 18-NQ/TW (found)
    45-CT/TW replaces 35-CT/TW (unverified)
    23/2018/QĐ-TTg amends 42/2014/QĐ-TTg (found)
    01/VBHN-VPCP consolidates 42/2014/QĐ-TTg (found)
    01/2022/TT-BTTTT amends 10/2016/TT-BTTTT (found)
    01/VBHN-VPCP consolidates 23/2018/QĐ-TTg (found)
    95-CTr/TU action_program_of 36-CT/TW (found)
    2888/KH-UBND implements 95-CTr/TU (found)
    ");
});

on_loaded!(directive_that_is_continued_is_in_force_and_a_resolution_that_is_replaced_is_not, |service| {
    let client = service.public();
    let of = |key: &str| by_key(&client, "documents", "reference", key);
    let to = |key: &str, kind: &str| {
        let links = rows(&client.get(&format!("/v1/document-links?to={}&kind={kind}&sort=id", of(key)["id"])));
        links.iter().map(|link| symbol(&link["from"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("48-ct-tw-x")["status"], "in_force");
    assert_eq!(to("48-ct-tw-x", "continues"), ["13-KL/TW", "56-KL/TW"]);
    assert_eq!(to("48-ct-tw-x", "replaces"), Vec::<String>::new());
    assert_eq!(of("51-nq-tw-xii")["status"], "superseded");
    assert_eq!(to("51-nq-tw-xii", "replaces"), ["22-NQ/TW"]);
    assert_eq!(of("22-nq-tw-xiv")["numbering_period"]["title"], "XIV");
});

on_loaded!(bodies_that_share_a_register_are_told_apart, |service| {
    let client = service.public();
    for (key, adopted_by) in [
        ("32-kl-tw-xii", ["Bộ Chính trị"].as_slice()),
        ("44-kl-tw-xii", &["Ban Bí thư"]),
        ("18-nq-tw-xii", &["Ban Chấp hành Trung ương Đảng"]),
        ("127-kl-tw-xiii", &["Bộ Chính trị", "Ban Bí thư"]),
        ("76-kl-tw-xiv", &[]),
    ] {
        let document = by_key(&client, "documents", "reference", key);
        assert_eq!(document["numbering_body"]["title"], "Trung ương Đảng (sổ văn bản TW)", "{key}");
        assert_eq!(texts(document["adopted_by"].as_array().unwrap(), "/title"), adopted_by, "{key}");
    }
});

on_loaded!(series_of_one_symbol_are_told_apart_by_their_suffix, |service| {
    let regulation = by_key(&service.public(), "documents", "reference", "08-qdi-tw-xii");
    assert_eq!((&regulation["symbol"], &regulation["suffix"]), (&"08-QĐi/TW".into(), &"QĐi".into()));
});

on_loaded!(expansion_that_shows_more_than_an_answer_may_hold_is_refused, |service| {
    assert_snapshot!(service.public().get("/v1/documents?limit=200&expand=numbering_body.documents"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter expand would show more than 5000 records or 8 MiB; ask for fewer with limit.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "expand",
          "code": "too_many",
          "message": "would show more than 5000 records or 8 MiB; ask for fewer with limit"
        }
      ]
    }
    "#);
    assert_eq!(service.public().get("/v1/documents?limit=20&expand=numbering_body.documents").status, 200);
});
