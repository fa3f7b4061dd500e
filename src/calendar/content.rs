//! Content lines (RFC 5545 section 3.1): folded at 75 octets, never within a letter, and texts escaped (section 3.3.11).
//!
//! Of the crates that write calendars one folds at 76 octets, and the other gives alarms the time of the machine and a random
//! name, so that no two copies of a calendar are alike. What they write is read by such a crate in the tests.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::Instant;

/// How many octets a line has at most, without its end.
const MOST: usize = 75;

/// Content lines that have been written.
#[derive(Debug, Default)]
pub struct Content(String);

impl Content {
    /// A line with a value that needs no escapes.
    pub fn put(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{value}"));
    }

    /// A line with a text.
    pub fn put_text(&mut self, name: &str, text: &str) {
        self.line(&format!("{name}:{}", escaped(text)));
    }

    /// A line with several texts; none if there are none.
    pub fn put_texts(&mut self, name: &str, texts: &[String]) {
        if !texts.is_empty() {
            let texts: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
            self.line(&format!("{name}:{}", texts.join(",")));
        }
    }

    /// A line with a day.
    pub fn put_day(&mut self, name: &str, day: NaiveDate) {
        self.line(&format!("{name};VALUE=DATE:{}", day.format("%Y%m%d")));
    }

    /// A line with an instant, to the second.
    pub fn put_instant(&mut self, name: &str, instant: Instant) {
        if let Some(instant) = DateTime::<Utc>::from_timestamp_micros(instant.microseconds()) {
            self.line(&format!("{name}:{}", instant.format("%Y%m%dT%H%M%SZ")));
        }
    }

    fn line(&mut self, line: &str) {
        let mut room = MOST;
        for letter in line.chars() {
            if letter.len_utf8() > room {
                // The space with which the next line begins is one of its octets.
                self.0.push_str("\r\n ");
                room = MOST - 1;
            }
            room -= letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }

    /// All of it.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() && letter != '\t' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        let mut content = Content::default();
        content.put_text("SUMMARY", text);
        content.finish()
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(written("Sơ kết; a, b\\c\r\ndòng hai"), "SUMMARY:Sơ kết\\; a\\, b\\\\c\\ndòng hai\r\n");
        let mut content = Content::default();
        content.put_texts("CATEGORIES", &["quán triệt, học tập".to_owned(), "sơ kết".to_owned()]);
        content.put_texts("CATEGORIES", &[]);
        assert_eq!(content.finish(), "CATEGORIES:quán triệt\\, học tập,sơ kết\r\n");
    }

    #[test]
    fn line_of_seventy_five_octets_is_not_folded_and_the_next_letter_is() {
        let full = "a".repeat(MOST - "SUMMARY:".len());
        assert_eq!(written(&full), format!("SUMMARY:{full}\r\n"));
        assert_eq!(written(&format!("{full}ộ")), format!("SUMMARY:{full}\r\n ộ\r\n"));
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_it_may_be_and_none_is_lost(text in "[a-zđưộỹ ,;\\\\]{0,400}") {
            let written = written(&text);
            for line in written.split_terminator("\r\n") {
                prop_assert!(line.len() <= MOST, "{line}");
            }
            let unfolded = written.replace("\r\n ", "");
            prop_assert_eq!(unfolded, format!("SUMMARY:{}\r\n", escaped(&text)));
        }
    }
}
