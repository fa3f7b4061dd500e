//! The marks of cells and the parts of bars. They differ by shape or texture and by lightness, so that nothing is lost where
//! there is no colour.

use std::fmt::Write;

use super::element::{Element, Tenths};

/// A mark in a cell, by its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A dark disc with a tick.
    TickedDisc,
    /// A disc.
    Disc,
    /// A disc of which one half is empty.
    HalfDisc,
    /// A light diamond with a dark edge.
    Diamond,
    /// A ring.
    Ring,
    /// A ring of dashes.
    DashedRing,
    /// A dark triangle with a light stroke.
    Triangle,
    /// A dash.
    Dash,
    /// A small pale dot.
    Dot,
}

impl Mark {
    /// The mark with its middle at a place; it is twelve units wide and high.
    #[must_use]
    pub fn drawn(self, x: f64, y: f64) -> Element {
        let disc = |fill: &str, edge: &str| {
            let disc = Element::new("circle").at("cx", x).at("cy", y).with("r", 5);
            disc.with("fill", fill).with("stroke", edge).with("stroke-width", "1.6")
        };
        let over = |path: String, edge: &str, width: &str| {
            Element::new("path").with("d", path).with("fill", "none").with("stroke", edge).with("stroke-width", width)
        };
        let both = |below: Element, above: Element| Element::new("g").child(below).child(above);
        match self {
            Self::TickedDisc => {
                let tick = path(&[(x - 2.6, y), (x - 0.6, y + 2.2), (x + 2.8, y - 2.2)], false);
                both(disc("#14532d", "#14532d"), over(tick, "#ffffff", "1.6"))
            }
            Self::Disc => disc("#3f8f4f", "#3f8f4f"),
            Self::HalfDisc => {
                let half = format!("M{} {}a5 5 0 0 1 0 10z", Tenths(x), Tenths(y - 5.0));
                both(disc("#ffffff", "#3f8f4f"), Element::new("path").with("d", half).with("fill", "#3f8f4f"))
            }
            Self::Diamond => {
                let corners = path(&[(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)], true);
                let diamond = Element::new("path").with("d", corners).with("fill", "#f6c06a");
                diamond.with("stroke", "#7a4100").with("stroke-width", "1.4")
            }
            Self::Ring => disc("#ffffff", "#1f5fa8"),
            Self::DashedRing => disc("#ffffff", "#555555").with("stroke-dasharray", "2.5 2"),
            Self::Triangle => {
                let corners = path(&[(x, y - 6.0), (x + 6.4, y + 5.2), (x - 6.4, y + 5.2)], true);
                let stroke = path(&[(x, y - 2.2), (x, y + 1.4)], false);
                let dot = path(&[(x, y + 2.6), (x, y + 4.0)], false);
                both(
                    Element::new("path").with("d", corners).with("fill", "#a11212"),
                    over(stroke + &dot, "#ffffff", "1.5"),
                )
            }
            Self::Dash => over(path(&[(x - 4.0, y), (x + 4.0, y)], false), "#777777", "1.6"),
            Self::Dot => Element::new("circle").at("cx", x).at("cy", y).with("r", "1.6").with("fill", "#8a8a8a"),
        }
    }
}

/// The way through some places.
fn path(places: &[(f64, f64)], closed: bool) -> String {
    let mut path = String::new();
    for (x, y) in places {
        path.push(if path.is_empty() { 'M' } else { 'L' });
        // A text takes whatever is written to it.
        let _ = write!(path, "{} {}", Tenths(*x), Tenths(*y));
    }
    if closed {
        path.push('z');
    }
    path
}

/// The lines by which a part of a bar is told from others of its lightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texture {
    /// None.
    Plain,
    /// Upright ones.
    Upright,
    /// Level ones.
    Level,
}

/// How a part of a bar looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Its colour.
    pub colour: &'static str,
    /// The colour of what is written on it, and of its lines.
    pub ink: &'static str,
    /// Its lines.
    pub texture: Texture,
}

/// How far apart the lines of a texture are.
const STEP: f64 = 4.0;

impl Fill {
    /// The part at a place, of this width and height.
    #[must_use]
    pub fn drawn(self, (x, y): (f64, f64), (width, height): (f64, f64)) -> Element {
        let area = Element::new("rect").at("x", x).at("y", y).at("width", width).at("height", height);
        let area = area.with("fill", self.colour).with("stroke", "#444444").with("stroke-width", "0.6");
        let line = |at: f64| match self.texture {
            Texture::Level => [(x, y + at), (x + width, y + at)],
            Texture::Plain | Texture::Upright => [(x + at, y), (x + at, y + height)],
        };
        let room = match self.texture {
            Texture::Plain => 0.0,
            Texture::Upright => width,
            Texture::Level => height,
        };
        let places = std::iter::successors(Some(STEP / 2.0), |at| Some(at + STEP)).take_while(|at| *at < room);
        let lines: String = places.map(|at| path(&line(at), false)).collect();
        if lines.is_empty() {
            return area;
        }
        let lines = Element::new("path").with("d", lines).with("stroke", self.ink).with("stroke-width", "0.8");
        Element::new("g").child(area).child(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_marks_have_one_shape() {
        let all = [
            Mark::TickedDisc,
            Mark::Disc,
            Mark::HalfDisc,
            Mark::Diamond,
            Mark::Ring,
            Mark::DashedRing,
            Mark::Triangle,
            Mark::Dash,
            Mark::Dot,
        ];
        let drawn: std::collections::BTreeSet<String> =
            all.iter().map(|mark| mark.drawn(0.0, 0.0).to_string()).collect();
        assert_eq!(drawn.len(), all.len());
    }

    #[test]
    fn the_lines_of_a_texture_stay_within_its_part() {
        let fill = Fill { colour: "#ffffff", ink: "#000000", texture: Texture::Upright };
        let drawn = fill.drawn((10.0, 0.0), (9.0, 5.0)).to_string();
        assert!(drawn.contains("d=\"M12 0L12 5M16 0L16 5\""), "{drawn}");
        let level = Fill { texture: Texture::Level, ..fill }.drawn((10.0, 0.0), (9.0, 5.0)).to_string();
        assert!(level.contains("d=\"M10 2L19 2\""), "{level}");
    }
}
