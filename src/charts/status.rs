//! How far a body is with a step, as a cell of a grid: the same in every chart that tells of it.

use std::collections::BTreeSet;

use super::Sign;
use super::grid::Cell;
use super::mark::Mark;
use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{Date, Link};
use crate::tracking::implementation::counts::ImplementationRate;
use crate::tracking::vocabulary::ImplementationStatus;
use crate::transfer::words::Words;

/// What a cell tells.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// How far it is.
    pub status: ImplementationStatus,
    /// The day of the earliest act, and how much of it is known.
    pub on: Option<(Date, Option<DatePrecision>)>,
    /// The days from the issue of the document to that day.
    pub days_since_issue: Option<i64>,
    /// The days past a recorded due date.
    pub days_late: Option<i64>,
    /// The recorded due date.
    pub due_on: Option<Date>,
    /// The body before or after, whose act it was.
    pub inherited_from: Option<&'a Link>,
    /// How many of the bodies directly below have done it, of how many.
    pub below: Option<(i64, i64)>,
}

impl Step<'_> {
    /// The cell of a row and a column of these names.
    #[must_use]
    pub fn cell(&self, row: &str, column: &str, words: &Words) -> Cell {
        let days = |days: i64| format!("{days} {}", words.say("ngày", if days == 1 { "day" } else { "days" }));
        let due = self.due_on.map(|due| format!("{} {}", words.say("hạn", "due"), words.day(due, None)));
        let below = self.below.map(|(done, of)| format!("{done}/{of}"));
        let on = self.on.map(|(day, precision)| words.day(day, precision));
        let star = if self.inherited_from.is_some() { "*" } else { "" };
        let text = below.clone().or_else(|| on.clone()).unwrap_or_default() + star;
        let more = if self.status.is_done() { self.days_since_issue.map(days) } else { due.clone() };
        let since = self.days_since_issue.map(days).map(|days| {
            let after = words.say("sau khi ban hành", "after issue");
            format!("{days} {after}")
        });
        let late = self.days_late.map(|late| format!("{} {}", words.say("chậm", "late by"), days(late)));
        let whose = self.inherited_from.map(|link| format!("{} {}", words.say("của", "of"), words.title(link)));
        let status = words.code(ImplementationStatus::ENUMERATION, self.status.code());
        let told: Vec<String> = [Some(status), on, since, due, late, below, whose].into_iter().flatten().collect();
        let about = format!("{row} – {column}: {}", told.join("; "));
        Cell { mark: mark(self.status), text, more: more.unwrap_or_default(), about }
    }
}

/// The mark of a status.
const fn mark(status: ImplementationStatus) -> Mark {
    match status {
        ImplementationStatus::DoneOnTime => Mark::TickedDisc,
        ImplementationStatus::DoneNoDeadline => Mark::Disc,
        ImplementationStatus::DoneDayUnknown => Mark::HalfDisc,
        ImplementationStatus::DoneLate => Mark::Diamond,
        ImplementationStatus::Expected => Mark::Ring,
        ImplementationStatus::Claimed => Mark::DashedRing,
        ImplementationStatus::Overdue => Mark::Triangle,
        ImplementationStatus::NotRequired => Mark::Dash,
        ImplementationStatus::NoRecord => Mark::Dot,
    }
}

/// What the marks of these statuses mean, in the order of their vocabulary.
#[must_use]
pub fn legend(statuses: &BTreeSet<ImplementationStatus>, words: &Words) -> Vec<(Sign, String)> {
    let meaning = |status: ImplementationStatus| words.code(ImplementationStatus::ENUMERATION, status.code());
    statuses.iter().map(|status| (Sign::Mark(mark(*status)), meaning(*status))).collect()
}

/// What must be known to read such cells rightly.
#[must_use]
pub fn notes(statuses: &BTreeSet<ImplementationStatus>, inherited: bool, words: &Words) -> Vec<String> {
    let nothing = words.say("Chưa có thông tin về tổ chức nào.", "Nothing is recorded of any body.");
    let no_record = words
        .say("Chưa có thông tin không có nghĩa là chưa thực hiện.", "No record does not mean that nothing was done.");
    let star = words.say(
        "* Do tổ chức trước hoặc sau khi sắp xếp thực hiện; mỗi tổ chức được tính một lần.",
        "* Done by a body before or after; each body is counted once.",
    );
    let notes = [
        (statuses.is_empty(), nothing),
        (statuses.contains(&ImplementationStatus::NoRecord), no_record),
        (inherited, star),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note.to_owned()).collect()
}

/// What to call a body and the tier under which it stands: the unit where no body is named, with its end if it has one.
#[must_use]
pub fn named(
    (organization, admin_unit): (Option<&Link>, Option<&Link>),
    ended_on: Option<Date>,
    level: Option<Level>,
    words: &Words,
) -> (String, String) {
    let name = organization.or(admin_unit).map(|link| words.title(link)).unwrap_or_default();
    let label = match ended_on {
        None => name,
        Some(ended) => format!("{name} ({} {})", words.say("đến", "until"), words.day(ended, None)),
    };
    (label, level.map_or_else(String::new, |level| words.code(Level::ENUMERATION, level.code())))
}

/// The share of this denominator.
#[must_use]
pub fn share_of(rates: &[ImplementationRate], of: &str, words: &Words) -> String {
    let rate = rates.iter().find(|rate| rate.of == of);
    rate.map_or_else(String::new, |rate| words.share(rate.numerator, rate.denominator, rate.percent))
}
