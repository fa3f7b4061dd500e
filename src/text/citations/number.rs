//! The number of a cited document, and the symbol around it.

use super::kind::{abbreviation, kind_of};
use super::token::Tokens;
use crate::text::canonical_symbol;

/// A number with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The number.
    pub number: u32,
    /// The letter that belongs to it: `a` in `12a`.
    pub letter: String,
    /// The symbol, where all of it stands there.
    pub symbol: Option<String>,
    /// The kind that the symbol shows.
    pub kind: Option<&'static str>,
    /// The year behind a number without a symbol, `15/2020`.
    pub year: Option<i32>,
    /// Where it ends.
    pub end: usize,
}

/// What stands before a number, and so how sure it is that it is one of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// A kind and `số`.
    Named,
    /// A kind alone, with a capital.
    Kind,
    /// A kind alone, which here may be a common word, or a number before it in a list.
    Loose,
    /// A number before it in a list without spaces: `48,46,12`.
    Tight,
    /// Nothing: a symbol only.
    Nothing,
}

/// What numbers count that are not those of documents: the first syllable.
const COUNTED: &str = "nam thang ngay gio phut tuan quy ky ty trieu nghin ngan tram chuc dong nguoi lan phan tieu muc \
    nhiem giai noi diem nhom tinh xa huyen phuong dia don dai cap ha km m ca buoc loai vu mo tap hoi lop buoi trang usd \
    chi khau to cum doanh ho trung co dot cong thanh";

/// What may follow a number in a list, or one behind a kind in small letters.
const FOLLOWING: &str = "cua va ve khoa hoac gan cung voi do tai duoc da la trong den sau theo";

/// What follows a number without a space by mistake: `số 27của`.
const RUN_ON: &str = "cua ve ngay khoa";

fn is_one_of(words: &str, word: &str) -> bool {
    !word.is_empty() && words.split(' ').any(|of| of == word)
}

/// The number of a document here.
pub fn number_at(tokens: &Tokens, at: usize, before: Before) -> Option<Numbered> {
    let number = tokens.number(at, 6).filter(|number| *number > 0)?;
    let (letter, end) = letter_at(tokens, at + 1);
    let bare = Numbered { number, letter, symbol: None, kind: None, year: None, end };
    if let Some(symbol) = symbol_from(tokens, at, end, before) {
        return Some(Numbered { symbol: symbol.text, kind: symbol.kind, end: symbol.end, ..bare });
    }
    let is_number = before != Before::Nothing && !is_run_on(tokens, end) && !is_part(tokens, end, before);
    match before {
        Before::Named if is_number => Some(with_year(tokens, bare)),
        Before::Kind if is_number && !is_counting(tokens, at, end) => Some(bare),
        Before::Loose | Before::Tight if is_number && !is_counting(tokens, at, end) && is_followed(tokens, end) => {
            Some(bare)
        }
        _ => None,
    }
}

/// The letter of a number, `12a`, and where it ends.
fn letter_at(tokens: &Tokens, at: usize) -> (String, usize) {
    let word = tokens.word(at);
    if tokens.is_glued(at) && matches!(word, "a" | "b" | "c" | "d" | "e" | "bis") && !tokens.is_capitalized(at) {
        return (tokens.text(at, at + 1), at + 1);
    }
    (String::new(), at)
}

/// Whether letters follow at once that belong neither to a number nor behind it: `24h`.
fn is_run_on(tokens: &Tokens, end: usize) -> bool {
    tokens.is_glued(end) && !tokens.word(end).is_empty() && !is_one_of(RUN_ON, tokens.word(end))
}

/// Whether the digits are part of a larger number, a date, a span or a share: `1.315`, `98,3%`, `22/10/2010`.
fn is_part(tokens: &Tokens, end: usize, before: Before) -> bool {
    let glued = tokens.is_glued(end);
    let may_be_list = matches!(before, Before::Named | Before::Tight);
    let digits_follow = glued && tokens.is_glued(end + 1) && !tokens.digits(end + 1).is_empty();
    match tokens.mark(end) {
        Some('%') => true,
        // A list may have no spaces: "số 48,46,12".
        Some(',') => digits_follow && (!may_be_list || tokens.mark(end + 2) == Some('%')),
        Some('/') => digits_follow && (before != Before::Named || year_at(tokens, end + 1).is_none()),
        Some('.' | '-' | ':') => digits_follow,
        _ => false,
    }
}

/// Whether a number without `số` counts something, or is a year.
fn is_counting(tokens: &Tokens, at: usize, end: usize) -> bool {
    let follows = !tokens.is_on_new_line(end) && is_one_of(COUNTED, tokens.word(end));
    (follows && !is_date(tokens, end)) || year_at(tokens, at).is_some()
}

/// Whether what follows a number is what follows a citation.
fn is_followed(tokens: &Tokens, end: usize) -> bool {
    let is_apart = tokens.is_on_new_line(end) || tokens.mark(end).is_some();
    is_apart || is_date(tokens, end) || is_one_of(FOLLOWING, tokens.word(end))
}

/// Whether a date follows, and no count: `Nghị định 30 năm 2020` is one, `kế hoạch 5 năm 2021 - 2025` is not.
fn is_date(tokens: &Tokens, end: usize) -> bool {
    let is_of_year = year_at(tokens, end + 1).is_some() && tokens.mark(end + 2) != Some('-');
    match tokens.word(end) {
        "ngay" => !tokens.digits(end + 1).is_empty(),
        "nam" => is_of_year,
        _ => false,
    }
}

/// A year that documents are of.
pub fn year_at(tokens: &Tokens, at: usize) -> Option<i32> {
    let digits = tokens.digits(at);
    let year: i32 = digits.parse().ok()?;
    (digits.len() == 4 && (1930..=2199).contains(&year)).then_some(year)
}

fn with_year(tokens: &Tokens, bare: Numbered) -> Numbered {
    let year = (tokens.mark(bare.end) == Some('/')).then(|| year_at(tokens, bare.end + 1)).flatten();
    let end = if year.is_some() { bare.end + 2 } else { bare.end };
    Numbered { year, end, ..bare }
}

/// A symbol in a text.
struct Symbol {
    /// The symbol in its usual spelling; none where only the kind stands behind the number, `48-CT`.
    text: Option<String>,
    kind: Option<&'static str>,
    end: usize,
}

/// The symbol of which the number stands at `at` and ends before `from`.
fn symbol_from(tokens: &Tokens, at: usize, from: usize, before: Before) -> Option<Symbol> {
    let (separator, mut end) = separator_at(tokens, from)?;
    let number = tokens.text(at, from);
    let year = year_at(tokens, end).filter(|_| separator == '/' && tokens.mark(end + 1) == Some('/'));
    if year.is_some() {
        end += 2;
    }
    let (word, after) = word_at(tokens, end)?;
    let usual = abbreviation(&word);
    let is_tight = tokens.is_glued(from) && tokens.is_glued(from + 1);
    if usual.is_none() && (!is_tight || capitals(&word) < 2) {
        return None;
    }
    let (rest, after, more) = issuers_at(tokens, after, capitals(&word) == 0);
    let kind_is_named = before != Before::Nothing;
    let is_whole = match (usual.is_some(), more) {
        (true, 0) => year.is_some(),
        (true, _) => true,
        (false, 0) => year.is_some() || (kind_is_named && separator == '/'),
        (false, _) => separator == '/' || rest.starts_with('/'),
    };
    let year_shown = year.map_or(String::new(), |year| format!("{year}/"));
    let symbol = canonical_symbol(&format!("{number}{separator}{year_shown}{}{rest}", usual.unwrap_or(&word)));
    if is_whole {
        return Some(Symbol { kind: kind_of(&symbol), text: Some(symbol), end: after });
    }
    // "Chỉ thị số 48-CT": the kind, and no issuer.
    (usual.is_some() && kind_is_named && more == 0).then_some(Symbol { text: None, kind: None, end: after })
}

/// What stands between a number and the rest of its symbol, and where that begins. Some write a space, or nothing:
/// `05 CT/TW`, `28NQ/TW`.
fn separator_at(tokens: &Tokens, at: usize) -> Option<(char, usize)> {
    if tokens.is_on_new_line(at) {
        return None;
    }
    match tokens.mark(at) {
        Some(separator @ ('-' | '/')) => Some((separator, at + 1)),
        None if tokens.is_capitalized(at) && tokens.mark(at + 1) == Some('/') && tokens.is_glued(at + 1) => {
            abbreviation(&tokens.text(at, at + 1)).map(|_| ('-', at))
        }
        _ => None,
    }
}

/// The issuers behind the kind in a symbol, with their separators, where they end, and how many they are. They have
/// capitals, unless all of the symbol is in small letters.
fn issuers_at(tokens: &Tokens, mut at: usize, in_small_letters: bool) -> (String, usize, usize) {
    let (mut text, mut count) = (String::new(), 0);
    while let Some(separator @ ('-' | '/')) = tokens.mark(at) {
        let is_tight = tokens.is_glued(at) && tokens.is_glued(at + 1);
        let may_be_spaced = separator == '/' && count == 0;
        let Some((word, end)) = word_at(tokens, at + 1) else { break };
        if !(is_tight || may_be_spaced) || tokens.is_on_new_line(at + 1) || !(in_small_letters || capitals(&word) > 0) {
            break;
        }
        text.push(separator);
        text.push_str(&word);
        (at, count) = (end, count + 1);
    }
    (text, at, count)
}

/// A word of a symbol, `BTTTT`, `QH15`, `T.Ư`, and where it ends.
fn word_at(tokens: &Tokens, at: usize) -> Option<(String, usize)> {
    let first = tokens.word(at);
    if first.is_empty() {
        return None;
    }
    if first == "t" && tokens.mark(at + 1) == Some('.') && matches!(tokens.word(at + 2), "u" | "w") {
        return Some((format!("T.{}", tokens.text(at + 2, at + 3).to_uppercase()), at + 3));
    }
    let mut end = at + 1;
    while tokens.is_glued(end) && tokens.mark(end).is_none() {
        end += 1;
    }
    Some((tokens.text(at, end), end))
}

fn capitals(word: &str) -> usize {
    word.chars().filter(|character| character.is_uppercase()).count()
}

/// The symbol of a document here, without a kind before it.
pub fn symbol_at(tokens: &Tokens, at: usize) -> Option<Numbered> {
    let before = at.checked_sub(1);
    let is_inside = before.is_some_and(|before| {
        let is_in_number = matches!(tokens.mark(before), Some('.' | ','))
            && before
                .checked_sub(1)
                .is_some_and(|earlier| !tokens.digits(earlier).is_empty() && tokens.is_glued(before));
        let is_in_word = !tokens.word(before).is_empty() && tokens.word(before) != "so";
        tokens.is_glued(at) && (is_in_number || is_in_word || matches!(tokens.mark(before), Some('-' | '/')))
    });
    if is_inside { None } else { number_at(tokens, at, Before::Nothing) }
}
