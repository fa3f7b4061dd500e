//! What follows from the evidence: the order of the candidates, and whether one of them is meant.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::cited::Cited;
use super::evidence::{Candidate, Found, Known, may_mean, weighed};
use super::titles::Words;
use crate::documents::vocabulary::DocumentKind;
use crate::domain::{Date, Id};
use crate::tracking::vocabulary::{CitationEvidence, CitationVerdict};

/// How many candidates of one citation are weighed at most, the latest.
const MOST_WEIGHED: usize = 200;

/// What a citation may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'k> {
    /// Which document it means, as far as that can be told.
    pub verdict: CitationVerdict,
    /// The candidates, the likeliest first.
    pub candidates: Vec<Candidate<'k>>,
    /// Whether there are more, so that none of these can be told to be the one.
    pub is_cut: bool,
}

/// What each citation may mean, by itself and then by what the same number means elsewhere in the text.
#[must_use]
pub fn judged<'k>(cited: &[Cited], found: &'k Found, as_of: Date) -> Vec<Judged<'k>> {
    let mut judged: Vec<Judged<'k>> = cited.iter().map(|cited| by_itself(cited, found, as_of)).collect();
    let named = named(&judged);
    for (cited, judged) in cited.iter().zip(&mut judged) {
        if judged.verdict != CitationVerdict::Resolved {
            judged.add_same_text(cited, &named);
        }
        judged.add_latest();
    }
    judged
}

fn by_itself<'k>(cited: &Cited, found: &'k Found, as_of: Date) -> Judged<'k> {
    let title = cited.citation.title.as_deref().map(Words::of);
    let mut meant = found.documents.iter().filter(|known| may_mean(cited, known));
    let candidates: Vec<Candidate<'k>> =
        meant.by_ref().take(MOST_WEIGHED).map(|known| weighed(cited, title.as_ref(), known, as_of)).collect();
    let is_cut = meant.next().is_some() || (found.is_cut && !candidates.is_empty());
    let mut judged = Judged { verdict: CitationVerdict::Unknown, candidates, is_cut };
    judged.judge();
    judged
}

type Number = (DocumentKind, u32, String);

/// Which documents the citations that are resolved name, by what a short citation of them would say.
fn named(judged: &[Judged<'_>]) -> BTreeMap<Number, BTreeSet<Id>> {
    let mut named: BTreeMap<Number, BTreeSet<Id>> = BTreeMap::new();
    let resolved = judged.iter().filter(|judged| judged.verdict == CitationVerdict::Resolved);
    for known in resolved.filter_map(|judged| judged.candidates.first()).map(|candidate| candidate.known) {
        named.entry(number_of(known)).or_default().insert(known.id);
    }
    named
}

fn number_of(known: &Known) -> Number {
    (known.kind, known.number, known.suffix.clone())
}

impl Judged<'_> {
    fn judge(&mut self) {
        self.candidates.sort_by_key(place);
        let open: Vec<&Candidate<'_>> = self.candidates.iter().filter(|candidate| is_open(candidate)).collect();
        self.verdict = match open.as_slice() {
            [] if self.candidates.is_empty() => CitationVerdict::Unknown,
            [] => CitationVerdict::Contradicted,
            [_] if self.is_cut => CitationVerdict::Ambiguous,
            [only] if telling(only).next().is_none() => CitationVerdict::Unconfirmed,
            [_] => CitationVerdict::Resolved,
            [first, others @ ..] if !self.is_cut && others.iter().all(|other| outdoes(first, other)) => {
                CitationVerdict::Resolved
            }
            _ => CitationVerdict::Ambiguous,
        };
    }

    /// Counts what the same number means elsewhere in the text, where that is one document.
    fn add_same_text(&mut self, cited: &Cited, named: &BTreeMap<Number, BTreeSet<Id>>) {
        let is_named = |known: &Known| {
            let ids = named.get(&number_of(known)).filter(|ids| ids.len() == 1);
            may_mean(cited, known) && ids.is_some_and(|ids| ids.contains(&known.id))
        };
        let meant = |candidate: &&mut Candidate<'_>| is_open(candidate) && is_named(candidate.known);
        for candidate in self.candidates.iter_mut().filter(meant) {
            candidate.reasons.insert(CitationEvidence::SameText);
        }
        self.judge();
    }

    /// Notes which of several is the latest, which ranks and decides nothing.
    fn add_latest(&mut self) {
        let mut days: Vec<Date> = self.candidates.iter().filter_map(|candidate| candidate.known.issued_on).collect();
        days.sort_unstable();
        let latest = days.pop().filter(|latest| days.last() != Some(latest));
        if self.candidates.len() > 1 {
            for candidate in
                self.candidates.iter_mut().filter(|candidate| latest.is_some() && candidate.known.issued_on == latest)
            {
                candidate.reasons.insert(CitationEvidence::Latest);
            }
        }
    }
}

/// Whether the text says nothing of it that is otherwise on record. A wrong word for the kind beside the right symbol is a
/// slip, which is told.
fn is_open(candidate: &Candidate<'_>) -> bool {
    candidate.contradicted_by.iter().all(|evidence| *evidence == CitationEvidence::Kind)
}

/// What speaks for it besides its number.
fn telling<'c>(candidate: &'c Candidate<'_>) -> impl Iterator<Item = CitationEvidence> + 'c {
    let is_telling = |evidence: &CitationEvidence| {
        !matches!(evidence, CitationEvidence::Symbol | CitationEvidence::Number | CitationEvidence::Latest)
    };
    candidate.reasons.iter().copied().filter(is_telling)
}

/// Whether all that speaks for another speaks for it too, and more than the body besides: a body issues many documents,
/// and the other may be one of them.
fn outdoes(candidate: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let has_all = telling(other).all(|evidence| candidate.reasons.contains(&evidence));
    let mut more = telling(candidate).filter(|evidence| !other.reasons.contains(evidence));
    has_all && more.any(|evidence| evidence != CitationEvidence::Body)
}

/// What counts how much in the order of the candidates.
const fn weight(evidence: CitationEvidence) -> u32 {
    match evidence {
        CitationEvidence::IssuedOn => 16,
        CitationEvidence::Term => 12,
        CitationEvidence::Title => 8,
        CitationEvidence::ReviewYears | CitationEvidence::SameText => 4,
        CitationEvidence::Body => 2,
        CitationEvidence::Symbol | CitationEvidence::Number | CitationEvidence::Kind | CitationEvidence::Latest => 0,
    }
}

/// Where it stands among others.
fn place(candidate: &Candidate<'_>) -> impl Ord + use<> {
    let score: u32 = candidate.reasons.iter().copied().map(weight).sum();
    let known = candidate.known;
    (!is_open(candidate), Reverse(score), candidate.contradicted_by.len(), Reverse(known.issued_on), known.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::citations;

    fn known(id: Id, issued_on: Option<&str>) -> Known {
        Known {
            id,
            kind: DocumentKind::Plan,
            number: 7,
            suffix: String::new(),
            symbol_key: "7-kh-ubnd".to_owned(),
            title: Words::default(),
            issued_on: issued_on.and_then(|day| day.parse().ok()),
            precision: None,
            period: None,
            term: None,
            adopters: Vec::new(),
            has_all_adopters: true,
            numbering_body: None,
        }
    }

    /// The verdicts on the citations of a text, each with the number of its first candidate.
    fn verdicts(text: &str, found: &Found) -> Vec<(CitationVerdict, Option<Id>)> {
        let as_of: Date = "2020-11-11".parse().unwrap();
        let cited: Vec<Cited> = citations(text).into_iter().map(|citation| Cited::of(citation, as_of)).collect();
        let first = |judged: &Judged<'_>| judged.candidates.first().map(|candidate| candidate.known.id);
        judged(&cited, found, as_of).iter().map(|judged| (judged.verdict, first(judged))).collect()
    }

    #[test]
    fn nothing_is_resolved_where_more_may_be_meant_than_was_weighed() {
        let dated = known(1, Some("2019-05-01"));
        let text = "Kế hoạch số 7 ngày 01/5/2019";
        for (others, is_cut, verdict) in [
            (199, false, CitationVerdict::Resolved),
            (200, false, CitationVerdict::Ambiguous),
            (0, true, CitationVerdict::Ambiguous),
        ] {
            let undated = (0..others).map(|at| known(2 + at, None));
            let documents = [dated.clone()].into_iter().chain(undated).collect();
            assert_eq!(verdicts(text, &Found { documents, is_cut }), [(verdict, Some(1))], "{others}");
        }
    }

    #[test]
    fn what_is_dated_comes_first_and_alone_resolves() {
        let documents = vec![known(1, Some("2020-05-01")), known(2, Some("2019-05-01")), known(3, None)];
        let found = Found { documents, is_cut: false };
        let text = "Kế hoạch số 7 ngày 01/5/2019; Kế hoạch số 7. Kế hoạch số 7 ngày 02/6/2020, Kế hoạch số 8";
        assert_eq!(
            verdicts(text, &found),
            [
                (CitationVerdict::Resolved, Some(2)),
                (CitationVerdict::Resolved, Some(2)),
                (CitationVerdict::Unconfirmed, Some(3)),
                (CitationVerdict::Unknown, None),
            ]
        );
    }
}
