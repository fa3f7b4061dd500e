//! The working days between two days.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::Date;
use crate::tasks::vocabulary::HolidayKind;

/// The days on which offices rest or work otherwise than by the day of the week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, HolidayKind>,
    /// How many holidays of a year are known.
    years: BTreeMap<i32, u16>,
}

/// How many holidays of a year are known at least where all are: offices rest five days at the lunar new year alone (Labour
/// Code, article 112). A single record would otherwise pass for the whole of a year, and make its working days too many.
const WHOLE_YEAR: u16 = 5;

impl Calendar {
    /// The calendar of these days. Offices work on a day of which one record says so, whatever another says.
    #[must_use]
    pub fn new(days: impl IntoIterator<Item = (Date, HolidayKind)>) -> Self {
        let mut calendar = Self::default();
        for (day, kind) in days {
            if kind == HolidayKind::Holiday {
                calendar.days.entry(day.day()).or_insert(kind);
            } else {
                calendar.days.insert(day.day(), kind);
            }
        }
        for (day, kind) in &calendar.days {
            if *kind == HolidayKind::Holiday {
                let known = calendar.years.entry(day.year()).or_default();
                *known = known.saturating_add(1);
            }
        }
        calendar
    }

    /// How many working days lie after `after`, up to and with `until`; none if there is a year between them of which fewer
    /// than five holidays are known.
    #[must_use]
    pub fn working_days(&self, after: Date, until: Date) -> Option<i64> {
        let (first, last) = (after.day().succ_opt()?, until.day());
        let is_known = |year| self.years.get(&year).is_some_and(|holidays| *holidays >= WHOLE_YEAR);
        if first <= last && !(first.year()..=last.year()).all(is_known) {
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

    const WORKS: HolidayKind = HolidayKind::MakeUpWorkingDay;

    fn rests(days: &[&str]) -> Vec<(Date, HolidayKind)> {
        days.iter().map(|text| (day(text), HolidayKind::Holiday)).collect()
    }

    /// Around 2025-05-01: offices rested from Wednesday 2025-04-30 to Sunday, and worked on Saturday 2025-04-26 for it. On
    /// 2025-09-01 and 2025-09-02 they rested too.
    fn known() -> Vec<(Date, HolidayKind)> {
        let mut days = rests(&["2025-04-30", "2025-05-01", "2025-05-02", "2025-09-01", "2025-09-02"]);
        days.push((day("2025-04-26"), WORKS));
        days
    }

    fn calendar() -> Calendar {
        Calendar::new(known())
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
        let both = Calendar::new(known().into_iter().chain(rests(&["2025-04-26"])));
        assert_eq!(both.working_days(day("2025-04-25"), day("2025-04-27")), Some(1));
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

    #[test]
    fn a_year_is_known_by_five_holidays() {
        let days = ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"];
        let count = |known: &[&str]| Calendar::new(rests(known)).working_days(day("2026-03-01"), day("2026-03-06"));
        assert_eq!((count(&days), count(&days[..4])), (Some(5), None));
        let twice = Calendar::new(rests(&days[..4]).into_iter().chain(rests(&days[..4])));
        assert_eq!(twice.working_days(day("2026-03-01"), day("2026-03-06")), None, "a day counts once");
    }
}
