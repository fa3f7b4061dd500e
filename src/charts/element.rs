//! Elements of SVG, written so that whatever text stands in them the result is well-formed XML.

use std::fmt::{self, Display, Write};

/// An element with its attributes and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An empty element.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), inside: Vec::new() }
    }

    /// The same element with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// The same element with one more length or place, to a tenth of a unit.
    #[must_use]
    pub fn at(self, name: &'static str, value: f64) -> Self {
        self.with(name, Tenths(value))
    }

    /// The same element with one more text in it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.inside.push(Node::Text(text.into()));
        self
    }

    /// The same element with one more element in it.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.inside.push(Node::Element(child));
        self
    }

    /// The same element with more elements in it.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.inside.extend(children.into_iter().map(Node::Element));
        self
    }
}

impl Display for Element {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(out, " {name}=\"{}\"", Escaped(value))?;
        }
        if self.inside.is_empty() {
            return out.write_str("/>");
        }
        out.write_char('>')?;
        for node in &self.inside {
            match node {
                Node::Element(element) => write!(out, "{element}")?,
                Node::Text(text) => write!(out, "{}", Escaped(text))?,
            }
        }
        write!(out, "</{}>", self.name)
    }
}

/// Text in which nothing is markup. What XML 1.0 cannot hold at all (section 2.2) becomes U+FFFD.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\t' | '\n' | '\r' => out.write_char(' ')?,
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.write_char('\u{fffd}')?,
                letter => out.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// A number to a tenth, without a zero that says nothing.
pub struct Tenths(pub f64);

impl Display for Tenths {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.1}", self.0);
        out.write_str(text.strip_suffix(".0").unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let element = Element::new("text").with("id", "a\"b<c").text("Báo cáo & <kế hoạch> \u{1}\n]]>");
        let escaped = "<text id=\"a&quot;b&lt;c\">Báo cáo &amp; &lt;kế hoạch&gt; \u{fffd} ]]&gt;</text>";
        assert_eq!(element.to_string(), escaped);
    }

    #[test]
    fn a_length_has_one_decimal_at_most() {
        let line = Element::new("line").at("x1", 12.0).at("x2", 12.34).at("y", 0.05);
        assert_eq!(line.to_string(), "<line x1=\"12\" x2=\"12.3\" y=\"0.1\"/>");
    }
}
