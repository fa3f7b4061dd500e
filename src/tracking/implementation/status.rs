//! What a cell says of a body and a step.

use crate::domain::Date;
use crate::domain::vocabulary::DatePrecision;
use crate::tracking::acts::Act;
use crate::tracking::vocabulary::ImplementationStatus;

/// What a cell says: late is only what a recorded due date says is late, and no record is not "not done".
#[must_use]
pub fn status(act: Option<&Act>, expected: bool, due: Option<Date>, as_of: Date) -> ImplementationStatus {
    match (act, expected) {
        (Some(act), _) => done(act.on, act.precision, due),
        (None, true) if due.is_some_and(|due| due < as_of) => ImplementationStatus::Overdue,
        (None, true) => ImplementationStatus::Expected,
        (None, false) => ImplementationStatus::NoRecord,
    }
}

fn done(on: Option<Date>, precision: Option<DatePrecision>, due: Option<Date>) -> ImplementationStatus {
    let Some(due) = due else { return ImplementationStatus::DoneNoDeadline };
    match on.map(|on| on.span(precision)) {
        Some((_, last)) if last <= due => ImplementationStatus::DoneOnTime,
        Some((first, _)) if due < first => ImplementationStatus::DoneLate,
        _ => ImplementationStatus::DoneDayUnknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::vocabulary::Milestone;
    use crate::tracking::RecordRef;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn act(on: &str) -> Act {
        let record = RecordRef { kind: "conference", id: 1 };
        Act { milestone: Milestone::Disseminated, by: None, on: on.parse().ok(), precision: None, record }
    }

    #[test]
    fn late_is_what_a_recorded_due_date_says_is_late() {
        let (due, as_of) = (day("2018-07-31"), day("2018-08-01"));
        let said = |on: Option<&str>, expected, due| {
            let act = on.map(act);
            status(act.as_ref(), expected, due, as_of).code()
        };
        assert_eq!(said(None, false, None), "no_record");
        assert_eq!(said(None, true, None), "expected");
        assert_eq!(said(None, true, Some(as_of)), "expected", "on the day itself it is not late");
        assert_eq!(said(None, true, Some(due)), "overdue");
        assert_eq!(said(Some("2018-07-31"), true, Some(due)), "done_on_time");
        assert_eq!(said(Some("2018-08-01"), true, Some(due)), "done_late");
        assert_eq!(said(Some("2018-08-01"), true, None), "done_no_deadline");
        assert_eq!(said(Some(""), true, Some(due)), "done_day_unknown");
        let of_july = |due| done(Some(day("2018-07-01")), Some(DatePrecision::Month), Some(day(due))).code();
        assert_eq!(
            ["2018-06-30", "2018-07-15", "2018-07-31"].map(of_july),
            ["done_late", "done_day_unknown", "done_on_time"]
        );
    }
}
