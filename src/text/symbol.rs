//! The number and symbol of a document (số và ký hiệu): how it is written, stored and found.
//!
//! The Party writes number-TYPE/ISSUER, `48-CT/TW`; the State number/TYPE-ISSUER, `01/CT-TTg`, or for legal documents
//! number/year/TYPE-ISSUER, `30/2020/NĐ-CP` (Nghị định 30/2020/NĐ-CP). Newspapers mix the two and add spaces and dots.
//! A symbol alone does not identify a document: `28-NQ/TW` is five resolutions of five terms. Its search key is in
//! `symbol_key.rs`.

use unicode_normalization::UnicodeNormalization;

use super::fold::is_invisible;

/// The spellings of TW (Trung ương) that newspapers use; each is rewritten in a stored symbol.
const SPELLINGS_OF_TW: &[&str] = &["T. Ư", "T.Ư", "T.ư", "t.ư", "TƯ", "T. W", "T.W", "t.w"];

/// How the parts of a symbol are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberingStyle {
    /// A Party document, numbered by type within a committee's term: `05-CT/TU`.
    Party,
    /// An administrative document of the State, numbered within a calendar year that is not shown: `01/CT-TTg`.
    StateAdministrative,
    /// A legal document of the State, which shows its year: `30/2020/NĐ-CP`.
    StateLegal {
        /// The calendar year of the number, such as 2020.
        year: i32,
    },
}

/// Returns a document's symbol as it is stored, with the accidents of typing removed: `9 – CT/T.Ư` becomes `09-CT/TW`.
///
/// The text is put in NFC; characters that cannot be seen and spaces round - and / go; every dash is a hyphen; TƯ, T.Ư
/// and T.W are TW. In the Party's form a number under 10 takes its zero. `18/NQ-TW` and `72-NQ-TW` become `18-NQ/TW`
/// and `72-NQ/TW`, for TW and TU are Party bodies only. Anything else, such as the forms of the State, stays as it is.
///
/// ```
/// use directive_tracker::text::canonical_symbol;
///
/// assert_eq!(canonical_symbol("12- KL/TW"), "12-KL/TW");
/// assert_eq!(canonical_symbol("48/CT-T.Ư"), "48-CT/TW");
/// assert_eq!(canonical_symbol("01/CT-TTg"), "01/CT-TTg");
/// ```
#[must_use]
pub fn canonical_symbol(text: &str) -> String {
    let symbol = tidy(text);
    party_form(&symbol).unwrap_or(symbol)
}

/// The text in NFC with plain dashes and slashes, no space round them, and TW in its one spelling.
pub(super) fn tidy(text: &str) -> String {
    let composed: String = text.chars().filter(|character| !is_invisible(*character)).map(plain).nfc().collect();
    let mut symbol = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    for (spaced, tight) in [(" -", "-"), ("- ", "-"), (" /", "/"), ("/ ", "/")] {
        symbol = symbol.replace(spaced, tight);
    }
    for spelling in SPELLINGS_OF_TW {
        symbol = symbol.replace(spelling, "TW");
    }
    symbol
}

/// The plain character for one that only looks different: dashes, slashes, and the Icelandic Ð often found for Đ.
fn plain(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{2044}' | '\u{2215}' | '\u{FF0F}' => '/',
        '\u{D0}' | '\u{189}' => 'Đ',
        other => other,
    }
}

/// The symbol in the Party's form, if it is one: number-TYPE/ISSUER, or with other separators where TW or TU issues.
fn party_form(symbol: &str) -> Option<String> {
    let separators = ['-', '/'];
    let (number, rest) = symbol.split_once(separators)?;
    let (kind, issuer) = rest.split_once(separators)?;
    let digits = number.trim_end_matches(char::is_alphabetic);
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit());
    let is_kind = !kind.is_empty() && kind.chars().all(char::is_alphabetic);
    let is_party = matches!(issuer, "TW" | "TU") || symbol == format!("{number}-{kind}/{issuer}");
    let zero = if digits.len() == 1 { "0" } else { "" };
    (is_number && is_kind && is_party && !issuer.is_empty()).then(|| format!("{zero}{number}-{kind}/{issuer}"))
}

/// The parts that are there, with hyphens between them.
fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Returns the symbol made of its parts, in the form of the numbering system, the number with at least two digits.
///
/// A suffix of small letters, or of one letter, belongs to the number (`12a-NQ/TW`); any other is the drafting unit and
/// goes last (`03/CT-BCA-X11`), unless it is a series of its own, which stands for the type (`08-QĐi/TW`). Without a type, as in laws and official letters of the State, its separator goes too.
///
/// ```
/// use directive_tracker::text::{NumberingStyle, compose_symbol};
///
/// assert_eq!(compose_symbol(NumberingStyle::Party, 5, "", "CT", "TU"), "05-CT/TU");
/// assert_eq!(compose_symbol(NumberingStyle::StateAdministrative, 3, "X11", "CT", "BCA"), "03/CT-BCA-X11");
/// assert_eq!(compose_symbol(NumberingStyle::StateLegal { year: 2020 }, 30, "", "NĐ", "CP"), "30/2020/NĐ-CP");
/// assert_eq!(compose_symbol(NumberingStyle::StateLegal { year: 2025 }, 202, "", "", "QH15"), "202/2025/QH15");
/// ```
#[must_use]
pub fn compose_symbol(
    system: NumberingStyle,
    number: u32,
    suffix: &str,
    type_symbol: &str,
    issuer_symbol: &str,
) -> String {
    let is_letter = suffix.chars().count() == 1 || suffix.chars().all(char::is_lowercase);
    let is_series = !type_symbol.is_empty() && suffix.strip_prefix(type_symbol).is_some_and(|rest| !rest.is_empty());
    let (letter, type_symbol, unit) = match suffix {
        letter if is_letter => (letter, type_symbol, ""),
        series if is_series => ("", series, ""),
        unit => ("", type_symbol, unit),
    };
    match system {
        NumberingStyle::Party => {
            let number = joined(&[&format!("{number:02}{letter}"), type_symbol]);
            format!("{number}/{}", joined(&[issuer_symbol, unit]))
        }
        NumberingStyle::StateAdministrative => {
            format!("{number:02}{letter}/{}", joined(&[type_symbol, issuer_symbol, unit]))
        }
        NumberingStyle::StateLegal { year } => {
            format!("{number:02}{letter}/{year}/{}", joined(&[type_symbol, issuer_symbol, unit]))
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Spellings met in documents and newspapers, the stored symbol and its key.
    pub(in super::super) const SPELLINGS: &[(&str, &str, &str)] = &[
        ("48-CT/TW", "48-CT/TW", "48-ct-tw"),
        ("48/CT-T.Ư", "48-CT/TW", "48-ct-tw"),
        ("48-CT/T.Ư", "48-CT/TW", "48-ct-tw"),
        ("48-CT/T. Ư", "48-CT/TW", "48-ct-tw"),
        ("48-CT/T.W", "48-CT/TW", "48-ct-tw"),
        ("48-CT/TƯ", "48-CT/TW", "48-ct-tw"),
        ("48 - CT/TW", "48-CT/TW", "48-ct-tw"),
        ("48 – CT / TW", "48-CT/TW", "48-ct-tw"),
        (" 48\u{2011}CT\u{2044}TW\u{A0}", "48-CT/TW", "48-ct-tw"),
        ("48\u{200B}-CT/\u{FEFF}TW", "48-CT/TW", "48-ct-tw"),
        ("18/NQ-TW", "18-NQ/TW", "18-nq-tw"),
        ("72-NQ-TW", "72-NQ/TW", "72-nq-tw"),
        ("12- KL/TW", "12-KL/TW", "12-kl-tw"),
        ("100 - KL/TW", "100-KL/TW", "100-kl-tw"),
        ("9-CT/TW", "09-CT/TW", "9-ct-tw"),
        ("9/CT-TU", "09-CT/TU", "9-ct-tu"),
        ("09-CT/TW", "09-CT/TW", "9-ct-tw"),
        ("12a-NQ/TW", "12a-NQ/TW", "12-a-nq-tw"),
        ("25-KH/TU", "25-KH/TU", "25-kh-tu"),
        ("08-QĐi/TW", "08-QĐi/TW", "8-qdi-tw"),
        ("02-QC/BCĐTW", "02-QC/BCĐTW", "2-qc-bcdtw"),
        ("12-CV/VPTƯ", "12-CV/VPTW", "12-cv-vptw"),
        ("38-CTr/BDVTW-BCA", "38-CTr/BDVTW-BCA", "38-ctr-bdvtw-bca"),
        ("367-QĐ/TWĐTN-VP", "367-QĐ/TWĐTN-VP", "367-qd-twdtn-vp"),
        ("11977-CV/VPTW", "11977-CV/VPTW", "11977-cv-vptw"),
        ("NQ-ĐH-XII", "NQ-ĐH-XII", "nq-dh-xii"),
        ("1/CT-TTg", "1/CT-TTg", "1-ct-ttg"),
        ("01/CT-TTg", "01/CT-TTg", "1-ct-ttg"),
        ("88/NQ-CP", "88/NQ-CP", "88-nq-cp"),
        ("2888/KH-UBND", "2888/KH-UBND", "2888-kh-ubnd"),
        ("2803/BTTTT-THH", "2803/BTTTT-THH", "2803-btttt-thh"),
        ("03/CT-BCA-X11", "03/CT-BCA-X11", "3-ct-bca-x-11"),
        ("22/CTrĐUCA-V28", "22/CTrĐUCA-V28", "22-ctrduca-v-28"),
        ("09/CTr-BCA-MTTW", "09/CTr-BCA-MTTW", "9-ctr-bca-mttw"),
        ("30/2020/NĐ-CP", "30/2020/NĐ-CP", "30-2020-nd-cp"),
        ("30/2020/N\u{D0}-CP", "30/2020/NĐ-CP", "30-2020-nd-cp"),
        ("30/2020/ND-CP", "30/2020/ND-CP", "30-2020-nd-cp"),
        ("202/2025/QH15", "202/2025/QH15", "202-2025-qh-15"),
        ("", "", ""),
        (" \u{200B}", "", ""),
    ];

    #[test]
    fn every_spelling_is_stored_alike() {
        for (spelling, symbol, _) in SPELLINGS {
            let decomposed: String = spelling.nfd().collect();
            for text in [spelling, symbol, decomposed.as_str()] {
                assert_eq!(canonical_symbol(text), *symbol, "{text}");
            }
        }
    }

    #[test]
    fn symbol_is_composed_from_its_parts() {
        use NumberingStyle::{Party, StateAdministrative, StateLegal};
        let legal = StateLegal { year: 2026 };
        for (system, number, suffix, kind, issuer, symbol) in [
            (Party, 5, "", "CT", "TU", "05-CT/TU"),
            (Party, 12, "a", "NQ", "TW", "12a-NQ/TW"),
            (Party, 8, "QĐi", "QĐ", "TW", "08-QĐi/TW"),
            (Party, 367, "VP", "QĐ", "TWĐTN", "367-QĐ/TWĐTN-VP"),
            (Party, 7, "", "", "TU", "07/TU"),
            (StateAdministrative, 1, "", "CT", "TTg", "01/CT-TTg"),
            (StateAdministrative, 3, "X11", "CT", "BCA", "03/CT-BCA-X11"),
            (StateAdministrative, 267, "TTĐT", "", "VPCP", "267/VPCP-TTĐT"),
            (legal, 9, "", "NĐ", "CP", "09/2026/NĐ-CP"),
            (legal, 30, "", "", "QH16", "30/2026/QH16"),
        ] {
            let composed = compose_symbol(system, number, suffix, kind, issuer);
            assert_eq!(composed, symbol);
            assert_eq!(canonical_symbol(&composed), symbol);
        }
    }

    #[test]
    fn stored_symbol_is_stable_whatever_the_character() {
        for character in '\0'..='\u{33FF}' {
            let symbol = canonical_symbol(&format!("{character}9{character}T.{character}Ư -{character}/a"));
            assert_eq!(canonical_symbol(&symbol), symbol, "U+{:04X}", u32::from(character));
        }
    }
}
