//! How alike a title is to the words in which a text gives it.

use std::collections::BTreeSet;

use crate::text::fold;

/// The words that most titles have, which tell little.
const COMMON: &str = "ve viec va cac cua su voi doi trong den nam tang cuong lanh dao dang cong tac tinh hinh moi tiep tuc \
    mot so nang cao hieu luc qua day manh thuc hien trien khai thoi gian toi giai doan nhiem vu phap";

/// What a common word counts, and what another.
const WEIGHTS: (f64, f64) = (0.2, 1.0);

/// From which share on two titles are alike, and up to which they are not.
const ALIKE: f64 = 0.65;
const UNLIKE: f64 = 0.35;

/// How many words that are not common a text must have to be held against a title.
const ENOUGH: usize = 3;

/// The words of a title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(BTreeSet<String>);

impl Words {
    /// The words of a title, whatever their marks, case and order: `đảm bảo` is `bảo đảm`.
    #[must_use]
    pub fn of(title: &str) -> Self {
        Self(fold(title).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    fn has(&self, word: &str) -> bool {
        // A letter that is missing or too many, "trển" for "triển". Another in its place makes another word of many.
        let is_slip = |other: &String| {
            let is_long = word.len().min(other.len()) > 3 && word.len() != other.len();
            is_long && strsim::osa_distance(word, other) == 1
        };
        self.0.contains(word) || self.0.iter().any(is_slip)
    }

    /// Which share of its words another has.
    fn share_in(&self, other: &Self) -> f64 {
        let all: f64 = self.0.iter().map(|word| weight(word)).sum();
        let there: f64 = self.0.iter().filter(|word| other.has(word)).map(|word| weight(word)).sum();
        if all > 0.0 { there / all } else { 0.0 }
    }

    fn telling(&self) -> usize {
        self.0.iter().filter(|word| !is_common(word)).count()
    }
}

fn is_common(word: &str) -> bool {
    COMMON.split(' ').any(|common| common == word)
}

fn weight(word: &str) -> f64 {
    if is_common(word) { WEIGHTS.0 } else { WEIGHTS.1 }
}

/// Whether the words of a text give this title; none where that cannot be told. The text may have only the beginning of
/// it, or go on behind it.
#[must_use]
pub fn agrees(cited: &Words, title: &Words) -> Option<bool> {
    if title.telling() == 0 || cited.telling() == 0 {
        return None;
    }
    let is_enough = cited.telling() >= ENOUGH;
    let part = if is_enough { cited.share_in(title) } else { 0.0 };
    let likeness = title.share_in(cited).max(part);
    if likeness >= ALIKE { Some(true) } else { (likeness < UNLIKE && is_enough).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str =
        "Về tăng cường sự lãnh đạo của Đảng đối với công tác bảo đảm an ninh, trật tự trong tình hình mới";
    const STRATEGY: &str = "Về Chiến lược bảo vệ an ninh quốc gia";
    const CULTURE: &str = "Về chống sự xâm nhập của các sản phẩm văn hóa độc hại gây hủy hoại đạo đức xã hội";

    #[test]
    fn titles_are_known_in_part_with_more_and_with_slips() {
        for (cited, title, expected) in [
            ("về tăng cường sự lãnh đạo của Đảng đối với công tác đảm bảo an ninh, trật tự", ORDER, Some(true)),
            ("VỀ BẢO ĐẢM AN NINH TRẬT TỰ", ORDER, Some(true)),
            ("về đảm bảo an nính, trất tự", ORDER, Some(true)),
            (
                "về Chiến lược bảo vệ an ninh quốc gia, tỉnh đã đạt nhiều thành quả, ngăn chặn vụ việc",
                STRATEGY,
                Some(true),
            ),
            ("về Chiến lược bảo vệ an ninh quốc gia", CULTURE, Some(false)),
            ("về phát triển du lịch", ORDER, Some(false)),
            ("về tăng cường sự lãnh đạo của Đảng đối với công tác", ORDER, None),
            ("về việc này", ORDER, None),
        ] {
            assert_eq!(agrees(&Words::of(cited), &Words::of(title)), expected, "{cited}");
        }
        let phat_trien = "Về phát triển kinh tế thị trường";
        assert_eq!(agrees(&Words::of("về phát trển kinh tế thị trường"), &Words::of(phat_trien)), Some(true));
    }
}
