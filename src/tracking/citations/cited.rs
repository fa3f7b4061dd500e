//! A citation in the terms of the records: its kind, its suffix, its day.

use chrono::{Datelike, NaiveDate};

use crate::documents::identity::suffix_of;
use crate::documents::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::Date;
use crate::domain::vocabulary::DatePrecision;
use crate::text::{Citation, CitedDate, fold_symbol, read_symbol};

/// The date in a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    /// The date; its first day where only the month or the year is given.
    pub on: Date,
    /// How much of it is given.
    pub precision: Option<DatePrecision>,
    /// Whether no year is given.
    pub is_year_inferred: bool,
}

/// A citation, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// As it was read.
    pub citation: Citation,
    /// The kind.
    pub kind: Option<DocumentKind>,
    /// What tells documents of one number apart.
    pub suffix: String,
    /// The key of the symbol, by which it is looked up.
    pub symbol_key: Option<String>,
    /// The date.
    pub issued: Option<Issued>,
}

impl Cited {
    /// Reads a citation in a text of this day.
    #[must_use]
    pub fn of(citation: Citation, as_of: Date) -> Self {
        let kind: Option<DocumentKind> = citation.kind.and_then(|code| code.parse().ok());
        let suffix = citation.symbol.as_deref().zip(kind).and_then(|(symbol, kind)| suffix_in(symbol, kind));
        Self {
            kind,
            suffix: suffix.unwrap_or_else(|| citation.letter.clone()),
            symbol_key: citation.symbol.as_deref().map(fold_symbol),
            issued: citation.issued.and_then(|date| issued(date, as_of)),
            citation,
        }
    }
}

/// The suffix that a symbol shows, which alone tells by its separators whose rules number it.
fn suffix_in(symbol: &str, kind: DocumentKind) -> Option<String> {
    let parts = read_symbol(symbol)?;
    let digits = symbol.trim_start_matches(|character: char| character.is_ascii_digit());
    let system = if digits.starts_with('-') { DocumentSystem::Party } else { DocumentSystem::State };
    Some(suffix_of(&parts, kind, system))
}

/// A date with its year: that of the text where none is given, or the year before if the day were after the text.
fn issued(date: CitedDate, as_of: Date) -> Option<Issued> {
    let on = |year| NaiveDate::from_ymd_opt(year, date.month.unwrap_or(1), date.day.unwrap_or(1));
    let precision = match (date.month, date.day) {
        (None, _) => Some(DatePrecision::Year),
        (Some(_), None) => Some(DatePrecision::Month),
        (Some(_), Some(_)) => None,
    };
    let day = match date.year {
        Some(year) => on(year)?,
        None => on(as_of.year()).filter(|day| *day <= as_of.day()).or_else(|| on(as_of.day().year() - 1))?,
    };
    Some(Issued { on: Date::new(day).ok()?, precision, is_year_inferred: date.year.is_none() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::citations;

    fn read(text: &str) -> Cited {
        Cited::of(citations(text).remove(0), "2020-11-11".parse().unwrap())
    }

    #[test]
    fn every_kind_that_is_read_is_a_kind_of_document() {
        let rows = include_str!("../../../tests/citations.csv");
        for row in csv::Reader::from_reader(rows.as_bytes()).records() {
            let cited = read(&row.unwrap()[0]);
            assert_eq!(cited.kind.map(DocumentKind::code), cited.citation.kind);
        }
        let words = "Chỉ thị; Nghị quyết; Nghị quyết liên tịch; Kết luận; Quyết định; Quy định; Quy chế; Thông tri; Hướng dẫn; \
            Thông báo; Thông báo kết luận; Thông cáo; Tuyên bố; Kế hoạch; Quy hoạch; Chương trình hành động; Chương trình; \
            Chương trình phối hợp; Đề án; Phương án; Dự án; Tờ trình; Công văn; Báo cáo; Biên bản; Hợp đồng; Công điện; \
            Chiến lược; Luật; Pháp lệnh; Nghị định; Thông tư; Thông tư liên tịch; Văn bản hợp nhất";
        for word in words.split("; ") {
            let cited = read(&format!("{word} số 7"));
            assert_eq!(cited.kind.map(DocumentKind::code), cited.citation.kind, "{word}");
        }
        for symbol in
            ["1-CT/TW", "1-QĐi/TW", "1-TBo/TW", "1-CL/TW", "1/QyĐ-UBND", "1/TTLT-BCA", "1/CĐ-TTg", "1/VBHN-VPCP"]
        {
            assert!(read(symbol).kind.is_some(), "{symbol}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_last_by_the_day_of_the_text() {
        let on = |text: &str| read(text).issued.map(|issued| (issued.on.to_string(), issued.is_year_inferred));
        assert_eq!(on("Chỉ thị số 48 ngày 22/10"), Some(("2020-10-22".to_owned(), true)));
        assert_eq!(on("Chỉ thị số 48 ngày 12/11"), Some(("2019-11-12".to_owned(), true)));
        assert_eq!(on("Chỉ thị số 48 ngày 22/10/2010"), Some(("2010-10-22".to_owned(), false)));
        assert_eq!(on("Chỉ thị số 48 ngày 31/2/2010"), None);
    }

    #[test]
    fn a_suffix_is_read_off_the_symbol_or_the_number() {
        for (text, suffix) in [
            ("Chỉ thị số 03/CT-BCA-X11", "X11"),
            ("Quy định số 08-QĐi/TW", "QĐi"),
            ("Nghị quyết số 12a-NQ/TW", "a"),
            ("Nghị quyết số 30a", "a"),
            ("Chỉ thị số 48-CT/TW", ""),
        ] {
            assert_eq!(read(text).suffix, suffix, "{text}");
        }
    }
}
