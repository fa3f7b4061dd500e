//! The picture of the implementation of a document: bodies by steps.

use super::grid::{Grid, Row, Total};
use super::status::{Step, legend, named, notes, share_of};
use super::{Chart, Charted, Figure};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::implementation::Implementation;
use crate::tracking::implementation::counts::ImplementationCount;
use crate::tracking::implementation::grid::STEPS;
use crate::tracking::implementation::rows::{ImplementationCell, ImplementationRow};
use crate::transfer::words::Words;

impl Charted for Implementation {
    const PATH: &'static str = "/v1/documents/{id}/implementation.svg";
    const OPERATION: &'static str = "draw_document_implementation";
    const SUMMARY: &'static str = "Draw who has done what about a document";
    const ABOUT: &'static str = "\
The rows and cells of `/v1/documents/{id}/implementation` as a picture to be pasted into a report, from the same parameters: \
a mark for the status, the day, and with few steps the days since the document was issued. Below it what each step comes to, \
out of how many, what the marks mean, and the address that was asked. `*` stands where the act was that of a body before or \
after. The steps are those for which `milestone` asks, and without it those of which anything is known.";
    const NARROWED_BY: &'static str = "level";

    fn chart(&self, words: &Words) -> Chart {
        let steps = steps(self);
        let counts: Vec<&ImplementationCount> =
            self.counts.iter().filter(|count| steps.contains(&count.milestone)).collect();
        let cells: Vec<&ImplementationCell> = self.rows.iter().flat_map(|row| shown(row, &steps)).collect();
        let statuses = cells.iter().map(|cell| cell.status).collect();
        let inherited = cells.iter().any(|cell| cell.inherited_from.is_some());
        Chart {
            language: words.tag(),
            title: format!("{} {}", words.say("Tình hình thực hiện", "Implementation of"), words.title(&self.document)),
            subtitle: subtitle(self, words),
            about: about(&counts, words),
            figure: Figure::Grid(Grid {
                corner: words.say("Tổ chức", "Body").to_owned(),
                columns: steps.iter().map(|step| words.code(Milestone::ENUMERATION, step.code())).collect(),
                rows: self.rows.iter().map(|row| drawn(row, &steps, words)).collect(),
                totals: totals(&counts, words),
            }),
            legend: legend(&statuses, words),
            notes: notes(&statuses, inherited, words).into_iter().chain(beside(self, words)).collect(),
        }
    }
}

/// The steps that have a column: all that were asked for, or those of which anything is known where that leaves any.
fn steps(answer: &Implementation) -> Vec<Milestone> {
    let all: Vec<Milestone> = answer.counts.iter().map(|count| count.milestone).collect();
    let known = answer.counts.iter().filter(|count| count.done > 0 || count.expected > 0);
    let known: Vec<Milestone> = known.map(|count| count.milestone).collect();
    if all.len() < STEPS.len() || known.is_empty() { all } else { known }
}

/// The cells of a row that have a column.
fn shown<'a>(row: &'a ImplementationRow, steps: &[Milestone]) -> impl Iterator<Item = &'a ImplementationCell> {
    row.cells.iter().filter(|cell| steps.contains(&cell.milestone))
}

fn drawn(row: &ImplementationRow, steps: &[Milestone], words: &Words) -> Row {
    let bodies = (row.organization.as_ref(), row.admin_unit.as_ref());
    let (label, group) = named(bodies, row.ended_on, row.level, words);
    let cell = |cell: &ImplementationCell| {
        let step = words.code(Milestone::ENUMERATION, cell.milestone.code());
        step_of(cell).cell(&label, &step, words)
    };
    let cells = shown(row, steps).map(cell).collect();
    Row { group, label, cells }
}

fn step_of(cell: &ImplementationCell) -> Step<'_> {
    Step {
        status: cell.status,
        on: cell.on.map(|on| (on, cell.precision)),
        days_since_issue: cell.days_since_issue,
        days_late: cell.days_late,
        due_on: cell.expectation.as_ref().and_then(|expectation| expectation.due_on),
        inherited_from: cell.inherited_from.as_ref(),
        below: cell.below.and_then(|below| Some((below.done, below.of?))),
    }
}

fn subtitle(answer: &Implementation, words: &Words) -> String {
    let issued = answer.issued_on.map(|day| (words.say("Ban hành ngày", "Issued on"), day));
    let as_of = Some((words.say("tính đến hết ngày", "up to the end of"), answer.as_of));
    let units = (answer.units != answer.as_of).then_some(answer.units);
    let units = units.map(|day| (words.say("theo các tổ chức của ngày", "in the bodies of"), day));
    let parts = [issued, as_of, units].into_iter().flatten();
    parts.map(|(phrase, day)| format!("{phrase} {}", words.day(day, None))).collect::<Vec<_>>().join("; ") + "."
}

/// What each step comes to, in a sentence.
fn about(counts: &[&ImplementationCount], words: &Words) -> String {
    let of_step = |count: &&ImplementationCount| {
        let step = words.code(Milestone::ENUMERATION, count.milestone.code());
        format!("{step}: {}", share_of(&count.rates, "bodies", words))
    };
    counts.iter().map(of_step).collect::<Vec<_>>().join("; ")
}

fn totals(counts: &[&ImplementationCount], words: &Words) -> Vec<Total> {
    let of = |label: &str, of: &str| Total {
        label: label.to_owned(),
        cells: counts.iter().map(|count| share_of(&count.rates, of, words)).collect(),
    };
    let mut totals = vec![of(words.say("Đã thực hiện / số dòng", "Done / rows"), "bodies")];
    if counts.iter().any(|count| count.expected > 0) {
        totals.push(of(words.say("Đã thực hiện / phải thực hiện", "Done / expected"), "expected"));
    }
    totals
}

/// What stands in no row, so that nobody takes the rows for all there is.
fn beside(answer: &Implementation, words: &Words) -> Option<String> {
    let counts = [
        (answer.unattributed.len(), words.say("việc không rõ của tổ chức nào", "acts of which no record says whose")),
        (
            answer.in_words.len(),
            words.say("yêu cầu chỉ nêu đối tượng bằng lời", "expectations of those named in words"),
        ),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let counts = counts.collect::<Vec<_>>().join("; ");
    let outside = words.say("Ngoài bảng", "Not in the table");
    (!counts.is_empty()).then(|| format!("{outside}: {counts}."))
}
