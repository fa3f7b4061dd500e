//! Awards: who commended whom, for what.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{AwardGiver, AwardKind, AwardPresentation};
use crate::domain::check::{check_links, check_range};
use crate::domain::fault::Warning;
use crate::domain::page::SortField;
use crate::domain::{
    Date, DocumentChoice, Faults, Id, Line, LinkField, LinkForm, LinkIndex, List, Prose, RecordId, Resource, ShortList,
};

/// A commendation, or several of one kind given together.
///
/// Giver and presenter differ: a minister gives a certificate of merit, and the director of the provincial police hands it
/// over by delegation. A number that was not stated is null and not 0; "10 tập thể, cá nhân" is one undivided count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Award<L> {
    /// What sort of commendation it is.
    #[schema(example = "merit_certificate")]
    pub kind: AwardKind,
    /// What it is called, where the kind does not say it.
    #[serde(default)]
    #[schema(example = "Kỷ niệm chương \"Bảo vệ an ninh Tổ quốc\"")]
    pub name: Option<Line>,
    /// The body that gives it.
    #[serde(default)]
    pub giver: Option<L>,
    /// The person who gives it, by office.
    #[serde(default)]
    pub giver_person: Option<L>,
    /// Who gives it, in the words of the source.
    #[serde(default)]
    #[schema(example = "Bộ trưởng Bộ Công an")]
    pub giver_text: Option<Line>,
    /// The person who handed it over.
    #[serde(default)]
    pub presenter: Option<L>,
    /// Who handed it over, in the words of the source.
    #[serde(default)]
    #[schema(example = "Đại tá Đỗ Thanh Bình, Giám đốc Công an tỉnh")]
    pub presenter_text: Option<Line>,
    /// For whom it was handed over.
    #[serde(default)]
    #[schema(example = "by_delegation")]
    pub presentation: Option<AwardPresentation>,
    /// How many collectives received it; null where that is not stated.
    #[serde(default)]
    #[schema(example = 10, minimum = 0, maximum = 10_000_000)]
    pub collectives: Option<i32>,
    /// How many individuals received it; null where that is not stated.
    #[serde(default)]
    #[schema(example = 10, minimum = 0, maximum = 10_000_000)]
    pub individuals: Option<i32>,
    /// How many received it, where collectives and individuals are not told apart.
    #[serde(default)]
    #[schema(example = 10, minimum = 0, maximum = 10_000_000)]
    pub undivided_count: Option<i32>,
    /// How many received it, in the words of the source.
    #[serde(default)]
    #[schema(example = "nhiều tập thể và cá nhân")]
    pub count_text: Option<Line>,
    /// Who received it, in the words of the source.
    #[serde(default)]
    #[schema(example = "các đồng chí lãnh đạo của Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam")]
    pub recipient_text: Option<Line>,
    /// For what.
    #[serde(default)]
    #[schema(example = "Thành tích trong 10 năm thực hiện Chỉ thị 48 và 5 năm thực hiện Chỉ thị 46.")]
    pub reason: Option<Prose<2000>>,
    /// The documents for whose carrying out it was given.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 50)]
    pub documents: Vec<L>,
    /// The initiatives for which it was given.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 50)]
    pub initiatives: Vec<L>,
    /// The conference at which it was handed over.
    #[serde(default)]
    pub conference: Option<L>,
    /// The document by which it was given.
    #[serde(default)]
    pub decision_document: Option<L>,
    /// The day on which it was given or handed over.
    #[serde(default)]
    #[schema(example = "2020-11-11")]
    pub awarded_on: Option<Date>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The caption names another giver than the text.")]
    pub note: Option<Prose>,
}

/// What a list of awards may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AwardFilter {
    /// Any of these kinds.
    #[param(example = "merit_certificate")]
    pub kind: Option<List<AwardKind>>,
    /// Given by this body.
    #[param(example = 1)]
    pub giver: Option<RecordId>,
    /// Given by this person.
    #[param(example = 7)]
    pub giver_person: Option<RecordId>,
    /// Whose giver is known so: as an organization, else as a person, else in words alone, or not at all.
    #[param(example = "unknown")]
    pub given_by: Option<List<AwardGiver>>,
    /// Whose giver the source calls so, letter by letter.
    #[param(inline, example = "Bộ trưởng Bộ Công an")]
    pub giver_text: Option<Line>,
    /// Handed over by this person.
    #[param(example = 7)]
    pub presenter: Option<RecordId>,
    /// Handed over so.
    #[param(example = "by_delegation")]
    pub presentation: Option<List<AwardPresentation>>,
    /// For carrying out this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Whether it says for which document.
    #[param(example = true)]
    pub has_document: Option<bool>,
    /// For this initiative.
    #[param(example = 1)]
    pub initiative: Option<RecordId>,
    /// Handed over at this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// Given by this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub decision_document: Option<DocumentChoice>,
    /// Given on or after this day.
    #[param(example = "2020-01-01")]
    pub awarded_from: Option<Date>,
    /// Given on or before this day.
    #[param(example = "2020-12-31")]
    pub awarded_to: Option<Date>,
    /// Whether its day is known.
    #[param(example = true)]
    pub dated: Option<bool>,
    /// Given by this day.
    #[param(example = "2020-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of awards.
pub enum Awards {}

impl Resource for Awards {
    const TYPE: &'static str = "award";
    const COLLECTION: &'static str = "awards";
    const SCHEMA: &'static str = "Award";
    const TAG: &'static str = "results";
    const ABOUT: &'static str = "Commendations: who gave what to how many, for what, and who handed it over.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("giver", "organization"),
        LinkField::one("giver_person", "person"),
        LinkField::one("presenter", "person"),
        LinkField::many(
            "documents",
            "document",
            LinkIndex { table: "award_documents", from: "award_id", to: "document_id" },
        ),
        LinkField::many(
            "initiatives",
            "initiative",
            LinkIndex { table: "award_initiatives", from: "award_id", to: "initiative_id" },
        ),
        LinkField::one("conference", "conference"),
        LinkField::one("decision_document", "document"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "updated_at", column: "updated_at" },
        SortField { name: "awarded_on", column: "awarded_on_key" },
    ];
    const SHORT: &'static [ShortList] = &[
        ShortList::sorted(&["kind"], &["id"]),
        ShortList::sorted(&["giver"], &["id"]),
        ShortList::sorted(&["giver_person"], &["id"]),
        ShortList::sorted(&["presenter"], &["id"]),
        ShortList::sorted(&["conference"], &["id"]),
        ShortList::sorted(&["decision_document"], &["id"]),
    ];

    type Body<L: LinkForm> = Award<L>;
    type Filter = AwardFilter;

    fn check(body: &Award<Id>, faults: &mut Faults) {
        check_links("/documents", &body.documents, faults);
        check_links("/initiatives", &body.initiatives, faults);
        for (pointer, count) in [
            ("/collectives", body.collectives),
            ("/individuals", body.individuals),
            ("/undivided_count", body.undivided_count),
        ] {
            check_range(pointer, count, 0, 10_000_000, faults);
        }
    }

    /// A count that is divided and one that is not can hardly be of the same award.
    fn warnings<L: LinkForm>(body: &Award<L>) -> Vec<Warning> {
        let divided = body.collectives.is_some() || body.individuals.is_some();
        if divided && body.undivided_count.is_some() {
            let message = "The recipients are counted both together and apart.";
            vec![Warning::new("counted_twice", "/undivided_count", message)]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::Fault;

    fn award(fields: Value) -> Award<Id> {
        let mut whole = json!({ "kind": "merit_certificate" });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn a_count_that_is_not_stated_is_not_zero() {
        let award = award(json!({ "collectives": 10 }));
        assert_eq!((award.collectives, award.individuals), (Some(10), None));
    }

    #[test]
    fn a_count_is_not_negative() {
        let mut faults = Faults::default();
        Awards::check(&award(json!({ "individuals": -1 })), &mut faults);
        assert_eq!(faults, Faults::at("/individuals", Fault::new("out_of_range", "must be from 0 to 10000000")));
    }

    #[test]
    fn recipients_counted_together_and_apart_are_remarked_upon() {
        let codes = |fields| Awards::warnings(&award(fields)).iter().map(|warning| warning.code).collect::<Vec<_>>();
        assert_eq!(codes(json!({ "collectives": 5, "undivided_count": 10 })), ["counted_twice"]);
        assert!(codes(json!({ "collectives": 5, "individuals": 10 })).is_empty());
    }
}
