//! XLSX, read by a reader of workbooks: the types of its cells, its header, its sheets.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use serde_json::{Value, json};
use zip::ZipArchive;

use super::digest;
use crate::support::{Response, given};

fn workbook(answer: &Response) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(answer.body.clone())).unwrap()
}

/// The only sheet, which has this name.
#[track_caller]
fn sheet(answer: &Response, name: &str) -> Range<Data> {
    let mut workbook = workbook(answer);
    assert_eq!(workbook.sheet_names(), [name]);
    workbook.worksheet_range(name).unwrap()
}

/// Fails unless a workbook has one sheet of this name with these records, one a row, below its header.
#[track_caller]
pub fn holds(answer: &Response, name: &str, records: &[Value]) {
    assert_eq!(answer.header("repr-digest"), Some(digest(&answer.body).as_str()));
    let sheet = sheet(answer, name);
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(rows.len(), records.len() + 1, "{name}");
    assert_eq!(rows[0][..3], ["id", "type", "url"].map(|name| Data::String(name.to_owned())));
    for (row, record) in rows[1..].iter().zip(records) {
        assert_eq!(row[0], Data::Float(record["id"].as_f64().unwrap()), "{name}");
        assert_eq!(row[2], Data::String(record["url"].as_str().unwrap().to_owned()), "{name}");
    }
}

/// The cells of the first record of a list, by their headings.
fn first(answer: &Response, name: &str) -> BTreeMap<String, Data> {
    let sheet = sheet(answer, name);
    let mut rows = sheet.rows();
    let (headings, cells) = (rows.next().unwrap(), rows.next().unwrap());
    headings.iter().map(ToString::to_string).zip(cells.iter().cloned()).collect()
}

/// The XML of the first sheet.
fn xml(answer: &Response) -> String {
    let mut archive = ZipArchive::new(Cursor::new(answer.body.clone())).unwrap();
    let mut xml = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    xml
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

on_both!(cells_have_the_types_of_their_fields, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({ "name": "=1+1" })).id();
    let other = given::organization(&editor, json!({ "name": "Ban Bí thư" })).id();
    given::document(
        &editor,
        json!({
            "numbering_body": body, "number": 32, "title": "=HYPERLINK(\"http://x.example\")", "issued_on": "1900-01-01",
            "effective_on": "2199-12-31", "adopted_by": [body, other], "note": "https://x.example/tin",
        }),
    );
    let answer = editor.get("/v1/documents?format=xlsx").expect(200);
    let cells = first(&answer, "documents");
    for (name, value) in [
        ("id", Data::Float(1.0)),
        ("number", Data::Float(32.0)),
        ("numbering_body_id", Data::Float(1.0)),
        ("numbering_body_title", text("=1+1")),
        ("adopted_by_id", text("1; 2")),
        ("adopted_by_title", text("=1+1; Ban Bí thư")),
        ("title", text("=HYPERLINK(\"http://x.example\")")),
        ("note", text("https://x.example/tin")),
        ("kind", text("conclusion")),
        ("identity_complete", Data::Bool(false)),
        ("signer_id", Data::Empty),
    ] {
        assert_eq!(cells[name], value, "{name}");
    }
    let time = |name: &str| {
        let Data::DateTime(time) = &cells[name] else { panic!("{name}: {:?}", cells[name]) };
        time.to_ymd_hms_milli()
    };
    assert_eq!(time("issued_on"), (1900, 1, 1, 0, 0, 0, 0));
    assert_eq!(time("effective_on"), (2199, 12, 31, 0, 0, 0, 0));
    assert_eq!(time("created_at"), (2026, 11, 21, 3, 0, 0, 0));
    let mut workbook = workbook(&answer);
    assert!(workbook.worksheet_formula("documents").unwrap().is_empty(), "no cell is a formula");
});

on_both!(header_stays_in_sight_and_filters, |service| {
    given::person(&service.editor(), json!({}));
    for path in ["/v1/people?format=xlsx", "/v1/documents?format=xlsx&fields=title"] {
        let xml = xml(&service.public().get(path).expect(200));
        assert!(xml.contains(r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#), "{xml}");
        assert!(xml.contains("<autoFilter ref=\"A1:") && xml.contains("<cols>"), "{xml}");
        assert!(!xml.contains("<hyperlink") && !xml.contains("<f>"), "{xml}");
    }
});

on_both!(workbook_has_vietnamese_headings_and_labels_on_request, |service| {
    given::document(&service.editor(), json!({}));
    let cells = first(&service.public().get("/v1/documents?format=xlsx&labels=vi").expect(200), "documents");
    for (heading, label) in [
        ("Loại bản ghi", "văn bản"),
        ("Loại văn bản", "Kết luận"),
        ("Trích yếu nội dung", "Về tình hình an ninh trật tự nổi lên thời gian gần đây"),
        ("Phạm vi công khai", "công khai"),
    ] {
        assert_eq!(cells[heading], text(label), "{cells:#?}");
    }
    assert!(matches!(cells["Ngày ban hành"], Data::DateTime(_)), "{cells:#?}");
});

on_both!(text_that_is_too_long_for_a_cell_is_cut_and_says_so, |service| {
    given::source(&service.editor(), json!({ "raw_text": "a".repeat(40_000) }));
    let answer = service.public().get("/v1/sources?format=xlsx").expect(200);
    let Data::String(cell) = &first(&answer, "sources")["raw_text"] else { panic!("no text") };
    assert_eq!((cell.len(), cell.ends_with("a […]")), (32_767 + "…".len() - 1, true));
});
