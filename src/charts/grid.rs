//! A grid: rows and columns, a mark and a few words in each cell, and what the columns come to below them.

use super::element::{Element, Tenths};
use super::layout::{Column, Layout, MARK, Room, UPRIGHT};
use super::mark::Mark;
use super::measure::{bold_width, width, wrapped};
use super::sheet::{LINE, SMALL, TEXT, label, line};
use super::times;

/// Rows and columns of marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// What the rows are.
    pub corner: String,
    /// The columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What the columns come to.
    pub totals: Vec<Total>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The group under whose heading it stands; rows of a group follow each other.
    pub group: String,
    /// What it is about.
    pub label: String,
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
}

/// One row and one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its mark.
    pub mark: Mark,
    /// What stands beside the mark.
    pub text: String,
    /// What stands behind that where there is room for it in all cells.
    pub more: String,
    /// All of it in a sentence.
    pub about: String,
}

impl Cell {
    /// What stands beside its mark.
    #[must_use]
    pub fn beside(&self, room: Room) -> String {
        let parts = match room {
            Room::Ample => [self.text.as_str(), self.more.as_str()],
            Room::Scarce => [self.text.as_str(), ""],
            Room::None => ["", ""],
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// What the columns come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// What is counted, out of what.
    pub label: String,
    /// The counts, one for each column.
    pub cells: Vec<String>,
}

const PAD: f64 = 6.0;
/// How high a row with one line is.
const ROW: f64 = 19.0;

/// The grid with its upper left corner at a place, and how high it is.
#[must_use]
pub fn drawn(grid: &Grid, layout: &Layout, (x, y): (f64, f64)) -> (Vec<Element>, f64) {
    let mut elements = Vec::new();
    let mut below = y + heads(grid, layout, (x, y), &mut elements);
    let grouped = grid.rows.iter().any(|row| grid.rows.first().is_some_and(|first| first.group != row.group));
    let mut group = None;
    for (at, row) in grid.rows.iter().enumerate() {
        if grouped && group != Some(&row.group) {
            below += band(&row.group, layout, (x, below), &mut elements);
        }
        group = Some(&row.group);
        below += row_drawn(row, layout, (x, below), at % 2 == 1, &mut elements);
    }
    elements.push(line((x, below), (x + layout.width(), below), 1.2));
    for total in &grid.totals {
        below += total_drawn(total, layout, (x, below), &mut elements);
    }
    (elements, below - y)
}

/// The heads of the columns over a line: each broken into as many lines as it needs, or upright where there is no room.
fn heads(grid: &Grid, layout: &Layout, (x, y): (f64, f64), elements: &mut Vec<Element>) -> f64 {
    // Bold letters are a tenth wider than those that are measured.
    let (bold, upright) = (SMALL * 1.1, layout.room == Room::None);
    let broken = |(head, column): (&String, &Column)| {
        if upright { wrapped(head, bold, UPRIGHT, 1) } else { wrapped(head, bold, column.width - PAD, 6) }
    };
    let broken: Vec<Vec<String>> = grid.columns.iter().zip(&layout.columns).map(broken).collect();
    let lines = times(broken.iter().map(Vec::len).fold(1, usize::max)) * LINE;
    let longest = broken.iter().flatten().map(|head| bold_width(head, SMALL)).fold(LINE, f64::max);
    let height = PAD + if upright { longest } else { lines };
    let foot = y + height - PAD;
    elements.push(label(x + PAD, foot, SMALL).with("font-weight", "bold").text(&*grid.corner));
    for ((begins, column), lines) in layout.places(x).zip(&broken) {
        let middle = begins + column.width / 2.0;
        for (at, text) in lines.iter().rev().enumerate() {
            let head = if upright {
                stood_up(middle + 4.0, foot, SMALL)
            } else {
                label(middle, foot - times(at) * LINE, SMALL).with("text-anchor", "middle")
            };
            elements.push(head.with("font-weight", "bold").text(&**text));
        }
    }
    elements.push(line((x, y + height), (x + layout.width(), y + height), 1.2));
    height
}

/// A text without words yet that is read from below.
fn stood_up(x: f64, y: f64, size: f64) -> Element {
    let turn = format!("rotate(-90 {} {})", Tenths(x), Tenths(y));
    label(x, y, size).with("transform", turn)
}

/// The heading of a group.
fn band(group: &str, layout: &Layout, (x, y): (f64, f64), elements: &mut Vec<Element>) -> f64 {
    elements.push(shade((x, y), (layout.width(), ROW), "#d5d9de"));
    elements.push(label(x + PAD, y + ROW - 6.0, SMALL).with("font-weight", "bold").text(group));
    ROW
}

fn shade((x, y): (f64, f64), (width, height): (f64, f64), colour: &str) -> Element {
    Element::new("rect").at("x", x).at("y", y).at("width", width).at("height", height).with("fill", colour)
}

/// One row: its name in two lines at most, and its cells, each with its sentence.
fn row_drawn(row: &Row, layout: &Layout, (x, y): (f64, f64), shaded: bool, elements: &mut Vec<Element>) -> f64 {
    let names = wrapped(&row.label, TEXT, layout.names - 2.0 * PAD, 2);
    let height = if names.len() > 1 { ROW + LINE } else { ROW };
    if shaded {
        elements.push(shade((x, y), (layout.width(), height), "#f1f3f5"));
    }
    let mut group = Element::new("g").child(Element::new("title").text(&*row.label));
    for (at, name) in names.iter().enumerate() {
        group = group.child(label(x + PAD, y + 13.5 + times(at) * LINE, TEXT).text(&**name));
    }
    elements.push(group);
    for ((begins, column), cell) in layout.places(x).zip(&row.cells) {
        let (begins, middle) = (begins + column.indent, y + height / 2.0);
        let mut group = Element::new("g").child(Element::new("title").text(&*cell.about));
        group = group.child(cell.mark.drawn(begins + MARK / 2.0, middle));
        let text = cell.beside(layout.room);
        if !text.is_empty() {
            group = group.child(label(begins + MARK, middle + 4.0, SMALL).text(text));
        }
        elements.push(group);
    }
    height
}

/// What the columns come to: a count, and its share below it, or beside it where both stand upright.
fn total_drawn(total: &Total, layout: &Layout, (x, y): (f64, f64), elements: &mut Vec<Element>) -> f64 {
    let names = wrapped(&total.label, SMALL, layout.names - 2.0 * PAD, 2);
    for (at, name) in names.iter().enumerate() {
        elements.push(label(x + PAD, y + LINE + times(at) * LINE, SMALL).text(&**name));
    }
    let longest = total.cells.iter().map(|text| width(text, SMALL)).fold(2.0 * LINE, f64::max);
    for ((begins, column), text) in layout.places(x).zip(&total.cells) {
        let middle = begins + column.width / 2.0;
        if layout.room == Room::None {
            elements.push(stood_up(middle + 4.0, y + PAD + longest, SMALL).text(&**text));
            continue;
        }
        for (at, part) in text.split(' ').enumerate() {
            let count = label(middle, y + LINE + times(at) * LINE, SMALL).with("text-anchor", "middle");
            elements.push(if at == 0 { count.with("font-weight", "bold").text(part) } else { count.text(part) });
        }
    }
    PAD + if layout.room == Room::None { longest + PAD } else { 2.0 * LINE }
}
