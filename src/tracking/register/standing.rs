//! What became of bodies and units, and what they came from.

use std::collections::BTreeSet;

use super::{Body, Register, Subject, only};
use crate::domain::{Date, Id};

/// Along which side of successions to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// To what took the place.
    On,
    /// To what was there before.
    Back,
}

impl Way {
    /// Whether a step of the day `on` lies between here and `day`.
    fn leads(self, on: Date, day: Date) -> bool {
        match self {
            Self::On => on <= day,
            Self::Back => day < on,
        }
    }

    /// A day on which what a step leads to was there.
    fn arrival(self, on: Date) -> Option<Date> {
        match self {
            Self::On => Some(on),
            Self::Back => on.before(),
        }
    }
}

impl Register {
    /// Those living on `day` that it is, has become or came from; none where nothing took its place.
    ///
    /// The successions of a body go first. Where it has none, it goes the way of its unit, to the one body of its kind and
    /// tier there.
    #[must_use]
    pub fn standing(&self, subject: Subject, day: Date) -> BTreeSet<Subject> {
        let begins_later = self.life(subject).is_some_and(|life| life.begins_after(day));
        let way = if begins_later { Way::Back } else { Way::On };
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([subject]), vec![subject]);
        while let Some(at) = open.pop() {
            let Some(life) = self.life(at) else { continue };
            if life.has(day) {
                found.insert(at);
            } else {
                open.extend(self.next(at, way, day).into_iter().filter(|next| seen.insert(*next)));
            }
        }
        found
    }

    /// Where one step leads.
    fn next(&self, subject: Subject, way: Way, day: Date) -> Vec<Subject> {
        let own = self.steps(subject, way);
        let mut next: Vec<Subject> =
            own.iter().filter(|(on, _)| way.leads(*on, day)).filter_map(|(_, to)| *to).collect();
        // One that came from nothing, or led to nothing, does not go the way of its unit.
        let settled = if way == Way::On { !own.is_empty() } else { own.iter().any(|(_, to)| to.is_none()) };
        if let (Subject::Body(id), false) = (subject, settled) {
            next.extend(self.body(id).into_iter().flat_map(|body| self.next_by_unit(body, way, day)));
        }
        next
    }

    /// Where one step of its unit leads a body; not to one that has gone a way of its own.
    fn next_by_unit(&self, body: &Body, way: Way, day: Date) -> Vec<Subject> {
        let steps = body.admin_unit.map(|unit| self.steps(Subject::Unit(unit), way)).unwrap_or_default();
        let taken = steps.iter().filter(|(on, _)| way.leads(*on, day));
        let arrived = taken.filter_map(|(on, to)| Some((self.unit_of((*to)?)?, way.arrival(*on)?)));
        let found = arrived.filter_map(|(unit, day)| self.counterpart(body, unit, day));
        found.filter(|other| way == Way::On || self.steps(*other, Way::On).is_empty()).collect()
    }

    fn steps(&self, subject: Subject, way: Way) -> &[(Date, Option<Subject>)] {
        let steps = match way {
            Way::On => self.after.get(&subject),
            Way::Back => self.before.get(&subject),
        };
        steps.map(Vec::as_slice).unwrap_or_default()
    }

    /// The one body of a unit that is there on `day` what `body` is in its own.
    fn counterpart(&self, body: &Body, unit: Id, day: Date) -> Option<Subject> {
        let is_seat = self.is_seat(body);
        only(self.seated_in(unit).filter(|other| {
            other.kind == body.kind
                && other.level == body.level
                && other.life.has(day)
                && self.is_seat(other) == is_seat
        }))
        .map(|other| Subject::Body(other.id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Step;
    use super::super::tests::{COMMITTEE, body, day, life, merged};
    use super::*;

    fn standing(register: &Register, id: Id, on: &str) -> Vec<Subject> {
        register.standing(Subject::Body(id), day(on)).into_iter().collect()
    }

    #[test]
    fn a_body_stands_in_itself_while_it_lives_and_in_its_successor_after() {
        let register = merged();
        assert_eq!(standing(&register, 11, "2018-12-31"), [Subject::Body(11)]);
        assert_eq!(standing(&register, 11, "2025-06-30"), [Subject::Body(11)]);
        assert_eq!(standing(&register, 11, "2025-07-01"), [Subject::Body(13)]);
    }

    #[test]
    fn a_body_without_a_succession_goes_the_way_of_its_unit() {
        let register = merged();
        assert_eq!(standing(&register, 12, "2026-11-01"), [Subject::Body(13)]);
        assert_eq!(standing(&register, 21, "2026-11-01"), [Subject::Body(23)], "in its own kind");
        assert_eq!(standing(&register, 31, "2026-11-01"), [], "there is none of its kind");
    }

    #[test]
    fn a_body_that_was_not_there_yet_stands_in_those_that_it_came_from() {
        let register = merged();
        assert_eq!(standing(&register, 13, "2018-12-31"), [Subject::Body(11), Subject::Body(12)]);
        assert_eq!(standing(&register, 23, "2018-12-31"), [Subject::Body(21)]);
        let units: Vec<Subject> = register.standing(Subject::Unit(3), day("2018-12-31")).into_iter().collect();
        assert_eq!(units, [Subject::Unit(1), Subject::Unit(2)]);
    }

    #[test]
    fn what_was_abolished_stands_in_nothing_else() {
        let mut bodies: Vec<Body> = merged().bodies().cloned().collect();
        bodies.retain(|body| body.id != 11);
        bodies.push(body(11, COMMITTEE, 1, None, life("", "2024-12-31")));
        let ended = Step { from: Some(Subject::Body(11)), to: None, on: day("2025-01-01") };
        let moved = Step { from: Some(Subject::Unit(1)), to: Some(Subject::Unit(3)), on: day("2025-07-01") };
        let units = merged().units.into_values().collect();
        assert_eq!(standing(&Register::new(bodies, units, vec![ended, moved]), 11, "2026-11-01"), []);
    }

    #[test]
    fn steps_are_followed_one_after_the_other_and_a_circle_ends() {
        let lives = [life("", "2024-12-31"), life("2025-01-01", "2026-09-19"), life("2026-09-20", "")];
        let bodies = (1..).zip(lives).map(|(id, life)| body(id, COMMITTEE, id, None, life)).collect();
        let step = |from, to, on| Step { from: Some(Subject::Body(from)), to: Some(Subject::Body(to)), on: day(on) };
        let steps = vec![step(1, 2, "2025-01-01"), step(2, 3, "2026-09-20"), step(2, 1, "2025-06-01")];
        let register = Register::new(bodies, Vec::new(), steps);
        assert_eq!(standing(&register, 1, "2025-12-31"), [Subject::Body(2)]);
        assert_eq!(standing(&register, 1, "2026-11-01"), [Subject::Body(3)]);
        assert_eq!(standing(&register, 3, "2018-12-31"), [Subject::Body(1)]);
    }
}
