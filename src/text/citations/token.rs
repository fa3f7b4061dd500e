//! The words, numbers and marks of a text, each with its place.

use unicode_normalization::char::is_combining_mark;

use crate::text::fold;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Letters,
    Digits,
    /// One other character; all dashes are `-`, all slashes `/`, all quotation marks `"`.
    Mark(char),
}

impl Shape {
    fn of(character: char) -> Self {
        match character {
            '0'..='9' => Self::Digits,
            _ if character.is_alphanumeric() || is_combining_mark(character) => Self::Letters,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => Self::Mark('-'),
            '\u{2044}' | '\u{2215}' | '\u{FF0F}' => Self::Mark('/'),
            '\u{201C}' | '\u{201D}' | '\u{AB}' | '\u{BB}' => Self::Mark('"'),
            other => Self::Mark(other),
        }
    }
}

/// A run of letters, a run of digits or one other character.
#[derive(Debug, Clone)]
struct Token {
    /// How many characters of the text stand before it.
    start: usize,
    /// How many stand before what follows it.
    end: usize,
    shape: Shape,
    /// It without marks and case.
    folded: String,
    /// Whether white space stands before it.
    is_spaced: bool,
    /// Whether a line ends before it.
    is_on_new_line: bool,
}

/// A text as tokens. What is asked of a place where there is none is answered as of an empty one.
#[derive(Debug)]
pub struct Tokens {
    characters: Vec<char>,
    tokens: Vec<Token>,
}

impl Tokens {
    /// Takes a text apart.
    pub fn of(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let mut tokens: Vec<Token> = Vec::new();
        let (mut is_spaced, mut is_on_new_line) = (true, true);
        let mut start = 0;
        while let Some(first) = characters.get(start).copied() {
            if first.is_whitespace() {
                is_spaced = true;
                is_on_new_line |= first == '\n';
                start += 1;
                continue;
            }
            let shape = Shape::of(first);
            let rest = characters.get(start..).unwrap_or_default();
            let length = match shape {
                Shape::Mark(_) => 1,
                _ => rest.iter().take_while(|character| Shape::of(**character) == shape).count(),
            };
            let end = start + length;
            let folded = fold(&rest.iter().take(length).collect::<String>());
            tokens.push(Token { start, end, shape, folded, is_spaced, is_on_new_line });
            (is_spaced, is_on_new_line) = (false, false);
            start = end;
        }
        Self { characters, tokens }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// A word as it is compared; empty where there is none.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).filter(|token| token.shape == Shape::Letters).map_or("", |token| token.folded.as_str())
    }

    /// The digits of a number; empty where there is none.
    pub fn digits(&self, at: usize) -> &str {
        self.tokens.get(at).filter(|token| token.shape == Shape::Digits).map_or("", |token| token.folded.as_str())
    }

    /// A number of so many digits at most.
    pub fn number(&self, at: usize, digits: usize) -> Option<u32> {
        let text = self.digits(at);
        if text.len() <= digits { text.parse().ok() } else { None }
    }

    /// A mark.
    pub fn mark(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.shape {
            Shape::Mark(mark) => Some(mark),
            Shape::Letters | Shape::Digits => None,
        }
    }

    /// Whether a token follows the one before it without white space.
    pub fn is_glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.is_spaced)
    }

    /// Whether a line ends before a token, or the text.
    pub fn is_on_new_line(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.is_on_new_line)
    }

    /// Whether these words stand here, on one line.
    pub fn has_words(&self, at: usize, words: &str) -> bool {
        words.split(' ').enumerate().all(|(place, word)| {
            let here = at + place;
            self.word(here) == word && (place == 0 || !self.is_on_new_line(here))
        })
    }

    /// Whether a word begins with a capital.
    pub fn is_capitalized(&self, at: usize) -> bool {
        let first = self.tokens.get(at).and_then(|token| self.characters.get(token.start));
        first.is_some_and(|first| first.is_uppercase())
    }

    /// The text of the tokens from one up to another, as it stands there.
    pub fn text(&self, from: usize, to: usize) -> String {
        let (offset, length) = self.place(from, to);
        self.characters.iter().skip(offset).take(length).collect()
    }

    /// How many characters stand before the tokens from one up to another, and how many they are.
    pub fn place(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.tokens.get(from).map_or(self.characters.len(), |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        (start, end.saturating_sub(start))
    }
}
