//! CSV: that raw tables read back as the fields of JSON, and that those for spreadsheets are harmless and readable.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::digest;
use crate::support::{Response, given};

/// What the cell of a raw table stands for in a column of this name.
fn in_column(record: &Value, name: &str) -> Value {
    if let Some(value) = record.get(name) {
        return value.clone();
    }
    let (field, member) = name.rsplit_once('_').unwrap();
    match &record[field] {
        Value::Array(links) => links.iter().map(|link| link[member].clone()).collect(),
        link => link.get(member).cloned().unwrap_or_default(),
    }
}

/// Fails unless a raw table has every field of these records, and each can be read back from its cell.
#[track_caller]
pub fn reads_back(answer: &Response, records: &[Value]) {
    assert_eq!(answer.header("repr-digest"), Some(digest(&answer.body).as_str()));
    let mut reader = csv::ReaderBuilder::new().from_reader(answer.body.as_slice());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(records) {
        for (name, cell) in header.iter().zip(row) {
            let value = in_column(record, name);
            let read = match &value {
                // What is always a text is one, even if it is empty.
                Value::String(_) => json!(cell),
                _ if cell.is_empty() => Value::Null,
                _ => serde_json::from_str(cell).unwrap_or_else(|error| panic!("{name}: {cell}: {error}")),
            };
            assert_eq!(read, value, "{name} of {}", record["url"]);
        }
        let shown: BTreeSet<&str> = header
            .iter()
            .flat_map(|name| [name.as_str(), name.rsplit_once('_').map_or("", |(field, _)| field)])
            .collect();
        let fields = record.as_object().unwrap().keys().filter(|field| *field != "links");
        assert_eq!(fields.filter(|field| !shown.contains(field.as_str())).count(), 0, "{header:?}");
    }
}

on_both!(table_for_spreadsheets_is_readable_and_holds_no_formula, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({ "name": "=HYPERLINK(\"http://x.example\")" })).id();
    let other = given::organization(&editor, json!({ "name": "Ban Bí thư", "symbol": null })).id();
    given::document(
        &editor,
        json!({
            "title": "+84 \"an ninh\", trật tự", "note": "- Một\n- hai", "adopted_by": [body, other], "place": "@Hà Nội",
            "review_schedule": [{ "activity": "interim_review", "years": 5 }, { "activity": "final_review", "years": 10 }],
        }),
    );
    let answer = editor.get("/v1/documents?format=csv&fields=adopted_by,title,issued_on,place,review_schedule,note,number,suffix,identity_complete");
    assert!(answer.body.starts_with(b"\xef\xbb\xbfid,"), "it begins with a byte order mark");
    assert_snapshot!(answer.text().trim_start_matches('\u{feff}').replace("\r\n", "␍\n"), @r#"
    id,type,url,adopted_by_id,adopted_by_title,number,suffix,title,issued_on,place,review_schedule,note,identity_complete␍
    1,document,/v1/documents/1,1; 2,"'=HYPERLINK(""http://x.example""); Ban Bí thư",,,"'+84 ""an ninh"", trật tự",2018-07-05,'@Hà Nội,"activity: interim_review, years: 5; activity: final_review, years: 10","'- Một
    - hai",false␍
    "#);
    let raw = editor.get("/v1/documents?format=csv&csv=raw&fields=adopted_by,title,note,place,review_schedule");
    assert_snapshot!(raw.text().replace("\r\n", "␍\n"), @r#"
    id,type,url,adopted_by_id,adopted_by_title,title,place,review_schedule,note␍
    1,document,/v1/documents/1,"[1,2]","[""=HYPERLINK(\""http://x.example\"")"",""Ban Bí thư""]","+84 ""an ninh"", trật tự",@Hà Nội,"[{""activity"":""interim_review"",""years"":5},{""activity"":""final_review"",""years"":10}]","- Một
    - hai"␍
    "#);
});

on_both!(table_has_vietnamese_headings_and_labels_on_request, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({})).id();
    given::document(
        &editor,
        json!({
            "numbering_body": body,
            "review_schedule": [{ "activity": "interim_review", "years": 5 }],
        }),
    );
    given::conference(&editor, json!({ "formats": ["extended", "nationwide"] }));
    let shown = |path: &str| {
        let answer = editor.get(path).expect(200);
        answer.text().trim_start_matches('\u{feff}').replace("\r\n", "␍\n")
    };
    let fields = "kind,numbering_body,title,issued_on,status,review_schedule,visibility";
    assert_snapshot!(shown(&format!("/v1/documents?format=csv&labels=vi&fields={fields}")), @r#"
    Mã số,Loại bản ghi,Địa chỉ,Phạm vi công khai,Loại văn bản,Cơ quan đánh số (mã số),Cơ quan đánh số,Trích yếu nội dung,Ngày ban hành,Tình trạng hiệu lực,"Lịch sơ kết, tổng kết"␍
    1,văn bản,/v1/documents/1,công khai,Kết luận,1,Tỉnh ủy Thái Bình,Về tình hình an ninh trật tự nổi lên thời gian gần đây,2018-07-05,chưa xác định,"Hoạt động đối với văn bản: sơ kết (6 tháng / 1 / 3 / 5 năm), Số năm: 5"␍
    "#);
    assert_snapshot!(shown("/v1/conferences?format=csv&csv=excel&labels=vi&fields=name,formats,held_from,parent"), @r"
    Mã số,Loại bản ghi,Địa chỉ,Tên hội nghị,Loại hội nghị,Ngày tổ chức,Thuộc hội nghị (mã số),Thuộc hội nghị␍
    1,hội nghị,/v1/conferences/1,Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng,mở rộng; toàn quốc,2018-07-16,,␍
    ");
});
