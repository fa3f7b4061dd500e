//! Alarms: an entry reminds of itself some days before, in the morning.

use super::content::Content;
use super::{Progress, When};
use crate::domain::Date;

/// The hour of the day at which an alarm goes off: whole days begin at midnight, when nobody wants to hear it.
const HOUR: u16 = 8;

/// When an entry reminds of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    days: u16,
}

impl Alarm {
    /// The alarm of an entry that is still to come: what is over, done or cancelled reminds nobody.
    #[must_use]
    pub fn of(when: When, days: Option<u16>, today: Date) -> Option<Self> {
        let on = match when {
            When::Days { first, cancelled: false, .. } => first,
            When::Due { on, progress: Progress::NeedsAction | Progress::InProcess } => on,
            When::Days { .. } | When::Due { .. } => return None,
        };
        days.filter(|_| today <= on).map(|days| Self { days })
    }

    /// How long before the beginning of the day it goes off, or after it on the day itself (RFC 5545 section 3.3.6).
    fn trigger(self) -> String {
        match self.days.checked_sub(1) {
            None => format!("PT{HOUR}H"),
            Some(0) => format!("-PT{}H", 24 - HOUR),
            Some(days) => format!("-P{days}DT{}H", 24 - HOUR),
        }
    }

    /// Writes it into an entry of this kind. What is to be done has no beginning to count from, but an end.
    pub fn put(self, kind: &str, summary: &str, content: &mut Content) {
        content.put("BEGIN", "VALARM");
        content.put("ACTION", "DISPLAY");
        content.put_text("DESCRIPTION", summary);
        let name = if kind == "VTODO" { "TRIGGER;RELATED=END" } else { "TRIGGER" };
        content.put(name, &self.trigger());
        content.put("END", "VALARM");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn alarm_goes_off_at_eight_in_the_morning() {
        let trigger = |days| Alarm { days }.trigger();
        assert_eq!([0, 1, 3].map(trigger), ["PT8H", "-PT16H", "-P2DT16H"]);
    }

    #[test]
    fn what_is_over_done_or_cancelled_has_no_alarm() {
        let due = |on, progress| When::Due { on: day(on), progress };
        let days = |first, cancelled| When::Days { first: day(first), last: day("2026-12-31"), cancelled };
        let has = |when| Alarm::of(when, Some(3), day("2026-11-21")).is_some();
        assert!(has(due("2026-11-21", Progress::NeedsAction)) && has(due("2026-12-01", Progress::InProcess)));
        assert!(!has(due("2026-11-20", Progress::NeedsAction)), "it is over");
        assert!(!has(due("2026-12-01", Progress::Completed(None))) && !has(due("2026-12-01", Progress::Cancelled)));
        assert!(has(days("2026-11-21", false)) && !has(days("2026-11-20", false)) && !has(days("2026-12-01", true)));
        assert_eq!(Alarm::of(days("2026-12-01", false), None, day("2026-11-21")), None, "nobody asked for one");
    }
}
