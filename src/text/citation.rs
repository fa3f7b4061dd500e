//! The symbol in a citation: `Kết luận số 32-KL/TW ngày 5/7/2018 của Bộ Chính trị` names `32-KL/TW`.

use super::fold::fold;
use super::symbol::tidy;
use super::symbol_key::{LEADING_WORDS, fold_symbol};

/// Why no one symbol is read off a text. It displays as the end of a sentence that begins with the name of the parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitationFault {
    /// Neither a letter nor a digit, which is all that is compared.
    Nothing,
    /// Several symbols.
    Several(Vec<String>),
    /// A kind, perhaps with a number, and no symbol: `Chỉ thị 48`.
    NoSymbol,
}

impl std::fmt::Display for CitationFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => out.write_str("has neither a letter nor a digit"),
            Self::Several(symbols) => write!(out, "names several symbols ({}); give one", symbols.join(", ")),
            Self::NoSymbol => out.write_str("names a kind of document and no symbol, such as 48-CT/TW"),
        }
    }
}

impl std::error::Error for CitationFault {}

/// With what goes on after a symbol, folded: its date, its body, its term, its title.
const AFTER: &[&str] = &["ngay", "cua", "nam", "khoa", "nhiem", "ve", "do", "tai"];

/// Returns the symbol that a text names, as it stands there, without the words of the citation around it.
///
/// # Errors
///
/// Refuses a text without a letter or digit, with several symbols, or with a kind and no symbol. Any other text may be
/// a symbol, for there are some of no form at all, such as `NQ-ĐH-XII`.
///
/// ```
/// use directive_tracker::text::symbol_in;
///
/// assert_eq!(symbol_in("Kết luận số 32-KL/TW của Bộ Chính trị").as_deref(), Ok("32-KL/TW"));
/// assert_eq!(symbol_in("Chỉ thị số 48/CT-T.Ư, ngày 22-10-2010").as_deref(), Ok("48/CT-TW"));
/// assert_eq!(symbol_in("NQ-ĐH-XII").as_deref(), Ok("NQ-ĐH-XII"));
/// assert!(symbol_in("Chỉ thị 48").is_err());
/// ```
pub fn symbol_in(text: &str) -> Result<String, CitationFault> {
    let text = tidy(text);
    if fold(&text).is_empty() {
        return Err(CitationFault::Nothing);
    }
    let words: Vec<&str> = text.split(' ').collect();
    let mut symbols: Vec<String> = Vec::new();
    for word in words.iter().map(|word| bare(word)).filter(|word| is_formed(word)) {
        if symbols.iter().all(|known| fold_symbol(known) != fold_symbol(word)) {
            symbols.push(word.to_owned());
        }
    }
    if symbols.len() > 1 {
        return Err(CitationFault::Several(symbols));
    }
    let start = words.iter().position(|word| is_formed(bare(word)));
    let symbol = up_to_what_follows(words.get(start.unwrap_or(0)..).unwrap_or_default());
    let key = fold_symbol(&symbol);
    let is_kind = LEADING_WORDS.split(' ').any(|word| word == key);
    let is_number = key.chars().all(|character| character.is_ascii_digit());
    if start.is_none() && (key.is_empty() || is_kind || (is_number && fold(&text) != key)) {
        return Err(CitationFault::NoSymbol);
    }
    Ok(symbol)
}

/// The words before those of the date, the body or the term, or before the end of the clause.
fn up_to_what_follows(words: &[&str]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in words {
        let folded = fold(word);
        if (!kept.is_empty() && AFTER.contains(&folded.as_str())) || word.starts_with(['(', '[']) && !kept.is_empty() {
            break;
        }
        kept.push(bare(word));
        if word.ends_with([',', ';', '.', ')', ']']) {
            break;
        }
    }
    kept.join(" ")
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|character: char| !character.is_alphanumeric())
}

/// Whether a word has the look of a symbol: a number, a separator, and a letter, such as no date has.
fn is_formed(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.contains(['-', '/'])
        && word.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `domain/reference_forms.csv`: citations met in the wild, each with the symbol that it names, if it names one.
    const CITATIONS: &[(&str, &str)] = &[
        ("Kết luận số 32-KL/TW ngày 5/7/2018 của Bộ Chính trị", "32-KL/TW"),
        ("Kết luận số 32-KL/TW của Bộ Chính trị", "32-KL/TW"),
        ("Kết luận số 32 của Bộ Chính trị", ""),
        ("Chỉ thị 48", ""),
        ("Chỉ thị số 46 của Bộ chính trị", ""),
        ("Nghị quyết 51 của Bộ Chính trị", ""),
        ("Nghị quyết số 25 ngày 03/6/2013 của Ban Chấp hành Trung ương khoá XI", ""),
        ("Nghị quyết số 28 của Ban Chấp hành Trung ương", ""),
        ("Chỉ thị số 09 của Ban Bí thư", ""),
        ("Chỉ thị số 48-CT/TW ngày 22/10/2010 của Bộ Chính trị (khóa X)", "48-CT/TW"),
        ("Chỉ thị số 48/CT-T.Ư, ngày 22-10-2010 của Bộ Chính trị", "48-CT/TW"),
        ("Chỉ thị số 48-CT/T.Ư ngày 22-10-2010", "48-CT/TW"),
        ("Nghị quyết số 51-NQ/TW, ngày 5/9/2019 của Bộ Chính trị", "51-NQ/TW"),
        ("Kết luận số 12- KL/TW ngày 24-10-2011 của Bộ Chính trị, khóa XI", "12-KL/TW"),
        ("Kết luận số 100 - KL/TW ngày 18/8/2014 của Ban Bí thư", "100-KL/TW"),
        ("Kế hoạch số 25-KH/TU ngày 30/11/2016 của Ban Thường vụ Tỉnh ủy", "25-KH/TU"),
        ("Chương trình hành động số 06-CTr/TU ngày 12/01/2026 của Ban Thường vụ Thành ủy", "06-CTr/TU"),
        ("Kế hoạch số 65-Ctr/TU ngày 22/04/2026 của Ban Thường vụ Tỉnh ủy Hưng Yên", "65-CTr/TU"),
        ("Quy định số 08-QĐi/TW ngày 25/10/2018 của Ban Chấp hành Trung ương", "08-QĐi/TW"),
        ("Hướng dẫn 65-HD/BTGTW, ngày 28/5/2018", "65-HD/BTGTW"),
        ("Nghị quyết số 18/NQ-TW ngày 25/10/2017 của Ban Chấp hành Trung ương", "18-NQ/TW"),
        ("Nghị Quyết số 72-NQ-TW ngày 09/09/2025 của Bộ Chính trị", "72-NQ/TW"),
        ("Chương trình phối hợp số 09/CTr-BCA-MTTW", "09/CTr-BCA-MTTW"),
        ("Chương trình phối hợp số 38-CTr/BDVTW-BCA", "38-CTr/BDVTW-BCA"),
        ("Chỉ thị số 03/CT-BCA-X11, ngày 10-4-2009 của Bộ Công an", "03/CT-BCA-X11"),
        ("Nghị quyết số 88/NQ-CP ngày 13/9/2017 của Chính phủ", "88/NQ-CP"),
        ("Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ", "30/2020/NĐ-CP"),
        ("Quyết định số 42/2014/QĐ-TTg ngày 27 tháng 7 năm 2014 của Thủ tướng Chính phủ", "42/2014/QĐ-TTg"),
        ("Quyết định 19/2025/QĐ-TTg", "19/2025/QĐ-TTg"),
        ("Nghị quyết 202/2025/QH15", "202/2025/QH15"),
        ("2888/KH-UBND", "2888/KH-UBND"),
        ("01/CT-TTg", "01/CT-TTg"),
        ("Công văn số 11977-CV/VPTW, ngày 23/4/2020", "11977-CV/VPTW"),
    ];

    #[test]
    fn every_citation_met_in_the_wild_is_read() {
        for (citation, symbol) in CITATIONS {
            for text in [(*citation).to_owned(), citation.to_lowercase(), fold_marks(citation)] {
                let read = symbol_in(&text);
                match *symbol {
                    "" => assert_eq!(read, Err(CitationFault::NoSymbol), "{text}"),
                    symbol => assert_eq!(read.map(|read| fold_symbol(&read)), Ok(fold_symbol(symbol)), "{text}"),
                }
            }
        }
    }

    /// A text typed without Vietnamese keys, but for T.Ư, which has none of its own.
    fn fold_marks(text: &str) -> String {
        text.split(' ')
            .map(|word| if word.contains('/') { word.to_owned() } else { plain(word) })
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn plain(word: &str) -> String {
        let end = word.ends_with(',');
        let folded = if word.contains(char::is_alphabetic) { fold(word) } else { return word.to_owned() };
        if end { format!("{folded},") } else { folded }
    }

    #[test]
    fn symbol_alone_is_itself() {
        for (spelling, symbol, key) in super::super::symbol::tests::SPELLINGS {
            for text in [spelling, symbol] {
                match *key {
                    "" => assert_eq!(symbol_in(text), Err(CitationFault::Nothing), "{text}"),
                    key => assert_eq!(symbol_in(text).map(|read| fold_symbol(&read)).as_deref(), Ok(key), "{text}"),
                }
            }
        }
        for (text, key) in [
            ("48 CT TW", "48-ct-tw"),
            ("Chỉ thị 48 CT TW ngày 5/7/2018", "48-ct-tw"),
            ("03/CT-BCA X11", "3-ct-bca-x-11"),
            ("(Nghị quyết 28-NQ/TW)", "28-nq-tw"),
            ("theo Nghị quyết số 28-NQ/TW, Nghị quyết 28/NQ-TW", "28-nq-tw"),
            ("48", "48"),
        ] {
            assert_eq!(symbol_in(text).map(|read| fold_symbol(&read)).as_deref(), Ok(key), "{text}");
        }
    }

    #[test]
    fn citation_of_several_documents_or_of_none_names_no_symbol() {
        let several = ["13-KL/TW", "48-CT/TW"].map(str::to_owned).to_vec();
        let title = "Kết luận 13-KL/TW về tiếp tục thực hiện Chỉ thị số 48-CT/TW";
        assert_eq!(symbol_in(title), Err(CitationFault::Several(several)));
        for text in ["-", "/", "...", "\u{301}"] {
            assert_eq!(symbol_in(text), Err(CitationFault::Nothing), "{text}");
        }
        for text in ["Chỉ thị", "số", "Chỉ thị số 48, 46, 12", "Nghị quyết 28 khóa XI"] {
            assert_eq!(symbol_in(text), Err(CitationFault::NoSymbol), "{text}");
        }
    }
}
