//! The picture of the matrix: bodies by documents.

use std::collections::BTreeSet;

use super::grid::{Grid, Row, Total};
use super::status::{Step, legend, named, notes, share_of};
use super::{Chart, Charted, Figure};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::matrix::Matrix;
use crate::tracking::matrix::rows::{MatrixCell, MatrixDocument, MatrixRow};
use crate::tracking::vocabulary::ImplementationStatus;
use crate::transfer::words::Words;

/// How many documents are named in full below the grid.
const MOST_NAMED: usize = 12;

impl Charted for Matrix {
    const PATH: &'static str = "/v1/matrix.svg";
    const OPERATION: &'static str = "draw_matrix";
    const SUMMARY: &'static str = "Draw who has done what about several documents";
    const ABOUT: &'static str = "\
The rows and cells of `/v1/matrix` as a picture to be pasted into a report, from the same parameters: a column for each \
document and step, with a mark for the status and, where there is room, the day. Below it what each column comes to, out of \
how many, the titles of the documents (twelve at most), what the marks mean, and the address that was asked. It has forty \
columns at most: ask for one `milestone`, and for fewer documents.";
    const NARROWED_BY: &'static str = "documents";

    fn chart(&self, words: &Words) -> Chart {
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let statuses: BTreeSet<ImplementationStatus> = cells().map(|cell| cell.status).collect();
        let inherited = cells().any(|cell| cell.inherited_from.is_some());
        let columns = columns(self, words);
        Chart {
            language: words.tag(),
            title: words.say("Tình hình thực hiện các văn bản", "Implementation of documents").to_owned(),
            subtitle: subtitle(self, words),
            about: about(self, &columns, words),
            figure: Figure::Grid(Grid {
                corner: words.say("Tổ chức", "Body").to_owned(),
                rows: self.rows.iter().map(|row| drawn(row, &columns, words)).collect(),
                totals: totals(self, words),
                columns,
            }),
            legend: legend(&statuses, words),
            notes: notes(&statuses, inherited, words).into_iter().chain(names(self, words)).collect(),
        }
    }
}

/// The heads of the columns: each document, and of each the steps where there are several.
fn columns(answer: &Matrix, words: &Words) -> Vec<String> {
    let of_document = |document: &MatrixDocument| {
        let name = symbol(&words.title(&document.document));
        let several = document.counts.len() > 1;
        let head = |step: Milestone| {
            let step = words.code(Milestone::ENUMERATION, step.code());
            if several { format!("{name} – {step}") } else { name.clone() }
        };
        document.counts.iter().map(|count| head(count.milestone)).collect::<Vec<_>>()
    };
    answer.documents.iter().flat_map(of_document).collect()
}

/// The symbol with which the title of a document begins, or else the title.
fn symbol(title: &str) -> String {
    let first = title.split_whitespace().next().unwrap_or_default();
    let is_symbol = first.starts_with(|letter: char| letter.is_ascii_digit()) && first.contains(['/', '-']);
    if is_symbol { first.to_owned() } else { title.to_owned() }
}

fn subtitle(answer: &Matrix, words: &Words) -> String {
    let steps = answer.documents.first().map(|document| document.counts.iter().map(|count| count.milestone));
    let step = steps.and_then(|mut steps| steps.next().filter(|_| steps.next().is_none()));
    let step = step.map(|step| words.code(Milestone::ENUMERATION, step.code()));
    let day = |phrase: &str, day| format!("{phrase} {}", words.day(day, None));
    let as_of = day(words.say("tính đến hết ngày", "up to the end of"), answer.as_of);
    let units = day(words.say("theo các tổ chức của ngày", "in the bodies of"), answer.units);
    let units = (answer.units != answer.as_of).then_some(units);
    [step, Some(as_of), units].into_iter().flatten().collect::<Vec<_>>().join("; ") + "."
}

fn about(answer: &Matrix, columns: &[String], words: &Words) -> String {
    let counts = answer.documents.iter().flat_map(|document| &document.counts);
    let of_column = columns.iter().zip(counts);
    let of_column = of_column.map(|(column, count)| format!("{column}: {}", share_of(&count.rates, "bodies", words)));
    of_column.collect::<Vec<_>>().join("; ")
}

fn drawn(row: &MatrixRow, columns: &[String], words: &Words) -> Row {
    let (label, group) = named((row.organization.as_ref(), row.admin_unit.as_ref()), row.ended_on, row.level, words);
    let cells = row.cells.iter().zip(columns).map(|(cell, column)| step_of(cell).cell(&label, column, words)).collect();
    Row { group, label, cells }
}

fn step_of(cell: &MatrixCell) -> Step<'_> {
    Step {
        status: cell.status,
        on: cell.on.map(|on| (on, cell.precision)),
        days_since_issue: cell.days_since_issue,
        days_late: cell.days_late,
        due_on: cell.due_on,
        inherited_from: cell.inherited_from.as_ref(),
        below: None,
    }
}

fn totals(answer: &Matrix, words: &Words) -> Vec<Total> {
    let counts = || answer.documents.iter().flat_map(|document| &document.counts);
    let of = |label: &str, of: &str| Total {
        label: label.to_owned(),
        cells: counts().map(|count| share_of(&count.rates, of, words)).collect(),
    };
    let mut totals = vec![of(words.say("Đã thực hiện / số dòng", "Done / rows"), "bodies")];
    if counts().any(|count| count.expected > 0) {
        totals.push(of(words.say("Đã thực hiện / phải thực hiện", "Done / expected"), "expected"));
    }
    totals
}

/// The documents whose columns have no more than their symbol, in full.
fn names(answer: &Matrix, words: &Words) -> Vec<String> {
    let titles = answer.documents.iter().map(|document| words.title(&document.document));
    titles.filter(|title| symbol(title) != *title).take(MOST_NAMED).collect()
}
