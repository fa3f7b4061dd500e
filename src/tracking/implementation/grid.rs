//! The grid of bodies and steps: which acts stand in which row, what each cell says, what it all comes to.
//!
//! Pure functions over [`Facts`]. Who did what and who has nothing on record are read off one grid, so that the two can
//! never disagree.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expected::{Expected, Whom, resolved};
use super::status::status;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Id};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::RecordRef;
use crate::tracking::acts::Act;
use crate::tracking::days_between;
use crate::tracking::force::{DocumentFact, Force};
use crate::tracking::register::{Register, Subject};
use crate::tracking::vocabulary::ImplementationStatus;

/// The steps that bodies take, in the order in which they are shown. A document is closed for all of them at once.
pub const STEPS: [Milestone; 8] = [
    Milestone::Received,
    Milestone::PlanIssued,
    Milestone::Disseminated,
    Milestone::Cascaded,
    Milestone::TasksAssigned,
    Milestone::Reported,
    Milestone::ReviewedInterim,
    Milestone::ReviewedFinal,
];

/// What is known of a document by the end of a day.
#[derive(Debug)]
pub struct Facts {
    /// The document.
    pub document: DocumentFact,
    /// Whether it is in force.
    pub force: Force,
    /// The bodies there were, which the facts of other documents share.
    pub register: Arc<Register>,
    /// What was done about it.
    pub acts: Vec<Act>,
    /// What is expected about it.
    pub expectations: Vec<Expected>,
}

/// What is asked of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The day whose end counts.
    pub as_of: Date,
    /// The day in whose bodies the rows stand.
    pub units: Date,
    /// The tier whose bodies are shown, all of them.
    pub level: Option<Level>,
    /// The unit whose bodies are shown.
    pub admin_unit: Option<Id>,
    /// The steps that are shown.
    pub milestones: Vec<Milestone>,
}

/// An act in a row, and whose it was if that was another body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The act.
    pub act: Act,
    /// The body before or after, whose act it was.
    pub from: Option<Subject>,
}

/// How many of the committees directly below have disseminated the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Below {
    /// Those that have.
    pub done: usize,
    /// All that are known; none if no committee below is known.
    pub of: Option<usize>,
}

/// One body and one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The step.
    pub milestone: Milestone,
    /// How far it is.
    pub status: ImplementationStatus,
    /// The days from the date of the document to the act.
    pub days_since_issue: Option<i64>,
    /// The days from the due date to the act, or to the day that is asked about, if the latter is later.
    pub days_late: Option<i64>,
    /// What is expected.
    pub expected: Option<&'a Expected>,
    /// The acts, from the earliest, those without a day last.
    pub found: Vec<Found>,
    /// With `cascaded`: how many below have disseminated.
    pub below: Option<Below>,
}

impl Cell<'_> {
    /// The act that counts: the earliest.
    #[must_use]
    pub fn first(&self) -> Option<&Found> {
        self.found.first()
    }
}

/// One body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// The body, or the unit that acted without one.
    pub subject: Subject,
    /// Its last day, where it has ended and nothing came after it.
    pub ended_on: Option<Date>,
    /// Its steps.
    pub cells: Vec<Cell<'a>>,
}

/// The whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid<'a> {
    /// The rows, by tier and name.
    pub rows: Vec<Row<'a>>,
    /// Acts of nobody that the records name.
    pub unattributed: Vec<Act>,
    /// What is expected of those whom only the words of a source name.
    pub in_words: Vec<&'a Expected>,
}

type Key = (Subject, Milestone);
type Filled = BTreeMap<Key, BTreeMap<RecordRef, Found>>;

/// Puts the grid of a document together.
#[must_use]
pub fn grid<'a>(facts: &'a Facts, question: &Question) -> Grid<'a> {
    let placed = Placed::of(facts, question);
    let subjects = shown(&facts.register, question, placed.subjects(question));
    let rows = placed.rows(&subjects, question, &below(&facts.register, question));
    let is_asked = |milestone: Milestone| question.milestones.contains(&milestone);
    let mut unattributed: Vec<Act> = facts.acts.iter().filter(|act| act.by.is_none()).copied().collect();
    unattributed.retain(|act| is_asked(act.milestone));
    unattributed.sort_by(Act::compare);
    unattributed.dedup_by_key(|act| (act.record, act.milestone));
    let in_words = facts.expectations.iter().filter(|expected| matches!(expected.whom, Whom::Words(_)));
    Grid { rows, unattributed, in_words: in_words.filter(|expected| is_asked(expected.milestone)).collect() }
}

/// The acts and the expectations of a document, each where it stands.
#[derive(Debug)]
pub struct Placed<'a> {
    facts: &'a Facts,
    expected: BTreeMap<Key, &'a Expected>,
    filled: Filled,
}

impl<'a> Placed<'a> {
    /// Puts acts and expectations where they stand.
    #[must_use]
    pub fn of(facts: &'a Facts, question: &Question) -> Self {
        let expected = resolved(&facts.expectations, &facts.register, question.as_of, question.units);
        let filled = filled(facts, question, &expected);
        Self { facts, expected, filled }
    }

    /// Those who have acted, or are expected to, in one of the steps.
    #[must_use]
    pub fn subjects(&self, question: &Question) -> BTreeSet<Subject> {
        let keys = self.filled.keys().chain(self.expected.keys());
        let asked = keys.filter(|(_, milestone)| question.milestones.contains(milestone));
        asked.map(|(subject, _)| *subject).collect()
    }

    /// The rows of these bodies, given the committees [`below`] each.
    #[must_use]
    pub fn rows(&self, subjects: &[Subject], question: &Question, below: &BTreeMap<Id, Vec<Id>>) -> Vec<Row<'a>> {
        let maker = Maker { placed: self, question, below };
        subjects.iter().map(|subject| maker.row(*subject)).collect()
    }
}

/// The committees directly below each, where one of the steps is told by them.
#[must_use]
pub fn below(register: &Register, question: &Question) -> BTreeMap<Id, Vec<Id>> {
    let is_told = question.milestones.contains(&Milestone::Cascaded);
    if is_told { register.below(question.units) } else { BTreeMap::new() }
}

/// The acts of each row and step. What a committee did, those above it have cascaded.
fn filled(facts: &Facts, question: &Question, expected: &BTreeMap<Key, &Expected>) -> Filled {
    let register = &facts.register;
    let mut filled = Filled::new();
    for act in &facts.acts {
        let Some(by) = act.by else { continue };
        for owner in owners(register, by, |subject| is_expected(register, expected, subject, act.milestone, question)) {
            fill(&mut filled, register, owner, *act, question.units);
        }
        if act.milestone == Milestone::Disseminated {
            let cascaded = Act { milestone: Milestone::Cascaded, ..*act };
            let answerable = answerable(register, by);
            for above in register.all_above(answerable, act.on.unwrap_or(question.as_of)) {
                fill(&mut filled, register, Subject::Body(above), cascaded, question.units);
            }
        }
    }
    filled
}

/// For whom the act of a body or a unit counts.
fn answerable(register: &Register, by: Subject) -> Subject {
    match by {
        Subject::Body(id) => Subject::Body(register.answerable(id)),
        unit @ Subject::Unit(_) => unit,
    }
}

/// The body for which an act counts and, if it is expected to act itself, the one that acted.
fn owners(register: &Register, by: Subject, is_expected: impl Fn(Subject) -> bool) -> BTreeSet<Subject> {
    let mut owners = BTreeSet::from([answerable(register, by)]);
    if is_expected(by) {
        owners.insert(by);
    }
    owners
}

fn is_expected(
    register: &Register,
    expected: &BTreeMap<Key, &Expected>,
    subject: Subject,
    milestone: Milestone,
    question: &Question,
) -> bool {
    rows_of(register, subject, question.units).iter().any(|row| expected.contains_key(&(*row, milestone)))
}

/// The rows in which what a body did stands: those of the bodies of the day, or its own if none came of it.
fn rows_of(register: &Register, subject: Subject, units: Date) -> BTreeSet<Subject> {
    let standing = register.standing(subject, units);
    if standing.is_empty() { BTreeSet::from([subject]) } else { standing }
}

/// Puts an act into the rows where it stands, each record once; as an act of its own where it is one.
fn fill(filled: &mut Filled, register: &Register, owner: Subject, act: Act, units: Date) {
    for row in rows_of(register, owner, units) {
        let found = Found { act, from: (row != owner).then_some(owner) };
        match filled.entry((row, act.milestone)).or_default().entry(act.record) {
            Entry::Vacant(place) => {
                place.insert(found);
            }
            Entry::Occupied(mut place) if found.from.is_none() => {
                place.insert(found);
            }
            Entry::Occupied(_) => {}
        }
    }
}

/// Whose rows are shown, in their order, where these have acted or are expected to.
#[must_use]
pub fn shown(register: &Register, question: &Question, mut subjects: BTreeSet<Subject>) -> Vec<Subject> {
    if let Some(level) = question.level {
        subjects.extend(register.of_level(level, question.units).map(|body| Subject::Body(body.id)));
        subjects.retain(|subject| register.level(*subject) == Some(level));
    }
    if let Some(unit) = question.admin_unit {
        let units = units_of(register, unit, question.units);
        subjects.retain(|subject| register.unit_of(*subject).is_some_and(|unit| units.contains(&unit)));
    }
    let mut subjects: Vec<Subject> = subjects.into_iter().collect();
    subjects.sort_by_cached_key(|subject| {
        let level = register.level(*subject);
        (level.is_none(), level, register.name_sort(*subject).to_owned(), *subject)
    });
    subjects
}

/// A unit, what it is on the day `units`, and all that lies below either.
fn units_of(register: &Register, unit: Id, units: Date) -> BTreeSet<Id> {
    let standing = register.standing(Subject::Unit(unit), units);
    let standing = standing.into_iter().filter_map(|subject| register.unit_of(subject));
    standing.chain([unit]).flat_map(|unit| register.at_or_below(unit)).collect()
}

/// What makes the rows.
struct Maker<'a, 'b> {
    placed: &'b Placed<'a>,
    question: &'b Question,
    below: &'b BTreeMap<Id, Vec<Id>>,
}

impl<'a> Maker<'a, '_> {
    fn row(&self, subject: Subject) -> Row<'a> {
        let life = self.placed.facts.register.life(subject);
        let ended_on = life.filter(|life| !life.has(self.question.units)).and_then(|life| life.to);
        let cells = self.question.milestones.iter().map(|milestone| self.cell(subject, *milestone)).collect();
        Row { subject, ended_on, cells }
    }

    fn cell(&self, subject: Subject, milestone: Milestone) -> Cell<'a> {
        let mut found: Vec<Found> =
            self.placed.filled.get(&(subject, milestone)).into_iter().flat_map(BTreeMap::values).copied().collect();
        found.sort_by(|one, other| one.act.compare(&other.act));
        let expected = self.placed.expected.get(&(subject, milestone)).copied();
        let due = expected.and_then(|expected| expected.due_on);
        let act = found.first().map(|found| found.act);
        let status = status(act.as_ref(), expected.is_some(), due, self.question.as_of);
        let day = act.and_then(|act| Date::whole(act.on, act.precision));
        let document = &self.placed.facts.document;
        let issued = Date::whole(document.issued_on, document.precision);
        let until = if act.is_none() { Some(self.question.as_of) } else { day };
        Cell {
            milestone,
            status,
            days_since_issue: issued.zip(day).map(|(issued, day)| days_between(issued, day)),
            days_late: due.zip(until).map(|(due, until)| days_between(due, until)).filter(|days| *days > 0),
            expected,
            found,
            below: (milestone == Milestone::Cascaded).then(|| self.below(subject)),
        }
    }

    fn below(&self, subject: Subject) -> Below {
        let lower = match subject {
            Subject::Body(id) => self.below.get(&id).map(Vec::as_slice).unwrap_or_default(),
            Subject::Unit(_) => &[],
        };
        let has = |id: &&Id| self.placed.filled.contains_key(&(Subject::Body(**id), Milestone::Disseminated));
        Below { done: lower.iter().filter(has).count(), of: (!lower.is_empty()).then_some(lower.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::vocabulary::{DocumentKind, DocumentStatus};
    use crate::organizations::vocabulary::OrganizationKind;
    use crate::tracking::implementation::counts::counted;
    use crate::tracking::register::{Body, Life, Step};
    use crate::tracking::vocabulary::ForceReason;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn act(id: Id, by: Id, on: &str) -> Act {
        let record = RecordRef { kind: "conference", id };
        let by = Some(Subject::Body(by));
        Act { milestone: Milestone::Disseminated, by, on: on.parse().ok(), precision: None, record }
    }

    /// The committee 1 was split into 2 and 3 on 2025-07-01, and 4 went into 3.
    fn facts(acts: Vec<Act>) -> Facts {
        let body = |(id, life): (Id, Life)| Body {
            id,
            kind: OrganizationKind::PartyCommittee,
            level: Some(Level::Province),
            admin_unit: None,
            parent: None,
            life,
            name_sort: String::new(),
        };
        let old = Life { from: None, to: Some(day("2025-06-30")) };
        let new = Life { from: Some(day("2025-07-01")), to: None };
        let step =
            |(from, to)| Step { from: Some(Subject::Body(from)), to: Some(Subject::Body(to)), on: day("2025-07-01") };
        let bodies = [(1, old), (2, new), (3, new), (4, old)].map(body).to_vec();
        let register = Register::new(bodies, Vec::new(), [(1, 2), (1, 3), (4, 3)].map(step).to_vec());
        let document = DocumentFact {
            id: 5,
            kind: DocumentKind::Conclusion,
            status: DocumentStatus::Unknown,
            numbering_body: None,
            adopted_by: Vec::new(),
            title_folded: String::new(),
            issued_on: Some(day("2018-07-05")),
            precision: None,
            adopted_on: None,
            effective_on: None,
            expires_on: None,
            begun: true,
        };
        let force = Force { in_force: None, reason: ForceReason::NotKnown, by: None, on: None };
        Facts { document, force, register: register.into(), acts, expectations: Vec::new() }
    }

    fn question(units: &str) -> Question {
        Question {
            as_of: day("2026-11-21"),
            units: day(units),
            level: Some(Level::Province),
            admin_unit: None,
            milestones: vec![Milestone::Disseminated],
        }
    }

    /// The records in each row.
    fn records(grid: &Grid<'_>) -> Vec<(Subject, Vec<Id>)> {
        let records =
            |row: &Row<'_>| row.cells.iter().flat_map(|cell| &cell.found).map(|found| found.act.record.id).collect();
        grid.rows.iter().map(|row| (row.subject, records(row))).collect()
    }

    #[test]
    fn an_act_stands_in_the_row_of_each_successor_and_counts_once() {
        let facts = facts(vec![act(7, 1, "2018-07-16"), act(8, 4, "2018-07-20"), act(9, 3, "2018-07-10")]);
        let grid = grid(&facts, &question("2026-11-21"));
        assert_eq!(records(&grid), [(Subject::Body(2), vec![7]), (Subject::Body(3), vec![9, 7, 8])]);
        let count = counted(&grid.rows, &[Milestone::Disseminated]).remove(0);
        assert_eq!((count.bodies, count.done, count.inherited, count.acts), (2, 2, 1, 3));
    }

    #[test]
    fn a_record_stands_in_a_row_once_as_its_own_act_where_it_is_one() {
        let both = facts(vec![act(7, 1, "2018-07-16"), act(7, 3, "2018-07-16")]);
        let grid = grid(&both, &question("2026-11-21"));
        assert_eq!(records(&grid), [(Subject::Body(2), vec![7]), (Subject::Body(3), vec![7])]);
        let from: Vec<_> = grid.rows.iter().map(|row| row.cells[0].found[0].from).collect();
        assert_eq!(from, [Some(Subject::Body(1)), None]);
    }

    #[test]
    fn days_are_counted_from_the_date_of_the_document() {
        let facts = facts(vec![act(7, 1, "2018-07-16")]);
        let grid = grid(&facts, &question("2018-12-31"));
        let days: Vec<_> = grid.rows.iter().map(|row| row.cells[0].days_since_issue).collect();
        assert_eq!(days, [Some(11), None]);
    }
}
