//! Who answers for whom: the committees, what stands below them, and whose organs act for them.

use std::collections::BTreeMap;
use std::iter::successors;

use super::{Body, Register, Subject, only};
use crate::db::chain::MOST_TIERS;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Id};
use crate::organizations::vocabulary::OrganizationKind;

impl Register {
    /// The bodies above a body, from the nearest.
    fn ancestors(&self, body: &Body) -> impl Iterator<Item = &Body> {
        let parent = move |body: &Body| body.parent.and_then(|id| self.bodies.get(&id));
        successors(parent(body), move |body| parent(body)).take(MOST_TIERS)
    }

    /// Whether a body is the highest of its kind in its unit: the committee of the province, not one of an office there.
    #[must_use]
    pub fn is_seat(&self, body: &Body) -> bool {
        !self.ancestors(body).any(|above| above.kind == body.kind && above.admin_unit == body.admin_unit)
    }

    /// The committee of this kind that a unit has on a day, if it has just one; on any day where the day is not known.
    #[must_use]
    pub fn committee_of(&self, unit: Id, kind: OrganizationKind, day: Option<Date>) -> Option<Id> {
        let level = self.unit(unit)?.level;
        let seats = self.seated_in(unit).filter(|body| body.kind == kind && body.level == Some(level));
        let living = seats.filter(|body| day.is_none_or(|day| body.life.has(day)) && self.is_seat(body));
        only(living).map(|body| body.id)
    }

    /// The body for which the act of a body counts: the nearest party committee or people's committee, itself included;
    /// itself where none is above it.
    ///
    /// An office of the Party or a department whose parent is not recorded belongs to the one committee of its unit.
    #[must_use]
    pub fn answerable(&self, id: Id) -> Id {
        let Some(body) = self.body(id) else { return id };
        if is_committee(body.kind) {
            return id;
        }
        if let Some(above) = self.ancestors(body).find(|above| is_committee(above.kind)) {
            return above.id;
        }
        let of_unit = body.admin_unit.filter(|_| body.parent.is_none()).zip(committee_over(body.kind));
        of_unit.and_then(|(unit, kind)| self.committee_of(unit, kind, body.life.to.or(body.life.from))).unwrap_or(id)
    }

    /// The nearest committee of its kind above a committee, by the bodies above it or else by the units above its own; that
    /// of the Party above a unit that acted without a body.
    #[must_use]
    pub fn above(&self, subject: Subject, day: Date) -> Option<Id> {
        let body = match subject {
            Subject::Body(id) => Some(self.body(id)?),
            Subject::Unit(_) => None,
        };
        let kind = body.map_or(OrganizationKind::PartyCommittee, |body| body.kind);
        let by_body = body.and_then(|body| self.ancestors(body).find(|above| above.kind == kind));
        if let Some(above) = by_body {
            return Some(above.id);
        }
        let parent = |unit: Id| self.unit(unit).and_then(|unit| unit.parent);
        let mut units = successors(self.unit_of(subject).and_then(parent), |unit| parent(*unit)).take(MOST_TIERS);
        units.find_map(|unit| self.committee_of(unit, kind, Some(day)))
    }

    /// The committees above a body or a unit, from the nearest.
    #[must_use]
    pub fn all_above(&self, subject: Subject, day: Date) -> Vec<Id> {
        let next = |id: &Id| self.above(Subject::Body(*id), day);
        successors(self.above(subject, day), next).take(MOST_TIERS).collect()
    }

    /// The committee itself for those who act in its stead, its standing committee and its standing board; else the body.
    #[must_use]
    pub fn in_person(&self, id: Id) -> Id {
        let stands_in = self.body(id).is_some_and(|body| {
            matches!(body.kind, OrganizationKind::StandingCommittee | OrganizationKind::StandingBoard)
        });
        if stands_in { self.answerable(id) } else { id }
    }

    /// The committees directly below each committee, of those that live on a day.
    #[must_use]
    pub fn below(&self, day: Date) -> BTreeMap<Id, Vec<Id>> {
        let mut below: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for body in self.bodies().filter(|body| is_committee(body.kind) && body.life.has(day)) {
            if let Some(above) = self.above(Subject::Body(body.id), day) {
                below.entry(above).or_default().push(body.id);
            }
        }
        below
    }

    /// The bodies that stand for the units of a tier on a day: their party committees.
    pub fn of_level(&self, level: Level, day: Date) -> impl Iterator<Item = &Body> {
        self.bodies().filter(move |body| {
            body.kind == OrganizationKind::PartyCommittee
                && body.level == Some(level)
                && body.life.has(day)
                && self.is_seat(body)
        })
    }
}

/// Whether a body of this kind answers for what its organs do.
const fn is_committee(kind: OrganizationKind) -> bool {
    matches!(kind, OrganizationKind::PartyCommittee | OrganizationKind::PeoplesCommittee)
}

/// The kind of the committee whose organ a body of this kind is, wherever there is one.
const fn committee_over(kind: OrganizationKind) -> Option<OrganizationKind> {
    match kind {
        OrganizationKind::StandingCommittee
        | OrganizationKind::StandingBoard
        | OrganizationKind::AdvisoryBody
        | OrganizationKind::InspectionBody => Some(OrganizationKind::PartyCommittee),
        OrganizationKind::Department => Some(OrganizationKind::PeoplesCommittee),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Life;
    use super::super::tests::{COMMITTEE, body, day, merged, unit};
    use super::*;

    #[test]
    fn the_act_of_an_organ_counts_for_the_nearest_committee_above() {
        let register = merged();
        assert_eq!(register.answerable(11), 11);
        assert_eq!(register.answerable(31), 11);
        assert_eq!(register.answerable(32), 12, "whose parent is not recorded, for the one of its unit");
        assert_eq!(register.answerable(33), 33, "the police are led by the ministry");
        assert_eq!(register.answerable(99), 99);
        assert_eq!([31, 33].map(|id| register.in_person(id)), [11, 33]);
    }

    #[test]
    fn a_unit_has_a_committee_where_it_has_just_one() {
        let register = merged();
        assert_eq!(register.committee_of(1, COMMITTEE, Some(day("2018-07-16"))), Some(11));
        assert_eq!(register.committee_of(3, COMMITTEE, Some(day("2018-07-16"))), None);
        let mut bodies: Vec<Body> = register.bodies().cloned().collect();
        bodies.push(body(14, COMMITTEE, 1, Some(11), Life::default()));
        let units = |register: Register| register.units.into_values().collect::<Vec<_>>();
        let of_an_office = Register::new(bodies.clone(), units(merged()), Vec::new());
        assert_eq!(of_an_office.committee_of(1, COMMITTEE, None), Some(11), "the other stands below it");
        bodies.push(body(15, COMMITTEE, 1, None, Life::default()));
        assert_eq!(Register::new(bodies, units(merged()), Vec::new()).committee_of(1, COMMITTEE, None), None);
    }

    #[test]
    fn a_committee_stands_below_that_of_the_unit_above() {
        let lower = Body { level: Some(Level::Commune), ..body(2, COMMITTEE, 2, None, Life::default()) };
        let bodies = vec![body(1, COMMITTEE, 1, None, Life::default()), lower];
        let units =
            vec![unit(1, Level::Province, None, Life::default()), unit(2, Level::Commune, Some(1), Life::default())];
        let register = Register::new(bodies, units, Vec::new());
        let today = day("2026-11-01");
        assert_eq!(register.above(Subject::Body(2), today), Some(1));
        assert_eq!(register.above(Subject::Unit(2), today), Some(1));
        assert_eq!(register.above(Subject::Body(1), today), None);
        assert_eq!(register.all_above(Subject::Body(2), today), [1]);
        assert_eq!(register.below(today), BTreeMap::from([(1, vec![2])]));
    }
}
