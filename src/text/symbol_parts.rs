//! What a document's symbol says: its number, the letter that belongs to it, its year, its type and its issuers.

/// The parts of a symbol that is well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymbolParts<'a> {
    /// The number, from 1.
    pub number: u32,
    /// The letter that belongs to the number, in lower case, as in `12a-NQ/TW`; else empty.
    pub letter: String,
    /// The year that a legal document of the State shows.
    pub year: Option<i32>,
    /// What follows, in its order: the type, the issuers, the drafting unit. Laws show no type, `202/2025/QH15`, nor do
    /// official letters of the State, `267/VPCP-TTĐT`.
    pub words: Vec<&'a str>,
}

/// Reads a symbol in the form in which it is stored; `None` if it has neither the Party's form, number-TYPE/ISSUER, nor
/// one of the State's, number/TYPE-ISSUER and number/year/TYPE-ISSUER.
///
/// ```
/// use directive_tracker::text::read_symbol;
///
/// let parts = read_symbol("12a-NQ/TW").unwrap();
/// assert_eq!((parts.number, parts.letter.as_str(), parts.year), (12, "a", None));
/// assert_eq!(parts.words, ["NQ", "TW"]);
/// assert_eq!(read_symbol("30/2020/NĐ-CP").and_then(|parts| parts.year), Some(2020));
/// assert_eq!(read_symbol("NQ-ĐH-XII"), None);
/// ```
#[must_use]
pub fn read_symbol(symbol: &str) -> Option<SymbolParts<'_>> {
    let (head, rest) = symbol.split_once(['-', '/'])?;
    let letters = head.trim_start_matches(|character: char| character.is_ascii_digit());
    let number: u32 = head.strip_suffix(letters)?.parse().ok().filter(|number| *number > 0)?;
    let one = letters.chars().count() <= 1;
    let is_letter = letters.chars().all(|letter| letter.is_lowercase() || (one && letter.is_alphabetic()));
    let is_party = symbol.strip_prefix(head)?.starts_with('-');
    let (year, words) = if is_party {
        let (kind, issuers) = rest.split_once('/')?;
        (None, std::iter::once(kind).chain(issuers.split('-')).collect::<Vec<_>>())
    } else {
        let year = rest.split_once('/').and_then(|(year, rest)| Some((year_of(year)?, rest)));
        let words = year.map_or(rest, |(_, rest)| rest).split('-').collect();
        (year.map(|(year, _)| year), words)
    };
    let is_word = |word: &&str| word.chars().all(char::is_alphanumeric) && word.chars().any(char::is_alphabetic);
    let well_formed = is_letter && words.iter().all(is_word);
    well_formed.then(|| SymbolParts { number, letter: letters.to_lowercase(), year, words })
}

fn year_of(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year| text.len() == 4 && (1900..=2199).contains(year))
}

#[cfg(test)]
mod tests {
    use super::super::symbol::canonical_symbol;
    use super::*;

    #[test]
    fn symbols_of_every_form_are_read() {
        for (symbol, number, letter, year, words) in [
            ("32-KL/TW", 32, "", None, "KL TW"),
            ("12a-NQ/TW", 12, "a", None, "NQ TW"),
            ("12A-NQ/TW", 12, "a", None, "NQ TW"),
            ("12bis-NQ/TW", 12, "bis", None, "NQ TW"),
            ("08-QĐi/TW", 8, "", None, "QĐi TW"),
            ("38-CTr/BDVTW-BCA", 38, "", None, "CTr BDVTW BCA"),
            ("01/CT-TTg", 1, "", None, "CT TTg"),
            ("03/CT-BCA-X11", 3, "", None, "CT BCA X11"),
            ("267/VPCP-TTĐT", 267, "", None, "VPCP TTĐT"),
            ("30/2020/NĐ-CP", 30, "", Some(2020), "NĐ CP"),
            ("202/2025/QH15", 202, "", Some(2025), "QH15"),
        ] {
            let parts = read_symbol(symbol).unwrap();
            assert_eq!((parts.number, parts.letter.as_str(), parts.year), (number, letter, year), "{symbol}");
            assert_eq!(parts.words.join(" "), words, "{symbol}");
        }
    }

    #[test]
    fn what_has_no_form_of_a_symbol_is_not_read() {
        for symbol in [
            "",
            "-",
            "48",
            "48-CT",
            "0-CT/TW",
            "NQ-ĐH-XII",
            "28NQ/TW",
            "48 CT TW",
            "5/7/2018",
            "48-/TW",
            "48-CT/",
            "a-b/c",
        ] {
            assert_eq!(read_symbol(symbol), None, "{symbol}");
        }
    }

    #[test]
    fn no_character_makes_reading_panic() {
        for character in '\0'..='\u{33FF}' {
            let text = format!("{character}9{character}-{character}T{character}/{character}a");
            let _ = (read_symbol(&text), read_symbol(&canonical_symbol(&text)));
        }
    }
}
