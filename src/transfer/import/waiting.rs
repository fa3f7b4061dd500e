//! Rows that wait for the record of another row, and why they have waited in vain.
//!
//! A row waits for one name at a time, the first of those that it points at and that are not there. So each row that waits
//! leads to one other at most, and all are looked through in as many steps as there are.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::names::{Name, Names};
use super::row::Write;
use super::rows::Place;
use crate::domain::fault::Place as At;
use crate::domain::link::ExternalKey;
use crate::domain::{Error, Fault};

/// How many rows may wait for others; one beyond fails at once. Each takes some forty bytes.
const MOST_WAITING: usize = 200_000;

/// How many lines a message names.
const MOST_TOLD: usize = 5;

/// The rows that wait.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Each under the name that it waits for.
    rows: BTreeSet<(Name, Place)>,
    /// In the end, the lines that wait for each other, circle by circle.
    circles: Vec<Vec<u64>>,
    /// The circle that a line stands in.
    in_circle: HashMap<u64, usize>,
}

impl Waiting {
    /// Lets a row wait for a name. Says whether there was room for it.
    pub fn add(&mut self, name: Name, place: Place) -> bool {
        let is_room = self.rows.len() < MOST_WAITING;
        if is_room {
            self.rows.insert((name, place));
        }
        is_room
    }

    /// The rows that wait for this name, and wait no more.
    pub fn wake(&mut self, name: Name) -> Vec<Place> {
        let of_name = self.rows.range((name, Place::FIRST)..).take_while(|(wanted, _)| *wanted == name);
        let woken: Vec<Place> = of_name.map(|(_, place)| *place).collect();
        for place in &woken {
            self.rows.remove(&(name, *place));
        }
        woken
    }

    /// The rows that have waited in vain, each behind the one that it waits for.
    pub fn end(&mut self, names: &Names) -> VecDeque<Place> {
        let waits: BTreeMap<u64, (Name, Place)> =
            std::mem::take(&mut self.rows).into_iter().map(|(name, place)| (place.line, (name, place))).collect();
        let (mut order, mut seen) = (VecDeque::new(), BTreeSet::new());
        for first in waits.keys() {
            let (mut path, mut next) = (Vec::new(), Some(*first));
            while let Some((line, (name, place))) = next.and_then(|line| waits.get_key_value(&line))
                && seen.insert(*line)
            {
                path.push(*place);
                next = names.line(*name);
            }
            if let Some(begin) = path.iter().position(|place| Some(place.line) == next) {
                let circle = path.split_off(begin);
                self.note_circle(&circle);
                order.extend(circle);
            }
            order.extend(path.into_iter().rev());
        }
        order
    }

    fn note_circle(&mut self, circle: &[Place]) {
        let number = self.circles.len();
        let mut lines: Vec<u64> = circle.iter().map(|place| place.line).collect();
        lines.sort_unstable();
        self.in_circle.extend(lines.iter().map(|line| (*line, number)));
        self.circles.push(lines);
    }

    /// Says of each link of a row that leads to another row of the import why the record of that row is not there.
    #[must_use]
    pub fn explain(&self, names: &Names, write: &Write, line: u64, error: Error) -> Error {
        let Error::Invalid(mut faults) = error else { return error };
        for (place, fault) in &mut faults.0 {
            if let At::Pointer(pointer) = place
                && fault.code == "does_not_exist"
                && let Some((kind, key)) = write.key_at(pointer)
                && let Some(cause) = names.line(Name::of_key(kind, &key))
            {
                *fault = self.reason(kind, &key, cause, line);
            }
        }
        Error::Invalid(faults)
    }

    fn reason(&self, kind: &str, key: &ExternalKey, cause: u64, line: u64) -> Fault {
        let key = format!("{}/{}", key.system.as_str(), key.key.as_str());
        let circle = |line| self.in_circle.get(&line);
        if cause == line {
            return Fault::new("cycle", format!("points at no {kind}: {key} is the key of this row itself"));
        }
        match circle(line).filter(|number| circle(cause) == Some(number)).and_then(|number| self.circles.get(*number)) {
            Some(lines) => {
                let lines = listed(lines);
                let what =
                    format!("points at no {kind}: {key} is the key of line {cause}, and {lines} wait for each other");
                Fault::new("cycle", what)
            }
            None => {
                Fault::new("row_failed", format!("points at no {kind}: {key} is the key of line {cause}, which failed"))
            }
        }
    }
}

/// `lines 1, 2 and 3`.
fn listed(lines: &[u64]) -> String {
    let mut told: Vec<String> = lines.iter().take(MOST_TOLD).map(u64::to_string).collect();
    let more = lines.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        told.push(format!("{more} more"));
    }
    let last = told.pop().unwrap_or_default();
    format!("lines {} and {last}", told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Id;
    use crate::service::upsert::Target;

    fn place(line: u64) -> Place {
        let mut place = Place::FIRST;
        place.line = line;
        place
    }

    /// Rows that wait, `(line, what it waits for)`, of an import in which each line of `1..=lines` names the record of its
    /// number: in which order they are tried at last, and which wait for each other.
    fn ended(lines: u64, waits: &[(u64, Id)]) -> (Vec<u64>, Vec<Vec<u64>>) {
        let (mut waiting, mut names) = (Waiting::default(), Names::default());
        for line in 1..=lines {
            names.note("person", &Target::Id { id: Id::try_from(line).unwrap(), version: None }, line);
        }
        for (line, id) in waits {
            assert!(waiting.add(Name::of_id("person", *id), place(*line)));
        }
        let order = waiting.end(&names).into_iter().map(|place| place.line).collect();
        (order, waiting.circles)
    }

    #[test]
    fn a_row_comes_behind_the_one_that_it_waits_for() {
        assert_eq!(ended(3, &[(1, 2), (2, 3), (3, 99)]), (vec![3, 2, 1], vec![]));
        assert_eq!(ended(4, &[(1, 3), (2, 3), (3, 4)]), (vec![3, 1, 2], vec![]), "the fourth has failed");
        assert_eq!(ended(3, &[(3, 2), (2, 1)]), (vec![2, 3], vec![]));
    }

    #[test]
    fn rows_that_wait_for_each_other_are_a_circle_and_those_that_lead_there_are_not() {
        assert_eq!(
            ended(5, &[(1, 2), (2, 3), (3, 2), (4, 4), (5, 1)]),
            (vec![2, 3, 1, 4, 5], vec![vec![2, 3], vec![4]])
        );
    }

    #[test]
    fn a_long_chain_takes_no_more_steps_than_it_has_rows() {
        let lines = 100_000;
        let chain: Vec<(u64, Id)> = (1..=lines).map(|line| (line, Id::try_from(line).unwrap() + 1)).collect();
        let (order, circles) = ended(lines, &chain);
        assert_eq!((order.len(), order.first(), circles.len()), (100_000, Some(&lines), 0));
    }

    #[test]
    fn those_are_woken_who_wait_for_a_name() {
        let mut waiting = Waiting::default();
        for (line, id) in [(4, 1), (2, 1), (3, 2)] {
            waiting.add(Name::of_id("person", id), place(line));
        }
        assert_eq!(waiting.wake(Name::of_id("person", 1)), [place(2), place(4)]);
        assert_eq!(waiting.wake(Name::of_id("person", 1)), []);
    }

    #[test]
    fn a_message_names_a_few_lines() {
        assert_eq!(listed(&[1, 2]), "lines 1 and 2");
        assert_eq!(listed(&[1, 2, 3]), "lines 1, 2 and 3");
        assert_eq!(listed(&[1, 2, 3, 4, 5, 6, 7]), "lines 1, 2, 3, 4, 5 and 2 more");
    }
}
