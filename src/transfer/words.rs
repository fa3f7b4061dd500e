//! What charts and calendars say: the labels of the tables, days and shares as people write them.

use crate::domain::link::Shown;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Link, Result};
use crate::transfer::labels::Labels;

/// The language of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// That of the records.
    #[default]
    Vietnamese,
    /// That of the codes. Names and titles stay as they are recorded.
    English,
}

/// What codes, days and shares are called in a language.
#[derive(Debug)]
pub struct Words {
    language: Language,
    labels: Labels,
}

impl Words {
    /// The words of a language for the overview or the collection of this name.
    ///
    /// # Errors
    /// `Internal` if the embedded tables cannot be read, which a test rules out.
    pub fn of(language: Language, table: &str) -> Result<Self> {
        Ok(Self { language, labels: Labels::of(table)? })
    }

    /// The language as `lang` has it.
    #[must_use]
    pub const fn tag(&self) -> &'static str {
        match self.language {
            Language::Vietnamese => "vi",
            Language::English => "en",
        }
    }

    /// A phrase that no table has.
    #[must_use]
    pub const fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }

    /// What a code is called, with a capital.
    #[must_use]
    pub fn code(&self, enumeration: &str, code: &str) -> String {
        capital(&match self.language {
            Language::Vietnamese => self.labels.code(enumeration, code).to_owned(),
            Language::English => code.replace('_', " "),
        })
    }

    /// The same without what other words there are for it, and what explains it: for labels that are short.
    #[must_use]
    pub fn short(&self, enumeration: &str, code: &str) -> String {
        let whole = self.code(enumeration, code);
        let first = whole.split(';').next().unwrap_or_default();
        first.split(" (").next().unwrap_or_default().to_owned()
    }

    /// What a field is called in Vietnamese.
    #[must_use]
    pub fn field<'a>(&'a self, name: &'a str) -> &'a str {
        self.labels.field(name)
    }

    /// A day, as far as it is known.
    #[must_use]
    pub fn day(&self, day: Date, precision: Option<DatePrecision>) -> String {
        let format = match (self.language, precision) {
            (_, Some(DatePrecision::Year)) => "%Y",
            (Language::Vietnamese, Some(DatePrecision::Month)) => "%m/%Y",
            (Language::Vietnamese, _) => "%d/%m/%Y",
            (Language::English, Some(DatePrecision::Month)) => "%Y-%m",
            (Language::English, _) => "%Y-%m-%d",
        };
        day.day().format(format).to_string()
    }

    /// So many of so many, with the share to one decimal: `1/63 (1,6%)`. Of nobody there is no share.
    #[must_use]
    pub fn share(&self, numerator: i64, denominator: i64, percent: Option<f64>) -> String {
        match percent {
            None => "–".to_owned(),
            Some(percent) => {
                let percent = format!("{percent:.1}").replace('.', self.say(",", "."));
                format!("{numerator}/{denominator} ({percent}%)")
            }
        }
    }

    /// What to call the record behind a link, or else its address, where the caller may know of it.
    #[must_use]
    pub fn title(&self, link: &Link) -> String {
        match link.shown.get() {
            Some(Shown::Title(title)) => title.clone(),
            Some(_) => Link::url(link.collection, link.id),
            None => self.say("không công bố", "undisclosed").to_owned(),
        }
    }
}

/// A text with its first letter as a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_shares_are_written_as_the_language_does() {
        let (day, month) = ("2018-07-16".parse().unwrap(), Some(DatePrecision::Month));
        let said = |language| {
            let words = Words::of(language, "implementation").unwrap();
            let status = words.code("implementation_status", "done_late");
            [
                words.day(day, None),
                words.day(day, month),
                words.share(1, 63, Some(1.6)),
                words.share(0, 0, None),
                status,
            ]
        };
        assert_eq!(said(Language::Vietnamese), ["16/07/2018", "07/2018", "1/63 (1,6%)", "–", "Đã thực hiện, chậm"]);
        assert_eq!(said(Language::English), ["2018-07-16", "2018-07", "1/63 (1.6%)", "–", "Done late"]);
    }
}
