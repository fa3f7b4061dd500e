//! Implementation: which bodies have taken which step about a document, on which day, how late, by which evidence.
//!
//! [`store`] gathers the facts, [`expected`] resolves who is expected to act, [grid](mod@grid) puts rows and cells together,
//! [`counts`] what they come to; [`rows`] and [line](mod@line) are how they are sent. [`gaps`] reads the same grid for what
//! is not on record.

pub mod counts;
pub mod expected;
pub mod gaps;
pub mod grid;
pub mod line;
pub mod rows;
pub mod status;
pub mod store;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::counts::{ImplementationCount, counted};
use self::grid::{Facts, Question, STEPS, grid};
use self::line::{About, ImplementationLine, LINKS, lines};
use self::rows::{ImplementationRow, UnattributedAct, WordedExpectation};
use super::register::{self, Register};
use super::shown::{InForce, Links};
use super::{Asked, Overview};
use crate::db::{Conn, Scope};
use crate::documents::document::Documents;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Id, Link, LinkField, List, RecordId, Result};
use crate::service::expand::Expansion;
use crate::service::read;
use crate::tasks::vocabulary::Milestone;

/// What may be asked of the implementation of a document.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ImplementationQuery {
    /// Any of these steps. `closed` is of the document and of no body.
    #[param(example = "disseminated,plan_issued")]
    pub milestone: Option<List<Milestone>>,
    /// Bodies of this tier alone: besides those that acted or are expected to, the party committee of each unit of it.
    #[param(example = "province")]
    pub level: Option<Level>,
    /// Bodies of this administrative unit, of what it was or has become, or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// What was so at the end of this day; of today without it.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// In the bodies that live on this day, before or after; in those of `as_of` without it.
    #[param(example = "2026-11-01")]
    pub units: Option<Date>,
}

impl ImplementationQuery {
    /// What is asked of a grid.
    ///
    /// # Errors
    /// `Malformed` if there is no such unit.
    pub fn question(&self, today: Date, register: &Register) -> Result<Question> {
        let as_of = self.as_of.unwrap_or(today);
        let is_asked = |step: &Milestone| self.milestone.as_ref().is_none_or(|asked| asked.0.contains(step));
        let unit = self.admin_unit.map(|unit| register.asked_unit("admin_unit", unit.0)).transpose()?;
        Ok(Question {
            as_of,
            units: self.units.unwrap_or(as_of),
            level: self.level,
            admin_unit: unit.map(|unit| unit.id),
            milestones: STEPS.into_iter().filter(is_asked).collect(),
        })
    }
}

/// Which bodies have taken which step about a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Implementation {
    /// The document.
    pub document: Link,
    /// The date that it bears, from which days are counted.
    #[schema(example = "2018-07-05")]
    pub issued_on: Option<Date>,
    /// The day whose end is told of.
    #[schema(example = "2018-12-31")]
    pub as_of: Date,
    /// The day in whose bodies the rows stand.
    #[schema(example = "2018-12-31")]
    pub units: Date,
    /// What ended the document, for all bodies at once; null while it has not ended, as far as is known.
    pub closed: Option<InForce>,
    /// What the rows come to, step by step.
    pub counts: Vec<ImplementationCount>,
    /// The bodies, by tier and name.
    pub rows: Vec<ImplementationRow>,
    /// Acts of which no record says whose they are.
    pub unattributed: Vec<UnattributedAct>,
    /// What is expected of those whom only the words of a source name, and who stand in no row.
    pub in_words: Vec<WordedExpectation>,
}

impl Overview for Implementation {
    const NAME: &'static str = "implementation";
    const PATH: &'static str = "/v1/documents/{id}/implementation";
    const OPERATION: &'static str = "get_document_implementation";
    const SUMMARY: &'static str = "Tell who has done what about a document";
    const ABOUT: &'static str = include_str!("about.md");
    const LINKS: &'static [LinkField] = LINKS;

    type About = Id;
    type Query = ImplementationQuery;
    type Row = ImplementationLine;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Id>, query: &ImplementationQuery) -> Result<Self> {
        read::living::<Documents>(conn, scope, asked.about)?;
        let register = Arc::new(register::store::load(conn, scope)?);
        let question = query.question(asked.today, &register)?;
        let facts = store::facts(conn, scope, asked.about, question.as_of, &register)?;
        Self::shown(conn, scope, &facts, &question)
    }

    fn size(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    fn rows(&self) -> Vec<ImplementationLine> {
        let about = About { document: &self.document, as_of: self.as_of, units: self.units };
        lines(about, &self.rows)
    }
}

impl Implementation {
    /// What is shown of the grid that answers a question.
    fn shown(conn: &mut Conn, scope: Scope, facts: &Facts, question: &Question) -> Result<Self> {
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let grid = grid(facts, question);
        let implementation = Self {
            document: links.document(facts.document.id),
            issued_on: facts.document.issued_on,
            as_of: question.as_of,
            units: question.units,
            closed: facts.force.has_ended().then(|| InForce::of(&facts.force, &mut links)),
            counts: counted(&grid.rows, &question.milestones),
            rows: grid.rows.iter().map(|row| ImplementationRow::of(row, &facts.register, &mut links)).collect(),
            unattributed: grid.unattributed.iter().map(|act| UnattributedAct::of(act, &mut links)).collect(),
            in_words: grid.in_words.iter().map(|expected| WordedExpectation::of(expected, &mut links)).collect(),
        };
        links.0.fill(conn, scope)?;
        Ok(implementation)
    }
}
