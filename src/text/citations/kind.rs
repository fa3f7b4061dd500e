//! The words for kinds of documents, and their abbreviations in symbols.

use super::token::Tokens;

/// How a kind of document is called in a text.
#[derive(Debug, Clone, Copy)]
pub struct KindWord {
    /// The words, folded.
    words: &'static str,
    /// The code of the kind.
    pub code: &'static str,
    /// Whether a number alone behind it may be one of anything: `kế hoạch 5 năm`, `dự án 1.000 tỷ`. It needs `số` then.
    pub is_loose: bool,
}

const fn kind(words: &'static str, code: &'static str) -> KindWord {
    KindWord { words, code, is_loose: false }
}

const fn loose(words: &'static str, code: &'static str) -> KindWord {
    KindWord { words, code, is_loose: true }
}

/// The kinds, longer words before those that they begin with.
const KINDS: &[KindWord] = &[
    kind("chi thi", "directive"),
    kind("nghi quyet lien tich", "joint_resolution"),
    kind("nghi quyet", "resolution"),
    kind("ket luan", "conclusion"),
    kind("quyet dinh", "decision"),
    kind("quy dinh", "regulation"),
    loose("quy che", "working_regulation"),
    kind("thong tri", "circular_letter"),
    kind("huong dan", "guidance"),
    kind("thong bao ket luan", "notice"),
    kind("thong bao", "notice"),
    loose("thong cao", "communique"),
    loose("tuyen bo", "declaration"),
    kind("ke hoach", "plan"),
    loose("quy hoach", "master_planning"),
    loose("chuong trinh hanh dong", "action_program"),
    loose("chuong trinh phoi hop", "coordination_program"),
    loose("chuong trinh", "action_program"),
    kind("de an", "scheme"),
    loose("phuong an", "option_plan"),
    loose("du an", "project"),
    loose("to trinh", "submission"),
    kind("cong van", "official_letter"),
    loose("bao cao", "report"),
    loose("bien ban", "minutes"),
    loose("hop dong", "contract"),
    loose("cong dien", "urgent_telegram"),
    loose("chien luoc", "strategy"),
    loose("luat", "law"),
    loose("phap lenh", "ordinance"),
    kind("nghi dinh", "decree"),
    kind("thong tu lien tich", "joint_circular"),
    kind("thong tu", "circular"),
    loose("van ban hop nhat", "consolidated_text"),
];

/// The kind that is named here, and where its words end.
pub fn kind_at(tokens: &Tokens, at: usize) -> Option<(KindWord, usize)> {
    let kind = KINDS.iter().find(|kind| tokens.has_words(at, kind.words))?;
    Some((*kind, at + kind.words.split(' ').count()))
}

/// Whether a word is one of those that name kinds.
pub fn is_of_kind(word: &str) -> bool {
    !word.is_empty() && KINDS.iter().any(|kind| kind.words.split(' ').any(|of| of == word))
}

/// The abbreviations of kinds in symbols, with the kind in the Party's numbering and in that of the State. Which kind `QĐ`
/// stands for in the Party's, a symbol alone does not tell.
const ABBREVIATIONS: &[(&str, &str, &str)] = &[
    ("CT", "directive", "directive"),
    ("NQ", "resolution", "resolution"),
    ("KL", "conclusion", "conclusion"),
    ("QĐ", "", "decision"),
    ("QĐi", "regulation", ""),
    ("QyĐ", "", "regulation"),
    ("QC", "working_regulation", "working_regulation"),
    ("TT", "circular_letter", "circular"),
    ("HD", "guidance", "guidance"),
    ("TB", "notice", "notice"),
    ("TBKL", "notice", "notice"),
    ("TC", "communique", "communique"),
    ("TBo", "declaration", ""),
    ("BC", "report", "report"),
    ("KH", "plan", "plan"),
    ("QH", "master_planning", ""),
    ("CTr", "action_program", "action_program"),
    ("CTHĐ", "action_program", "action_program"),
    ("ĐA", "scheme", "scheme"),
    ("PA", "option_plan", "option_plan"),
    ("DA", "project", "project"),
    ("TTr", "submission", "submission"),
    ("CV", "official_letter", "official_letter"),
    ("BB", "minutes", "minutes"),
    ("CĐ", "", "urgent_telegram"),
    ("CL", "strategy", ""),
    ("NĐ", "", "decree"),
    ("TTLT", "", "joint_circular"),
    ("NQLT", "", "joint_resolution"),
    ("VBHN", "", "consolidated_text"),
];

/// The abbreviation that a word of a symbol is, in its usual spelling: `CTr` for `Ctr`.
pub fn abbreviation(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    ABBREVIATIONS.iter().map(|(usual, ..)| *usual).find(|usual| usual.to_lowercase() == lower)
}

/// The kind that a symbol shows, in the form in which it is stored.
pub fn kind_of(symbol: &str) -> Option<&'static str> {
    let (number, rest) = symbol.split_once(['-', '/'])?;
    let is_party = symbol.strip_prefix(number)?.starts_with('-');
    let words = rest.split(['-', '/']).filter(|word| !word.chars().all(|character| character.is_ascii_digit()));
    let words: Vec<&str> = words.collect();
    let first = words.first()?;
    let (_, party, state) = ABBREVIATIONS.iter().find(|(usual, ..)| usual == first)?;
    let code = match (*first, words.len()) {
        // A program of several bodies is one of coordination.
        ("CTr", 3..) => "coordination_program",
        _ if is_party => party,
        _ => state,
    };
    Some(code).filter(|code| !code.is_empty())
}
