//! Whether the body that a text names is one that is on record.

use crate::text::fold;

/// What a body is called on record, in the form in which names are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its name and its short name.
    names: Vec<String>,
    /// Whether several bodies number in its register, so that it does not tell which of them issued a document.
    is_shared: bool,
}

/// The register of the Centre, which the Central Committee, the Politburo and the Secretariat share.
const SHARED_SYMBOL: &str = "TW";

impl Body {
    /// The body with this name, short name and symbol.
    #[must_use]
    pub fn of(name: &str, short_name: Option<&str>, symbol: Option<&str>) -> Self {
        let names = [Some(name), short_name].into_iter().flatten().map(compared).collect();
        Self { names, is_shared: symbol == Some(SHARED_SYMBOL) }
    }

    /// Whether this is one of its names, or the beginning of one: `Tỉnh ủy` is any of them.
    fn is_called(&self, cited: &str) -> bool {
        self.names.iter().any(|name| begins(name, cited) || begins(cited, name))
    }
}

/// Whether a text begins with these words.
fn begins(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// What stands for several words in the name of a body.
const SHORT: &[(&str, &str)] = &[
    ("bct", "bo chinh tri"),
    ("bbt", "ban bi thu"),
    ("bch", "ban chap hanh"),
    ("bchtw", "ban chap hanh trung uong"),
    ("btv", "ban thuong vu"),
    ("tw", "trung uong"),
    ("ubnd", "uy ban nhan dan"),
    ("hdnd", "hoi dong nhan dan"),
    ("mttq", "mat tran to quoc"),
];

/// A name as it is compared: folded, without abbreviations.
fn compared(name: &str) -> String {
    let folded = fold(name);
    let whole = |word| SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, whole)| *whole);
    folded.split(' ').map(whole).collect::<Vec<_>>().join(" ")
}

/// What may be any body: `của Đảng`, `của Trung ương`.
const ANY: &[&str] = &["dang", "dang ta", "nha nuoc", "dang va nha nuoc", "trung uong", "trung uong dang"];

/// How bodies are called. What begins otherwise was perhaps not read well, and contradicts nothing.
const CALLED: &[&str] = &[
    "bo",
    "so",
    "ban",
    "uy ban",
    "hoi dong",
    "hoi",
    "tinh uy",
    "thanh uy",
    "huyen uy",
    "quan uy",
    "thi uy",
    "dang uy",
    "chinh phu",
    "thu tuong",
    "quoc hoi",
    "van phong",
    "cong an",
    "thuong truc",
    "chu tich",
];

/// The organs that number in the register of the body whose name follows theirs.
const ORGANS: &[&str] = &["ban thuong vu ", "thuong truc ", "ban chap hanh ", "chu tich "];

/// The bodies that share the register of the Centre.
const OF_THE_CENTRE: &[&str] = &["bo chinh tri", "ban bi thu", "ban chap hanh trung uong"];

/// Whether the body in the words of a text issued a document that these adopted and that one numbers; none where that
/// cannot be told. `all` says that no adopter is left out.
#[must_use]
pub fn agrees(cited: &str, adopters: &[Body], all: bool, numbering: Option<&Body>) -> Option<bool> {
    let cited = compared(cited);
    if ANY.contains(&cited.as_str()) {
        return None;
    }
    let parts: Vec<&str> = [cited.as_str()].into_iter().chain(cited.split(" va ")).collect();
    if adopters.iter().any(|body| parts.iter().any(|part| body.is_called(part))) {
        return Some(true);
    }
    let of_register = ORGANS.iter().find_map(|organ| cited.strip_prefix(organ)).unwrap_or(&cited);
    let is_shared = numbering.is_some_and(|body| body.is_shared);
    if numbering.is_some_and(|body| !body.is_shared && (body.is_called(of_register) || body.is_called(&cited))) {
        return Some(true);
    }
    let is_told = if adopters.is_empty() {
        numbering.is_some() && !(is_shared && OF_THE_CENTRE.iter().any(|body| begins(&cited, body)))
    } else {
        true
    };
    (is_told && all && CALLED.iter().any(|called| begins(&cited, called))).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(names: &[&str]) -> Vec<Body> {
        names.iter().map(|name| Body::of(name, None, None)).collect()
    }

    #[test]
    fn a_body_is_known_by_its_name_its_beginning_and_abbreviations() {
        let politburo = [Body::of("Bộ Chính trị", Some("BCT"), None)];
        let register = Body::of("Trung ương Đảng (sổ văn bản TW)", Some("Trung ương"), Some("TW"));
        for (cited, expected) in [
            ("Bộ chính trị", Some(true)),
            ("BCT", Some(true)),
            ("Bộ Chính trị và Ban Bí thư", Some(true)),
            ("Ban Bí thư", Some(false)),
            ("Chính phủ", Some(false)),
            ("Trung ương", None),
            ("Đảng", None),
            ("Ngành", None),
        ] {
            assert_eq!(agrees(cited, &politburo, true, Some(&register)), expected, "{cited}");
            let unknown = if expected == Some(true) || cited == "Ban Bí thư" { None } else { expected };
            assert_eq!(agrees(cited, &[], true, Some(&register)), unknown, "{cited}");
        }
        assert_eq!(agrees("Ban Bí thư", &politburo, false, Some(&register)), None, "another adopter is not told");
        assert_eq!(agrees("Ban Bí thư", &[], true, None), None);
        let committee = bodies(&["Ban Chấp hành Trung ương Đảng"]);
        assert_eq!(agrees("BCH Trung ương", &committee, true, Some(&register)), Some(true));
    }

    #[test]
    fn an_organ_numbers_in_the_register_of_its_committee() {
        let [gia_lai, hung_yen] = ["Tỉnh ủy Gia Lai", "Tỉnh ủy Hưng Yên"].map(|name| Body::of(name, None, Some("TU")));
        let cited = "Ban Thường vụ Tỉnh ủy Hưng Yên";
        assert_eq!(agrees(cited, &[], true, Some(&hung_yen)), Some(true));
        assert_eq!(agrees(cited, &[], true, Some(&gia_lai)), Some(false));
        assert_eq!(agrees("Ban Thường vụ Tỉnh ủy", &[], true, Some(&gia_lai)), Some(true));
        let standing = bodies(&["Ban Thường vụ Tỉnh ủy Gia Lai"]);
        assert_eq!(agrees("Tỉnh ủy Gia Lai", &standing, true, Some(&gia_lai)), Some(true));
    }
}
