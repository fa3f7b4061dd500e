//! Documents: directives, conclusions, resolutions, plans; drafts and stubs too.

pub mod authority;
pub mod rules;
pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{Confidentiality, DocumentKind, DocumentStatus, DocumentSystem, Urgency};
use crate::conferences::vocabulary::DocumentActivity;
use crate::domain::fault::Warning;
use crate::domain::page::SortField;
use crate::domain::vocabulary::{DatePrecision, Provenance};
use crate::domain::{
    Date, Faults, Id, Line, LinkField, LinkForm, LinkIndex, List, Prose, RecordId, Resource, SearchText, ShortList,
    SymbolText, Title, ToMany,
};

/// A guiding document of the Party or the State, as far as it is known.
///
/// Its identity is the numbering body, the kind, the number, the suffix and the numbering period together; it is unique
/// where number and period are known. The body that adopted it is another field, since the Central Committee, the
/// Politburo and the Secretariat share one register and the symbol `TW`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Document<L> {
    /// Whose rules number it.
    #[schema(example = "party")]
    pub system: DocumentSystem,
    /// Its kind.
    #[schema(example = "conclusion")]
    pub kind: DocumentKind,
    /// The body whose register gave the number.
    #[serde(default)]
    pub numbering_body: Option<L>,
    /// The bodies that adopted it, in the order given; 127-KL/TW has two.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 20)]
    pub adopted_by: Vec<L>,
    /// Its number in the register, from 1; null for drafts, resolutions of congresses and stubs. Where it is null and a
    /// well-formed symbol tells it, the service takes it from there.
    #[serde(default)]
    #[schema(example = 32, minimum = 1, maximum = 999_999)]
    pub number: Option<i32>,
    /// What tells documents of one number apart: a small letter (`a`), a drafting unit (`X11`), a series of its own
    /// (`QĐi`); else empty. Where it is empty and a well-formed symbol tells it, the service takes it from there.
    #[serde(default)]
    #[schema(
        example = "",
        max_length = 50,
        pattern = "^([a-zăâêôơưđ]{1,3}|[A-ZĂÂÊÔƠƯĐ][0-9A-ZĂÂÊÔƠƯĐa-zăâêôơưđ]+(-[0-9A-ZĂÂÊÔƠƯĐa-zăâêôơưđ]+)*)?$"
    )]
    pub suffix: String,
    /// The period within which the number is unique. The service finds it from `issued_on` where it can, and anew where
    /// the date or the body changes.
    #[serde(default)]
    pub numbering_period: Option<L>,
    /// The symbol in canonical spelling. The service composes it where number and issuer are known, and anew where they
    /// change and it was the composed one.
    #[serde(default)]
    #[schema(example = "32-KL/TW")]
    pub symbol: Option<Line>,
    /// The symbol as the source prints it, where that differs.
    #[serde(default)]
    #[schema(example = "32-KL/T.Ư")]
    pub symbol_as_printed: Option<Line>,
    /// The title.
    #[schema(
        example = "Về tình hình an ninh trật tự nổi lên thời gian gần đây và nhiệm vụ, giải pháp trong thời gian tới"
    )]
    pub title: Title,
    /// The date it bears.
    #[serde(default)]
    #[schema(example = "2018-07-05")]
    pub issued_on: Option<Date>,
    /// How much of `issued_on` is known; null means the whole date.
    #[serde(default)]
    #[schema(example = "day")]
    pub issued_on_precision: Option<DatePrecision>,
    /// What the source says of the date where it gives none.
    #[serde(default)]
    #[schema(example = "tháng 7/2018")]
    pub issued_on_text: Option<Line>,
    /// The day it was adopted, which may lie before the day it is dated.
    #[serde(default)]
    #[schema(example = "2013-05-11")]
    pub adopted_on: Option<Date>,
    /// The day it takes effect.
    #[serde(default)]
    #[schema(example = "2018-07-05")]
    pub effective_on: Option<Date>,
    /// The last day it is to be carried out.
    #[serde(default)]
    #[schema(example = "2030-12-31")]
    pub expires_on: Option<Date>,
    /// Where it was issued.
    #[serde(default)]
    #[schema(example = "Hà Nội")]
    pub place: Option<Line>,
    /// Who signed it.
    #[serde(default)]
    pub signer: Option<L>,
    /// The signer as printed.
    #[serde(default)]
    #[schema(example = "Trần Quốc Vượng")]
    pub signer_text: Option<Line>,
    /// How far it has force.
    #[serde(default = "unknown_status")]
    #[schema(example = "in_force")]
    pub status: DocumentStatus,
    /// How secret it is. Anything above `normal` is refused: this service keeps no secrets of the State.
    #[serde(default = "normal_confidentiality")]
    #[schema(example = "normal")]
    pub confidentiality: Confidentiality,
    /// How urgent it is.
    #[serde(default)]
    #[schema(example = "normal")]
    pub urgency: Option<Urgency>,
    /// The reviews that it orders, each after so many years.
    #[serde(default)]
    #[schema(max_items = 20, example = json!([{ "activity": "interim_review", "years": 5 }]))]
    pub review_schedule: Vec<ReviewDue>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "found")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The issuing body was not checked.")]
    pub note: Option<Prose>,
    /// Whether numbering body, number and numbering period are all known, so that the identity is unique.
    #[serde(default)]
    #[schema(read_only, example = true)]
    pub identity_complete: bool,
}

/// A review that a document orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewDue {
    /// `interim_review` or `final_review`.
    #[schema(example = "interim_review")]
    pub activity: DocumentActivity,
    /// After how many years.
    #[schema(example = 5, minimum = 1, maximum = 100)]
    pub years: i32,
}

const fn unknown_status() -> DocumentStatus {
    DocumentStatus::Unknown
}

const fn normal_confidentiality() -> Confidentiality {
    Confidentiality::Normal
}

/// What a list of documents may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentFilter {
    /// Every document with this symbol, in any spelling of it: `48-CT/TW`, `48/CT-T.Ư`, `Chỉ thị số 48-CT/TW của Bộ
    /// Chính trị`.
    #[param(inline, example = "28-NQ/TW")]
    pub symbol: Option<SymbolText>,
    /// Of the Party or of the State.
    #[param(example = "party")]
    pub system: Option<DocumentSystem>,
    /// Any of these kinds.
    #[param(example = "directive,conclusion")]
    pub kind: Option<List<DocumentKind>>,
    /// Any of these states of force.
    #[param(example = "in_force")]
    pub status: Option<List<DocumentStatus>>,
    /// Numbered or adopted by this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Numbered by this organization.
    #[param(example = 1)]
    pub numbering_body: Option<RecordId>,
    /// Numbered within this period.
    #[param(example = 1)]
    pub numbering_period: Option<RecordId>,
    /// Numbered by an organization of this administrative unit or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Signed by this person.
    #[param(example = 1)]
    pub signer: Option<RecordId>,
    /// With this number.
    #[param(example = 28, minimum = 1, maximum = 999_999)]
    pub number: Option<i32>,
    /// Dated on or after this day.
    #[param(example = "2018-01-01")]
    pub issued_from: Option<Date>,
    /// Dated on or before this day.
    #[param(example = "2018-12-31")]
    pub issued_to: Option<Date>,
    /// Whether the identity is complete.
    #[param(example = true)]
    pub identity_complete: Option<bool>,
    /// Supported by any of these.
    #[param(example = "unverified")]
    pub provenance: Option<List<Provenance>>,
    /// Dated on or before this day and not yet expired on it. One without a date counts from the first day of its
    /// numbering period, one of which the month or the year is known from the first day that both allow.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose title contains this, whatever the marks and the case.
    #[param(example = "an ninh trat tu")]
    pub q: Option<SearchText>,
}

/// The collection of documents.
pub enum Documents {}

/// What finds the documents that a body adopted.
const ADOPTERS: LinkIndex = LinkIndex { table: "document_adopters", from: "document_id", to: "organization_id" };

impl Resource for Documents {
    const TYPE: &'static str = "document";
    const COLLECTION: &'static str = "documents";
    const SCHEMA: &'static str = "Document";
    const TAG: &'static str = "documents";
    const ABOUT: &'static str = "Directives, conclusions, resolutions, plans and the rest, with drafts and stubs.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("numbering_body", "organization"),
        LinkField::many("adopted_by", "organization", ADOPTERS),
        LinkField::one("numbering_period", "numbering_period"),
        LinkField::one("signer", "person"),
    ];
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("document_links", "document_link", "from"),
        ToMany::new("linked_from", "document_link", "to"),
        ToMany::new("conference_documents", "conference_document", "document"),
        ToMany::new("tasks", "task", "origin_document"),
        ToMany::new("expectations", "expectation", "document"),
        ToMany::new("initiatives", "initiative", "document"),
        ToMany::new("statistics", "statistic", "document"),
    ];
    const READ_ONLY: &'static [&'static str] = &["identity_complete"];
    const SORTS: &'static [SortField] = &[
        SortField { name: "issued_on", column: "issued_on_key" },
        SortField { name: "number", column: "number_key" },
        SortField { name: "symbol", column: "symbol_folded" },
        SortField { name: "title", column: "title_sort" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[
        ShortList::sorted(&["symbol"], &["issued_on"]),
        ShortList::sorted(&["numbering_body"], &["issued_on", "id"]),
        ShortList::sorted(&["numbering_body"], &["issued_on"]).bounded(&["issued_from", "issued_to"]),
        ShortList::sorted(&["kind"], &["issued_on"]).bounded(&["issued_from", "issued_to"]),
        ShortList::sorted(&["status"], &["issued_on"]).bounded(&["issued_from", "issued_to"]),
        ShortList::sorted(&[], &["issued_on"]).bounded(&["issued_from", "issued_to"]),
    ];

    type Body<L: LinkForm> = Document<L>;
    type Filter = DocumentFilter;

    fn check(body: &Document<Id>, faults: &mut Faults) {
        rules::check(body, faults);
    }

    fn warnings<L: LinkForm>(body: &Document<L>) -> Vec<Warning> {
        rules::warnings(body)
    }
}
