//! The register: which bodies and units there were when, how they stand to one another, what became of them.
//!
//! The rule: everything here is a pure function over the rows that [`store`] loads, and every answer is for a day. What
//! became of whom is in `standing`, who answers for whom in `committees`.

mod committees;
mod standing;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;

use crate::db::chain::MOST_TIERS;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Error, Fault, Id, Result};
use crate::organizations::class::OrganizationClass;
use crate::organizations::vocabulary::OrganizationKind;

/// A body, or a unit that acted without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An organization.
    Body(Id),
    /// An administrative unit.
    Unit(Id),
}

impl Subject {
    /// The number of the body, if it is one.
    #[must_use]
    pub const fn body(self) -> Option<Id> {
        match self {
            Self::Body(id) => Some(id),
            Self::Unit(_) => None,
        }
    }
}

/// The first and the last day, as far as either is known and there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Life {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl Life {
    /// Whether it lived at the end of this day.
    #[must_use]
    pub fn has(self, day: Date) -> bool {
        !self.begins_after(day) && !self.ended_before(day)
    }

    fn begins_after(self, day: Date) -> bool {
        self.from.is_some_and(|from| day < from)
    }

    fn ended_before(self, day: Date) -> bool {
        self.to.is_some_and(|to| to < day)
    }
}

/// A body, as far as answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its number.
    pub id: Id,
    /// What sort of body it is.
    pub kind: OrganizationKind,
    /// Its tier.
    pub level: Option<Level>,
    /// The unit that it serves.
    pub admin_unit: Option<Id>,
    /// The body above it.
    pub parent: Option<Id>,
    /// When it lived.
    pub life: Life,
    /// Its place in the order of a dictionary.
    pub name_sort: String,
}

/// A unit, as far as answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its number.
    pub id: Id,
    /// Its tier.
    pub level: Level,
    /// The unit that it is part of.
    pub parent: Option<Id>,
    /// When it lived.
    pub life: Life,
    /// Its place in the order of a dictionary.
    pub name_sort: String,
}

/// One succession.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What ended or changed.
    pub from: Option<Subject>,
    /// What took its place.
    pub to: Option<Subject>,
    /// The first day of the new state.
    pub on: Date,
}

/// Where successions lead from one body or unit, each from a day on; nowhere for one that was abolished.
type Steps = BTreeMap<Subject, Vec<(Date, Option<Subject>)>>;

/// The bodies and units that the caller may see.
#[derive(Debug, Default)]
pub struct Register {
    bodies: BTreeMap<Id, Body>,
    units: BTreeMap<Id, Unit>,
    /// The bodies of each unit.
    seated: BTreeMap<Id, Vec<Id>>,
    /// The units directly below each unit.
    parts: BTreeMap<Id, Vec<Id>>,
    after: Steps,
    before: Steps,
}

impl Register {
    /// Puts a register together.
    #[must_use]
    pub fn new(bodies: Vec<Body>, units: Vec<Unit>, steps: Vec<Step>) -> Self {
        let mut register = Self {
            bodies: bodies.into_iter().map(|body| (body.id, body)).collect(),
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
            ..Self::default()
        };
        for body in register.bodies.values() {
            if let Some(unit) = body.admin_unit {
                register.seated.entry(unit).or_default().push(body.id);
            }
        }
        for unit in register.units.values() {
            if let Some(parent) = unit.parent {
                register.parts.entry(parent).or_default().push(unit.id);
            }
        }
        for Step { from, to, on } in steps {
            if let Some(from) = from {
                register.after.entry(from).or_default().push((on, to));
            }
            if let Some(to) = to {
                register.before.entry(to).or_default().push((on, from));
            }
        }
        register
    }

    /// Every body, by number.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.bodies.values()
    }

    /// A body.
    #[must_use]
    pub fn body(&self, id: Id) -> Option<&Body> {
        self.bodies.get(&id)
    }

    /// A unit.
    #[must_use]
    pub fn unit(&self, id: Id) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// The unit that a parameter names.
    ///
    /// # Errors
    /// `Malformed` with the code `does_not_exist` if the caller may see none of this number.
    pub fn asked_unit(&self, parameter: &str, id: Id) -> Result<&Unit> {
        let message = || format!("names no administrative unit: there is none with the number {id}");
        self.unit(id).ok_or_else(|| Error::parameter(parameter, Fault::new("does_not_exist", message())))
    }

    /// When a body or a unit lived; none for one that is not in the register.
    #[must_use]
    pub fn life(&self, subject: Subject) -> Option<Life> {
        match subject {
            Subject::Body(id) => self.body(id).map(|body| body.life),
            Subject::Unit(id) => self.unit(id).map(|unit| unit.life),
        }
    }

    /// Its tier.
    #[must_use]
    pub fn level(&self, subject: Subject) -> Option<Level> {
        match subject {
            Subject::Body(id) => self.body(id).and_then(|body| body.level),
            Subject::Unit(id) => self.unit(id).map(|unit| unit.level),
        }
    }

    /// The unit that a body serves, or the unit itself.
    #[must_use]
    pub fn unit_of(&self, subject: Subject) -> Option<Id> {
        match subject {
            Subject::Body(id) => self.body(id).and_then(|body| body.admin_unit),
            Subject::Unit(id) => Some(id),
        }
    }

    /// Its place in the order of a dictionary.
    #[must_use]
    pub fn name_sort(&self, subject: Subject) -> &str {
        match subject {
            Subject::Body(id) => self.body(id).map_or("", |body| &body.name_sort),
            Subject::Unit(id) => self.unit(id).map_or("", |unit| &unit.name_sort),
        }
    }

    fn seated_in(&self, unit: Id) -> impl Iterator<Item = &Body> {
        self.seated.get(&unit).into_iter().flatten().filter_map(|id| self.body(*id))
    }

    /// A unit and all that lie below it.
    #[must_use]
    pub fn at_or_below(&self, unit: Id) -> BTreeSet<Id> {
        let (mut found, mut open) = (BTreeSet::from([unit]), vec![unit]);
        while let Some(at) = open.pop() {
            open.extend(self.parts.get(&at).into_iter().flatten().copied().filter(|part| found.insert(*part)));
        }
        found
    }

    /// The units above a unit, from itself.
    fn units_above(&self, unit: Id) -> impl Iterator<Item = &Unit> {
        successors(self.unit(unit), |unit| unit.parent.and_then(|parent| self.unit(parent))).take(MOST_TIERS)
    }

    /// The units of a day that a unit is, has become or came from; itself where nothing took its place.
    fn units_of_day(&self, unit: Id, day: Date) -> BTreeSet<Id> {
        let standing = self.standing(Subject::Unit(unit), day);
        let units: BTreeSet<Id> = standing.into_iter().filter_map(|subject| self.unit_of(subject)).collect();
        if units.is_empty() { BTreeSet::from([unit]) } else { units }
    }

    /// The highest units of a day, provinces where there are provinces, to which a body belongs: several where its own was
    /// split, none if it serves no unit.
    #[must_use]
    pub fn provinces_of(&self, body: Id, day: Date) -> BTreeSet<Id> {
        let Some(unit) = self.body(body).and_then(|body| body.admin_unit) else { return BTreeSet::new() };
        let is_province = |unit: &&Unit| unit.level == Level::Province;
        let province = self.units_above(unit).find(is_province).or_else(|| self.units_above(unit).last());
        self.units_of_day(province.map_or(unit, |unit| unit.id), day)
    }

    /// The bodies of a unit and of those below it, and of what stands in it on a day.
    #[must_use]
    pub fn bodies_in(&self, unit: Id, day: Date) -> Vec<Id> {
        let level = self.unit(unit).map(|unit| unit.level);
        let stands_in_it = |above: &Unit| {
            above.id == unit || (Some(above.level) == level && self.units_of_day(above.id, day).contains(&unit))
        };
        let units: BTreeSet<Id> =
            self.units.keys().copied().filter(|part| self.units_above(*part).any(stands_in_it)).collect();
        let within = |body: &&Body| body.admin_unit.is_some_and(|at| at == unit || units.contains(&at));
        self.bodies().filter(within).map(|body| body.id).collect()
    }

    /// A body, and those that it came from or has become by a day.
    #[must_use]
    pub fn bodies_standing_in(&self, body: Id, day: Date) -> Vec<Id> {
        let stands_in_it =
            |id: &Id| *id == body || self.standing(Subject::Body(*id), day).contains(&Subject::Body(body));
        self.bodies.keys().copied().filter(stands_in_it).collect()
    }

    /// The bodies in which one stands on a day; itself if nothing took its place.
    #[must_use]
    pub fn bodies_of_day(&self, body: Id, day: Date) -> BTreeSet<Id> {
        let standing = self.standing(Subject::Body(body), day).into_iter();
        let bodies: BTreeSet<Id> = standing.filter_map(Subject::body).collect();
        if bodies.is_empty() { BTreeSet::from([body]) } else { bodies }
    }

    /// The bodies of a class that live on a day.
    #[must_use]
    pub fn members(&self, class: &OrganizationClass, day: Date) -> Vec<Id> {
        let units = class.admin_unit.map(|unit| self.at_or_below(unit));
        let within =
            |body: &Body| units.as_ref().is_none_or(|units| body.admin_unit.is_some_and(|unit| units.contains(&unit)));
        let members = self.bodies().filter(|body| {
            class.kind.is_none_or(|kind| body.kind == kind)
                && class.level.is_none_or(|level| body.level == Some(level))
                && body.life.has(day)
                && within(body)
        });
        members.map(|body| body.id).collect()
    }
}

/// What there is just one of.
fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    if found.next().is_some() { None } else { Some(first) }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    pub fn life(from: &str, to: &str) -> Life {
        Life { from: from.parse().ok(), to: to.parse().ok() }
    }

    pub fn body(id: Id, kind: OrganizationKind, unit: Id, parent: Option<Id>, life: Life) -> Body {
        let level = Some(Level::Province);
        Body { id, kind, level, admin_unit: Some(unit), parent, life, name_sort: String::new() }
    }

    pub fn unit(id: Id, level: Level, parent: Option<Id>, life: Life) -> Unit {
        Unit { id, level, parent, life, name_sort: String::new() }
    }

    pub const COMMITTEE: OrganizationKind = OrganizationKind::PartyCommittee;

    /// Thái Bình (1) and Hưng Yên (2) became Hưng Yên (3) on 2025-07-01. The committees are 11, 12 and 13, and only that of
    /// Thái Bình has a succession of its own; 21 and 23 are the people's committees, 31 the standing committee.
    pub fn merged() -> Register {
        let (old, new) = (life("", "2025-06-30"), life("2025-07-01", ""));
        let people = OrganizationKind::PeoplesCommittee;
        let bodies = vec![
            body(11, COMMITTEE, 1, None, old),
            body(12, COMMITTEE, 2, None, old),
            body(13, COMMITTEE, 3, None, new),
            body(21, people, 1, None, old),
            body(23, people, 3, None, new),
            body(31, OrganizationKind::StandingCommittee, 1, Some(11), old),
            body(32, OrganizationKind::StandingCommittee, 2, None, old),
            body(33, OrganizationKind::Police, 1, Some(40), old),
        ];
        let units = vec![
            unit(1, Level::Province, None, old),
            unit(2, Level::Province, None, old),
            unit(3, Level::Province, None, new),
        ];
        let step = |from, to| Step { from: Some(from), to: Some(to), on: day("2025-07-01") };
        let steps = vec![
            step(Subject::Unit(1), Subject::Unit(3)),
            step(Subject::Unit(2), Subject::Unit(3)),
            step(Subject::Body(11), Subject::Body(13)),
        ];
        Register::new(bodies, units, steps)
    }

    #[test]
    fn a_body_belongs_to_the_province_of_the_day() {
        let register = merged();
        let provinces = |body, on| register.provinces_of(body, day(on)).into_iter().collect::<Vec<_>>();
        assert_eq!(provinces(33, "2018-12-31"), [1]);
        assert_eq!(provinces(33, "2026-11-01"), [3]);
        assert_eq!(provinces(13, "2018-12-31"), [1, 2], "which was not there yet");
        assert_eq!(provinces(99, "2018-12-31"), [0; 0]);
        assert_eq!(register.bodies_in(3, day("2026-11-01")), [11, 12, 13, 21, 23, 31, 32, 33]);
        assert_eq!(register.bodies_in(1, day("2018-12-31")), [11, 13, 21, 23, 31, 33]);
    }

    #[test]
    fn a_body_of_a_commune_belongs_to_the_province_above_it() {
        let always = Life::default();
        let units = vec![unit(1, Level::Province, None, always), unit(2, Level::Commune, Some(1), always)];
        let register = Register::new(vec![body(5, COMMITTEE, 2, None, always)], units, Vec::new());
        let today = day("2026-11-01");
        assert_eq!(register.provinces_of(5, today), BTreeSet::from([1]));
        assert_eq!([1, 2].map(|unit| register.bodies_in(unit, today)), [[5], [5]]);
    }

    #[test]
    fn a_unit_has_all_that_lie_below_it() {
        let always = Life::default();
        let parts = [(1, Level::Province, None), (2, Level::Commune, Some(1)), (3, Level::Grassroots, Some(2))];
        let units = parts.map(|(id, level, parent)| unit(id, level, parent, always)).to_vec();
        let register = Register::new(Vec::new(), units, Vec::new());
        assert_eq!(register.at_or_below(1), BTreeSet::from([1, 2, 3]));
        assert_eq!(register.at_or_below(2), BTreeSet::from([2, 3]));
    }
}
