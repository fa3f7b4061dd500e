//! Bars of several parts: how many of what, and the shares that follow from them.

use super::element::Element;
use super::mark::Fill;
use super::measure::{bold_width, width, wrapped};
use super::sheet::{LINE, SMALL, TEXT, label, line};
use super::times;

/// Bars of several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What the rows are.
    pub corner: String,
    /// What stands behind the bars.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// Its parts, from the left.
    pub parts: Vec<Part>,
    /// What stands behind it, one for each column.
    pub behind: Vec<String>,
    /// Whether it is drawn at its own scale, as the bar of all is, beside which those of the groups would be slivers.
    pub own_scale: bool,
}

/// A part of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How it looks.
    pub fill: Fill,
    /// How many it stands for.
    pub count: u32,
    /// All of it in a sentence.
    pub about: String,
}

impl Bar {
    fn length(&self) -> f64 {
        self.parts.iter().map(|part| f64::from(part.count)).sum()
    }
}

/// How wide the names of the rows are, and the longest bar.
const NAMES: (f64, f64) = (120.0, 220.0);
const LONGEST: f64 = 360.0;
const PAD: f64 = 6.0;
const HEIGHT: f64 = 16.0;

/// Where everything stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    names: f64,
    unit: f64,
    columns: Vec<f64>,
}

impl Layout {
    /// Where everything stands.
    #[must_use]
    pub fn of(bars: &Bars) -> Self {
        let names = bars.rows.iter().map(|bar| width(&bar.label, TEXT) + 2.0 * PAD).fold(NAMES.0, f64::max);
        let longest = bars.rows.iter().filter(|bar| !bar.own_scale).map(Bar::length).fold(1.0, f64::max);
        let columns = bars.columns.iter().enumerate().map(|(at, head)| {
            let cells = bars.rows.iter().filter_map(|bar| bar.behind.get(at)).map(|text| width(text, SMALL));
            let words = head.split_whitespace().map(|word| bold_width(word, SMALL));
            cells.chain(words).fold(60.0, f64::max) + 2.0 * PAD
        });
        Self { names: names.min(NAMES.1), unit: LONGEST / longest, columns: columns.collect() }
    }

    /// How wide the bars are with all that stands around them.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.names + LONGEST + 2.0 * PAD + self.columns.iter().sum::<f64>()
    }

    /// The columns behind the bars: where each begins and how wide it is.
    fn places(&self, x: f64) -> impl Iterator<Item = (f64, f64)> {
        self.columns.iter().scan(x + self.names + LONGEST + 2.0 * PAD, |next, width| {
            let begins = *next;
            *next += width;
            Some((begins, *width))
        })
    }
}

/// The bars with their upper left corner at a place, and how high they are.
#[must_use]
pub fn drawn(bars: &Bars, layout: &Layout, (x, y): (f64, f64)) -> (Vec<Element>, f64) {
    let mut elements = Vec::new();
    let mut below = y + heads(bars, layout, (x, y), &mut elements);
    for bar in &bars.rows {
        below += bar_drawn(bar, layout, (x, below), &mut elements);
    }
    elements.push(line((x, below), (x + layout.width(), below), 1.2));
    (elements, below - y)
}

fn heads(bars: &Bars, layout: &Layout, (x, y): (f64, f64), elements: &mut Vec<Element>) -> f64 {
    let broken = bars.columns.iter().zip(&layout.columns);
    let broken: Vec<Vec<String>> = broken.map(|(head, width)| wrapped(head, SMALL * 1.1, width - PAD, 4)).collect();
    let height = times(broken.iter().map(Vec::len).fold(1, usize::max)) * LINE + PAD;
    elements.push(label(x + PAD, y + height - PAD, SMALL).with("font-weight", "bold").text(&*bars.corner));
    for ((begins, width), lines) in layout.places(x).zip(&broken) {
        for (at, text) in lines.iter().rev().enumerate() {
            let head = label(begins + width / 2.0, y + height - PAD - times(at) * LINE, SMALL);
            elements.push(head.with("text-anchor", "middle").with("font-weight", "bold").text(&**text));
        }
    }
    elements.push(line((x, y + height), (x + layout.width(), y + height), 1.2));
    height
}

fn bar_drawn(bar: &Bar, layout: &Layout, (x, y): (f64, f64), elements: &mut Vec<Element>) -> f64 {
    let names = wrapped(&bar.label, TEXT, layout.names - 2.0 * PAD, 2);
    let height = HEIGHT + if names.len() > 1 { LINE + PAD } else { PAD };
    let mut group = Element::new("g").child(Element::new("title").text(&*bar.label));
    for (at, name) in names.iter().enumerate() {
        group = group.child(label(x + PAD, y + 14.5 + times(at) * LINE, TEXT).text(&**name));
    }
    elements.push(group);
    let top = y + (height - HEIGHT) / 2.0;
    let unit = if bar.own_scale { LONGEST / bar.length().max(1.0) } else { layout.unit };
    let mut begins = x + layout.names;
    for part in bar.parts.iter().filter(|part| part.count > 0) {
        let length = f64::from(part.count) * unit;
        elements.push(part_drawn(part, (begins, top), length));
        begins += length;
    }
    for ((begins, width), text) in layout.places(x).zip(&bar.behind) {
        let text = label(begins + width / 2.0, y + height / 2.0 + 4.0, SMALL).text(&**text);
        elements.push(text.with("text-anchor", "middle"));
    }
    height
}

/// A part with its number, where there is room for it, on a plain ground so that the lines do not cross it.
fn part_drawn(part: &Part, (x, y): (f64, f64), length: f64) -> Element {
    let group = Element::new("g").child(Element::new("title").text(&*part.about));
    let group = group.child(part.fill.drawn((x, y), (length, HEIGHT)));
    let text = part.count.to_string();
    let room = bold_width(&text, SMALL);
    if room + 4.0 > length {
        return group;
    }
    let middle = x + length / 2.0;
    let ground = Element::new("rect").at("x", middle - room / 2.0 - 1.0).at("y", y + 2.0).at("width", room + 2.0);
    let ground = ground.at("height", HEIGHT - 4.0).with("fill", part.fill.colour);
    let number = Element::new("text").at("x", middle).at("y", y + 12.0).with("font-size", SMALL);
    let number =
        number.with("text-anchor", "middle").with("font-weight", "bold").with("fill", part.fill.ink).text(text);
    group.child(ground).child(number)
}
