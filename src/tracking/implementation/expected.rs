//! Who is expected to take which step: expectations, resolved to the bodies of a day.

use std::collections::BTreeMap;

use crate::domain::{Date, Id, Line};
use crate::organizations::class::OrganizationClass;
use crate::tasks::vocabulary::Milestone;
use crate::tracking::RecordRef;
use crate::tracking::register::{Register, Subject};

/// Of whom something is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// One body.
    Body(Id),
    /// A class of bodies.
    Class(OrganizationClass),
    /// Those whom the words of the source name, which resolve to nobody.
    Words(Option<Line>),
}

/// An expectation about the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its number.
    pub id: Id,
    /// The step.
    pub milestone: Milestone,
    /// Of whom.
    pub whom: Whom,
    /// By when.
    pub due_on: Option<Date>,
    /// The conference or the document that said so.
    pub origin: Option<RecordRef>,
}

impl Expected {
    /// The order in which expectations of one body and step count: one that names the body before one of a class, then the
    /// one that is due first, one without a day last.
    fn rank(&self) -> (bool, bool, Option<Date>, Id) {
        (matches!(self.whom, Whom::Class(_)), self.due_on.is_none(), self.due_on, self.id)
    }
}

/// What is expected of each body, in the bodies of the day `units`.
#[must_use]
pub fn resolved<'a>(
    expectations: &'a [Expected],
    register: &Register,
    as_of: Date,
    units: Date,
) -> BTreeMap<(Subject, Milestone), &'a Expected> {
    let mut resolved: BTreeMap<(Subject, Milestone), &Expected> = BTreeMap::new();
    for expected in expectations {
        for subject in bodies_of(expected, register, as_of, units) {
            let place = resolved.entry((subject, expected.milestone)).or_insert(expected);
            if expected.rank() < place.rank() {
                *place = expected;
            }
        }
    }
    resolved
}

/// The bodies of which something is expected. One that is named and nothing came after stands for itself; of a class only
/// those count that lead to a body of the day.
fn bodies_of(expected: &Expected, register: &Register, as_of: Date, units: Date) -> Vec<Subject> {
    let standing = |id: Id| register.standing(Subject::Body(register.in_person(id)), units);
    match &expected.whom {
        Whom::Words(_) => Vec::new(),
        Whom::Body(id) if register.body(*id).is_none() => Vec::new(),
        Whom::Body(id) => {
            let found = standing(*id);
            if found.is_empty() { vec![Subject::Body(register.in_person(*id))] } else { found.into_iter().collect() }
        }
        Whom::Class(class) => {
            let members = register.members(class, day_of(class, register, as_of));
            members.into_iter().flat_map(standing).collect()
        }
    }
}

/// The day for whose bodies a class stands: the day that is asked about, or the last day of its unit if that is earlier.
fn day_of(class: &OrganizationClass, register: &Register, as_of: Date) -> Date {
    let last = class.admin_unit.and_then(|unit| register.unit(unit)).and_then(|unit| unit.life.to);
    last.map_or(as_of, |last| last.min(as_of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Level;
    use crate::organizations::vocabulary::OrganizationKind;
    use crate::tracking::register::{Body, Life, Step, Unit};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The committees 11 and 12 of the provinces 1 and 2, after which came 13 of the province 3; 31 is a department of 1.
    fn register() -> Register {
        let old = Life { from: None, to: Some(day("2025-06-30")) };
        let new = Life { from: Some(day("2025-07-01")), to: None };
        let body = |id, kind, unit, life| Body {
            id,
            kind,
            level: Some(Level::Province),
            admin_unit: Some(unit),
            parent: None,
            life,
            name_sort: String::new(),
        };
        let unit = |id, life| Unit { id, level: Level::Province, parent: None, life, name_sort: String::new() };
        let committee = OrganizationKind::PartyCommittee;
        let bodies = vec![
            body(11, committee, 1, old),
            body(12, committee, 2, old),
            body(13, committee, 3, new),
            body(31, OrganizationKind::Department, 1, old),
            body(32, OrganizationKind::StandingCommittee, 1, old),
        ];
        let step =
            |from, to| Step { from: Some(Subject::Unit(from)), to: Some(Subject::Unit(to)), on: day("2025-07-01") };
        Register::new(bodies, vec![unit(1, old), unit(2, old), unit(3, new)], vec![step(1, 3), step(2, 3)])
    }

    fn expected(id: Id, whom: Whom, due_on: &str) -> Expected {
        Expected { id, milestone: Milestone::Disseminated, whom, due_on: due_on.parse().ok(), origin: None }
    }

    fn class(kind: OrganizationKind, admin_unit: Option<Id>) -> Whom {
        Whom::Class(OrganizationClass { kind: Some(kind), level: Some(Level::Province), admin_unit })
    }

    /// Which expectation counts for which body.
    fn found(expectations: &[Expected], as_of: &str, units: &str) -> Vec<(Subject, Id)> {
        let resolved = resolved(expectations, &register(), day(as_of), day(units));
        resolved.into_iter().map(|((subject, _), expected)| (subject, expected.id)).collect()
    }

    #[test]
    fn a_class_means_the_bodies_of_the_day() {
        let all = [expected(1, class(OrganizationKind::PartyCommittee, None), "")];
        let old = [(Subject::Body(11), 1), (Subject::Body(12), 1)];
        assert_eq!(found(&all, "2025-06-30", "2025-06-30"), old);
        assert_eq!(found(&all, "2025-07-01", "2025-07-01"), [(Subject::Body(13), 1)]);
        assert_eq!(found(&all, "2025-06-30", "2026-11-01"), [(Subject::Body(13), 1)], "rolled up");
        assert_eq!(found(&all, "2026-11-01", "2025-06-30"), old, "as the units were");
    }

    #[test]
    fn a_class_of_a_unit_that_ended_means_those_of_its_last_day() {
        let committees = [expected(1, class(OrganizationKind::PartyCommittee, Some(1)), "")];
        assert_eq!(found(&committees, "2026-11-01", "2026-11-01"), [(Subject::Body(13), 1)]);
        let departments = [expected(1, class(OrganizationKind::Department, Some(1)), "")];
        assert_eq!(found(&departments, "2018-12-31", "2018-12-31"), [(Subject::Body(31), 1)]);
        assert_eq!(found(&departments, "2026-11-01", "2026-11-01"), [], "nothing came after them");
    }

    #[test]
    fn a_body_that_is_named_goes_before_a_class_and_an_early_day_before_a_late_one() {
        let all = [
            expected(1, class(OrganizationKind::PartyCommittee, None), "2018-08-31"),
            expected(2, Whom::Body(11), ""),
            expected(3, Whom::Body(11), "2018-12-31"),
            expected(4, Whom::Body(11), "2018-09-30"),
        ];
        assert_eq!(found(&all, "2018-12-31", "2018-12-31"), [(Subject::Body(11), 4), (Subject::Body(12), 1)]);
    }

    #[test]
    fn what_is_expected_of_a_standing_committee_is_expected_of_its_committee() {
        assert_eq!(found(&[expected(1, Whom::Body(32), "")], "2018-12-31", "2018-12-31"), [(Subject::Body(11), 1)]);
    }

    #[test]
    fn words_and_bodies_that_nobody_may_know_of_resolve_to_nobody() {
        let all = [expected(1, Whom::Words(None), ""), expected(2, Whom::Body(99), "")];
        assert_eq!(found(&all, "2018-12-31", "2018-12-31"), []);
    }
}
