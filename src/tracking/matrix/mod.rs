//! The matrix: bodies by documents, each cell by the rules of the implementation of one document.
//!
//! [`store`] finds the documents; [`rows`] is how it is sent. The grids of all documents have the same rows, so that a cell
//! is told for each body and document; what it says is what the implementation of that document says.

pub mod rows;
pub mod store;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::rows::{MatrixCell, MatrixDocument, MatrixRow, counted};
use super::implementation::ImplementationQuery;
use super::implementation::grid::{Facts, Placed, Question, Row, below, shown};
use super::implementation::line::{About, ImplementationLine, LINKS, lines};
use super::implementation::rows::ImplementationRow;
use super::implementation::store::facts_of;
use super::register;
use super::shown::Links;
use super::{Asked, Overview};
use crate::db::{Conn, Scope};
use crate::documents::document::DocumentFilter;
use crate::documents::vocabulary::DocumentKind;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Error, Fault, LinkField, List, RecordId, Result};
use crate::service::expand::Expansion;
use crate::tasks::vocabulary::Milestone;

/// How many documents it has at most.
const MOST_DOCUMENTS: usize = 100;

/// How many cells it has at most, in whichever form: it is put together in memory.
const MOST_CELLS: usize = 30_000;

/// What may be asked of the matrix.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct MatrixQuery {
    /// These documents, by number, in this order. Without it, those that the other parameters find, from the earliest.
    #[param(example = "1,2")]
    pub documents: Option<List<RecordId>>,
    /// Documents of any of these kinds.
    #[param(example = "directive")]
    pub kind: Option<List<DocumentKind>>,
    /// Documents that this organization numbered or adopted.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Documents dated on or after this day.
    #[param(example = "2018-01-01")]
    pub issued_from: Option<Date>,
    /// Documents dated on or before this day.
    #[param(example = "2018-12-31")]
    pub issued_to: Option<Date>,
    /// Any of these steps. `closed` is of the document and of no body.
    #[param(example = "disseminated")]
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

impl MatrixQuery {
    /// What is asked about each document.
    fn of_each(&self) -> ImplementationQuery {
        let Self { milestone, level, admin_unit, as_of, units, .. } = self.clone();
        ImplementationQuery { milestone, level, admin_unit, as_of, units }
    }

    /// How the documents are found, where they are not named.
    fn filter(&self) -> DocumentFilter {
        DocumentFilter {
            kind: self.kind.clone(),
            organization: self.organization,
            issued_from: self.issued_from,
            issued_to: self.issued_to,
            ..DocumentFilter::default()
        }
    }

    /// Where the implementation of a document is asked for in the same way.
    fn implementation(&self, document: i64, question: &Question) -> String {
        let codes = |steps: &List<Milestone>| steps.0.iter().map(|step| step.code()).collect::<Vec<_>>().join(",");
        let steps = self.milestone.as_ref().map(|steps| format!("milestone={}&", codes(steps))).unwrap_or_default();
        let Question { as_of, units, .. } = question;
        let level = self.level.map(|level| format!("&level={level}")).unwrap_or_default();
        let unit = self.admin_unit.map(|unit| format!("&admin_unit={unit}")).unwrap_or_default();
        format!("/v1/documents/{document}/implementation?{steps}as_of={as_of}&units={units}{level}{unit}")
    }
}

/// Which bodies have taken which step about which documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Matrix {
    /// The day whose end is told of.
    #[schema(example = "2018-12-31")]
    pub as_of: Date,
    /// The day in whose bodies the rows stand.
    #[schema(example = "2018-12-31")]
    pub units: Date,
    /// The documents, in the order of the cells of each row, with what the rows come to for each.
    pub documents: Vec<MatrixDocument>,
    /// The bodies, by tier and name.
    pub rows: Vec<MatrixRow>,
    /// The rows of each document, of which lines are made.
    #[serde(skip)]
    #[schema(ignore)]
    of_documents: Vec<Vec<ImplementationRow>>,
}

impl Overview for Matrix {
    const NAME: &'static str = "matrix";
    const PATH: &'static str = "/v1/matrix";
    const OPERATION: &'static str = "get_matrix";
    const SUMMARY: &'static str = "Tell who has done what about several documents";
    const ABOUT: &'static str = include_str!("about.md");
    const LINKS: &'static [LinkField] = LINKS;

    type About = ();
    type Query = MatrixQuery;
    type Row = ImplementationLine;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<()>, query: &MatrixQuery) -> Result<Self> {
        let register = Arc::new(register::store::load(conn, scope)?);
        let question = query.of_each().question(asked.today, &register)?;
        let documents = store::documents(conn, scope, query)?;
        let facts = facts_of(conn, scope, &documents, question.as_of, &register)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let matrix = Self::of(&facts, &question, query, &mut links)?;
        links.0.fill(conn, scope)?;
        Ok(matrix)
    }

    fn size(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    fn rows(&self) -> Vec<ImplementationLine> {
        let of_document = |(document, rows): (&MatrixDocument, &Vec<ImplementationRow>)| {
            lines(About { document: &document.document, as_of: self.as_of, units: self.units }, rows)
        };
        self.documents.iter().zip(&self.of_documents).flat_map(of_document).collect()
    }
}

impl Matrix {
    /// What is shown of these facts.
    fn of(facts: &[Facts], question: &Question, query: &MatrixQuery, links: &mut Links<'_>) -> Result<Self> {
        let grids = grids(facts, question)?;
        let of_documents: Vec<Vec<ImplementationRow>> = facts
            .iter()
            .zip(&grids)
            .map(|(facts, rows)| rows.iter().map(|row| ImplementationRow::of(row, &facts.register, links)).collect())
            .collect();
        let documents = facts.iter().zip(&grids).map(|(facts, rows)| {
            let url = query.implementation(facts.document.id, question);
            MatrixDocument::of(facts, rows, &question.milestones, url, links)
        });
        Ok(Self {
            as_of: question.as_of,
            units: question.units,
            documents: documents.collect(),
            rows: across(facts, &grids, &of_documents, question),
            of_documents,
        })
    }
}

/// The rows of each document, the same bodies for all of them.
///
/// # Errors
/// `Malformed` if there would be too many cells.
fn grids<'a>(facts: &'a [Facts], question: &Question) -> Result<Vec<Vec<Row<'a>>>> {
    let Some(first) = facts.first() else { return Ok(Vec::new()) };
    let placed: Vec<Placed<'_>> = facts.iter().map(|facts| Placed::of(facts, question)).collect();
    let acting: BTreeSet<_> = placed.iter().flat_map(|placed| placed.subjects(question)).collect();
    let subjects = shown(&first.register, question, acting);
    refuse_many(subjects.len().saturating_mul(facts.len()).saturating_mul(question.milestones.len()))?;
    let below = below(&first.register, question);
    Ok(placed.iter().map(|placed| placed.rows(&subjects, question, &below)).collect())
}

fn refuse_many(cells: usize) -> Result<()> {
    if cells <= MOST_CELLS {
        return Ok(());
    }
    let message = format!("would give {cells} cells, more than {MOST_CELLS}; ask for fewer documents, steps or bodies");
    Err(Error::parameter("documents", Fault::new("too_many", message)))
}

/// The rows of all documents side by side.
fn across(
    facts: &[Facts],
    grids: &[Vec<Row<'_>>],
    of_documents: &[Vec<ImplementationRow>],
    question: &Question,
) -> Vec<MatrixRow> {
    let bodies = of_documents.first().map(Vec::as_slice).unwrap_or_default();
    let row = |(at, body): (usize, &ImplementationRow)| {
        let cells = facts.iter().zip(of_documents).flat_map(|(facts, rows)| {
            let cells = rows.get(at).into_iter().flat_map(|row| &row.cells);
            cells.map(|cell| MatrixCell::of(facts.document.id, cell))
        });
        let of_body: Vec<&Row<'_>> = grids.iter().filter_map(|rows| rows.get(at)).collect();
        MatrixRow::of(body, counted(&of_body, &question.milestones), cells.collect())
    };
    bodies.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_has_thirty_thousand_cells_at_most() {
        assert!(refuse_many(100 * 34 * 8).is_ok());
        let Err(Error::Malformed(refusal)) = refuse_many(100 * 63 * 8) else { panic!("it is refused") };
        assert_eq!(
            refusal.faults.0[0].1.message,
            "would give 50400 cells, more than 30000; ask for fewer documents, steps or bodies"
        );
    }

    #[test]
    fn the_implementation_of_a_document_is_asked_for_in_the_same_way() {
        let query = MatrixQuery {
            milestone: "disseminated".parse().ok(),
            level: Some(Level::Province),
            admin_unit: Some(RecordId(7)),
            as_of: "2018-12-31".parse().ok(),
            ..MatrixQuery::default()
        };
        let question = Question {
            as_of: "2018-12-31".parse().unwrap(),
            units: "2018-12-31".parse().unwrap(),
            level: Some(Level::Province),
            admin_unit: Some(7),
            milestones: vec![Milestone::Disseminated],
        };
        assert_eq!(
            query.implementation(5, &question),
            "/v1/documents/5/implementation?milestone=disseminated&as_of=2018-12-31&units=2018-12-31&level=province\
             &admin_unit=7"
        );
    }
}
