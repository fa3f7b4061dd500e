//! How wide a text will be, before anybody knows in which font it is shown: an estimate on the safe side, and the lines into
//! which a text is broken by it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The width of a text of this size. Marks stand above and below their letter and take none; of the fonts that a picture
/// names, `DejaVu Sans` is the widest, and the classes follow its letters.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).map(em).sum::<f64>() * size
}

/// The same in bold, which is a tenth wider.
#[must_use]
pub fn bold_width(text: &str, size: f64) -> f64 {
    width(text, size) * 1.1
}

fn em(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | 'I' => 0.32,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '"' | '*' | '·' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' | '+' | '=' | '→' => 0.95,
        'A'..='Z' | 'Đ' => 0.74,
        letter if letter.is_ascii() || letter == 'đ' || letter == '–' => 0.62,
        _ => 1.0,
    }
}

/// The lines of a text, none wider than `most` in this size, and no more than `lines` of them: what does not fit is cut off,
/// with an ellipsis that says so. Words that are too long for a line are broken.
#[must_use]
pub fn wrapped(text: &str, size: f64, most: f64, lines: usize) -> Vec<String> {
    let mut broken: Vec<String> = Vec::new();
    for word in text.split_whitespace().flat_map(|word| pieces(word, size, most)) {
        match broken.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(&word, size) <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => broken.push(word),
        }
    }
    if broken.len() > lines {
        broken.truncate(lines);
        if let Some(last) = broken.last_mut() {
            *last = shortened(last, size, most);
        }
    }
    broken
}

/// A word in pieces that fit a line each.
fn pieces(word: &str, size: f64, most: f64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let one = letter.to_string();
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() || width(piece, size) + width(&one, size) <= most => piece.push(letter),
            _ => pieces.push(one),
        }
    }
    pieces
}

/// A line with an ellipsis at its end, without the letters for which there is no room then.
fn shortened(line: &str, size: f64, most: f64) -> String {
    let mut kept = line.to_owned();
    while !kept.is_empty() && width(&kept, size) + width("…", size) > most {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_take_no_width() {
        for (marked, plain) in [("Tỉnh ủy", "Tinh uy"), ("hướng", "huong"), ("Bổ sung", "Bo sung")] {
            assert!((width(marked, 12.0) - width(plain, 12.0)).abs() < 0.001, "{marked}");
        }
        assert!(bold_width("Tỉnh ủy", 12.0) > width("Tỉnh ủy", 12.0));
    }

    #[test]
    fn no_line_is_wider_than_it_may_be() {
        let text = "Ủy ban nhân dân thành phố Hồ Chí Minh và các-cơ-quan-trực-thuộc-có-tên-rất-dài";
        let lines = wrapped(text, 12.0, 100.0, 20);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 100.0), "{lines:?}");
        assert_eq!(lines.concat().replace([' ', '-'], ""), text.replace([' ', '-'], ""));
    }

    #[test]
    fn what_does_not_fit_ends_with_an_ellipsis() {
        let lines = wrapped("Ủy ban nhân dân thành phố Hồ Chí Minh", 12.0, 100.0, 2);
        assert_eq!(lines, ["Ủy ban nhân", "dân thành phố…"]);
        assert!(width(&lines[1], 12.0) <= 100.0);
        assert_eq!(wrapped("", 12.0, 100.0, 2), Vec::<String>::new());
    }
}
