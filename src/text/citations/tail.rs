//! What follows the number of a cited document: its date, its body, its term and its title.

use super::kind::kind_at;
use super::number::year_at;
use super::token::Tokens;

/// A date in a citation, as far as it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CitedDate {
    /// The year; none in `ngày 15/5`.
    pub year: Option<i32>,
    /// The month, from 1 to 12.
    pub month: Option<u32>,
    /// The day of the month, from 1 to 31.
    pub day: Option<u32>,
}

/// What is said of a document behind its number.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    /// Its date.
    pub issued: Option<CitedDate>,
    /// Its body, in the words of the text.
    pub body: Option<String>,
    /// Its term, as `XI`.
    pub term: Option<String>,
    /// Where it ends.
    pub end: usize,
}

/// What follows a number, in any order, with or without commas and brackets.
pub fn tail_at(tokens: &Tokens, at: usize) -> Tail {
    let mut tail = Tail { end: at, ..Tail::default() };
    let mut is_open = false;
    loop {
        let is_apart = tokens.mark(tail.end) == Some(',');
        let mut next = tail.end + usize::from(is_apart);
        let opens = !is_open && tokens.mark(next) == Some('(');
        if opens {
            next += 1;
        }
        if tokens.is_on_new_line(next) || !tail.take(tokens, next, is_apart) {
            return tail;
        }
        is_open |= opens;
        if is_open && tokens.mark(tail.end) == Some(')') {
            tail.end += 1;
            is_open = false;
        }
    }
}

impl Tail {
    /// Takes what is said here, unless the like was said before. Behind a comma a year alone, or a body without `của`, begins
    /// something else: `Chỉ thị số 48, năm 2020 Tỉnh ủy ...`.
    fn take(&mut self, tokens: &Tokens, at: usize, is_apart: bool) -> bool {
        let is_date = |date: &CitedDate| self.issued.is_none() && !(is_apart && date.month.is_none());
        let is_said = matches!(tokens.word(at), "cua" | "do") || !is_apart;
        if let Some((date, end)) = date_at(tokens, at).filter(|(date, _)| is_date(date)) {
            (self.issued, self.end) = (Some(date), end);
        } else if let Some((term, end)) = term_at(tokens, at).filter(|_| self.term.is_none()) {
            (self.term, self.end) = (Some(term), end);
        } else if let Some((body, end)) = body_at(tokens, at).filter(|_| self.body.is_none() && is_said) {
            (self.body, self.end) = (Some(body), end);
        } else {
            return false;
        }
        true
    }
}

/// A date: `ngày 5/7/2018`, `22-10-2010`, `ngày 05 tháng 3 năm 2020`, `ngày 15/5`, `tháng 10/2010`, `năm 2013`. One whose
/// year has two digits is none: of which century it is, nobody knows.
pub fn date_at(tokens: &Tokens, at: usize) -> Option<(CitedDate, usize)> {
    let at = if tokens.has_words(at, "ban hanh") { at + 2 } else { at };
    if tokens.word(at) == "nam" {
        let year = year_at(tokens, at + 1)?;
        return Some((CitedDate { year: Some(year), ..CitedDate::default() }, at + 2));
    }
    if tokens.word(at) == "thang" {
        let (month, end) = (number_in(tokens, at + 1, 12)?, at + 2);
        let year = year_at(tokens, end + 1).filter(|_| is_before_year(tokens, end))?;
        return Some((CitedDate { year: Some(year), month: Some(month), day: None }, end + 2));
    }
    let is_named = tokens.word(at) == "ngay";
    let first = if is_named { at + 1 } else { at };
    let (day, between) = (number_in(tokens, first, 31)?, first + 1);
    let is_parted = matches!(tokens.mark(between), Some('/' | '-' | '.')) || tokens.word(between) == "thang";
    let month = number_in(tokens, between + 1, 12).filter(|_| is_parted)?;
    let date = |year| CitedDate { year, month: Some(month), day: Some(day) };
    let end = between + 2;
    if is_before_year(tokens, end) && !tokens.digits(end + 1).is_empty() {
        return year_at(tokens, end + 1).map(|year| (date(Some(year)), end + 2));
    }
    is_named.then(|| (date(None), end))
}

fn number_in(tokens: &Tokens, at: usize, most: u32) -> Option<u32> {
    tokens.number(at, 2).filter(|number| (1..=most).contains(number))
}

/// Whether what stands between a month and its year does so here.
fn is_before_year(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "nam" || (matches!(tokens.mark(at), Some('/' | '-' | '.')) && tokens.is_glued(at + 1))
}

/// A term: `khoá XI`, `Khóa 13`.
fn term_at(tokens: &Tokens, at: usize) -> Option<(String, usize)> {
    if tokens.word(at) != "khoa" {
        return None;
    }
    let given = tokens.word(at + 1).to_uppercase();
    let term = tokens.number(at + 1, 2).map_or(given, roman);
    let is_roman = !term.is_empty() && term.chars().all(|digit| matches!(digit, 'I' | 'V' | 'X'));
    is_roman.then_some((term, at + 2))
}

/// A small number in Roman digits.
fn roman(mut number: u32) -> String {
    let mut text = String::new();
    for (value, digits) in [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while number >= value {
            text.push_str(digits);
            number -= value;
        }
    }
    text
}

/// The bodies that need no `của` before them, longer names first.
const CENTRAL: &[&str] = &[
    "ban chap hanh trung uong dang",
    "ban chap hanh trung uong",
    "ban bi thu trung uong dang",
    "ban bi thu trung uong",
    "ban bi thu",
    "bo chinh tri",
    "bch trung uong dang",
    "bch trung uong",
    "bch tw",
    "bct",
    "bbt",
    "bchtw",
];

/// What other bodies are called whose names have more small letters than most, longer names first.
const OTHERS: &[&str] = &[
    "trung uong dang",
    "ban chap hanh dang bo",
    "ban thuong vu tinh uy",
    "ban thuong vu thanh uy",
    "ban thuong vu huyen uy",
    "ban thuong vu dang uy",
    "btv tinh uy",
    "btv thanh uy",
    "thuong truc tinh uy",
    "thuong truc thanh uy",
    "tinh uy",
    "thanh uy",
    "huyen uy",
    "quan uy",
    "thi uy",
    "dang uy",
    "uy ban thuong vu quoc hoi",
    "quoc hoi",
    "thu tuong chinh phu",
    "thu tuong",
    "chinh phu",
    "chu tich uy ban nhan dan",
    "chu tich ubnd",
    "uy ban nhan dan",
    "ubnd",
    "hoi dong nhan dan",
    "hdnd",
];

/// What ends the name of a body.
const AFTER_BODY: &str = "gan den trong da duoc tai la cho theo cung voi tren nham co so nam thang ban";

/// What may stand in small letters before the name of a place.
const PLACES: &[&str] = &["tinh", "thanh pho", "huyen", "quan", "thi xa", "xa", "phuong"];

/// A body behind `của`, behind `do` and before `ban hành`, or one of the Centre without.
pub fn body_at(tokens: &Tokens, at: usize) -> Option<(String, usize)> {
    let said = tokens.word(at);
    let first = if matches!(said, "cua" | "do") { at + 1 } else { at };
    let is_said = first > at;
    let known = known_end(tokens, first, CENTRAL).or_else(|| known_end(tokens, first, OTHERS).filter(|_| is_said));
    let begun = known.or((is_said && tokens.is_capitalized(first)).then_some(first + 1))?;
    let end = name_end(tokens, begun, known.is_none());
    let is_issuer = said != "do" || tokens.has_words(end, "ban hanh");
    is_issuer.then(|| (tokens.text(first, end), end))
}

/// Where one of these bodies ends that begins here.
fn known_end(tokens: &Tokens, at: usize, bodies: &[&str]) -> Option<usize> {
    let body = bodies.iter().find(|body| tokens.has_words(at, body))?;
    Some(at + body.split(' ').count())
}

/// Whether a word is behind the name of a body.
fn is_after_body(tokens: &Tokens, at: usize) -> bool {
    let word = tokens.word(at);
    let is_small = !tokens.is_capitalized(at);
    matches!(word, "ve" | "ngay")
        || term_at(tokens, at).is_some()
        || (is_small && AFTER_BODY.split(' ').any(|of| of == word))
}

/// Whether another citation begins here, and no name with a kind in it: `Bộ Kế hoạch và Đầu tư`.
fn is_cited(tokens: &Tokens, at: usize) -> bool {
    let end = kind_at(tokens, at).map(|(_, end)| end);
    end.is_some_and(|end| tokens.word(end) == "so" || !tokens.digits(end).is_empty())
}

/// Where a name ends that has begun: it goes on with capitals, with one small syllable behind each if no body is called
/// so, and with what joins two names.
fn name_end(tokens: &Tokens, mut end: usize, mut may_be_small: bool) -> usize {
    let is_name = |at: usize| {
        tokens.is_capitalized(at) && !tokens.is_on_new_line(at) && !is_after_body(tokens, at) && !is_cited(tokens, at)
    };
    let may_have_small = may_be_small;
    loop {
        let place = PLACES.iter().find(|place| tokens.has_words(end, place));
        let place = place.map(|place| end + place.split(' ').count()).filter(|after| is_name(*after));
        let is_small = !tokens.word(end).is_empty() && !tokens.is_on_new_line(end);
        let joins = tokens.word(end) == "va" && is_name(end + 1);
        let joined = known_end(tokens, end + 1, CENTRAL).or_else(|| known_end(tokens, end + 1, OTHERS));
        if is_name(end) {
            (end, may_be_small) = (end + 1, may_have_small);
        } else if let Some(after) = place {
            end = after;
        } else if joins {
            (end, may_be_small) = joined.map_or((end + 2, true), |joined| (joined, false));
        } else if may_be_small && is_small && !is_after_body(tokens, end) {
            (end, may_be_small) = (end + 1, false);
        } else {
            return end;
        }
    }
}

/// How many tokens of what may be a title are read.
const LONGEST_TITLE: usize = 70;

/// The title behind a citation, from `về` to the end of the clause, the line or the quotation, and before `limit`.
pub fn title_at(tokens: &Tokens, mut at: usize, limit: usize) -> Option<String> {
    while matches!(tokens.mark(at), Some(',' | '"' | ':')) {
        at += 1;
    }
    if tokens.word(at) != "ve" || tokens.is_on_new_line(at) {
        return None;
    }
    let limit = limit.min(at + LONGEST_TITLE);
    let ends = |place: usize| {
        let is_stop = tokens.mark(place) == Some('.') && !tokens.is_glued(place + 1);
        is_stop || matches!(tokens.mark(place), Some(';' | '"' | ')' | '(')) || tokens.is_on_new_line(place)
    };
    let mut end = (at + 1..limit).find(|place| ends(*place)).unwrap_or(limit);
    while end > at + 1 && matches!(tokens.mark(end - 1), Some(',' | '-')) {
        end -= 1;
    }
    (end > at + 1).then(|| tokens.text(at, end))
}
