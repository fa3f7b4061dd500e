//! The sheet on which a chart is drawn: its title, the figure, what the marks mean, what must be known, where it came from.

use super::element::Element;
use super::layout::Layout;
use super::measure::{width, wrapped};
use super::{Chart, Figure, Sign, bars, grid};

/// How large ordinary letters are.
pub const TEXT: f64 = 12.0;
/// How large letters in cells, legends and notes are.
pub const SMALL: f64 = 11.0;
/// How far lines of small letters are apart.
pub const LINE: f64 = 14.0;

const TITLE: f64 = 16.0;
const TITLE_LINE: f64 = 21.0;
const MARGIN: f64 = 16.0;
/// How wide a figure is at least, so that the title and the legend have room.
pub const FIGURE: f64 = 600.0;
/// Fonts that have every Vietnamese letter, of which each system has one.
const FONTS: &str = "Arial, 'Liberation Sans', 'Noto Sans', 'DejaVu Sans', sans-serif";
const INK: &str = "#1a1a1a";

/// A text without words yet.
#[must_use]
pub fn label(x: f64, y: f64, size: f64) -> Element {
    Element::new("text").at("x", x).at("y", y).with("font-size", size)
}

/// A line from one place to another.
#[must_use]
pub fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), width: f64) -> Element {
    let line = Element::new("line").at("x1", x1).at("y1", y1).at("x2", x2).at("y2", y2);
    line.with("stroke", INK).with("stroke-width", width)
}

/// A sheet that grows downwards.
struct Sheet {
    width: f64,
    below: f64,
    elements: Vec<Element>,
}

impl Sheet {
    /// Lines of text across the sheet.
    fn write(&mut self, text: &str, size: f64, apart: f64, lines: usize, bold: bool) {
        let measured = if bold { size * 1.1 } else { size };
        for text in wrapped(text, measured, self.width - 2.0 * MARGIN, lines) {
            self.below += apart;
            let line = label(MARGIN, self.below, size);
            let line = if bold { line.with("font-weight", "bold") } else { line };
            self.elements.push(line.text(text));
        }
    }

    /// The signs with what they mean, one after the other, in as many lines as they need.
    fn explain(&mut self, legend: &[(Sign, String)]) {
        let mut x = MARGIN;
        self.below += LINE;
        for (sign, meaning) in legend {
            let mark = if matches!(sign, Sign::Mark(_)) { 18.0 } else { 28.0 };
            let room = mark + width(meaning, SMALL) + 16.0;
            if x > MARGIN && x + room > self.width - MARGIN {
                x = MARGIN;
                self.below += LINE + 3.0;
            }
            self.elements.push(match sign {
                Sign::Mark(mark) => mark.drawn(x + 7.0, self.below - 4.0),
                Sign::Fill(fill) => fill.drawn((x, self.below - 10.0), (22.0, 12.0)),
            });
            self.elements.push(label(x + mark, self.below, SMALL).text(&**meaning));
            x += room;
        }
    }
}

/// The chart as a picture, with the address of the answer that it shows.
#[must_use]
pub fn drawn(chart: &Chart, source: &str) -> String {
    let width = match &chart.figure {
        Figure::Grid(figure) => Layout::of(figure).width(),
        Figure::Bars(figure) => bars::Layout::of(figure).width(),
    };
    let width = width.max(FIGURE) + 2.0 * MARGIN;
    let mut sheet = Sheet { width, below: MARGIN / 2.0, elements: Vec::new() };
    sheet.write(&chart.title, TITLE, TITLE_LINE, 4, true);
    sheet.below += 4.0;
    sheet.write(&chart.subtitle, TEXT, LINE + 4.0, 3, false);
    let place = (MARGIN, sheet.below + LINE);
    let (elements, height) = match &chart.figure {
        Figure::Grid(figure) => grid::drawn(figure, &Layout::of(figure), place),
        Figure::Bars(figure) => bars::drawn(figure, &bars::Layout::of(figure), place),
    };
    sheet.elements.extend(elements);
    sheet.below += LINE + height + LINE / 2.0;
    sheet.explain(&chart.legend);
    sheet.below += LINE / 2.0;
    for note in &chart.notes {
        sheet.write(note, SMALL, LINE + 1.0, 4, false);
    }
    sheet.write(source, SMALL, LINE + 1.0, 6, false);
    whole(chart, sheet).to_string()
}

/// The picture with what a reader who cannot see it is told.
fn whole(chart: &Chart, sheet: Sheet) -> Element {
    let (width, height) = (sheet.width.ceil(), (sheet.below + MARGIN).ceil());
    let ground = Element::new("rect").at("width", width).at("height", height).with("fill", "#ffffff");
    Element::new("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("lang", chart.language)
        .with("role", "img")
        .with("aria-labelledby", "title about")
        .at("width", width)
        .at("height", height)
        .with("viewBox", format!("0 0 {width} {height}"))
        .with("font-family", FONTS)
        .with("fill", INK)
        .child(Element::new("title").with("id", "title").text(&*chart.title))
        .child(Element::new("desc").with("id", "about").text(&*chart.about))
        .child(ground)
        .children(sheet.elements)
}
