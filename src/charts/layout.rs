//! Where everything in a grid stands: how much its cells may say depends on how many there are side by side.

use super::grid::Grid;
use super::measure::{bold_width, width};
use super::sheet::{FIGURE, SMALL, TEXT};
use super::times;

/// How much room the cells of a grid have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// For all that they have to say.
    Ample,
    /// For a few words.
    Scarce,
    /// For the mark alone; heads and counts stand upright.
    None,
}

/// Where everything in a grid stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// How wide the names of the rows are.
    pub names: f64,
    /// The columns.
    pub columns: Vec<Column>,
    /// How much room their cells have.
    pub room: Room,
}

/// How wide a column is, and how far its cells stand in so that the longest is in its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// How wide it is.
    pub width: f64,
    /// How far its cells stand in.
    pub indent: f64,
}

/// What a mark takes with the space around it.
pub const MARK: f64 = 20.0;
/// How long a head that stands upright may be.
pub const UPRIGHT: f64 = 150.0;

/// The widest that a grid may be to keep its letters readable across a page.
const WIDEST: f64 = 860.0;
/// How wide the names of the rows may be.
const NAMES: (f64, f64) = (150.0, 250.0);
/// How wide a column may be, and one of marks alone.
const COLUMN: (f64, f64) = (64.0, 190.0);
const NARROW: f64 = 26.0;
const PAD: f64 = 6.0;

impl Layout {
    /// Where everything stands: with as much room as the page gives.
    #[must_use]
    pub fn of(grid: &Grid) -> Self {
        let rows = grid.rows.iter().map(|row| row.label.as_str());
        let labels = rows.chain(grid.totals.iter().map(|total| total.label.as_str()));
        let names = labels.map(|label| width(label, TEXT) + 2.0 * PAD).fold(NAMES.0, f64::max).min(NAMES.1);
        let widths = |room| -> Vec<f64> { (0..grid.columns.len()).map(|at| needed(grid, at, room)).collect() };
        let fits = |room: &Room| names + widths(*room).iter().sum::<f64>() <= WIDEST;
        let room = [Room::Ample, Room::Scarce].into_iter().find(fits).unwrap_or(Room::None);
        let widths = widths(room);
        // What the sheet has anyway is shared out.
        let spare = (FIGURE - names - widths.iter().sum::<f64>()).max(0.0) / times(widths.len().max(1));
        let columns = widths.iter().enumerate().map(|(at, width)| {
            let (width, content) = (width + spare, contents(grid, at, room));
            Column { width, indent: ((width - content) / 2.0).max(0.0) }
        });
        Self { names, columns: columns.collect(), room }
    }

    /// How wide the grid is.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.names + self.columns.iter().map(|column| column.width).sum::<f64>()
    }

    /// The columns, each with where it begins.
    pub fn places(&self, x: f64) -> impl Iterator<Item = (f64, Column)> {
        self.columns.iter().scan(x + self.names, |next, column| {
            let begins = *next;
            *next += column.width;
            Some((begins, *column))
        })
    }
}

/// How wide the longest cell of a column is.
fn contents(grid: &Grid, at: usize, room: Room) -> f64 {
    let cells = grid.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.beside(room));
    cells.map(|text| MARK + width(&text, SMALL)).fold(MARK, f64::max)
}

/// How wide a column must be for its cells, its counts and the words of its head.
fn needed(grid: &Grid, at: usize, room: Room) -> f64 {
    if room == Room::None {
        return NARROW;
    }
    let totals = grid.totals.iter().filter_map(|total| total.cells.get(at)).flat_map(|text| text.split(' '));
    let words = grid.columns.get(at).into_iter().flat_map(|head| head.split_whitespace());
    let longest = totals.chain(words).map(|text| bold_width(text, SMALL) + PAD).fold(COLUMN.0, f64::max);
    longest.max(contents(grid, at, room) + PAD).min(COLUMN.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::grid::{Cell, Row};
    use crate::charts::mark::Mark;

    fn grid(columns: usize) -> Grid {
        let cell =
            Cell { mark: Mark::Disc, text: "16/07/2018".to_owned(), more: "11 ngày".to_owned(), about: String::new() };
        let row = Row { group: String::new(), label: "Tỉnh ủy Thái Bình".to_owned(), cells: vec![cell; columns] };
        let columns = vec!["32-KL/TW".to_owned(); columns];
        Grid { corner: String::new(), columns, rows: vec![row], totals: Vec::new() }
    }

    #[test]
    fn the_more_columns_the_less_their_cells_say() {
        let rooms = [1, 4, 5, 7, 8, 40].map(|columns| Layout::of(&grid(columns)).room);
        let [ample, scarce, none] = [Room::Ample, Room::Scarce, Room::None];
        assert_eq!(rooms, [ample, ample, scarce, scarce, none, none]);
    }

    #[test]
    fn grid_fits_its_page_and_fills_the_sheet() {
        for columns in 1..=25 {
            let width = Layout::of(&grid(columns)).width();
            assert!((FIGURE - 0.001..=WIDEST).contains(&width), "{columns} columns are {width} wide");
        }
    }
}
