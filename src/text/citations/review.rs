//! After how many years a document is reviewed, in the words before it or behind it.

use super::kind::is_of_kind;
use super::token::Tokens;

/// What stands between the years and the document: `5 năm thực hiện Chỉ thị số 46`.
const BETWEEN: &str =
    "thuc hien trien khai thi hanh viec ket qua cac to chuc quan triet hoc tap lam theo ban hanh noi dung";

/// How far back the years are looked for.
const FARTHEST: usize = 14;

const WORDS: &[(&str, u32)] = &[
    ("mot", 1),
    ("hai", 2),
    ("ba", 3),
    ("bon", 4),
    ("nam", 5),
    ("sau", 6),
    ("bay", 7),
    ("tam", 8),
    ("chin", 9),
    ("muoi", 10),
];

/// The years that a review before this citation covers: `tổng kết 10 năm thực hiện`.
pub fn years_before(tokens: &Tokens, at: usize) -> Option<u32> {
    let mut place = at.checked_sub(1)?;
    let farthest = at.saturating_sub(FARTHEST);
    let is_between = |word: &str| BETWEEN.split(' ').any(|of| of == word) || is_of_kind(word);
    while place > farthest {
        if tokens.mark(place) == Some(')') {
            // "10 năm (2010 - 2020) thực hiện"
            place = (farthest..place).rev().find(|earlier| tokens.mark(*earlier) == Some('('))?;
        } else if tokens.word(place) == "nam" {
            return years_at(tokens, place - 1);
        } else if !is_between(tokens.word(place)) {
            return None;
        }
        place = place.checked_sub(1)?;
    }
    None
}

/// The years behind a citation: `Chỉ thị số 48 sau 10 năm`.
pub fn years_behind(tokens: &Tokens, at: usize) -> Option<u32> {
    let is_told = matches!(tokens.word(at), "sau" | "qua") && tokens.word(at + 2) == "nam";
    if is_told { years_at(tokens, at + 1) } else { None }
}

/// A number of years, not one of a date: `tháng 3 năm`.
fn years_at(tokens: &Tokens, at: usize) -> Option<u32> {
    let is_of_date = at.checked_sub(1).is_some_and(|before| {
        tokens.word(before) == "thang"
            || (tokens.is_glued(at) && matches!(tokens.mark(before), Some('/' | '-' | '.' | ',')))
    });
    let word = tokens.word(at);
    let named = WORDS.iter().find(|(named, _)| *named == word).map(|(_, years)| *years);
    tokens.number(at, 3).or(named).filter(|years| !is_of_date && (1..=100).contains(years))
}
