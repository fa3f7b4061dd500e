//! Charts: the rows and cells of an answer as a picture, whatever is in its texts, and what is refused.

use insta::assert_snapshot;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::parameters::load_all;
use crate::support::{Client, Service, given};

/// The document 1 and a conference of a committee about it.
fn one_act(service: &Service) -> Client {
    let editor = service.editor();
    given::document(&editor, json!({ "title": "Về \"an ninh\" & <trật tự>" }));
    let committee = given::organization(&editor, json!({})).id();
    let about = json!([{ "document": 1, "activity": "study_dissemination" }]);
    given::conference(&editor, json!({ "convening_body": committee, "conference_documents": about }));
    service.public()
}

const ONE: &str = "/v1/documents/1/implementation.svg?milestone=disseminated&as_of=2018-12-31";

/// What each group of a picture says of itself: the names of rows, and the sentences of cells.
fn told(picture: &Document<'_>) -> Vec<String> {
    let groups = picture.descendants().filter(|node| node.has_tag_name("g"));
    groups.filter_map(|group| group.first_element_child()).filter_map(title).collect()
}

fn title(node: Node<'_, '_>) -> Option<String> {
    node.has_tag_name("title").then(|| node.text().unwrap_or_default().to_owned())
}

on_both!(chart_says_by_itself_what_it_shows, |service| {
    let answer = one_act(service).get(ONE).expect(200);
    // Browsers take it under the policy that every answer has: nothing from outside, no style sheet, no script.
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
    assert_snapshot!(answer.to_string().replace("><", ">\n<"), @r##"
    200
    cache-control: no-cache
    content-type: image/svg+xml
    etag: "1870ac8ae9211fcf"
    vary: Authorization, Accept, Accept-Encoding

    <svg xmlns="http://www.w3.org/2000/svg" lang="vi" role="img" aria-labelledby="title about" width="632" height="197" viewBox="0 0 632 197" font-family="Arial, 'Liberation Sans', 'Noto Sans', 'DejaVu Sans', sans-serif" fill="#1a1a1a">
    <title id="title">Tình hình thực hiện Về &quot;an ninh&quot; &amp; &lt;trật tự&gt;</title>
    <desc id="about">Tổ chức quán triệt, triển khai: 1/1 (100,0%)</desc>
    <rect width="632" height="197" fill="#ffffff"/>
    <text x="16" y="29" font-size="16" font-weight="bold">Tình hình thực hiện Về &quot;an ninh&quot; &amp; &lt;trật tự&gt;</text>
    <text x="16" y="51" font-size="12">Ban hành ngày 05/07/2018; tính đến hết ngày 31/12/2018.</text>
    <text x="22" y="79" font-size="11" font-weight="bold">Tổ chức</text>
    <text x="391.1" y="79" font-size="11" text-anchor="middle" font-weight="bold">Tổ chức quán triệt, triển khai</text>
    <line x1="16" y1="85" x2="616" y2="85" stroke="#1a1a1a" stroke-width="1.2"/>
    <g>
    <title>Tỉnh ủy Thái Bình</title>
    <text x="22" y="98.5" font-size="12">Tỉnh ủy Thái Bình</text>
    </g>
    <g>
    <title>Tỉnh ủy Thái Bình – Tổ chức quán triệt, triển khai: Đã thực hiện (không quy định hạn); 16/07/2018; 11 ngày sau khi ban hành</title>
    <circle cx="331.5" cy="94.5" r="5" fill="#3f8f4f" stroke="#3f8f4f" stroke-width="1.6"/>
    <text x="341.5" y="98.5" font-size="11">16/07/2018 · 11 ngày</text>
    </g>
    <line x1="16" y1="104" x2="616" y2="104" stroke="#1a1a1a" stroke-width="1.2"/>
    <text x="22" y="118" font-size="11">Đã thực hiện / số dòng</text>
    <text x="391.1" y="118" font-size="11" text-anchor="middle" font-weight="bold">1/1</text>
    <text x="391.1" y="132" font-size="11" text-anchor="middle">(100,0%)</text>
    <circle cx="23" cy="155" r="5" fill="#3f8f4f" stroke="#3f8f4f" stroke-width="1.6"/>
    <text x="34" y="159" font-size="11">Đã thực hiện (không quy định hạn)</text>
    <text x="16" y="181" font-size="11">Nguồn: /v1/documents/1/implementation?milestone=disseminated&amp;as_of=2018-12-31</text>
    </svg>
    "##);
});

on_both!(chart_in_english_has_the_codes_as_words, |service| {
    let answer = one_act(service).get(&format!("{ONE}&labels=en")).expect(200);
    let picture = Document::parse(answer.text()).unwrap();
    assert_eq!(picture.root_element().attribute("lang"), Some("en"));
    let said =
        ["Tỉnh ủy Thái Bình", "Tỉnh ủy Thái Bình – Disseminated: Done no deadline; 2018-07-16; 11 days after issue"];
    assert_eq!(told(&picture), said);
    assert!(
        answer.text().contains("Source: /v1/documents/1/implementation?milestone=disseminated&amp;as_of=2018-12-31<")
    );
});

on_both!(chart_has_the_rows_and_cells_of_the_answer, |service| {
    load_all(service);
    let question = "level=province&as_of=2018-12-31&units=2026-11-01&milestone=plan_issued,disseminated,reported";
    let client = service.public();
    let answer = client.get(&format!("/v1/documents/5/implementation?{question}")).expect(200).json();
    let picture = client.get(&format!("/v1/documents/5/implementation.svg?{question}")).expect(200);
    let picture = Document::parse(picture.text()).unwrap();
    let mut expected = Vec::new();
    for row in answer["rows"].as_array().unwrap() {
        expected.push(row["organization"]["title"].as_str().unwrap().to_owned());
        expected
            .extend(row["cells"].as_array().unwrap().iter().map(|cell| cell["status"].as_str().unwrap().to_owned()));
    }
    let labels = client.get("/v1/enumerations").expect(200).json();
    let labels =
        labels["data"].as_array().unwrap().iter().find(|list| list["name"] == "implementation_status").unwrap();
    let code = |sentence: &str| {
        let label = sentence.split_once(": ").unwrap().1.to_lowercase();
        let known = labels["values"]
            .as_array()
            .unwrap()
            .iter()
            .find(|value| label.starts_with(value["label_vi"].as_str().unwrap()));
        known.unwrap_or_else(|| panic!("{sentence}"))["code"].as_str().unwrap().to_owned()
    };
    let shown = told(&picture).into_iter().map(|text| if text.contains(" – ") { code(&text) } else { text });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    assert_eq!(expected.len(), 34 * 4);
});

on_both!(chart_is_known_by_its_tag, |service| {
    let client = one_act(service);
    let answer = client.get(ONE).expect(200);
    let again = client.request("GET", ONE).header("If-None-Match", answer.etag()).send();
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = client.request("HEAD", ONE).send();
    assert_eq!((head.status, head.etag()), (200, answer.etag()));
});

on_both!(chart_shows_the_public_no_internal_act, |service| {
    let client = one_act(service);
    service.editor().patch("/v1/conferences/1", &json!({ "visibility": "internal" })).expect(200);
    let rows = |client: &Client| told(&Document::parse(client.get(ONE).expect(200).text()).unwrap()).len();
    assert_eq!((rows(&client), rows(&service.reader())), (0, 2));
    assert!(client.get(ONE).text().contains("Chưa có thông tin về tổ chức nào."));
});

on_both!(chart_of_more_rows_than_a_reader_takes_in_is_refused, |service| {
    let client = one_act(service);
    let row = |at: usize| {
        let name = format!("Đảng ủy xã {at}");
        json!({ "type": "organization", "name": name, "kind": "party_committee", "level": "commune" }).to_string()
    };
    let rows: Vec<String> = (1..=501).map(row).collect();
    let import = service.editor().request("POST", "/v1/import").body("application/x-ndjson", rows.join("\n") + "\n");
    assert!(import.send().expect(200).text().contains("\"created\":501"));
    assert_snapshot!(client.get(&format!("{ONE}&level=commune")), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter level leaves 501 rows and 1 columns; a chart has at most 500 and 40.",
      "instance": "/v1/documents/1/implementation.svg",
      "errors": [
        {
          "parameter": "level",
          "code": "too_many",
          "message": "leaves 501 rows and 1 columns; a chart has at most 500 and 40"
        }
      ]
    }
    "#);
});

on_both!(chart_is_refused_as_its_answer_is, |service| {
    let client = one_act(service);
    service.editor().delete("/v1/conferences/1").expect(204);
    given::document(&service.editor(), json!({}));
    service.editor().delete("/v1/documents/2").expect(204);
    let status = |path: &str| client.get(&format!("/v1/documents/{path}")).status;
    assert_eq!([status("2/implementation.svg"), status("3/implementation.svg")], [410, 404]);
    let json = client.request("GET", ONE).header("Accept", "application/json").send();
    assert_eq!((json.status, &json.json()["code"]), (406, &json!("not_acceptable")));
    let image = client.request("GET", ONE).header("Accept", "image/avif,image/webp,image/*;q=0.8").send();
    assert_eq!(image.status, 200);
    let fault =
        |question: &str| -> Value { client.get(&format!("{ONE}&{question}")).expect(400).json()["errors"][0].clone() };
    assert_eq!(fault("labels=fr")["allowed"], json!(["vi", "en"]));
    assert_eq!(fault("format=csv")["code"], "unknown_parameter");
    assert_eq!(fault("units=2018-02-30")["parameter"], "units");
});

on_both!(matrix_is_drawn_with_the_cells_of_its_answer, |service| {
    load_all(service);
    let question = "documents=4,5&level=province&milestone=disseminated&as_of=2026-11-21";
    let client = service.public();
    let answer = client.get(&format!("/v1/matrix?{question}&format=ndjson")).expect(200);
    let lines = answer.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let cells: Vec<Value> = lines.filter(|line| line["organization"].is_object()).collect();
    let picture = client.get(&format!("/v1/matrix.svg?{question}&labels=en")).expect(200);
    let picture = Document::parse(picture.text()).unwrap();
    let mut shown: Vec<String> = told(&picture).into_iter().filter(|text| text.contains(" – ")).collect();
    let expected = cells.iter().map(|cell| {
        let body = cell["organization"]["title"].as_str().unwrap();
        let document = cell["document"]["title"].as_str().unwrap().split_once(' ').unwrap().0;
        let status = cell["status"].as_str().unwrap().replace('_', " ");
        format!("{body} – {document}: {}{}", status[..1].to_uppercase(), &status[1..])
    });
    let mut expected: Vec<String> = expected.collect();
    assert_eq!((shown.len(), expected.len()), (34 * 2, 34 * 2));
    // A picture goes body by body, the lines go document by document.
    shown.sort();
    expected.sort();
    for (shown, expected) in shown.iter().zip(&expected) {
        assert!(shown.starts_with(expected), "{shown}, and not {expected}");
    }
    assert_eq!(shown.iter().filter(|text| text.contains("Done no deadline; ")).count(), 2, "{shown:#?}");
    let text = picture.descendants().filter_map(|node| node.text()).collect::<String>();
    assert!(text.contains("51-NQ/TW Về Chiến lược bảo vệ an ninh quốc gia"), "whole titles stand below the picture");
});

on_both!(matrix_of_more_columns_than_a_page_is_wide_is_refused, |service| {
    let client = one_act(service);
    let editor = service.editor();
    for _ in 0..5 {
        given::document(&editor, json!({}));
    }
    let refused = client.get("/v1/matrix.svg?documents=1,2,3,4,5,6").expect(400).json();
    assert_eq!(refused["errors"][0]["parameter"], "documents");
    assert_eq!(refused["errors"][0]["code"], "too_many");
});

on_both!(report_on_tasks_is_drawn_with_its_counts, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({})).id();
    let lead = json!([{ "role": "lead", "organization": body }]);
    for (state, completed_on, due_on) in [
        ("completed", Some("2026-09-01"), Some("2026-09-30")),
        ("completed", Some("2026-10-01"), Some("2026-09-30")),
        ("in_progress", None, Some("2026-09-30")),
        ("in_progress", None, None),
    ] {
        let kind = if due_on.is_some() { "fixed_date" } else { "none_stated" };
        let task = json!({
            "content": "Rà soát các dự án.", "state": state, "completed_on": completed_on, "deadline_kind": kind,
            "due_on": due_on, "assignments": lead,
        });
        given::record(&editor, "tasks", &task);
    }
    given::record(&editor, "tasks", &json!({ "content": "Rà soát các dự án." }));
    let drawn = |question: &str| {
        let answer = service.public().get(&format!("/v1/reports/tasks.svg?{question}")).expect(200);
        told(&Document::parse(answer.text()).unwrap()).join("\n")
    };
    assert_snapshot!(drawn("group_by=lead&as_of=2026-11-21"), @r"
    Tổng số
    Tổng số – Hoàn thành đúng hạn: 1
    Tổng số – Hoàn thành quá hạn: 1
    Tổng số – Chưa hoàn thành, quá hạn: 1
    Tổng số – Không hạn / thường xuyên: 2
    Tỉnh ủy Thái Bình
    Tỉnh ủy Thái Bình – Hoàn thành đúng hạn: 1
    Tỉnh ủy Thái Bình – Hoàn thành quá hạn: 1
    Tỉnh ủy Thái Bình – Chưa hoàn thành, quá hạn: 1
    Tỉnh ủy Thái Bình – Không hạn / thường xuyên: 1
    Không có cơ quan chủ trì
    Không có cơ quan chủ trì – Không hạn / thường xuyên: 1
    ");
    assert_snapshot!(drawn("group_by=lead&as_of=2026-09-29&labels=en"), @r"
    All
    All – Done on time: 1
    All – Open due soon: 2
    All – Open no deadline: 2
    Tỉnh ủy Thái Bình
    Tỉnh ủy Thái Bình – Done on time: 1
    Tỉnh ủy Thái Bình – Open due soon: 2
    Tỉnh ủy Thái Bình – Open no deadline: 1
    Without: Lead
    Without: Lead – Open no deadline: 1
    ");
    assert!(drawn("group_by=month&as_of=2026-11-21").contains("\n09/2026\n"), "a month as the language writes it");
    let whole = service.public().get("/v1/reports/tasks.svg?group_by=lead&as_of=2026-11-21").expect(200);
    let whole = Document::parse(whole.text()).unwrap();
    let longest = |group: usize| -> f64 {
        let bars =
            whole.descendants().filter(|node| node.has_tag_name("rect") && node.attribute("height") == Some("16"));
        bars.filter_map(|bar| bar.attribute("width")?.parse::<f64>().ok()).nth(group).unwrap()
    };
    // Five tasks in all and four of the body: its bar of four is as long as that of all five.
    assert_eq!((longest(0), longest(4)), (72.0, 90.0), "of a width of 360, one of five and one of four");
    let empty = service.public().get("/v1/reports/tasks.svg?group_by=month&from=2030-01-01").expect(200);
    assert!(empty.text().contains("Không có nhiệm vụ nào."), "{empty}");
});
