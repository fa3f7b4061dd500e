//! Gaps: of whom there is no record of a step. They are read off the grid of the implementation, so that the two agree.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::counts::ImplementationCount;
use super::line::{About, ImplementationLine, LINKS, lines};
use super::rows::{ImplementationRow, WordedExpectation};
use super::{Implementation, ImplementationQuery};
use crate::db::{Conn, Scope};
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Error, Fault, Id, Link, LinkField, List, RecordId, Result};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::{Asked, Overview};

/// What may be asked of the gaps of a document.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct GapQuery {
    /// Any of these steps. `closed` is of the document and of no body.
    #[param(example = "disseminated")]
    pub milestone: Option<List<Milestone>>,
    /// Bodies of this tier alone: besides those that are expected to act, the party committee of each unit of it.
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

/// Of whom there is no record of a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gaps {
    /// The document.
    pub document: Link,
    /// The day whose end is told of.
    #[schema(example = "2018-12-31")]
    pub as_of: Date,
    /// The day in whose bodies the rows stand.
    #[schema(example = "2018-12-31")]
    pub units: Date,
    /// What all rows come to, those with a record too.
    pub counts: Vec<ImplementationCount>,
    /// The bodies without a record, with those steps alone.
    pub rows: Vec<ImplementationRow>,
    /// What is expected of those whom only the words of a source name, and who stand in no row.
    pub in_words: Vec<WordedExpectation>,
}

impl Overview for Gaps {
    const NAME: &'static str = "gaps";
    const PATH: &'static str = "/v1/documents/{id}/gaps";
    const OPERATION: &'static str = "get_document_gaps";
    const SUMMARY: &'static str = "Tell of whom there is no record about a document";
    const ABOUT: &'static str = include_str!("gaps.md");
    const REQUIRED: &'static [&'static str] = &["milestone"];
    const LINKS: &'static [LinkField] = LINKS;

    type About = Id;
    type Query = GapQuery;
    type Row = ImplementationLine;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Id>, query: &GapQuery) -> Result<Self> {
        if query.milestone.is_none() {
            return Err(Error::parameter("milestone", Fault::new("missing", "is required")));
        }
        let GapQuery { milestone, level, admin_unit, as_of, units } = query.clone();
        let query = ImplementationQuery { milestone, level, admin_unit, as_of, units };
        let Implementation { document, as_of, units, counts, mut rows, in_words, .. } =
            Implementation::ask(conn, scope, asked, &query)?;
        for row in &mut rows {
            row.cells.retain(|cell| cell.status.is_gap());
        }
        rows.retain(|row| !row.cells.is_empty());
        Ok(Self { document, as_of, units, counts, rows, in_words })
    }

    fn size(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    fn rows(&self) -> Vec<ImplementationLine> {
        let about = About { document: &self.document, as_of: self.as_of, units: self.units };
        lines(about, &self.rows)
    }
}
