//! What of a citation speaks for a document on record, and what against it.
//!
//! The rule: what is not on record, or not in the text, speaks neither way.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months};

use super::bodies::{self, Body};
use super::cited::{Cited, Issued};
use super::titles::{self, Words};
use crate::documents::vocabulary::DocumentKind;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id};
use crate::tracking::vocabulary::CitationEvidence;

/// What is on record of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its number in this service.
    pub id: Id,
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number in the register.
    pub number: u32,
    /// What tells it apart from others of its number.
    pub suffix: String,
    /// The key of its symbol.
    pub symbol_key: String,
    /// The words of its title.
    pub title: Words,
    /// The date that it bears.
    pub issued_on: Option<Date>,
    /// How much of that is known.
    pub precision: Option<DatePrecision>,
    /// Its numbering period.
    pub period: Option<Id>,
    /// What that is called, where it is a term.
    pub term: Option<String>,
    /// The bodies that adopted it.
    pub adopters: Vec<Body>,
    /// Whether these are all of them.
    pub has_all_adopters: bool,
    /// The body that numbers it.
    pub numbering_body: Option<Body>,
}

/// The documents that citations may mean.
#[derive(Debug, Default)]
pub struct Found {
    /// Those that were loaded, the latest first.
    pub documents: Vec<Known>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// A document that a citation may mean, with what speaks for it and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'k> {
    /// The document.
    pub known: &'k Known,
    /// What speaks for it.
    pub reasons: BTreeSet<CitationEvidence>,
    /// What the text says that is otherwise on record.
    pub contradicted_by: BTreeSet<CitationEvidence>,
}

/// Whether a citation may mean a document: by the symbol, or else by kind, number and the letter of the number.
#[must_use]
pub fn may_mean(cited: &Cited, known: &Known) -> bool {
    if let Some(key) = &cited.symbol_key {
        return *key == known.symbol_key;
    }
    // A drafting unit, or a series of its own, is left out where no symbol is given.
    let letter = if known.suffix.chars().all(char::is_lowercase) { known.suffix.as_str() } else { "" };
    cited.kind == Some(known.kind) && cited.citation.number == known.number && cited.citation.letter == letter
}

/// What speaks for a document that a citation may mean, and against it.
#[must_use]
pub fn weighed<'k>(cited: &Cited, title: Option<&Words>, known: &'k Known, as_of: Date) -> Candidate<'k> {
    let citation = &cited.citation;
    let same = if cited.symbol_key.is_some() { CitationEvidence::Symbol } else { CitationEvidence::Number };
    let body = citation
        .body
        .as_deref()
        .and_then(|body| bodies::agrees(body, &known.adopters, known.has_all_adopters, known.numbering_body.as_ref()));
    let told = [
        (CitationEvidence::Kind, kind_agrees(cited, known)),
        (CitationEvidence::Body, body),
        (CitationEvidence::Term, citation.term.as_ref().zip(known.term.as_ref()).map(|(term, known)| term == known)),
        (CitationEvidence::IssuedOn, cited.issued.and_then(|issued| date_agrees(issued, known))),
        (CitationEvidence::Title, title.and_then(|title| titles::agrees(title, &known.title))),
        (CitationEvidence::ReviewYears, citation.review_years.and_then(|years| years_agree(years, known, as_of))),
    ];
    let saying =
        |what: bool| told.iter().filter(move |(_, agrees)| *agrees == Some(what)).map(|(evidence, _)| *evidence);
    Candidate {
        known,
        reasons: [same].into_iter().chain(saying(true)).collect(),
        contradicted_by: saying(false).collect(),
    }
}

/// A kind that is not the one on record, though the symbol is. One symbol stands for decisions and regulations, one for
/// programs of any sort.
fn kind_agrees(cited: &Cited, known: &Known) -> Option<bool> {
    let kind = cited.kind.filter(|kind| cited.symbol_key.is_some() && *kind != known.kind)?;
    let share = |kinds: [DocumentKind; 2]| kinds.contains(&kind) && kinds.contains(&known.kind);
    let is_alike = share([DocumentKind::Decision, DocumentKind::Regulation])
        || share([DocumentKind::ActionProgram, DocumentKind::CoordinationProgram]);
    (!is_alike).then_some(false)
}

/// Whether two dates can be one. A year alone may be that of the review, and a day without a year that of the meeting:
/// they speak for a document only.
fn date_agrees(issued: Issued, known: &Known) -> Option<bool> {
    let on = known.issued_on?;
    if issued.is_year_inferred {
        let is_known = Date::whole(Some(on), known.precision).is_some();
        let same = on.day().month() == issued.on.day().month() && on.day().day() == issued.on.day().day();
        return (is_known && same).then_some(true);
    }
    let (first, last) = on.span(known.precision);
    let (from, to) = issued.on.span(issued.precision);
    let meets = from <= last && first <= to;
    (meets || issued.precision != Some(DatePrecision::Year)).then_some(meets)
}

/// How many days before and after so many years a review of them is held. Many are held in the year after.
const REVIEWED: (Days, Days) = (Days::new(183), Days::new(548));

/// Whether a review of so many years on a day is one of a document of its date.
fn years_agree(years: u32, known: &Known, as_of: Date) -> Option<bool> {
    let (first, last) = known.issued_on?.span(known.precision);
    let after = Months::new(years.checked_mul(12)?);
    let from = first.day().checked_add_months(after)?.checked_sub_days(REVIEWED.0)?;
    let to = last.day().checked_add_months(after)?.checked_add_days(REVIEWED.1)?;
    Some((from..=to).contains(&as_of.day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::citations;

    fn known(issued_on: &str) -> Known {
        Known {
            id: 1,
            kind: DocumentKind::Directive,
            number: 48,
            suffix: String::new(),
            symbol_key: "48-ct-tw".to_owned(),
            title: Words::of("Về phòng, chống tội phạm"),
            issued_on: issued_on.parse().ok(),
            precision: None,
            period: None,
            term: Some("X".to_owned()),
            adopters: vec![Body::of("Bộ Chính trị", None, None)],
            has_all_adopters: true,
            numbering_body: None,
        }
    }

    /// What speaks for the document and what against it: `number review_years | term`.
    fn told(text: &str, known: &Known) -> String {
        let as_of: Date = "2020-11-11".parse().unwrap();
        let cited = Cited::of(citations(text).remove(0), as_of);
        let title = cited.citation.title.as_deref().map(Words::of);
        let candidate = weighed(&cited, title.as_ref(), known, as_of);
        let codes = |of: &BTreeSet<CitationEvidence>| of.iter().map(|it| it.code()).collect::<Vec<_>>().join(" ");
        format!("{} | {}", codes(&candidate.reasons), codes(&candidate.contradicted_by))
    }

    #[test]
    fn each_thing_speaks_for_a_document_or_against_it() {
        let known = known("2010-10-22");
        for (text, evidence) in [
            ("Chỉ thị 48", "number | "),
            ("Chỉ thị 48-CT/TW", "symbol | "),
            ("Nghị quyết 48-CT/TW", "symbol | kind"),
            ("Chỉ thị 48 của Bộ chính trị khóa X", "number body term | "),
            ("Chỉ thị 48 của Ban Bí thư khóa XI", "number | body term"),
            ("Chỉ thị 48 ngày 22/10/2010 về phòng, chống tội phạm", "number issued_on title | "),
            ("Chỉ thị 48 ngày 22/10/2011 về phát triển du lịch biển", "number | issued_on title"),
            ("Chỉ thị số 48 ngày 22/10", "number issued_on | "),
            ("Chỉ thị số 48 ngày 11/11", "number | "),
            ("Chỉ thị số 48 tháng 10/2010", "number issued_on | "),
            ("Chỉ thị số 48 tháng 9/2010", "number | issued_on"),
            ("Chỉ thị số 48 năm 2010", "number issued_on | "),
            ("Chỉ thị số 48 năm 2020", "number | "),
            ("10 năm thực hiện Chỉ thị 48", "number review_years | "),
            ("5 năm thực hiện Chỉ thị 48", "number | review_years"),
        ] {
            assert_eq!(told(text, &known), evidence, "{text}");
        }
        let undated = Known { issued_on: None, term: None, adopters: Vec::new(), ..known };
        assert_eq!(told("10 năm thực hiện Chỉ thị 48 ngày 1/1/2010 của Ban Bí thư khóa XI", &undated), "number | ");
    }

    #[test]
    fn a_review_is_held_from_half_a_year_before_to_a_year_and_a_half_after() {
        for (issued_on, expected) in [
            ("2011-06-01", Some(false)),
            ("2011-05-01", Some(true)),
            ("2010-10-22", Some(true)),
            ("2009-06-01", Some(true)),
            ("2009-05-01", Some(false)),
        ] {
            assert_eq!(years_agree(10, &known(issued_on), "2020-11-11".parse().unwrap()), expected, "{issued_on}");
        }
    }

    #[test]
    fn a_number_alone_means_no_document_with_a_letter() {
        let cited = |text: &str| Cited::of(citations(text).remove(0), "2020-11-11".parse().unwrap());
        let of = |suffix: &str| Known { suffix: suffix.to_owned(), ..known("2010-10-22") };
        assert!(may_mean(&cited("Chỉ thị 48"), &of("")));
        assert!(may_mean(&cited("Chỉ thị 48"), &of("X11")));
        assert!(!may_mean(&cited("Chỉ thị 48"), &of("a")));
        assert!(may_mean(&cited("Chỉ thị số 48a"), &of("a")));
        assert!(!may_mean(&cited("Kết luận 48"), &of("")));
        assert!(!may_mean(&cited("Chỉ thị 48-CT/TU"), &of("")));
    }
}
