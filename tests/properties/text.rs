//! Texts: what may be stored, folding, sorting, symbols, citations.

use std::time::{Duration, Instant};

use directive_tracker::text::{
    NumberingStyle, canonical_symbol, citations, compose_symbol, fold, fold_symbol, line, nfc, prose, read_symbol,
    sort_key, symbol_in,
};
use proptest::prelude::*;
use proptest::sample::select;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::cases;

/// Of what citations are made, and what they could be taken for.
const FRAGMENTS: &[&str] = &[
    "Chỉ thị",
    "Nghị quyết",
    "kết luận",
    "Quyết định",
    "số",
    "Số:",
    "48",
    "12a",
    "28-NQ/TW",
    "05-CT/TU",
    "48/CT-T.Ư",
    "30/2020/NĐ-CP",
    "01/CT-TTg",
    "T. Ư",
    "T.W",
    "TƯ",
    "Ð",
    "của",
    "Bộ Chính trị",
    "Ban Bí thư",
    "Tỉnh ủy Thái Bình",
    "ngày",
    "22/10/2010",
    "tháng 7 năm 2018",
    "năm",
    "khóa XI",
    "nhiệm kỳ",
    "sơ kết 5 năm",
    "98,3%",
    "và",
    "về",
    "(",
    ")",
    "“",
    "”",
    ",",
    ";",
    ".",
    "-",
    "–",
    "/",
    "\n",
    "\t",
    "\u{301}",
    "\u{200B}",
    "\u{A0}",
    "0",
    "000",
    "99999999999",
    "đ",
];

/// Any text, and texts that are nearly citations.
fn texts() -> impl Strategy<Value = String> {
    let citation = prop::collection::vec((select(FRAGMENTS), select(&[" ", "", "\u{A0}"][..])), 0..30)
        .prop_map(|parts| parts.into_iter().flat_map(|(part, gap)| [part, gap]).collect());
    prop_oneof![any::<String>(), citation]
}

/// Symbols as people type them.
fn typed_symbols() -> impl Strategy<Value = String> {
    let kinds = select(&["CT", "NQ", "KL", "QĐ", "CTr", "nq", "HD"][..]);
    let issuers = select(&["TW", "TƯ", "T.Ư", "T. Ư", "T.W", "TU", "TTg", "CP", "UBND", "BCĐTW", "VPTƯ", "bca"][..]);
    let separators = || select(&["-", "/", " - ", "– ", " /", "\u{2011}"][..]);
    ("0{0,2}[1-9][0-9]{0,3}[a-c]?", separators(), kinds, separators(), issuers)
        .prop_map(|(number, first, kind, second, issuer)| format!("{number}{first}{kind}{second}{issuer}"))
}

/// Texts of the letters that Vietnamese is written with.
fn vietnamese() -> impl Strategy<Value = String> {
    "[a-zA-ZđĐăĂâÂêÊôÔơƠưƯáàảãạếềểễệốồổỗộứừửữựýỳỷỹỵÁÀẢÃẠẾỀỂỄỆ0-9 .,;:()–-]{0,60}"
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_text_is_read_without_a_panic(text in texts()) {
        let _ = (fold_symbol(&text), symbol_in(&text), read_symbol(&text), sort_key(&text), canonical_symbol(&text));
    }

    #[test]
    fn folding_a_folded_text_changes_nothing(text in texts()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded.clone());
        prop_assert_eq!(fold(&text.nfd().collect::<String>()), folded, "however the text was composed");
    }

    #[test]
    fn vietnamese_folds_alike_in_either_case(text in vietnamese()) {
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        prop_assert_eq!(sort_key(&text.to_uppercase()), sort_key(&text));
    }

    #[test]
    fn a_sort_key_is_short_and_does_not_depend_on_composition(text in texts()) {
        let key = sort_key(&text);
        prop_assert!(key.len() <= 400 && !key.starts_with(' ') && !key.ends_with(' '), "{}", key);
        prop_assert_eq!(sort_key(&nfc(&text)), key);
    }

    #[test]
    fn a_stored_symbol_is_stored_as_it_is(text in texts()) {
        let symbol = canonical_symbol(&text);
        prop_assert_eq!(canonical_symbol(&symbol), symbol);
    }

    #[test]
    fn a_stored_symbol_has_the_key_of_what_was_typed(text in typed_symbols()) {
        let symbol = canonical_symbol(&text);
        prop_assert_eq!(fold_symbol(&symbol), fold_symbol(&text), "{}", symbol);
        prop_assert_eq!(fold_symbol(&fold_symbol(&text)), fold_symbol(&text));
        prop_assert_eq!(symbol_in(&text).map(|read| fold_symbol(&read)), Ok(fold_symbol(&text)));
    }

    #[test]
    fn the_parts_of_a_composed_symbol_are_read_back(
        number in 1_u32..=99_999,
        letter in "|[a-e]",
        kind in "CT|NQ|KL|QĐ|CTr",
        party in "TW|TU|BTGTW",
        state in "CP|TTg|UBND|BCA",
        year in 1945..=2199,
    ) {
        let legal = NumberingStyle::StateLegal { year };
        for (style, issuer, shown) in [
            (NumberingStyle::Party, &party, None),
            (NumberingStyle::StateAdministrative, &state, None),
            (legal, &state, Some(year)),
        ] {
            let symbol = compose_symbol(style, number, &letter, &kind, issuer);
            let parts = read_symbol(&symbol).unwrap();
            prop_assert_eq!((parts.number, parts.letter, parts.year), (number, letter.clone(), shown), "{}", symbol);
            prop_assert_eq!(parts.words, [kind.as_str(), issuer.as_str()]);
            prop_assert_eq!(canonical_symbol(&symbol), symbol);
        }
    }

    #[test]
    fn an_accepted_text_is_accepted_as_it_is(text in texts(), limit in 1_usize..60) {
        for (read, is_line) in [(line(&text, limit), true), (prose(&text, limit), false)] {
            let Ok(stored) = read else { continue };
            prop_assert!(is_nfc(&stored) && stored.trim() == stored && (1..=limit).contains(&stored.chars().count()));
            let again = if is_line { line(&stored, limit) } else { prose(&stored, limit) };
            prop_assert_eq!(again, Ok(stored));
        }
    }

    #[test]
    fn a_citation_is_quoted_from_its_place(text in texts().prop_map(|text| nfc(&text))) {
        let mut end = 0;
        for citation in citations(&text) {
            let there: String = text.chars().skip(citation.offset).take(citation.length).collect();
            prop_assert_eq!(&there, &citation.quote);
            prop_assert!(citation.offset >= end && citation.length > 0, "citations do not overlap: {:?}", citation);
            end = citation.offset + citation.length;
        }
    }
}

#[test]
fn what_a_text_takes_grows_with_its_length_alone() {
    // Quadratic work on this many characters would take minutes.
    let longest = Duration::from_secs(10);
    for fragment in FRAGMENTS.iter().step_by(3) {
        let text = format!("{fragment} ").repeat(30_000 / (fragment.chars().count() + 1));
        let begun = Instant::now();
        let _ = (fold(&text), sort_key(&text), canonical_symbol(&text), fold_symbol(&text), symbol_in(&text));
        let _ = (prose(&text, 200_000), citations(&text));
        assert!(begun.elapsed() < longest, "{fragment:?} takes {:?}", begun.elapsed());
    }
}
