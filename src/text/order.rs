//! Sorting by name in the order of a Vietnamese dictionary.
//!
//! Neither database knows that order without help: the code points put Đ after Z and ấ after y, and an ICU collation is
//! not there on `SQLite`. So the order is put into a key, once, when a record is written, and both databases compare
//! its bytes (`BINARY`, `COLLATE "C"`).
//!
//! How a key is made. A word is its letters, then `.` and its tone; words are parted by a space. The letters with a
//! quality mark are their base letter and `}` or `~`, both above `z`. Since space < `.` < digits < letters < `{` < `}`
//! < `~`, bytes compare as wanted: "Đà Nẵng" is `d}a.1 na}ng.3`, and plain "Kon Tum" is `kon tum`.

use std::fmt::Write;

use unicode_normalization::char::is_combining_mark;

use super::fold::{each_small_letter, is_d_with_stroke};

/// The longest key, in bytes: an index of PostgreSQL takes no more than 2,704 in a row, and names part long before.
const LONGEST: usize = 400;

/// Returns a key of printable ASCII, at most 400 bytes, whose byte order is the order of a Vietnamese dictionary.
///
/// Words are compared one after the other. Of two words the letters are compared first, by the alphabet a ă â b c d đ e
/// ê g h i k l m n o ô ơ p q r s t u ư v x y with f j w z in their Latin places; then the tone, in the order level,
/// huyền, hỏi, ngã, sắc, nặng. So "tuân thủ" stands before "tuần chay", as in a dictionary: the tone of the first word
/// outweighs the letters of the second. Case, punctuation and the place of the tone mark do not count, so two texts may
/// share a key: end the `ORDER BY` with the id. Digits come before letters, other scripts after z.
///
/// ```
/// use directive_tracker::text::sort_key;
///
/// assert_eq!(sort_key("Đà Nẵng"), "d}a.1 na}ng.3");
/// assert!(sort_key("Cà Mau") < sort_key("Đà Nẵng"));
/// assert!(sort_key("Bắc Giang") < sort_key("Bắc Kạn"));
/// assert!(sort_key("Hà") < sort_key("Hạ"));
/// ```
#[must_use]
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut word = Word::default();
    each_small_letter(text, |character| {
        if is_combining_mark(character) {
            word.push_mark(character);
        } else if character.is_alphanumeric() {
            word.push_letter(character);
        } else {
            word.finish(&mut key);
        }
    });
    word.finish(&mut key);
    key.truncate(key.floor_char_boundary(LONGEST));
    key
}

/// A word being read: what its letters weigh, its tones, and the letter that a following mark belongs to.
#[derive(Default)]
struct Word {
    letters: String,
    tones: String,
    last: char,
}

impl Word {
    fn push_letter(&mut self, letter: char) {
        self.last = letter;
        if letter.is_ascii() {
            self.letters.push(letter);
        } else if is_d_with_stroke(letter) {
            self.letters.push_str("d}");
        } else {
            // Writing to a string cannot fail.
            let _ = write!(self.letters, "{{{:06x}", u32::from(letter));
        }
    }

    /// Marks that Vietnamese does not use (ü, ç) weigh nothing.
    fn push_mark(&mut self, mark: char) {
        if self.letters.is_empty() {
            return;
        }
        match (self.last, mark) {
            ('a', '\u{306}') | ('e' | 'o', '\u{302}') | ('u', '\u{31B}') => self.letters.push('}'),
            ('a', '\u{302}') | ('o', '\u{31B}') => self.letters.push('~'),
            (_, '\u{300}') => self.tones.push('1'),
            (_, '\u{309}') => self.tones.push('2'),
            (_, '\u{303}') => self.tones.push('3'),
            (_, '\u{301}') => self.tones.push('4'),
            (_, '\u{323}') => self.tones.push('5'),
            _ => {}
        }
    }

    /// Appends the word to the key, if there is one, and begins the next.
    fn finish(&mut self, key: &mut String) {
        if self.letters.is_empty() {
            return;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&self.letters);
        if !self.tones.is_empty() {
            key.push('.');
            key.push_str(&self.tones);
        }
        self.letters.clear();
        self.tones.clear();
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::sort_key;

    /// Asserts that each text sorts strictly before the next.
    fn assert_ascending(texts: &[&str]) {
        for (before, after) in texts.iter().zip(texts.iter().skip(1)) {
            let keys = (sort_key(before), sort_key(after));
            assert!(keys.0 < keys.1, "{before} ({}) should be before {after} ({})", keys.0, keys.1);
        }
    }

    #[test]
    fn provinces_stand_in_vietnamese_order() {
        assert_ascending(&[
            "An Giang",
            "Bà Rịa - Vũng Tàu",
            "Bạc Liêu",
            "Bắc Giang",
            "Bắc Kạn",
            "Bắc Ninh",
            "Bến Tre",
            "Bình Dương",
            "Bình Định",
            "Bình Phước",
            "Bình Thuận",
            "Cà Mau",
            "Cao Bằng",
            "Cần Thơ",
            "Đà Nẵng",
            "Đắk Lắk",
            "Đắk Nông",
            "Điện Biên",
            "Đồng Nai",
            "Đồng Tháp",
            "Gia Lai",
            "Hà Giang",
            "Hà Nam",
            "Hà Nội",
            "Hà Tĩnh",
            "Hải Dương",
            "Hải Phòng",
            "Hậu Giang",
            "Hòa Bình",
            "Hồ Chí Minh",
            "Hưng Yên",
            "Khánh Hòa",
            "Kiên Giang",
            "Kon Tum",
            "Lai Châu",
            "Lạng Sơn",
            "Lào Cai",
            "Lâm Đồng",
            "Long An",
            "Nam Định",
            "Nghệ An",
            "Ninh Bình",
            "Phú Thọ",
            "Phú Yên",
            "Quảng Bình",
            "Quảng Nam",
            "Quảng Ngãi",
            "Quảng Ninh",
            "Quảng Trị",
            "Sóc Trăng",
            "Sơn La",
            "Tây Ninh",
            "Thái Bình",
            "Thanh Hóa",
            "Thừa Thiên Huế",
            "Tiền Giang",
            "Trà Vinh",
            "Tuyên Quang",
            "Vĩnh Long",
            "Yên Bái",
        ]);
    }

    #[test]
    fn people_stand_in_vietnamese_order() {
        assert_ascending(&[
            "Bùi Thị Minh Hoài",
            "Dương Văn An",
            "Đặng Thị Ngọc Thịnh",
            "Đỗ Văn Chiến",
            "Lê Hoài Trung",
            "Lê Minh Hưng",
            "Nguyễn Hòa Bình",
            "Nguyễn Phú Trọng",
            "Nguyễn Xuân Phúc",
            "Phạm Minh Chính",
            "Phan Đình Trạc",
            "Tô Lâm",
            "Trần Cẩm Tú",
            "Trương Thị Mai",
            "Võ Văn Thưởng",
            "Vũ Đức Đam",
        ]);
    }

    #[test]
    fn letters_stand_in_the_order_of_the_alphabet() {
        let alphabet = [
            "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "ô", "ơ",
            "p", "q", "r", "s", "t", "u", "ư", "v", "w", "x", "y", "z",
        ];
        assert_ascending(&alphabet);
        assert_ascending(&alphabet.map(str::to_uppercase).each_ref().map(String::as_str));
        assert_ascending(&["az", "ă", "ăz", "â", "âz", "b", "dy", "đ", "oy", "ô", "ôy", "ơ"]);
    }

    #[test]
    fn tones_count_only_between_words_of_the_same_letters() {
        assert_ascending(&["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mặ", "mâ"]);
        assert_ascending(&["Hà", "Hạ", "Hai", "Hài"]);
        assert_ascending(&["tuân thủ", "tuần chay"]);
    }

    #[test]
    fn shorter_text_stands_before_the_longer_one_it_begins() {
        assert_ascending(&["", "48", "Hà", "Hà Nam", "Hà Nội", "Hả", "Hai Bà Trưng", "Дон"]);
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let decomposed: String = "Thừa Thiên Huế".nfd().collect();
        assert_eq!(sort_key(&decomposed), sort_key("Thừa Thiên - Huế"));
        assert_eq!(sort_key("Khánh Hoà"), sort_key("KHÁNH HÒA"));
        assert_eq!(sort_key(" Ch\u{200B}ư Sê."), sort_key("Chư Sê"));
    }

    #[test]
    fn key_is_printable_ascii_whatever_the_character() {
        for character in '\0'..='\u{33FF}' {
            let key = sort_key(&format!("{character}ậ{character}"));
            assert!(key.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{key}");
        }
    }
}
