//! Reviews: which documents fall due in a year, for whom, held or not, how late.
//!
//! [`rules`] says what falls due by rule, [`agenda`] to which review belongs what is expected and what was held, [`store`]
//! finds documents, reviews and expectations; who stands in which row is decided by the grid of the implementation, so that
//! the two agree.

pub mod agenda;
pub mod rows;
pub mod rules;
pub mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::agenda::Agenda;
use self::rows::{DueReview, ReviewLine, lines};
use self::rules::{Candidate, HeldReview, Review, defaults};
use self::store::{ReviewsHeld, Wanted, candidates, expected, expected_in, reviews_held};
use super::acts::{Act, holder};
use super::force::store::{documents_of, links_to};
use super::force::{DECIDING, DocumentFact, LinkFact, on_day};
use super::implementation::grid::{Facts, Question};
use super::register::{self, Register};
use super::shown::Links;
use super::{Asked, Overview, RecordRef};
use crate::conferences::vocabulary::DocumentActivity;
use crate::db::{Conn, Scope};
use crate::documents::document;
use crate::documents::vocabulary::DocumentKind;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, DocumentChoice, Error, Fault, Id, LinkField, List, RecordId, Result};
use crate::service::expand::Expansion;

/// How many reviews it tells of at most.
const MOST_REVIEWS: usize = 1000;

/// After how many years a review falls due at most.
const MOST_YEARS: i32 = 100;

/// What may be asked of the reviews that fall due.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewQuery {
    /// The year in which they fall due; this year without it.
    #[param(example = 2027, minimum = 1900, maximum = 2199)]
    pub year: Option<i32>,
    /// Of this document: its number, or a symbol that only one document has.
    #[param(example = "48-CT/TW")]
    pub document: Option<DocumentChoice>,
    /// Of documents of any of these kinds.
    #[param(example = "directive")]
    pub kind: Option<List<DocumentKind>>,
    /// Of documents that this organization numbers.
    #[param(example = 1)]
    pub numbering_body: Option<RecordId>,
    /// Reviews of this sort: `interim_review` or `final_review`.
    #[param(example = "final_review", value_type = Option<String>, pattern = "^(interim|final)_review$")]
    pub activity: Option<DocumentActivity>,
    /// Reviews after so many years.
    #[param(example = 10, minimum = 1, maximum = 100)]
    pub years: Option<i32>,
    /// The party committee of each unit of this tier, and no bodies of another.
    #[param(example = "province")]
    pub level: Option<Level>,
    /// The party committee of this administrative unit and, with `level`, those of that tier in it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Only rows of bodies that have held the review, or only rows without a record of it.
    #[param(example = false)]
    pub held: Option<bool>,
    /// What was so at the end of this day; of today without it.
    #[param(example = "2026-11-21")]
    pub as_of: Option<Date>,
    /// In the bodies that live on this day, before or after; in those of `as_of` without it.
    #[param(example = "2026-11-01")]
    pub units: Option<Date>,
}

/// The reviews that fall due in a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewsDue {
    /// The year.
    #[schema(example = 2027)]
    pub year: i32,
    /// The day whose end is told of.
    #[schema(example = "2026-11-21")]
    pub as_of: Date,
    /// The day in whose bodies the rows stand.
    #[schema(example = "2026-11-21")]
    pub units: Date,
    /// The reviews, by the day on which they fall due.
    pub reviews: Vec<DueReview>,
}

impl Overview for ReviewsDue {
    const NAME: &'static str = "reviews_due";
    const PATH: &'static str = "/v1/reviews/due";
    const OPERATION: &'static str = "get_reviews_due";
    const SUMMARY: &'static str = "Tell which documents fall due for a review";
    const ABOUT: &'static str = include_str!("about.md");
    const LINKS: &'static [LinkField] = rows::LINKS;

    type About = ();
    type Query = ReviewQuery;
    type Row = ReviewLine;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<()>, query: &ReviewQuery) -> Result<Self> {
        let as_of = query.as_of.unwrap_or(asked.today);
        query.refuse_no_reviews()?;
        let year = checked_year(query.year.unwrap_or(asked.today.year()))?;
        let known = Known::load(conn, scope, query, year, as_of)?;
        let question = query.question(as_of, &known.register)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let reviews = known.shown(&question, query.held, &mut links);
        links.0.fill(conn, scope)?;
        Ok(Self { year, as_of, units: question.units, reviews })
    }

    fn size(&self) -> usize {
        self.reviews.iter().map(|review| review.rows.len()).sum()
    }

    fn rows(&self) -> Vec<ReviewLine> {
        lines(self.year, self.as_of, &self.reviews)
    }
}

fn checked_year(year: i32) -> Result<i32> {
    let fault = || Error::parameter("year", Fault::new("out_of_range", "must be from 1900 to 2199"));
    Some(year).filter(|year| (1900..=2199).contains(year)).ok_or_else(fault)
}

impl ReviewQuery {
    fn wanted(&self, conn: &mut Conn, scope: Scope) -> Result<Wanted> {
        let document = self.document.as_ref().map(|choice| document::store::chosen(conn, scope, "document", choice));
        Ok(Wanted {
            document: document.transpose()?,
            kinds: self.kind.as_ref().map(|kinds| kinds.0.clone()).unwrap_or_default(),
            numbering_body: self.numbering_body.map(|body| body.0),
        })
    }

    /// Refuses what is no review, of which nothing would be found.
    fn refuse_no_reviews(&self) -> Result<()> {
        if self.years.is_some_and(|years| !(1..=MOST_YEARS).contains(&years)) {
            let fault = Fault::new("out_of_range", format!("must be from 1 to {MOST_YEARS}"));
            return Err(Error::parameter("years", fault));
        }
        let reviews = [DocumentActivity::InterimReview, DocumentActivity::FinalReview];
        if self.activity.is_none_or(|activity| reviews.contains(&activity)) {
            return Ok(());
        }
        let fault = Fault::new("invalid_value", "must be a review").allowing(reviews.map(DocumentActivity::code));
        Err(Error::parameter("activity", fault))
    }

    /// Whether a review is asked for.
    fn asks_for(&self, review: &Review) -> bool {
        self.activity.is_none_or(|activity| activity == review.activity)
            && self.years.is_none_or(|years| review.years == Some(years))
    }

    /// What is asked of the grid of each review. A unit alone stands for its own tier.
    fn question(&self, as_of: Date, register: &Register) -> Result<Question> {
        let unit = self.admin_unit.map(|unit| register.asked_unit("admin_unit", unit.0)).transpose()?;
        Ok(Question {
            as_of,
            units: self.units.unwrap_or(as_of),
            level: self.level.or(unit.map(|unit| unit.level)),
            admin_unit: unit.map(|unit| unit.id),
            milestones: Vec::new(),
        })
    }
}

/// What is known of the reviews of a year.
struct Known {
    reviews: Vec<Review>,
    documents: BTreeMap<Id, DocumentFact>,
    /// What decides whether the documents are in force, and the documents that it begins at.
    deciding: Vec<LinkFact>,
    bearing: BTreeMap<Id, DocumentFact>,
    held: ReviewsHeld,
    agendas: BTreeMap<Id, Agenda>,
    register: Arc<Register>,
}

impl Known {
    fn load(conn: &mut Conn, scope: Scope, query: &ReviewQuery, year: i32, as_of: Date) -> Result<Self> {
        let (wanted, defaults) = (query.wanted(conn, scope)?, defaults()?);
        let named = expected_in(conn, scope, as_of, year)?;
        let candidates = candidates(conn, scope, &wanted, &defaults, year, &named)?;
        let ids: Vec<Id> = candidates.keys().copied().collect();
        let documents = documents_of(conn, scope, &ids, as_of)?;
        let mut expected = expected(conn, scope, &ids, as_of)?;
        let agenda = |candidate: &Candidate| {
            let expected = expected.remove(&candidate.id).unwrap_or_default();
            (candidate.id, Agenda::of(candidate, expected, &defaults))
        };
        let agendas: BTreeMap<Id, Agenda> = candidates.values().map(agenda).collect();
        let is_there = |review: &Review| documents.get(&review.document).is_some_and(|known| known.is_there(as_of));
        let mut reviews: Vec<Review> = agendas.values().flat_map(|agenda| agenda.in_year(year)).copied().collect();
        reviews.retain(|review| query.asks_for(review) && is_there(review));
        reviews.sort_by_key(|review| (review.on, review.document, review.activity));
        refuse_many(&reviews)?;
        let mut ids: Vec<Id> = reviews.iter().map(|review| review.document).collect();
        ids.sort_unstable();
        ids.dedup();
        let deciding = links_to(conn, scope, &ids, DECIDING)?;
        let ends: Vec<Id> = deciding.iter().map(|link| link.from).collect();
        let mut bearing = documents_of(conn, scope, &ends, as_of)?;
        // What ends a document later than on the day that is asked about, nobody knows of on that day.
        bearing.retain(|_, by| by.is_there(as_of));
        let held = reviews_held(conn, scope, &ids, as_of)?;
        let register = Arc::new(register::store::load(conn, scope)?);
        Ok(Self { reviews, documents, deciding, bearing, held, agendas, register })
    }

    /// What is shown of each review, with the rows that are asked for; where those who held it, or did not, are asked for,
    /// one that is left without a row is left out.
    fn shown(&self, question: &Question, held: Option<bool>, links: &mut Links<'_>) -> Vec<DueReview> {
        let mut shown = Vec::new();
        for review in &self.reviews {
            let (Some(document), Some(agenda)) =
                (self.documents.get(&review.document), self.agendas.get(&review.document))
            else {
                continue;
            };
            let facts = Facts {
                document: document.clone(),
                force: on_day(document, &self.deciding, &self.bearing, review.on),
                register: Arc::clone(&self.register),
                acts: self.acts(review, agenda),
                expectations: agenda.meant(review).cloned().collect(),
            };
            let question = Question { milestones: vec![review.milestone()], ..question.clone() };
            shown.push(DueReview::of(review, &facts, &question, links).only(held));
        }
        shown.retain(|review| held.is_none() || !review.rows.is_empty());
        shown
    }

    /// The conferences that held a review, as acts.
    fn acts(&self, review: &Review, agenda: &Agenda) -> Vec<Act> {
        let of_document = self.held.of_documents.get(&review.document).into_iter().flatten();
        let act = |held: &HeldReview| {
            let conference = self.held.conferences.get(&held.conference)?;
            let whole = Date::whole(conference.on, conference.precision);
            Some(Act {
                milestone: review.milestone(),
                by: holder(&self.register, conference.convening_body, conference.admin_unit, whole),
                on: conference.on,
                precision: conference.precision,
                record: RecordRef { kind: "conference", id: held.conference },
            })
        };
        of_document.filter(|held| agenda.held_by(held) == Some(review)).filter_map(act).collect()
    }
}

fn refuse_many(reviews: &[Review]) -> Result<()> {
    if reviews.len() <= MOST_REVIEWS {
        return Ok(());
    }
    let message = format!("has more than {MOST_REVIEWS} reviews; narrow them by kind, numbering_body or document");
    Err(Error::parameter("year", Fault::new("too_many", message)))
}
