//! What counts come to: groups, each with eight counts that add up, and rates that name what they are a share of.

use std::collections::{BTreeMap, BTreeSet};

use super::store::Tally;
use crate::domain::{Date, Id};
use crate::tasks::vocabulary::TaskTimeliness;

/// To what tasks belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A body, a province or a document.
    Record(Id),
    /// A month, by its year and its number.
    Month(i32, u32),
    /// To nothing that is known.
    None,
}

/// How many tasks stand in each way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<TaskTimeliness, i64>);

impl Counts {
    /// How many stand in this way.
    #[must_use]
    pub fn of(&self, timeliness: TaskTimeliness) -> i64 {
        self.0.get(&timeliness).copied().unwrap_or(0)
    }

    /// How many stand in one of these ways.
    #[must_use]
    pub fn any(&self, values: &[TaskTimeliness]) -> i64 {
        values.iter().map(|value| self.of(*value)).fold(0, i64::saturating_add)
    }

    fn add(&mut self, timeliness: TaskTimeliness, count: i64) {
        let place = self.0.entry(timeliness).or_default();
        *place = place.saturating_add(count);
    }
}

/// The tasks of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// How many stand in each way.
    pub counts: Counts,
    /// The earliest due date of those that are overdue.
    pub earliest_due: Option<Date>,
}

impl Group {
    /// The tasks of all these counts.
    #[must_use]
    pub fn of(tallies: &[Tally]) -> Self {
        let mut all = Self::default();
        for tally in tallies {
            all.add(tally);
        }
        all
    }

    /// Takes a count in.
    pub fn add(&mut self, tally: &Tally) {
        self.counts.add(tally.timeliness, tally.count);
        self.earliest_due = match (self.earliest_due, tally.earliest_due) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

/// The groups of these counts, in their order: by how many stand as is asked for, then by the earliest due date, then by
/// number; months in theirs. What belongs to nothing comes last.
#[must_use]
pub fn grouped(
    tallies: &[Tally],
    keys: impl Fn(&Tally) -> BTreeSet<Key>,
    wanted: Option<&[TaskTimeliness]>,
) -> Vec<(Key, Group)> {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for tally in tallies {
        for key in keys(tally) {
            groups.entry(key).or_default().add(tally);
        }
    }
    let ranking = wanted.unwrap_or(&[TaskTimeliness::OpenOverdue]);
    let mut groups: Vec<(Key, Group)> = groups.into_iter().collect();
    groups.retain(|(_, group)| wanted.is_none_or(|wanted| group.counts.any(wanted) > 0));
    groups.sort_by_key(|(key, group)| {
        let by_size = matches!(key, Key::Record(_));
        let size = if by_size { group.counts.any(ranking).saturating_neg() } else { 0 };
        let due = group.earliest_due.filter(|_| by_size);
        (*key == Key::None, size, due.is_none(), due, *key)
    });
    groups
}

/// A share of the tasks of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// What it is a share in.
    pub name: &'static str,
    /// What it is a share of.
    pub of: &'static str,
    /// Who is counted.
    pub numerator: &'static [TaskTimeliness],
    /// Among whom.
    pub denominator: &'static [TaskTimeliness],
}

/// All that stand in rates.
pub const ASSIGNED: &[TaskTimeliness] = &[
    TaskTimeliness::DoneOnTime,
    TaskTimeliness::DoneLate,
    TaskTimeliness::OpenInTime,
    TaskTimeliness::OpenDueSoon,
    TaskTimeliness::OpenOverdue,
    TaskTimeliness::OpenNoDeadline,
    TaskTimeliness::DoneNoDeadline,
];
/// All that are done.
pub const DONE: &[TaskTimeliness] =
    &[TaskTimeliness::DoneOnTime, TaskTimeliness::DoneLate, TaskTimeliness::DoneNoDeadline];
/// All that were done with a due date, and those past one.
pub const DUE: &[TaskTimeliness] = &[TaskTimeliness::DoneOnTime, TaskTimeliness::DoneLate, TaskTimeliness::OpenOverdue];

const DONE_OF_DUE: &[TaskTimeliness] = &[TaskTimeliness::DoneOnTime, TaskTimeliness::DoneLate];

/// The rates of each group.
pub const SHARES: &[Share] = &[
    Share { name: "done", of: "assigned", numerator: DONE, denominator: ASSIGNED },
    Share { name: "done", of: "due", numerator: DONE_OF_DUE, denominator: DUE },
    Share { name: "on_time", of: "assigned", numerator: &[TaskTimeliness::DoneOnTime], denominator: ASSIGNED },
    Share { name: "on_time", of: "due", numerator: &[TaskTimeliness::DoneOnTime], denominator: DUE },
    Share { name: "overdue", of: "assigned", numerator: &[TaskTimeliness::OpenOverdue], denominator: ASSIGNED },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracking::implementation::counts::percent;

    fn tally(id: Option<Id>, timeliness: TaskTimeliness, count: i64, due: &str) -> Tally {
        Tally { id, day: None, timeliness, count, earliest_due: due.parse().ok() }
    }

    fn by_id(tally: &Tally) -> BTreeSet<Key> {
        BTreeSet::from([tally.id.map_or(Key::None, Key::Record)])
    }

    /// The report for 2017: on time 14,068, late 1,983, in time 5,640, overdue 223.
    fn of_2017() -> Group {
        let mut group = Group::default();
        for (timeliness, count) in [
            (TaskTimeliness::DoneOnTime, 14_068),
            (TaskTimeliness::DoneLate, 1_983),
            (TaskTimeliness::OpenInTime, 5_640),
            (TaskTimeliness::OpenOverdue, 223),
        ] {
            group.add(&tally(None, timeliness, count, ""));
        }
        group
    }

    #[test]
    fn the_figures_of_2017_come_out_with_their_denominators() {
        let counts = of_2017().counts;
        assert_eq!([ASSIGNED, DONE, DUE].map(|values| counts.any(values)), [21_914, 16_051, 16_274]);
        let rate = |share: &Share| {
            let [numerator, denominator] =
                [share.numerator, share.denominator].map(|values| usize::try_from(counts.any(values)).unwrap());
            (share.name, share.of, numerator, denominator, percent(numerator, denominator).unwrap())
        };
        let rates: Vec<_> = SHARES.iter().map(rate).collect();
        assert_eq!(
            rates,
            [
                ("done", "assigned", 16_051, 21_914, 73.2),
                ("done", "due", 16_051, 16_274, 98.6),
                ("on_time", "assigned", 14_068, 21_914, 64.2),
                ("on_time", "due", 14_068, 16_274, 86.4),
                ("overdue", "assigned", 223, 21_914, 1.0),
            ]
        );
    }

    #[test]
    fn what_is_excluded_stands_in_no_rate() {
        let mut group = of_2017();
        group.add(&tally(None, TaskTimeliness::Excluded, 100, ""));
        assert_eq!(group.counts.any(ASSIGNED), 21_914);
        assert_eq!(group.counts.any(TaskTimeliness::ALL), 22_014);
        assert!(SHARES.iter().all(|share| !share.denominator.contains(&TaskTimeliness::Excluded)));
        for share in SHARES {
            assert!(
                share.numerator.iter().all(|value| share.denominator.contains(value)),
                "{} of {}",
                share.name,
                share.of
            );
        }
    }

    #[test]
    fn the_worst_comes_first_and_what_belongs_to_nothing_last() {
        let overdue = TaskTimeliness::OpenOverdue;
        let tallies = [
            tally(None, overdue, 9, "2026-01-01"),
            tally(Some(1), TaskTimeliness::DoneOnTime, 5, ""),
            tally(Some(2), overdue, 2, "2026-08-01"),
            tally(Some(3), overdue, 2, "2026-07-01"),
            tally(Some(4), overdue, 3, "2026-09-01"),
        ];
        let order = |wanted| grouped(&tallies, by_id, wanted).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let [one, two, three, four] = [1, 2, 3, 4].map(Key::Record);
        assert_eq!(order(None), [four, three, two, one, Key::None]);
        assert_eq!(order(Some(&[TaskTimeliness::DoneOnTime])), [one]);
    }

    #[test]
    fn a_group_that_is_left_has_all_its_counts() {
        let tallies = [
            tally(Some(1), TaskTimeliness::OpenOverdue, 1, "2026-08-01"),
            tally(Some(1), TaskTimeliness::DoneOnTime, 5, ""),
        ];
        let groups = grouped(&tallies, by_id, Some(&[TaskTimeliness::OpenOverdue]));
        assert_eq!(groups[0].1.counts.any(TaskTimeliness::ALL), 6);
    }

    #[test]
    fn a_task_of_two_groups_counts_in_each() {
        let both = |_: &Tally| BTreeSet::from([Key::Record(1), Key::Record(2)]);
        let groups = grouped(&[tally(Some(9), TaskTimeliness::DoneLate, 4, "")], both, None);
        assert_eq!(groups.iter().map(|(_, group)| group.counts.any(DONE)).collect::<Vec<_>>(), [4, 4]);
    }
}
