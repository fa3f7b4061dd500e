//! The working days between two days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::Date;
use crate::tasks::vocabulary::HolidayKind;

/// The days on which offices rest or work otherwise than by the day of the week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, HolidayKind>,
    /// The years of which a holiday is known.
    years: BTreeSet<i32>,
}

impl Calendar {
    /// The calendar of these days. Offices work on a day of which one record says so, whatever another says.
    #[must_use]
    pub fn new(days: impl IntoIterator<Item = (Date, HolidayKind)>) -> Self {
        let mut calendar = Self::default();
        for (day, kind) in days {
            if kind == HolidayKind::Holiday {
                calendar.years.insert(day.year());
                calendar.days.entry(day.day()).or_insert(kind);
            } else {
                calendar.days.insert(day.day(), kind);
            }
        }
        calendar
    }

    /// How many working days lie after `after`, up to and with `until`; none if there is a year between them of which no
    /// holiday is known.
    #[must_use]
    pub fn working_days(&self, after: Date, until: Date) -> Option<i64> {
        let (first, last) = (after.day().succ_opt()?, until.day());
        if first <= last && !(first.year()..=last.year()).all(|year| self.years.contains(&year)) {
            return None;
        }
        let days = first.iter_days().take_while(|day| *day <= last);
        i64::try_from(days.filter(|day| self.is_working(*day)).count()).ok()
    }

    fn is_working(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(kind) => *kind == HolidayKind::MakeUpWorkingDay,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Around 2025-05-01: offices rested from Wednesday 2025-04-30 to Sunday, and worked on Saturday 2025-04-26 for it.
    fn calendar() -> Calendar {
        let rests = ["2025-04-30", "2025-05-01", "2025-05-02"].map(|text| (day(text), HolidayKind::Holiday));
        Calendar::new(rests.into_iter().chain([(day("2025-04-26"), HolidayKind::MakeUpWorkingDay)]))
    }

    fn between(after: &str, until: &str) -> Option<i64> {
        calendar().working_days(day(after), day(until))
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        assert_eq!(between("2025-04-28", "2025-05-05"), Some(2), "Tuesday and the next Monday");
        assert_eq!(between("2025-04-29", "2025-05-04"), Some(0));
    }

    #[test]
    fn a_day_on_which_offices_work_instead_is_a_working_day() {
        assert_eq!(between("2025-04-25", "2025-04-27"), Some(1));
        let both = [(day("2025-04-26"), HolidayKind::MakeUpWorkingDay), (day("2025-04-26"), HolidayKind::Holiday)];
        assert_eq!(Calendar::new(both).working_days(day("2025-04-25"), day("2025-04-27")), Some(1));
    }

    #[test]
    fn the_day_itself_is_not_counted() {
        assert_eq!(between("2025-04-28", "2025-04-28"), Some(0));
        assert_eq!(between("2025-04-28", "2025-04-29"), Some(1));
    }

    #[test]
    fn a_year_without_a_known_holiday_is_not_counted() {
        assert_eq!(between("2025-12-30", "2026-01-02"), None);
        assert_eq!(between("2025-12-30", "2025-12-31"), Some(1));
    }
}
