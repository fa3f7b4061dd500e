//! The search key of a document's symbol: one key for all the ways a symbol is typed.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::fold::{fold, is_invisible};

/// What may stand before the number in a query or a citation, as the beginning of a key.
pub(super) const LEADING_WORDS: &str = "so ban-ghi-nho ban-thoa-thuan bao-cao bien-ban chi-thi chien-luoc chuong-trinh \
    chuong-trinh-hanh-dong chuong-trinh-phoi-hop cong-dien cong-van de-an du-an \
    giay-gioi-thieu giay-moi giay-nghi-phep giay-uy-quyen hop-dong huong-dan ke-hoach ket-luan \
    luat nghi-dinh nghi-quyet nghi-quyet-lien-tich phap-lenh phieu-bao phieu-chuyen phieu-gui \
    phuong-an quy-che quy-dinh quy-hoach quyet-dinh thong-bao thong-bao-ket-luan thong-cao \
    thong-tri thong-tu thong-tu-lien-tich to-trinh tuyen-bo van-ban-hop-nhat";

/// Returns the search key of a document's symbol, the same for every spelling of it: `48-ct-tw`, `30-2020-nd-cp`.
///
/// The parts are parted wherever a letter meets a digit or anything else; leading zeros, case, marks and a leading "Chỉ
/// thị số" are dropped; TƯ, T.Ư and T.W are TW, while TU (Tỉnh ủy) is not. The keys of a stored symbol's first parts
/// are prefixes of its key, so that `48 CT` finds it too: search by range on the key followed by `-`.
///
/// đ is folded to d, so that `30/2020/ND-CP`, typed without Vietnamese keys, finds `30/2020/NĐ-CP`. The price is that
/// HĐ (hợp đồng) and HD (hướng dẫn) share a key: a search for either returns both candidates.
///
/// ```
/// use directive_tracker::text::fold_symbol;
///
/// assert_eq!(fold_symbol("48-CT/TW"), "48-ct-tw");
/// assert_eq!(fold_symbol("Chỉ thị số 48/CT-T.Ư"), "48-ct-tw");
/// assert_eq!(fold_symbol("09-CT/TW"), fold_symbol("9-CT/TW"));
/// assert_eq!(fold_symbol("202/2025/QH15"), "202-2025-qh-15");
/// ```
#[must_use]
pub fn fold_symbol(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for part in parts(text) {
        // "Thông tư" is the one type of document with that syllable.
        let is_tw = part.contains("tư") && !(part == "tư" && key == "thong");
        let folded = if is_tw { fold(&part.replace("tư", "tw")) } else { fold(&part) };
        let after_t = key == "t" || key.ends_with("-t");
        if after_t && (part == "ư" || folded == "w") {
            // "T. Ư": the space has parted what belongs together.
            key.push('w');
            continue;
        }
        if !key.is_empty() {
            key.push('-');
        }
        key.push_str(&folded);
    }
    without_leading_words(&key).to_owned()
}

/// The runs of letters and of digits in a text, in lower case; a dot inside an abbreviation does not end a run.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let visible = text.chars().filter(|character| !is_invisible(*character));
    for character in visible.nfc().flat_map(char::to_lowercase) {
        let in_number = part.ends_with(|last: char| last.is_ascii_digit());
        let is_dot_in_word = character == '.' && !part.is_empty() && !in_number;
        if is_dot_in_word || is_combining_mark(character) {
            continue;
        }
        if !character.is_alphanumeric() || in_number != character.is_ascii_digit() {
            parts.push(std::mem::take(&mut part));
        }
        if character.is_alphanumeric() {
            part.push(character);
        }
    }
    parts.push(part);
    parts.iter().map(|part| without_leading_zeros(part)).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn without_leading_zeros(part: &str) -> &str {
    match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0",
        rest => rest,
    }
}

/// Drops type words and "số" as long as something follows; of two that fit, the longer.
fn without_leading_words(mut key: &str) -> &str {
    while let Some(rest) = LEADING_WORDS
        .split(' ')
        .filter_map(|word| key.strip_prefix(word)?.strip_prefix('-'))
        .min_by_key(|rest| rest.len())
    {
        key = rest;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::super::symbol::{canonical_symbol, tests::SPELLINGS};
    use super::*;

    #[test]
    fn every_spelling_has_one_key() {
        for (spelling, symbol, key) in SPELLINGS {
            let decomposed: String = spelling.nfd().collect();
            let (lower, upper) = (spelling.to_lowercase(), spelling.to_uppercase());
            for text in [spelling, symbol, key, decomposed.as_str(), &lower, &upper] {
                assert_eq!(fold_symbol(text), *key, "{text}");
            }
        }
    }

    #[test]
    fn key_needs_no_separators() {
        assert_eq!(fold_symbol("48 CT TW"), "48-ct-tw");
        assert_eq!(fold_symbol("48ct/tw"), "48-ct-tw");
        assert_eq!(fold_symbol("202 2025 QH 15"), "202-2025-qh-15");
    }

    #[test]
    fn leading_type_word_is_not_part_of_the_key() {
        for (query, key) in [
            ("Chỉ thị số 48-CT/TW", "48-ct-tw"),
            ("Số: 48-CT/TW", "48-ct-tw"),
            ("chi thi 48", "48"),
            ("Nghị Quyết số 72-NQ-TW", "72-nq-tw"),
            ("Chương trình phối hợp số 09/CTr-BCA-MTTW", "9-ctr-bca-mttw"),
            ("Thông tư 01/2022/TT-BTTTT", "1-2022-tt-btttt"),
            ("thong tu lien tich so 5", "5"),
            ("Nghị quyết NQ-ĐH-XII", "nq-dh-xii"),
            ("Chỉ thị", "chi-thi"),
            ("Thông tư", "thong-tu"),
            ("số", "so"),
        ] {
            assert_eq!(fold_symbol(query), key, "{query}");
        }
    }

    #[test]
    fn provincial_committee_is_not_the_centre() {
        assert_ne!(fold_symbol("05-CT/TU"), fold_symbol("05-CT/TƯ"));
        assert_eq!(fold_symbol("05-CT/T.U"), fold_symbol("05-CT/TU"));
    }

    #[test]
    fn contract_and_guidance_share_a_key() {
        assert_eq!(fold_symbol("05/HĐ-VPCP"), fold_symbol("05/HD-VPCP"));
    }

    #[test]
    fn key_is_stable_whatever_the_character() {
        for character in '\0'..='\u{33FF}' {
            let text = format!("{character}9{character}T.{character}Ư -{character}/a");
            let (symbol, key) = (canonical_symbol(&text), fold_symbol(&text));
            assert_eq!(fold_symbol(&symbol), key, "U+{:04X}", u32::from(character));
            assert_eq!(fold_symbol(&key), key, "U+{:04X}", u32::from(character));
            assert_eq!(canonical_symbol(&symbol), symbol, "U+{:04X}", u32::from(character));
        }
    }
}
