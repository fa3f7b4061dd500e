//! A record as JSON text, called otherwise than it calls itself: behind a link it has the title of that link.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use serde_json::value::RawValue;

/// The JSON text of a record with `title` where its own field `title` stands. One pass: reading the text to put another
/// title in would cost more than writing it.
///
/// # Errors
/// As the serializer has them.
pub fn retitled<T: Serialize>(record: &T, title: Option<&str>) -> serde_json::Result<Box<RawValue>> {
    let mut bytes = Vec::with_capacity(2048);
    let title = serde_json::to_vec(&title)?;
    let formatter = Retitling { title: &title, depth: 0, place: Place::Elsewhere };
    record.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
    RawValue::from_string(String::from_utf8(bytes).map_err(serde::ser::Error::custom)?)
}

/// Where in a record the serializer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the name of a field of the record itself.
    Name,
    /// Behind its name `title`.
    AfterTitle,
    /// In the value of that, which is a text or null, and is not written.
    Title,
    /// Anywhere else.
    Elsewhere,
}

/// Writes what comes but the value of `title` in the outermost object, and another text in its place.
struct Retitling<'a> {
    title: &'a [u8],
    depth: usize,
    place: Place,
}

impl Retitling<'_> {
    fn is_silent(&self) -> bool {
        self.place == Place::Title
    }
}

impl Formatter for Retitling<'_> {
    fn write_null<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.is_silent() { Ok(()) } else { CompactFormatter.write_null(writer) }
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.is_silent() { Ok(()) } else { CompactFormatter.begin_string(writer) }
    }

    fn end_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.is_silent() { Ok(()) } else { CompactFormatter.end_string(writer) }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if self.place == Place::Name && fragment == "title" {
            self.place = Place::AfterTitle;
        }
        if self.is_silent() { Ok(()) } else { CompactFormatter.write_string_fragment(writer, fragment) }
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        if self.is_silent() { Ok(()) } else { CompactFormatter.write_char_escape(writer, escape) }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth = self.depth.saturating_add(1);
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        CompactFormatter.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if self.depth == 1 {
            self.place = Place::Name;
        }
        CompactFormatter.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        CompactFormatter.begin_object_value(writer)?;
        if self.depth > 1 {
            return Ok(());
        }
        if self.place != Place::AfterTitle {
            self.place = Place::Elsewhere;
            return Ok(());
        }
        self.place = Place::Title;
        writer.write_all(self.title)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.depth == 1 {
            self.place = Place::Elsewhere;
        }
        CompactFormatter.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn titled(record: &Value, title: Option<&str>) -> String {
        retitled(record, title).unwrap().get().to_owned()
    }

    #[test]
    fn only_the_title_of_the_record_itself_is_another() {
        let record = json!({
            "id": 5, "title": "Về \"tình hình\"\n", "signer": { "id": 1, "title": "An" }, "text": "title",
            "adopted_by": [{ "title": null }], "note": null,
        });
        let expected = r#"{"id":5,"title":"32-KL/TW \"x\"","signer":{"id":1,"title":"An"},"text":"title","adopted_by":[{"title":null}],"note":null}"#;
        assert_eq!(titled(&record, Some("32-KL/TW \"x\"")), expected);
    }

    #[test]
    fn a_title_may_be_missing_before_and_after() {
        assert_eq!(titled(&json!({ "title": null, "note": "a" }), Some("b")), r#"{"title":"b","note":"a"}"#);
        assert_eq!(titled(&json!({ "title": "a", "note": "" }), None), r#"{"title":null,"note":""}"#);
    }
}
