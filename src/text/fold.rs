//! Folding: the form in which two spellings of the same Vietnamese text are equal.
//!
//! Marks are dropped from the decomposed text, so it does not matter whether the text came composed (NFC) or decomposed
//! (NFD, as from macOS), nor over which vowel a tone is written: hòa and hoà, which stay different under every Unicode
//! normalization, both become `hoa`. No table of syllables is needed for that.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Returns the text in Unicode Normalization Form C, the form in which all text is stored.
///
/// Text that already is in that form, which is nearly all, is copied without being normalized again.
///
/// ```
/// use directive_tracker::text::nfc;
///
/// assert_eq!(nfc("Tie\u{302}\u{300}n Giang"), "Tiền Giang");
/// ```
#[must_use]
pub fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Returns the text as it is compared in a search: lower case, without marks, đ as d, words parted by one space.
///
/// Characters that cannot be seen (zero-width space, soft hyphen, direction marks) are dropped rather than made a
/// space, so that one pasted into a word does not split it. Folding a folded text changes nothing.
///
/// ```
/// use directive_tracker::text::fold;
///
/// assert_eq!(fold("Tỉnh uỷ Hoà Bình"), fold("TỈNH ỦY HÒA BÌNH"));
/// assert_eq!(fold("Bà Rịa – Vũng Tàu"), "ba ria vung tau");
/// assert_eq!(fold("Điện Biên"), "dien bien");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut word_ended = false;
    each_small_letter(text, |character| {
        if is_combining_mark(character) {
            return;
        }
        if !character.is_alphanumeric() {
            word_ended = true;
            return;
        }
        if word_ended && !folded.is_empty() {
            folded.push(' ');
        }
        word_ended = false;
        folded.push(if is_d_with_stroke(character) { 'd' } else { character });
    });
    folded
}

/// Shows the characters of a text, decomposed (NFD) and in lower case, without what cannot be seen.
pub(super) fn each_small_letter(text: &str, mut show: impl FnMut(char)) {
    each_decomposed(text, |character| {
        if character.is_ascii() {
            show(character.to_ascii_lowercase());
        } else if !is_invisible(character) {
            character.to_lowercase().for_each(&mut show);
        }
    });
}

/// Shows the characters of a text in Unicode Normalization Form D. Only where marks stand by themselves may they have to
/// change places, so that nearly all text, which is composed, is taken apart letter by letter.
fn each_decomposed(text: &str, mut show: impl FnMut(char)) {
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let mut end = None;
        while let Some((at, mark)) = characters.next_if(|(_, next)| !next.is_ascii() && is_combining_mark(*next)) {
            end = Some(at.saturating_add(mark.len_utf8()));
        }
        match end {
            Some(end) => text.get(start..end).unwrap_or_default().nfd().for_each(&mut show),
            None if character.is_ascii() => show(character),
            None => decompose_canonical(character, &mut show),
        }
    }
}

/// Tells whether a lower-case character is đ or one of the two letters that stand for it in converted documents.
///
/// The capitals Ð (U+00D0, Icelandic) and Ɖ (U+0189, African) look exactly like Đ (U+0110), and converters from the
/// fonts of the 1990s left many of the former in official texts. đ has no Unicode decomposition, hence by hand.
pub(super) fn is_d_with_stroke(character: char) -> bool {
    matches!(character, 'đ' | 'ð' | 'ɖ')
}

/// Tells whether a character takes no room and carries no meaning in Vietnamese text.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::{UnicodeNormalization, each_decomposed, fold, nfc};

    const SPELLINGS: &[(&str, &str)] = &[
        ("", ""),
        (" – . ", ""),
        ("Đắk Lắk", "dak lak"),
        ("ĐẮK LẮK", "dak lak"),
        ("Thừa Thiên - Huế", "thua thien hue"),
        ("TP.HCM", "tp hcm"),
        ("“Điện Biên”; (khoá XI)", "dien bien khoa xi"),
        ("Ban Chấp hành Trung ương Đảng", "ban chap hanh trung uong dang"),
        ("98,3% của 1.315 đồng chí", "98 3 cua 1 315 dong chi"),
        ("Nguyễn Thị Bưởi", "nguyen thi buoi"),
        ("Ksor H’Bơ Khăp", "ksor h bo khap"),
    ];

    #[test]
    fn folded_text_has_no_marks_no_case_and_single_spaces() {
        for (text, folded) in SPELLINGS {
            assert_eq!(fold(text), *folded, "{text}");
        }
    }

    #[test]
    fn decomposed_text_folds_as_composed_text() {
        for (text, folded) in SPELLINGS {
            assert_eq!(fold(&text.nfd().collect::<String>()), *folded, "{text}");
        }
    }

    #[test]
    fn tone_position_does_not_matter() {
        for (new, old) in [("hòa", "hoà"), ("ủy", "uỷ"), ("khỏe", "khoẻ"), ("thúy", "thuý")] {
            assert_ne!(nfc(new), nfc(old));
            assert_eq!(fold(new), fold(old));
        }
    }

    #[test]
    fn every_letter_of_the_alphabet_folds_to_its_base_letter() {
        let letters = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ";
        let bases: String = [("a", 18), ("d", 1), ("e", 12), ("i", 6), ("o", 18), ("u", 12), ("y", 6)]
            .map(|(letter, times)| letter.repeat(times))
            .concat();
        assert_eq!(fold(letters), bases);
        assert_eq!(fold(&letters.to_uppercase()), bases);
    }

    #[test]
    fn letters_that_look_like_a_capital_d_with_stroke_fold_to_d() {
        assert_eq!(fold("\u{D0}\u{1EA3}ng"), "dang");
        assert_eq!(fold("\u{189}\u{1EA3}ng"), "dang");
    }

    #[test]
    fn invisible_characters_do_not_split_a_word() {
        assert_eq!(fold("Hò\u{200B}a \u{FEFF}Bì\u{AD}nh\u{200E}"), "hoa binh");
    }

    #[test]
    fn text_is_decomposed_as_unicode_says() {
        let decomposed = |text: &str| {
            let mut decomposed = String::new();
            each_decomposed(text, |character| decomposed.push(character));
            decomposed
        };
        let marks = ["", "\u{301}", "\u{323}\u{302}", "\u{302}\u{323}", "\u{31B}\u{323}\u{300}a\u{345}\u{323}"];
        for character in '\0'..='\u{D7FF}' {
            for marks in marks {
                let text = format!("{character}{marks}Ệ{character}");
                assert_eq!(decomposed(&text), text.nfd().collect::<String>(), "U+{:04X}", u32::from(character));
            }
        }
    }

    #[test]
    fn folding_twice_changes_nothing_whatever_the_character() {
        for character in '\0'..='\u{33FF}' {
            let folded = fold(&format!("Ư{character}B{character}\u{323}"));
            assert_eq!(fold(&folded), folded, "U+{:04X}", u32::from(character));
            assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "));
        }
    }

    #[test]
    fn composed_form_is_one_code_point_per_letter() {
        assert_eq!(nfc("u\u{31B}\u{323}").chars().count(), 1);
        assert_eq!(nfc("u\u{323}\u{31B}"), "ự");
        assert_eq!(nfc("Hà Nội"), "Hà Nội");
    }
}
