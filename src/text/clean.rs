//! What text may be stored.
//!
//! Characters that a reader cannot see are refused, not removed: whoever sends them learns where they are, and what is
//! stored stays what was sent. The two exceptions lose nothing: outer white space goes, and `\r\n` becomes `\n`.

use std::{error::Error, fmt};

use super::fold::nfc;

/// Why a text cannot be stored. It displays as the end of a sentence that begins with the name of the field.
///
/// A position counts the characters of the text as received, in NFC, from 1; it includes leading white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing but white space.
    Empty,
    /// More characters than the field holds.
    TooLong {
        /// The greatest number of characters allowed.
        limit: usize,
    },
    /// A control character, such as NUL (U+0000), which `PostgreSQL` cannot store, or a tab in a line.
    Control {
        /// The control character.
        character: char,
        /// Where it stands, from 1.
        position: usize,
    },
    /// A line break in a line, or in prose one other than `\n` and `\r\n`, such as U+2028.
    LineBreak {
        /// The line break.
        character: char,
        /// Where it stands, from 1.
        position: usize,
    },
    /// A character that is not shown, such as U+200B or U+00AD, which makes texts that look equal differ, or a direction control, such
    /// as U+202E, which makes a text read otherwise than it is stored.
    Invisible {
        /// The invisible character.
        character: char,
        /// Where it stands, from 1.
        position: usize,
    },
    /// The replacement character U+FFFD, the trace of a wrong decoding, or a code point that is never a character.
    NotACharacter {
        /// The replacement character or noncharacter.
        character: char,
        /// Where it stands, from 1.
        position: usize,
    },
}

impl TextFault {
    /// Returns the stable code of the fault, for programs: `empty`, `too_long` or `forbidden_character`.
    ///
    /// ```
    /// use directive_tracker::text::line;
    ///
    /// assert_eq!(line("  ", 200).map_err(|fault| fault.code()), Err("empty"));
    /// assert_eq!(line("Hà\tNội", 200).map_err(|fault| fault.code()), Err("forbidden_character"));
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Control { .. } | Self::LineBreak { .. } | Self::Invisible { .. } | Self::NotACharacter { .. } => {
                "forbidden_character"
            }
        }
    }

    /// The fault in having this character at this position, if there is one; the tab and `\n` are faults.
    fn in_character(character: char, position: usize) -> Option<Self> {
        Some(match character {
            ' '..='~' => return None,
            '\n' | '\u{B}'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Self::LineBreak { character, position },
            _ if character.is_control() => Self::Control { character, position },
            // Soft hyphen, grapheme joiner, fillers of Hangul, Mongolian separator, joiners, direction controls, operators
            // that are not shown, annotations, tags.
            '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}' => Self::Invisible { character, position },
            '\u{FDD0}'..='\u{FDEF}' | '\u{FFFD}' => Self::NotACharacter { character, position },
            // The last two code points of each plane: U+FFFE, U+FFFF, U+1FFFE and so on.
            _ if u32::from(character) & 0xFFFE == 0xFFFE => Self::NotACharacter { character, position },
            _ => return None,
        })
    }
}

impl fmt::Display for TextFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, character, position) = match *self {
            Self::Empty => return formatter.write_str("is empty"),
            Self::TooLong { limit } => {
                return write!(formatter, "is longer than {limit} characters");
            }
            Self::Control { character, position } => ("control character", character, position),
            Self::LineBreak { character, position } => ("line break", character, position),
            Self::Invisible { character, position } => ("invisible character", character, position),
            Self::NotACharacter { character, position } => ("invalid character", character, position),
        };
        let code_point = u32::from(character);
        write!(formatter, "has the {kind} U+{code_point:04X} at character {position}, which is not allowed")
    }
}

impl Error for TextFault {}

/// Returns a text of one line, such as a name or a title, as it is stored: in NFC and without outer white space.
///
/// # Errors
///
/// Refuses a text that is empty, has more than `limit` characters once in NFC and trimmed, or contains a line break, a
/// tab or a character that cannot be seen. The first forbidden character is reported before the length.
///
/// ```
/// use directive_tracker::text::line;
///
/// assert_eq!(line(" Tie\u{302}\u{300}n Giang\n", 200).as_deref(), Ok("Tiền Giang"));
/// assert_eq!(
///     line("48\u{200B}-CT/TW", 200).map_err(|fault| fault.to_string()),
///     Err("has the invisible character U+200B at character 3, which is not allowed".to_owned()),
/// );
/// ```
pub fn line(text: &str, limit: usize) -> Result<String, TextFault> {
    stored(text, limit, false)
}

/// Returns a text of several lines, such as a summary, as it is stored: like [`line()`], but with its line breaks and
/// tabs.
///
/// A line break is stored as `\n`; `\r\n` becomes that and counts once against the limit.
///
/// # Errors
///
/// As [`line()`], except that `\n`, `\r\n` and the tab are allowed. A lone `\r` and U+2028 are not.
///
/// ```
/// use directive_tracker::text::prose;
///
/// assert_eq!(prose("Sơ kết:\r\n\t1. Hà Nội\r\n", 200).as_deref(), Ok("Sơ kết:\n\t1. Hà Nội"));
/// ```
pub fn prose(text: &str, limit: usize) -> Result<String, TextFault> {
    stored(text, limit, true)
}

fn stored(text: &str, limit: usize, is_prose: bool) -> Result<String, TextFault> {
    let composed = nfc(text);
    let start = composed.chars().take_while(|character| character.is_whitespace()).count();
    let trimmed = composed.trim();
    let mut cleaned = String::with_capacity(trimmed.len());
    let mut characters = trimmed.chars().zip(start.saturating_add(1)..).peekable();
    while let Some((character, position)) = characters.next() {
        let next = characters.peek().map(|(next, _)| *next);
        match character {
            '\n' | '\t' if is_prose => {}
            '\r' if is_prose && next == Some('\n') => continue,
            _ => TextFault::in_character(character, position).map_or(Ok(()), Err)?,
        }
        cleaned.push(character);
    }
    if cleaned.is_empty() {
        return Err(TextFault::Empty);
    }
    if cleaned.chars().count() > limit {
        return Err(TextFault::TooLong { limit });
    }
    Ok(cleaned)
}

#[cfg(test)]
mod tests {
    use super::{TextFault, line, prose};

    #[test]
    fn good_text_is_stored_as_received() {
        for text in ["Hà Nội", "Về “an ninh” – trật tự", "Tỉnh uỷ, Tỉnh ủy", "98,3%", "Hà\u{A0}Nội", "👩💻"]
        {
            assert_eq!(line(text, 100).as_deref(), Ok(text));
            assert_eq!(prose(text, 100).as_deref(), Ok(text));
        }
    }

    #[test]
    fn outer_white_space_is_dropped() {
        assert_eq!(line(" \t Hà Nội\u{A0}\r\n", 6).as_deref(), Ok("Hà Nội"));
        assert_eq!(prose("\n\n a\n\nb \n", 5).as_deref(), Ok("a\n\nb"));
    }

    #[test]
    fn text_of_white_space_is_empty() {
        for text in ["", " ", "\n\t", "\u{A0}\u{3000}"] {
            assert_eq!(line(text, 10), Err(TextFault::Empty));
            assert_eq!(prose(text, 10), Err(TextFault::Empty));
        }
    }

    #[test]
    fn limit_counts_characters_once_composed() {
        let decomposed = "e\u{302}\u{301}".repeat(5);
        assert_eq!(line(&decomposed, 5).as_deref(), Ok("ếếếếế"));
        assert_eq!(line(&decomposed, 4), Err(TextFault::TooLong { limit: 4 }));
        assert_eq!(prose("a\r\nb", 3).as_deref(), Ok("a\nb"));
    }

    #[test]
    fn forbidden_characters_are_refused_in_lines_and_in_prose() {
        let forbidden = "\u{AD}\u{34F}\u{115F}\u{1160}\u{180E}\u{200C}\u{200D}\u{2061}\u{2064}\u{3164}\u{FFA0}\u{FFF9}\u{FFFB}\u{E0000}\u{E0041}\u{E007F}\
             \0\u{1}\u{8}\u{1B}\u{7F}\u{80}\u{85}\u{9F}\u{B}\u{C}\u{61C}\u{200B}\u{200E}\u{200F}\u{2028}\u{2029}\
             \u{202A}\u{202E}\u{2060}\u{2066}\u{2069}\u{FDD0}\u{FDEF}\u{FEFF}\u{FFFD}\u{FFFE}\u{FFFF}\u{1FFFE}\u{10FFFF}";
        for character in forbidden.chars() {
            let text = format!("a{character}b");
            for fault in [line(&text, 1), prose(&text, 1)].map(Result::unwrap_err) {
                assert_eq!(fault.code(), "forbidden_character", "{fault}");
                let code_point = format!("U+{:04X} at character 2,", u32::from(character));
                assert!(fault.to_string().contains(&code_point), "{fault}");
            }
        }
    }

    #[test]
    fn line_breaks_and_tabs_are_for_prose_only() {
        assert_eq!(line("a\nb", 9), Err(TextFault::LineBreak { character: '\n', position: 2 }));
        assert_eq!(line("a\tb", 9), Err(TextFault::Control { character: '\t', position: 2 }));
        assert_eq!(prose("a\n\tb", 9).as_deref(), Ok("a\n\tb"));
        assert_eq!(prose("a\r\n\r\nb", 9).as_deref(), Ok("a\n\nb"));
        assert_eq!(prose("a\rb", 9), Err(TextFault::LineBreak { character: '\r', position: 2 }));
    }

    #[test]
    fn position_counts_from_the_beginning_of_what_was_sent() {
        assert_eq!(line("  Hà\0", 9), Err(TextFault::Control { character: '\0', position: 5 }));
        assert_eq!(prose("a\r\n\u{202E}", 9), Err(TextFault::Invisible { character: '\u{202E}', position: 4 }));
    }

    #[test]
    fn stored_text_is_accepted_unchanged_a_second_time() {
        for text in [" \u{301}a\r\n b ", "Hoà\r\nBình\t.", "\u{2001}a"] {
            let once = prose(text, 99);
            assert_eq!(once.clone().and_then(|once| prose(&once, 99)), once);
        }
    }

    #[test]
    fn message_says_what_and_where() {
        assert_eq!(TextFault::Empty.to_string(), "is empty");
        assert_eq!(TextFault::TooLong { limit: 500 }.to_string(), "is longer than 500 characters");
        let fault = TextFault::NotACharacter { character: '\u{FFFD}', position: 12 };
        assert_eq!(fault.to_string(), "has the invalid character U+FFFD at character 12, which is not allowed");
    }
}
