//! Which documents short citations mean, worked out by hand from the dates, terms and titles of the data.

use crate::tracking::citations::told;

on_loaded!(years_of_review_point_to_the_document_that_is_so_old, |service| {
    let text = "Kiểm điểm 10 năm thực hiện Chỉ thị 48, 5 năm thực hiện Chỉ thị số 46 và 3 năm triển khai Chỉ thị 12";
    assert_eq!(
        told(&service.public(), text, "2020-11-11"),
        [
            "Chỉ thị 48: resolved | 2010-10-22 +number +review_years",
            "Chỉ thị số 46: resolved | 2015-06-22 +number +review_years +latest | 2010-07-27 +number -review_years",
            "Chỉ thị 12: resolved | 2017-01-05 +number +review_years +latest | 2007-05-03 +number -review_years",
        ]
    );
});

on_loaded!(a_number_alone_resolves_nothing, |service| {
    assert_eq!(
        told(&service.public(), "Chỉ thị số 48, 46 và 999", "2020-11-11"),
        [
            "Chỉ thị số 48: unconfirmed | 2010-10-22 +number",
            "46: ambiguous | 2015-06-22 +number +latest | 2010-07-27 +number",
            "999: unknown",
        ]
    );
    assert_eq!(
        told(&service.public(), "Chỉ thị 48 khóa XI", "2020-11-11"),
        ["Chỉ thị 48 khóa XI: contradicted | 2010-10-22 +number -term"]
    );
});

on_loaded!(what_a_body_says_rules_out_others_and_chooses_none, |service| {
    assert_eq!(
        told(&service.public(), "Nghị quyết số 28 của Ban Chấp hành Trung ương", "2017-02-20"),
        ["Nghị quyết số 28 của Ban Chấp hành Trung ương: ambiguous | 2013-10-25 +number +body +latest \
             | 2003-06-16 +number | 2008-09-22 +number -body"]
    );
    assert_eq!(
        told(&service.public(), "Chỉ thị số 09 của Ban Bí thư", "2017-02-20"),
        ["Chỉ thị số 09 của Ban Bí thư: resolved | 2011-12-01 +number +body"]
    );
});

on_loaded!(one_symbol_of_five_documents_is_told_apart_by_term_title_and_date, |service| {
    let client = service.public();
    let days = ["2022-11-17", "2018-05-23", "2013-10-25", "2008-09-22", "2003-06-16"];
    let each = |reason: &str| days.map(|day| format!(" | {day} +symbol{reason}")).concat();
    assert_eq!(
        told(&client, "28-NQ/TW", "2026-11-21"),
        [format!("28-NQ/TW: ambiguous{}", each("").replacen("+symbol", "+symbol +latest", 1))]
    );
    let first = |text: &str| {
        let told = told(&client, text, "2026-11-21").remove(0);
        told.split(" | ").take(2).map(str::to_owned).collect::<Vec<_>>().join(" | ").replace(text, "…")
    };
    assert_eq!(first("Nghị quyết 28/NQ-TW khóa XI"), "…: resolved | 2013-10-25 +symbol +term");
    assert_eq!(first("28-NQ/TW ngày 22/9/2008"), "…: resolved | 2008-09-22 +symbol +issued_on");
    assert_eq!(first("28-NQ/TW năm 2018"), "…: resolved | 2018-05-23 +symbol +issued_on");
    let titled = "28-NQ/TW về đổi mới phương thức lãnh đạo của Đảng đối với hệ thống chính trị";
    assert_eq!(first(titled), "28-NQ/TW: resolved | 2022-11-17 +symbol +title +latest");
});

on_loaded!(date_term_and_body_agree_on_one_document, |service| {
    let cited = "Nghị quyết số 25 ngày 03/6/2013 của Ban Chấp hành Trung ương khoá XI";
    assert_eq!(
        told(&service.public(), cited, "2017-02-20"),
        [format!(
            "{cited}: resolved | 2013-06-03 +number +body +term +issued_on +latest \
             | 2008-07-25 +number +body -term -issued_on | 2003-03-12 +number +body -term -issued_on"
        )]
    );
});

on_loaded!(what_is_resolved_in_one_place_is_known_in_the_others, |service| {
    let client = service.public();
    let short = "Triển khai Nghị quyết 51 của Bộ Chính trị";
    let alone = "Nghị quyết 51 của Bộ Chính trị: ambiguous | 2019-09-05 +number +body +latest | 2005-07-20 +number";
    assert_eq!(told(&client, short, "2020-11-11"), [alone]);
    let with_title = format!("{short}. Nghị quyết số 51-NQ/TW về Chiến lược bảo vệ an ninh quốc gia");
    assert_eq!(
        told(&client, &with_title, "2020-11-11"),
        [
            "Nghị quyết 51 của Bộ Chính trị: resolved | 2019-09-05 +number +body +same_text +latest | 2005-07-20 +number",
            "Nghị quyết số 51-NQ/TW: resolved | 2019-09-05 +symbol +title +latest | 2005-07-20 +symbol -title",
        ]
    );
    let two = "28-NQ/TW khóa XI, 28-NQ/TW khóa XII và Nghị quyết số 28";
    let verdicts: Vec<String> = told(&client, two, "2026-11-21");
    assert!(verdicts[2].starts_with("Nghị quyết số 28: ambiguous | 2022-11-17 +number +latest"), "{}", verdicts[2]);
});
