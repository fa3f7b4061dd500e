//! Texts that have been checked: in Unicode NFC, trimmed, bounded, free of control and direction-changing characters.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Fault;
use crate::text::{TextFault, line, prose};

/// One line of text of 1 to `LIMIT` characters.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Line<const LIMIT: usize = 500>(String);

/// A long line, for titles of documents: 1 to 2,000 characters.
pub type Title = Line<2000>;

/// Text of one or more lines, 1 to `LIMIT` characters.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Prose<const LIMIT: usize = 20000>(String);

/// White space, which is dropped from both ends of a text, within the brackets of a pattern.
macro_rules! outer {
    () => {
        r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// What no text may hold, within the brackets of a pattern: all control characters except `\t`, `\n` and `\r`, and what
/// cannot be seen. The tags and the noncharacters of the upper planes are left out, for the dialects of patterns write
/// such characters in different ways.
macro_rules! forbidden {
    () => {
        r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffd-\uffff"
    };
}

/// What a text matches that has `$inner` between its first and its last character other than white space.
macro_rules! pattern {
    ($inner:expr) => {
        concat!(
            "^[",
            outer!(),
            "]*[^",
            forbidden!(),
            outer!(),
            "](",
            $inner,
            "*[^",
            forbidden!(),
            outer!(),
            "])?[",
            outer!(),
            "]*$"
        )
    };
}

/// The pattern of a [`Line`].
pub const LINE: &str = pattern!(concat!(r"[^\t\n\r", forbidden!(), "]"));
/// The pattern of a [`Prose`].
pub const PROSE: &str = pattern!(concat!(r"([^\r", forbidden!(), r"]|\r\n)"));
/// The pattern of a line with a letter or a digit of the Latin script.
pub const SEARCHABLE: &str =
    concat!(r"^[^\t\n\r", forbidden!(), "]*[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỹ]", r"[^\t\n\r", forbidden!(), "]*$");
/// The pattern of an absolute address on the web, in a line.
pub const WEB_ADDRESS: &str =
    concat!(r"^https?://[^\s", forbidden!(), r"/?#\\@:\[\]]+(:[0-9]{1,5})?([/?#][^\s", forbidden!(), r"\\]*)?$");
/// What may stand anywhere in a line.
macro_rules! any {
    () => {
        concat!(r"[^\t\n\r", forbidden!(), "]*")
    };
}

/// What is neither a digit nor white space.
macro_rules! other {
    () => {
        concat!(r"[^0-9\t\n\r", forbidden!(), outer!(), "]")
    };
}

/// The pattern of the number of a record, or of a line with a letter of the Latin script, or with a digit and more.
pub const ID_OR_SYMBOL: &str = concat!(
    r"^([1-9][0-9]{0,17}|",
    any!(),
    "[A-Za-zÀ-ÖØ-öø-ɏḀ-ỹ]",
    any!(),
    "|",
    any!(),
    "[0-9]",
    any!(),
    other!(),
    any!(),
    "|",
    any!(),
    other!(),
    any!(),
    "[0-9]",
    any!(),
    ")$"
);

fn refusal(fault: &TextFault) -> Fault {
    Fault::new(fault.code(), fault.to_string())
}

macro_rules! checked_text {
    ($name:ident, $check:path, $pattern:ident, $what:literal, $example:literal) => {
        impl<const LIMIT: usize> $name<LIMIT> {
            /// Checks a text.
            ///
            /// # Errors
            /// `empty`, `too_long` or `forbidden_character`, with the place of the first character that may not be there.
            pub fn new(text: &str) -> Result<Self, Fault> {
                $check(text, LIMIT).map(Self).map_err(|fault| refusal(&fault))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<const LIMIT: usize> Deref for $name<LIMIT> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const LIMIT: usize> fmt::Display for $name<LIMIT> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl<const LIMIT: usize> Serialize for $name<LIMIT> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de, const LIMIT: usize> Deserialize<'de> for $name<LIMIT> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(&Cow::<str>::deserialize(deserializer)?).map_err(|fault| de::Error::custom(fault.encoded()))
            }
        }

        impl<const LIMIT: usize> PartialSchema for $name<LIMIT> {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some(LIMIT))
                    .pattern(Some($pattern))
                    .description(Some(concat!(
                        $what,
                        " Control, zero-width and direction-changing characters are refused."
                    )))
                    .examples([$example])
                    .into()
            }
        }

        impl<const LIMIT: usize> ToSchema for $name<LIMIT> {
            fn name() -> Cow<'static, str> {
                Cow::Owned(format!("{}{LIMIT}", stringify!($name)))
            }
        }

        $crate::db::types::limited_text_column!($name);
    };
}

checked_text!(Line, line, LINE, "One line of text in Unicode NFC, trimmed.", "Tỉnh ủy Thái Bình");
checked_text!(Prose, prose, PROSE, "Text of one or more lines in Unicode NFC, trimmed.", "Giữ vững an ninh chính trị.");

/// The most characters of a text that stand for the whole in a link.
const HEADING_LENGTH: usize = 80;

/// What to call a record whose name is a text: its first line, cut where that is long.
#[must_use]
pub fn heading(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= HEADING_LENGTH {
        return line.to_owned();
    }
    let beginning: String = line.chars().take(HEADING_LENGTH - 1).collect();
    format!("{}…", beginning.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_in_its_heading() {
        let heading = |text: &str| heading(&Prose::<20000>::new(text).unwrap());
        assert_eq!(heading("Có nơi thiếu cảnh giác.\nNhư năm trước."), "Có nơi thiếu cảnh giác.");
        let exact = "ế".repeat(80);
        assert_eq!(heading(&exact), exact);
        let long = heading(&"ế".repeat(81));
        assert_eq!((long.chars().count(), long.chars().last()), (80, Some('…')));
    }

    #[test]
    fn a_text_keeps_its_marks_and_loses_its_margins() {
        assert_eq!(Line::<500>::new("  Tỉnh u\u{309}y ").unwrap().as_str(), "Tỉnh ủy");
    }

    #[test]
    fn a_forbidden_character_is_named_with_its_place() {
        let fault = Line::<500>::new("a\u{0}b").unwrap_err();
        assert_eq!(fault.code, "forbidden_character");
        assert!(fault.message.contains("U+0000"), "{}", fault.message);
    }
}
