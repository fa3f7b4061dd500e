//! Charts: pictures of what is computed, to be pasted into a report.
//!
//! The rule: a chart is made of the same answer as the JSON beside it, and says by itself what it is about, of which day,
//! out of how many, and where it came from. No colour says what a shape, a texture or a number does not say too, since
//! reports are printed in grey. Pure functions: [`Charted`] makes a [`Chart`] of an overview, [`sheet`] draws it.
//!
//! Everything stands in attributes: no style sheet, no script, no link to anything outside, so that the picture is the same
//! in a browser under the strictest policy, in a word processor and on paper.

pub mod bars;
pub mod element;
pub mod grid;
mod implementation;
pub mod layout;
pub mod mark;
mod matrix;
pub mod measure;
pub mod sheet;
pub mod status;
mod tasks;

use self::bars::Bars;
use self::grid::Grid;
use self::mark::{Fill, Mark};
use crate::tracking::Overview;
use crate::tracking::implementation::Implementation;
use crate::tracking::matrix::Matrix;
use crate::tracking::task_report::TaskReport;
use crate::transfer::words::Words;

/// How many rows a chart has at most: what no reader can take in is refused, not drawn.
pub const MOST_ROWS: usize = 500;

/// How many columns a chart has at most.
pub const MOST_COLUMNS: usize = 40;

/// A picture with all that it needs to stand alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// In which language it is, as `lang` has it.
    pub language: &'static str,
    /// What it is about.
    pub title: String,
    /// Of which day it tells, and what else was asked.
    pub subtitle: String,
    /// What it comes to, for those who cannot see it.
    pub about: String,
    /// The picture itself.
    pub figure: Figure,
    /// What the marks mean.
    pub legend: Vec<(Sign, String)>,
    /// What must be known to read it rightly.
    pub notes: Vec<String>,
}

/// What a legend explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A mark in a cell.
    Mark(Mark),
    /// A part of a bar.
    Fill(Fill),
}

/// The picture itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Rows and columns of marks.
    Grid(Grid),
    /// Bars of several parts.
    Bars(Bars),
}

impl Chart {
    /// How many rows and columns it has.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        match &self.figure {
            Figure::Grid(grid) => (grid.rows.len(), grid.columns.len()),
            Figure::Bars(bars) => (bars.rows.len(), bars.columns.len()),
        }
    }
}

/// An overview of which there is a picture.
pub trait Charted: Overview {
    /// Where the picture is: at the path of the overview, with `.svg`.
    const PATH: &'static str;
    /// The name of the operation in the OpenAPI document.
    const OPERATION: &'static str;
    /// One line for the OpenAPI document.
    const SUMMARY: &'static str;
    /// What there is to know of the picture.
    const ABOUT: &'static str;
    /// The parameter that makes it smaller, which a refusal of one that is too large names.
    const NARROWED_BY: &'static str;

    /// The picture.
    fn chart(&self, words: &Words) -> Chart;
}

/// What is to be done with every overview of which there is a picture.
pub trait Visitor {
    /// Does it with this one.
    fn visit<C: Charted>(&mut self);
}

/// Shows every such overview to a visitor; the one list of them.
pub fn each(visitor: &mut impl Visitor) {
    visitor.visit::<Implementation>();
    visitor.visit::<Matrix>();
    visitor.visit::<TaskReport>();
}

/// A count as a coordinate.
fn times(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
