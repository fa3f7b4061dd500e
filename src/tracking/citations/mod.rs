//! What a text cites, and which documents on record that may mean.
//!
//! [`crate::text::citations()`] reads the citations; [`store`] finds all that may be meant, two queries however many
//! there are; [`evidence`] says what of the text speaks for and against each, and [`verdict`] what follows. Nothing is
//! guessed: what only the number tells is not resolved.

pub mod bodies;
pub mod cited;
pub mod evidence;
pub mod store;
pub mod titles;
pub mod verdict;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::Links;
use super::vocabulary::{CitationEvidence, CitationVerdict};
use super::{Asked, Overview, RecordRef, whole};
use crate::db::{Conn, Scope};
use crate::documents::vocabulary::DocumentKind;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Error, Fault, Link, LinkField, Prose, Result};
use crate::service::expand::Expansion;
use crate::text::citations;
use cited::Cited;
use verdict::Judged;

/// How many candidates of one citation are shown at most.
const MOST_CANDIDATES: usize = 20;

/// What may be asked of the citations of a text.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CitationQuery {
    /// The text: a sentence or some paragraphs, of 1 to 5,000 characters.
    #[param(inline, example = "Sơ kết 5 năm thực hiện Chỉ thị số 46 của Bộ Chính trị")]
    pub text: Option<Prose<5000>>,
    /// The day of the text: what was issued later is not meant, and years of review end about then. Today, if it is not
    /// given.
    #[param(example = "2020-11-11")]
    pub as_of: Option<Date>,
}

/// What a text cites.
#[derive(Debug, Serialize, ToSchema)]
pub struct Citations {
    /// The day of the text.
    #[schema(example = "2020-11-11")]
    pub as_of: Date,
    /// The citations, in the order of the text.
    pub citations: Vec<CitedDocument>,
}

/// A citation of a document in a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "offset": 23, "length": 30, "quote": "Chỉ thị số 46 của Bộ Chính trị", "kind": "directive", "number": 46, "suffix": "",
    "symbol": null, "issued_on": null, "issued_on_precision": null, "year_inferred": false, "body": "Bộ Chính trị",
    "term": null, "review_years": 5, "title_as_cited": null, "verdict": "resolved", "truncated": false,
    "candidates": [{
        "document": { "id": 2, "type": "document", "url": "/v1/documents/2", "title": "46-CT/TW Về tăng cường sự lãnh đạo" },
        "issued_on": "2015-06-22", "issued_on_precision": null,
        "numbering_period": { "id": 4, "type": "numbering_period", "url": "/v1/numbering-periods/4", "title": "XI" },
        "reasons": ["number", "body", "review_years"], "contradicted_by": []
    }]
}))]
pub struct CitedDocument {
    /// How many characters of the text stand before it.
    pub offset: i64,
    /// How many characters it is.
    pub length: i64,
    /// These characters.
    pub quote: String,
    /// The kind, by the word for it or else by the symbol; null where neither tells.
    pub kind: Option<DocumentKind>,
    /// The number.
    pub number: i64,
    /// What tells documents of one number apart: a small letter, a drafting unit, a series of its own; else empty.
    pub suffix: String,
    /// The symbol in the form in which it is stored; null where the text does not give all of it.
    pub symbol: Option<String>,
    /// The date that the text gives.
    pub issued_on: Option<Date>,
    /// How much of it the text gives; null means the whole date.
    pub issued_on_precision: Option<DatePrecision>,
    /// Whether the text gives no year, so that it is the last that is possible by the day of the text.
    pub year_inferred: bool,
    /// The body, in the words of the text.
    pub body: Option<String>,
    /// The term, as `XI`.
    pub term: Option<String>,
    /// How many years are reviewed of it.
    pub review_years: Option<i64>,
    /// The words behind it that may be its title; others may follow them.
    pub title_as_cited: Option<String>,
    /// Which document it means, as far as that can be told: the first of the candidates where it is `resolved`.
    pub verdict: CitationVerdict,
    /// Whether there are more candidates than those that are shown.
    pub truncated: bool,
    /// The documents on record that it may mean, the likeliest first; those that the text contradicts come last.
    pub candidates: Vec<CitationCandidate>,
}

/// A document that a citation may mean.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "document": { "id": 2, "type": "document", "url": "/v1/documents/2", "title": "46-CT/TW Về tăng cường sự lãnh đạo" },
    "issued_on": "2015-06-22", "issued_on_precision": null,
    "numbering_period": { "id": 4, "type": "numbering_period", "url": "/v1/numbering-periods/4", "title": "XI" },
    "reasons": ["number", "body", "review_years"], "contradicted_by": []
}))]
pub struct CitationCandidate {
    /// The document.
    pub document: Link,
    /// The date that it bears.
    pub issued_on: Option<Date>,
    /// How much of it is known; null means the whole date.
    pub issued_on_precision: Option<DatePrecision>,
    /// The term or the year within which it was numbered.
    pub numbering_period: Option<Link>,
    /// What speaks for it.
    pub reasons: Vec<CitationEvidence>,
    /// What the text says of it that is otherwise on record.
    pub contradicted_by: Vec<CitationEvidence>,
}

/// A document that a citation may mean, or a citation without any.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CitationRow {
    /// How many characters of the text stand before the citation.
    pub offset: i64,
    /// How many characters it is.
    pub length: i64,
    /// These characters.
    pub quote: String,
    /// The kind, by the word for it or else by the symbol.
    pub kind: Option<DocumentKind>,
    /// The number.
    pub number: i64,
    /// What tells documents of one number apart.
    pub suffix: String,
    /// The symbol in the form in which it is stored.
    pub symbol: Option<String>,
    /// The body, in the words of the text.
    pub body: Option<String>,
    /// The term, as `XI`.
    pub term: Option<String>,
    /// How many years are reviewed of it.
    pub review_years: Option<i64>,
    /// The words behind it that may be its title.
    pub title_as_cited: Option<String>,
    /// Which document it means, as far as that can be told.
    pub verdict: CitationVerdict,
    /// The place of the candidate, from 1; null where there is none.
    pub rank: Option<i64>,
    /// The document.
    pub document: Option<Link>,
    /// The date that the document bears.
    pub issued_on: Option<Date>,
    /// The term or the year within which it was numbered.
    pub numbering_period: Option<Link>,
    /// What speaks for it.
    pub reasons: Vec<CitationEvidence>,
    /// What the text says of it that is otherwise on record.
    pub contradicted_by: Vec<CitationEvidence>,
}

impl Overview for Citations {
    const NAME: &'static str = "citations";
    const PATH: &'static str = "/v1/citations";
    const OPERATION: &'static str = "get_citations";
    const SUMMARY: &'static str = "Tell which documents a text cites";
    const ABOUT: &'static str = include_str!("about.md");
    const REQUIRED: &'static [&'static str] = &["text"];
    const LONG_TEXTS: &'static [&'static str] = &["text"];
    const LINKS: &'static [LinkField] =
        &[LinkField::one("document", "document"), LinkField::one("numbering_period", "numbering_period")];

    type About = ();
    type Query = CitationQuery;
    type Row = CitationRow;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<()>, query: &CitationQuery) -> Result<Self> {
        let missing = || Error::parameter("text", Fault::new("missing", "is required"));
        let text = query.text.as_ref().ok_or_else(missing)?;
        let as_of = query.as_of.unwrap_or(asked.today);
        let cited: Vec<Cited> = citations(text).into_iter().map(|citation| Cited::of(citation, as_of)).collect();
        let known = store::known(conn, scope, &cited, as_of)?;
        let judged = verdict::judged(&cited, &known, as_of);
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let shown = cited.iter().zip(judged).map(|(cited, judged)| CitedDocument::of(cited, &judged, &mut links));
        let citations = shown.collect();
        links.0.fill(conn, scope)?;
        Ok(Self { as_of, citations })
    }

    fn size(&self) -> usize {
        self.citations.iter().map(|citation| citation.candidates.len().max(1)).sum()
    }

    fn rows(&self) -> Vec<CitationRow> {
        self.citations.iter().flat_map(CitedDocument::rows).collect()
    }
}

impl CitedDocument {
    fn of(cited: &Cited, judged: &Judged<'_>, links: &mut Links<'_>) -> Self {
        let citation = &cited.citation;
        let shown = judged.candidates.iter().take(MOST_CANDIDATES);
        let candidates: Vec<CitationCandidate> = shown
            .map(|candidate| CitationCandidate {
                document: links.document(candidate.known.id),
                issued_on: candidate.known.issued_on,
                issued_on_precision: candidate.known.precision,
                numbering_period: candidate.known.period.map(|id| links.to(RecordRef { kind: "numbering_period", id })),
                reasons: candidate.reasons.iter().copied().collect(),
                contradicted_by: candidate.contradicted_by.iter().copied().collect(),
            })
            .collect();
        Self {
            offset: whole(citation.offset),
            length: whole(citation.length),
            quote: citation.quote.clone(),
            kind: cited.kind,
            number: i64::from(citation.number),
            suffix: cited.suffix.clone(),
            symbol: citation.symbol.clone(),
            issued_on: cited.issued.map(|issued| issued.on),
            issued_on_precision: cited.issued.and_then(|issued| issued.precision),
            year_inferred: cited.issued.is_some_and(|issued| issued.is_year_inferred),
            body: citation.body.clone(),
            term: citation.term.clone(),
            review_years: citation.review_years.map(i64::from),
            title_as_cited: citation.title.clone(),
            verdict: judged.verdict,
            truncated: judged.is_cut || judged.candidates.len() > candidates.len(),
            candidates,
        }
    }

    fn rows(&self) -> Vec<CitationRow> {
        if self.candidates.is_empty() {
            return vec![self.row(None, None)];
        }
        (1..).zip(&self.candidates).map(|(rank, candidate)| self.row(Some(rank), Some(candidate))).collect()
    }

    fn row(&self, rank: Option<i64>, candidate: Option<&CitationCandidate>) -> CitationRow {
        CitationRow {
            offset: self.offset,
            length: self.length,
            quote: self.quote.clone(),
            kind: self.kind,
            number: self.number,
            suffix: self.suffix.clone(),
            symbol: self.symbol.clone(),
            body: self.body.clone(),
            term: self.term.clone(),
            review_years: self.review_years,
            title_as_cited: self.title_as_cited.clone(),
            verdict: self.verdict,
            rank,
            document: candidate.map(|candidate| candidate.document.clone()),
            issued_on: candidate.and_then(|candidate| candidate.issued_on),
            numbering_period: candidate.and_then(|candidate| candidate.numbering_period.clone()),
            reasons: candidate.map(|candidate| candidate.reasons.clone()).unwrap_or_default(),
            contradicted_by: candidate.map(|candidate| candidate.contradicted_by.clone()).unwrap_or_default(),
        }
    }
}
