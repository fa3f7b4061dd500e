//! Citations of documents in running text: `tổng kết 10 năm thực hiện Chỉ thị số 48, 46 của Bộ Chính trị`.
//!
//! The rule: only what has a number is a citation, and a number is one of a document where a kind or a symbol says so;
//! whatever else it could be (a date, a share, a count of years) it is not. What is read is what stands there: nothing is
//! inferred here from what is on record. Start with [`citations`].

mod kind;
mod number;
mod review;
mod tail;
mod token;

pub use tail::CitedDate;

use kind::kind_at;
use number::{Before, Numbered, number_at, symbol_at};
use review::{years_before, years_behind};
use tail::{Tail, body_at, tail_at, title_at};
use token::Tokens;

/// A citation of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// How many characters of the text stand before it.
    pub offset: usize,
    /// How many characters it is.
    pub length: usize,
    /// These characters.
    pub quote: String,
    /// The code of the kind, by the word for it or else by the symbol.
    pub kind: Option<&'static str>,
    /// The number.
    pub number: u32,
    /// The letter that belongs to the number, as in `12a`; else empty.
    pub letter: String,
    /// The symbol in the form in which it is stored, where all of it is given.
    pub symbol: Option<String>,
    /// The date.
    pub issued: Option<CitedDate>,
    /// The body, in the words of the text.
    pub body: Option<String>,
    /// The term, as `XI`.
    pub term: Option<String>,
    /// How many years are reviewed of it.
    pub review_years: Option<u32>,
    /// What may be its title, in the words of the text; it may have more words behind it.
    pub title: Option<String>,
}

/// Returns the citations in a text in NFC, in their order; positions count its characters.
///
/// A number in a list has the kind of the first, `Chỉ thị số 48, 46, 12`, and the body and the term behind the last.
///
/// ```
/// use directive_tracker::text::citations;
///
/// let found = citations("Sơ kết 5 năm thực hiện Chỉ thị số 46 của Bộ Chính trị.");
/// assert_eq!(found[0].quote, "Chỉ thị số 46 của Bộ Chính trị");
/// assert_eq!((found[0].offset, found[0].kind, found[0].number), (23, Some("directive"), 46));
/// assert_eq!((found[0].body.as_deref(), found[0].review_years), (Some("Bộ Chính trị"), Some(5)));
/// assert!(citations("98,3% trong kế hoạch 5 năm").is_empty());
/// ```
#[must_use]
pub fn citations(text: &str) -> Vec<Citation> {
    let tokens = Tokens::of(text);
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let group = named_at(&tokens, at).or_else(|| bare_at(&tokens, at)).unwrap_or_default();
        at = group.last().map_or(at + 1, |last| last.tail.end.max(at + 1));
        found.extend(group);
    }
    let limits: Vec<usize> = found.iter().skip(1).map(|next| next.start).chain([tokens.len()]).collect();
    found.into_iter().zip(limits).map(|(found, limit)| found.read(&tokens, limit)).collect()
}

/// A citation as tokens.
#[derive(Debug)]
struct Found {
    start: usize,
    kind: Option<&'static str>,
    numbered: Numbered,
    review_years: Option<u32>,
    tail: Tail,
}

impl Found {
    fn read(self, tokens: &Tokens, limit: usize) -> Citation {
        let (offset, length) = tokens.place(self.start, self.tail.end);
        let year = self.numbered.year.map(|year| CitedDate { year: Some(year), ..CitedDate::default() });
        Citation {
            offset,
            length,
            quote: tokens.text(self.start, self.tail.end),
            kind: self.kind.or(self.numbered.kind),
            number: self.numbered.number,
            letter: self.numbered.letter.to_lowercase(),
            symbol: self.numbered.symbol,
            issued: self.tail.issued.or(year),
            body: self.tail.body,
            term: self.tail.term,
            review_years: self.review_years.or_else(|| years_behind(tokens, self.tail.end)),
            title: title_at(tokens, self.tail.end, limit),
        }
    }
}

/// The citations that begin with a kind: one number, or several.
fn named_at(tokens: &Tokens, at: usize) -> Option<Vec<Found>> {
    let (kind, mut end) = kind_at(tokens, at)?;
    // "Chỉ thị của Ban Bí thư số 40-CT/TW"
    let body = body_at(tokens, end).filter(|(_, after)| tokens.word(*after) == "so");
    if let Some((_, after)) = &body {
        end = *after;
    }
    let is_named = tokens.word(end) == "so" && !tokens.is_on_new_line(end);
    if is_named {
        end += 1;
        while matches!(tokens.mark(end), Some(':' | '.')) {
            end += 1;
        }
    }
    let before = match (is_named, kind.is_loose, tokens.is_capitalized(at)) {
        (true, ..) => Before::Named,
        (false, false, true) => Before::Kind,
        (false, ..) => Before::Loose,
    };
    let numbered = number_at(tokens, end, before).filter(|_| !tokens.is_on_new_line(end))?;
    if kind.is_loose && !is_named && numbered.symbol.is_none() {
        return None;
    }
    let mut tail = tail_at(tokens, numbered.end);
    tail.body = tail.body.or(body.map(|(body, _)| body));
    let review_years = years_before(tokens, at);
    let mut group = vec![Found { start: at, kind: Some(kind.code), numbered, review_years, tail }];
    while let Some(next) = group.last().and_then(|last| listed_at(tokens, last)) {
        group.push(next);
    }
    share(&mut group);
    Some(group)
}

/// The next number of a list, behind a comma or a word.
fn listed_at(tokens: &Tokens, last: &Found) -> Option<Found> {
    let mut at = last.tail.end;
    let is_parted = matches!(tokens.mark(at), Some(',' | ';' | '&'));
    at += usize::from(is_parted);
    let is_joined = matches!(tokens.word(at), "va" | "hoac");
    at += usize::from(is_joined);
    let is_named = tokens.word(at) == "so";
    let start = at + usize::from(is_named);
    if !(is_parted || is_joined) || tokens.is_on_new_line(start) {
        return None;
    }
    let before = match (is_named, tokens.is_glued(start)) {
        (true, _) => Before::Named,
        (false, true) => Before::Tight,
        (false, false) => Before::Loose,
    };
    let numbered = number_at(tokens, start, before)?;
    let tail = tail_at(tokens, numbered.end);
    let kind = numbered.kind.or(last.kind);
    Some(Found { start, kind, numbered, review_years: last.review_years, tail })
}

/// Gives the members of a list the body and the term that stand behind a later one.
fn share(group: &mut [Found]) {
    let mut said: (Option<String>, Option<String>) = (None, None);
    for found in group.iter_mut().rev() {
        let tail = &mut found.tail;
        if tail.body.is_none() && tail.term.is_none() {
            (tail.body, tail.term) = said.clone();
        } else {
            said = (tail.body.clone(), tail.term.clone());
        }
    }
}

/// A symbol without a kind before it.
fn bare_at(tokens: &Tokens, at: usize) -> Option<Vec<Found>> {
    let numbered = symbol_at(tokens, at).filter(|numbered| numbered.symbol.is_some())?;
    let tail = tail_at(tokens, numbered.end);
    Some(vec![Found { start: at, kind: None, numbered, review_years: years_before(tokens, at), tail }])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `48`, `resolution 25 (khóa) XI`, with what else was read of each citation.
    fn told(text: &str) -> Vec<String> {
        citations(text).iter().map(tell).collect()
    }

    fn tell(found: &Citation) -> String {
        let number = format!("{}{}", found.number, found.letter);
        let date = found.issued.map(|date| {
            let part = |part: Option<u32>| part.map_or(String::new(), |part| format!("-{part:02}"));
            let year = date.year.map_or("-".to_owned(), |year| year.to_string());
            format!("{year}{}{}", part(date.month), part(date.day))
        });
        let years = found.review_years.map(|years| format!("{years} years"));
        let said = [found.symbol.clone(), date, found.body.clone(), found.term.clone(), years, found.title.clone()];
        let said: Vec<String> = said.into_iter().flatten().collect();
        [found.kind.unwrap_or("?").to_owned(), number].into_iter().chain(said).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn every_spelling_met_in_the_wild_is_read() {
        let rows = include_str!("../../../tests/citations.csv");
        let mut count = 0;
        for row in csv::Reader::from_reader(rows.as_bytes()).records() {
            let row = row.unwrap();
            let text = &row[0];
            let found = citations(text);
            let [citation] = found.as_slice() else { panic!("{text}: {found:?}") };
            let date = citation
                .issued
                .map(|date| format!("{}-{:02}-{:02}", date.year.unwrap(), date.month.unwrap(), date.day.unwrap()));
            let read = [
                citation.kind.unwrap_or_default().to_owned(),
                citation.number.to_string(),
                citation.symbol.clone().unwrap_or_default(),
                date.unwrap_or_default(),
                citation.body.clone().unwrap_or_default(),
                citation.term.clone().unwrap_or_default(),
            ];
            assert_eq!(read.as_slice(), row.iter().skip(1).collect::<Vec<_>>(), "{text}");
            assert_eq!((&*citation.quote, citation.offset, citation.length), (text, 0, text.chars().count()));
            count += 1;
        }
        assert_eq!(count, 33);
    }

    #[test]
    fn a_list_has_one_kind_and_one_body() {
        for text in [
            "Chỉ thị số 48, 46, 12 của Bộ Chính trị",
            "các Chỉ thị 48, 46 và 12 của Bộ Chính trị",
            "Chỉ thị số 48,46,12 của Bộ Chính trị",
            "chỉ thị số 48; số 46 và số 12 của Bộ Chính trị",
        ] {
            let of = |number| format!("directive | {number} | Bộ Chính trị");
            assert_eq!(told(text), [48, 46, 12].map(of), "{text}");
        }
        assert_eq!(
            told("Chỉ thị số 48, Chỉ thị số 46, Chỉ thị số 12 của Bộ Chính trị"),
            ["directive | 48", "directive | 46", "directive | 12 | Bộ Chính trị"]
        );
        assert_eq!(
            told("Chỉ thị 48-CT/TW ngày 22/10/2010, 46-CT/TW ngày 22/6/2015 và 28-NQ/TW"),
            [
                "directive | 48 | 48-CT/TW | 2010-10-22",
                "directive | 46 | 46-CT/TW | 2015-06-22",
                "resolution | 28 | 28-NQ/TW"
            ]
        );
        assert_eq!(
            told("Chỉ thị số 48, 5 năm thực hiện Chỉ thị số 46"),
            ["directive | 48", "directive | 46 | 5 years"]
        );
        assert_eq!(told("Chỉ thị 48, 46 xã"), ["directive | 48"]);
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let found = citations("“Tổng kết” 👍 thực hiện Chỉ thị số 48, 46; hết");
        let places: Vec<_> = found.iter().map(|it| (it.offset, it.length, it.quote.as_str())).collect();
        assert_eq!(places, [(23, 13, "Chỉ thị số 48"), (38, 2, "46")]);
    }

    #[test]
    fn review_years_stand_before_the_kind_or_behind_the_number() {
        for (text, years) in [
            ("tổng kết 10 năm thực hiện Chỉ thị 48", Some(10)),
            ("tổng kết 10 năm thực hiên Chỉ thị Chỉ thị 48", Some(10)),
            ("sơ kết 5 năm thực hiện thực hiên Chỉ thị số 46", Some(5)),
            ("05 năm triển khai thực hiện các Chỉ thị số 46", Some(5)),
            ("mười năm thực hiện Chỉ thị số 46", Some(10)),
            ("10 năm (2010 - 2020) thực hiện Chỉ thị số 48", Some(10)),
            ("Chỉ thị số 48 của Bộ Chính trị sau 10 năm", Some(10)),
            ("ngày 05 tháng 3 năm 2020 thực hiện Chỉ thị 48", None),
            ("ngày 05 tháng 3 năm thực hiện Chỉ thị 48", None),
            ("5 năm qua, tỉnh thực hiện Chỉ thị 48", None),
            ("năm 2020 thực hiện Chỉ thị 48", None),
        ] {
            assert_eq!(citations(text)[0].review_years, years, "{text}");
        }
    }

    #[test]
    fn dates_are_read_in_every_spelling() {
        for (said, date) in [
            ("ngày 5/7/2018", "2018-07-05"),
            (", ngày 22-10-2010", "2010-10-22"),
            (" (22/10/2010)", "2010-10-22"),
            ("ngày 5.9.2026", "2026-09-05"),
            ("ngày 05 tháng 02 năm 2026", "2026-02-05"),
            ("ban hành ngày 27 tháng 5 năm 2026", "2026-05-27"),
            ("Ngày 11-11", "--11-11"),
            ("tháng 10/2010", "2010-10"),
            ("tháng 10 năm 2010", "2010-10"),
            ("năm 2013", "2013"),
            ("(năm 2013)", "2013"),
        ] {
            let found = told(&format!("Chỉ thị số 48 {said}"));
            assert_eq!(found, [format!("directive | 48 | {date}")], "{said}");
        }
        for said in ["ngày 5.9.26", "ngày 32/10/2010", ", năm 2020 tỉnh", "tháng 13/2010"] {
            assert_eq!(told(&format!("Chỉ thị số 48 {said}")), ["directive | 48"], "{said}");
        }
        assert_eq!(told("Nghị quyết số 15/2020"), ["resolution | 15 | 2020"]);
        assert_eq!(told("Nghị định 30 năm 2020 và Kế hoạch 5 năm 2021 - 2025"), ["decree | 30 | 2020"]);
    }

    #[test]
    fn the_body_is_named_by_its_words() {
        for (said, body) in [
            ("của Bộ chính trị đạt kết quả", "Bộ chính trị"),
            ("của Bộ Chính trị, khóa X", "Bộ Chính trị"),
            ("của Bộ Khoa học và Công nghệ về", "Bộ Khoa học và Công nghệ"),
            ("của Ban Thường vụ Thành ủy Đà Nẵng đã", "Ban Thường vụ Thành ủy Đà Nẵng"),
            ("của Ủy ban nhân dân tỉnh Gia Lai triển khai", "Ủy ban nhân dân tỉnh Gia Lai"),
            ("của UBND tỉnh", "UBND"),
            ("của Bộ Kế hoạch và Đầu tư", "Bộ Kế hoạch và Đầu tư"),
            ("của Ban Bí thư và Kết luận 44", "Ban Bí thư"),
            ("do Bộ Chính trị ban hành", "Bộ Chính trị"),
            ("của Bộ Chính trị và Ban Bí thư", "Bộ Chính trị và Ban Bí thư"),
            ("Bộ Chính trị", "Bộ Chính trị"),
        ] {
            assert_eq!(citations(&format!("Chỉ thị số 48 {said}"))[0].body.as_deref(), Some(body), "{said}");
        }
        for said in [", Tỉnh ủy đã", "Tỉnh ủy đã", "do Tỉnh ủy tổ chức", "của tỉnh"] {
            assert_eq!(citations(&format!("Chỉ thị số 48 {said}"))[0].body, None, "{said}");
        }
        let before = citations("Chỉ thị của Ban Bí thư số 40-CT/TW");
        assert_eq!((before[0].body.as_deref(), before[0].length), (Some("Ban Bí thư"), 34));
    }

    #[test]
    fn broken_symbols_are_mended() {
        for (text, symbol) in [
            ("Nghị quyết 33 – NQ/TW", "33-NQ/TW"),
            ("Chỉ thị 05 CT/TW", "05-CT/TW"),
            ("Nghị quyết 28NQ/TW", "28-NQ/TW"),
            ("chỉ thị 48-ct/tw", "48-CT/tw"),
            ("văn bản số 123/UBND-NC", "123/UBND-NC"),
            ("Nghị định 138/CP", "138/CP"),
            ("48 – CT / T.Ư", "48-CT/TW"),
        ] {
            let found = citations(text);
            assert_eq!(found.first().and_then(|it| it.symbol.as_deref()), Some(symbol), "{text}: {found:?}");
        }
        assert_eq!(told("Chỉ thị số 48-CT của Bộ Chính trị"), ["directive | 48 | Bộ Chính trị"]);
        assert_eq!(told("Nghị quyết số 27của Bộ Chính trị"), ["resolution | 27 | Bộ Chính trị"]);
        assert_eq!(told("Nghị quyết số 30a"), ["resolution | 30a"]);
    }

    #[test]
    fn a_title_goes_to_the_end_of_its_clause() {
        for (text, title) in [
            ("Chỉ thị 48 về phòng, chống tội phạm; kế hoạch", "về phòng, chống tội phạm"),
            ("Nghị quyết số 28 “Về cải cách” và", "Về cải cách"),
            ("Chỉ thị 46 về an ninh, trật tự, Chỉ thị 12", "về an ninh, trật tự"),
            ("Chỉ thị 46 về an ninh\nvề đích", "về an ninh"),
            ("Chỉ thị 46 về 1.315 việc. Hết", "về 1.315 việc"),
        ] {
            assert_eq!(citations(text)[0].title.as_deref(), Some(title), "{text}");
        }
        assert_eq!(citations("Chỉ thị 46\nvề đích")[0].title, None);
    }

    #[test]
    fn what_is_no_number_of_a_document_is_no_citation() {
        for text in [
            "Hội nghị lần thứ 33, khóa 13",
            "kế hoạch 5 năm, Kế hoạch 10 tỷ, kế hoạch 2024",
            "Kế hoạch 1.315 đối tượng, kết luận 98,3%, kết luận số 98,3%",
            "771/778 vụ, 62/63 địa phương, ngày 12/6, 15/6, 27/6/2018",
            "vlcsnap-2020-11-11-14h39m56s038 2018-07-05",
            "Quyết định kiện toàn, chương trình 135, dự án 600, báo cáo 9 tháng",
            "chương trình 24h, thông báo 24h, Kế hoạch 2016-2020",
            "dịch COVID-19/SARS-CoV-2, 60 km/h, 5/tháng, 24/7",
            "Ban Chỉ đạo 138, khóa XI, điện thoại 0912-345-678",
            "các chỉ thị, nghị quyết của Đảng\n10. Kết luận\n32. Hết",
            "thông báo 15/5, Thông báo ngày 15/5",
            "",
            "Chỉ thị số",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn no_character_makes_reading_panic() {
        for character in ('\0'..='\u{3FF}').chain('\u{1E00}'..='\u{206F}') {
            let text = format!(
                "Chỉ thị{character}số 48{character}-{character}CT{character}/{character}TW, ngày{character}1/1"
            );
            let _ = citations(&format!(
                "{text}{character}10 năm Chỉ thị 48, {character}46 của {character}B khóa{character}X"
            ));
        }
    }
}
