//! Conferences: meetings that disseminate, implement and review documents, or take stock of a field of work.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{
    CitationRole, ConferenceFormat, ConferenceMode, ConferenceWithout, DocumentActivity, PartOfDay, ParticipationRole,
};
use crate::domain::check::check_span;
use crate::domain::check::{check_codes, check_range};
use crate::domain::page::SortField;
use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{
    Date, DocumentChoice, Fault, Faults, Id, Line, LinkField, LinkForm, List, Prose, RecordId, Resource, SearchText,
    ShortList, Title, ToMany,
};

/// A conference, as far as the sources tell of it.
///
/// What it did about which document stands in `conference_documents`, so that one conference can finally review one
/// document, review two in between and launch a fourth; a conference need not deal with any document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Conference<L> {
    /// The name, or what the source calls it.
    #[schema(example = "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng")]
    pub name: Title,
    /// What it dealt with.
    #[serde(default)]
    #[schema(example = "Tình hình an ninh trật tự thời gian gần đây.")]
    pub topic: Option<Prose>,
    /// What sort of meeting it was; several may hold.
    #[serde(default = "Vec::new")]
    #[schema(example = json!(["extended"]), max_items = 10)]
    pub formats: Vec<ConferenceFormat>,
    /// How people took part.
    #[serde(default = "unknown_mode")]
    #[schema(example = "online")]
    pub mode: ConferenceMode,
    /// The tier that held it.
    #[serde(default)]
    #[schema(example = "province")]
    pub level: Option<Level>,
    /// The day on which it was held, or the first of several.
    #[serde(default)]
    #[schema(example = "2018-07-16")]
    pub held_from: Option<Date>,
    /// The last day, where it lasted several.
    #[serde(default)]
    #[schema(example = "2018-07-17")]
    pub held_to: Option<Date>,
    /// When in the day it was held.
    #[serde(default)]
    #[schema(example = "afternoon")]
    pub part_of_day: Option<PartOfDay>,
    /// How much of `held_from` is known; null means the whole date.
    #[serde(default)]
    #[schema(example = "day")]
    pub date_precision: Option<DatePrecision>,
    /// Whether the source gives no year, so that it was taken from elsewhere, such as the day of publication.
    #[serde(default)]
    #[schema(example = true)]
    pub year_inferred: bool,
    /// What the source says of the day.
    #[serde(default)]
    #[schema(example = "Chiều ngày 16/7")]
    pub held_text: Option<Line>,
    /// Where it was held; of an online conference, its main site.
    #[serde(default)]
    #[schema(example = "Hà Nội")]
    pub place: Option<Line>,
    /// The administrative unit whose conference it was.
    #[serde(default)]
    pub admin_unit: Option<L>,
    /// The body that convened it.
    #[serde(default)]
    pub convening_body: Option<L>,
    /// Who convened it, as the source says.
    #[serde(default)]
    #[schema(example = "Ban Thường vụ Tỉnh ủy triệu tập")]
    pub convening_text: Option<Line>,
    /// Whether `participations` has everybody; false where the source breaks off its list, null if unknown.
    #[serde(default)]
    #[schema(example = false)]
    pub participants_complete: Option<bool>,
    /// How many took part, as the source says.
    #[serde(default)]
    #[schema(example = 340, minimum = 0, maximum = 10_000_000)]
    pub participant_count: Option<i32>,
    /// The first day of the period that it took stock of.
    #[serde(default)]
    #[schema(example = "2023-01-01")]
    pub period_reviewed_from: Option<Date>,
    /// The last day of the period that it took stock of.
    #[serde(default)]
    #[schema(example = "2023-12-31")]
    pub period_reviewed_to: Option<Date>,
    /// The conference that it was part of.
    #[serde(default)]
    pub parent: Option<L>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Year taken from the day of publication.")]
    pub note: Option<Prose>,
}

const fn unknown_mode() -> ConferenceMode {
    ConferenceMode::Unknown
}

/// What a list of conferences may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ConferenceFilter {
    /// That dealt with this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// That did any of these; with `document`, did it about that document.
    #[param(example = "interim_review,final_review")]
    pub activity: Option<List<DocumentActivity>>,
    /// At which a document played any of these parts; with `document`, that document did.
    #[param(example = "disseminated")]
    pub citation_role: Option<List<CitationRole>>,
    /// Convened by this organization.
    #[param(example = 1)]
    pub convening_body: Option<RecordId>,
    /// That this organization convened, was the subject of or took part in.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Of this administrative unit or of one below it, or with a bridge point there.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Of this province or of a unit below it; unlike with `admin_unit`, a bridge point there is not enough.
    #[param(example = 1)]
    pub province: Option<RecordId>,
    /// Of which none of these is known; `province`: neither a province nor a unit below one.
    #[param(example = "convening_body")]
    pub without: Option<List<ConferenceWithout>>,
    /// In which this person took part.
    #[param(example = 1)]
    pub person: Option<RecordId>,
    /// In which somebody played any of these roles; with `person`, that person did.
    #[param(example = "chair,co_chair")]
    pub role: Option<List<ParticipationRole>>,
    /// Held in any of these ways.
    #[param(example = "online,hybrid")]
    pub mode: Option<List<ConferenceMode>>,
    /// Of this format, among others.
    #[param(example = "nationwide")]
    pub conference_format: Option<ConferenceFormat>,
    /// Of any of these tiers.
    #[param(example = "province")]
    pub level: Option<List<Level>>,
    /// Begun on or after this day.
    #[param(example = "2018-01-01")]
    pub held_from: Option<Date>,
    /// Begun on or before this day.
    #[param(example = "2018-12-31")]
    pub held_to: Option<Date>,
    /// Part of this conference.
    #[param(example = 1)]
    pub parent: Option<RecordId>,
    /// Begun by the end of this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose name contains this, whatever the marks and the case.
    #[param(example = "an ninh trat tu")]
    pub q: Option<SearchText>,
}

/// The collection of conferences.
pub enum Conferences {}

impl Resource for Conferences {
    const TYPE: &'static str = "conference";
    const COLLECTION: &'static str = "conferences";
    const SCHEMA: &'static str = "Conference";
    const TAG: &'static str = "conferences";
    const ABOUT: &'static str = "Meetings that disseminate, implement and review documents, or take stock of a year.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("admin_unit", "admin_unit"),
        LinkField::one("convening_body", "organization"),
        LinkField::one("parent", "conference"),
    ];
    /// Bridge points come before participations, which may sit at one that the same request creates.
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("conference_documents", "conference_document", "conference"),
        ToMany::new("bridge_points", "bridge_point", "conference"),
        ToMany::new("participations", "participation", "conference"),
        ToMany::new("findings", "finding", "conference"),
        ToMany::new("conferences", "conference", "parent"),
        ToMany::new("tasks", "task", "origin_conference"),
        ToMany::new("expectations", "expectation", "origin_conference"),
        ToMany::new("statistics", "statistic", "conference"),
        ToMany::new("awards", "award", "conference"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "held_on", column: "held_from_key" },
        SortField { name: "name", column: "name_sort" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["parent"]),
        ShortList::sorted(&["convening_body"], &["held_on", "id"]),
        ShortList::sorted(&["convening_body"], &["held_on"]).bounded(&["held_from", "held_to"]),
        ShortList::sorted(&[], &["held_on"]).bounded(&["held_from", "held_to"]),
    ];

    type Body<L: LinkForm> = Conference<L>;
    type Filter = ConferenceFilter;

    fn check(body: &Conference<Id>, faults: &mut Faults) {
        check_codes("/formats", &body.formats, 10, faults);
        check_span("/held_to", body.held_from, body.held_to, faults);
        check_span("/period_reviewed_to", body.period_reviewed_from, body.period_reviewed_to, faults);
        check_range("/participant_count", body.participant_count, 0, 10_000_000, faults);
        if body.held_from.is_none() {
            let needing = [
                ("/held_to", body.held_to.is_some()),
                ("/part_of_day", body.part_of_day.is_some()),
                ("/date_precision", body.date_precision.is_some()),
            ];
            for (pointer, _) in needing.into_iter().filter(|(_, given)| *given) {
                faults.field(pointer, Fault::new("inconsistent", "must be null where there is no held_from"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Place;

    fn conference(fields: serde_json::Value) -> Conference<Id> {
        let mut whole = serde_json::json!({ "name": "Hội nghị" });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn found(fields: serde_json::Value) -> Vec<(String, &'static str)> {
        let mut faults = Faults::default();
        Conferences::check(&conference(fields), &mut faults);
        let pointer = |place| match place {
            Place::Pointer(pointer) => pointer,
            Place::Parameter(name) => panic!("{name}"),
        };
        faults.0.into_iter().map(|(place, fault)| (pointer(place), fault.code)).collect()
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let conference = conference(serde_json::json!({}));
        assert_eq!((conference.mode, conference.year_inferred), (ConferenceMode::Unknown, false));
        assert!(conference.formats.is_empty());
        assert_eq!(found(serde_json::json!({})), []);
    }

    #[test]
    fn a_conference_does_not_end_before_it_begins() {
        let faults = found(serde_json::json!({ "held_from": "2018-07-16", "held_to": "2018-07-15" }));
        assert_eq!(faults, [("/held_to".to_owned(), "inconsistent")]);
        let fields = serde_json::json!({ "period_reviewed_from": "2023-12-31", "period_reviewed_to": "2023-01-01" });
        assert_eq!(found(fields), [("/period_reviewed_to".to_owned(), "inconsistent")]);
    }

    #[test]
    fn what_narrows_the_day_needs_the_day() {
        let fields =
            serde_json::json!({ "held_to": "2018-07-16", "part_of_day": "morning", "date_precision": "month" });
        let pointers: Vec<String> = found(fields).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/held_to", "/part_of_day", "/date_precision"]);
    }

    #[test]
    fn a_format_is_named_once_and_a_count_has_its_range() {
        let fields = serde_json::json!({ "formats": ["extended", "extended"], "participant_count": -1 });
        let expected = [("/formats/1".to_owned(), "inconsistent"), ("/participant_count".to_owned(), "out_of_range")];
        assert_eq!(found(fields), expected);
    }
}
