//! Findings: what a conference held to be achieved, lacking, the cause, to be expected, to be done.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::FindingKind;
use crate::domain::page::SortField;
use crate::domain::{
    Date, DocumentChoice, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource, SearchText, ShortList,
};

/// One finding of a conference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Finding<L> {
    /// What sort of finding it is.
    #[schema(example = "limitation")]
    pub kind: FindingKind,
    /// What was found.
    #[schema(example = "Có nơi cấp ủy, chính quyền còn lơ là, mất cảnh giác.")]
    pub text: Prose,
    /// The document whose carrying out it is about.
    #[serde(default)]
    pub document: Option<L>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Summarized from two paragraphs of the report.")]
    pub note: Option<Prose>,
}

/// What a list of findings may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct FindingFilter {
    /// Of this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// About this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Any of these kinds.
    #[param(example = "limitation,cause")]
    pub kind: Option<List<FindingKind>>,
    /// Whose conference was held by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose text contains this, whatever the marks and the case.
    #[param(example = "canh giac")]
    pub q: Option<SearchText>,
}

/// The collection of findings.
pub enum Findings {}

impl Resource for Findings {
    const TYPE: &'static str = "finding";
    const COLLECTION: &'static str = "findings";
    const SCHEMA: &'static str = "Finding";
    const TAG: &'static str = "conferences";
    const ABOUT: &'static str = "What a conference found: achievements, limitations, causes, forecasts, proposals.";
    const PARENT: Option<Parent> = Some(Parent { field: "conference", target: "conference" });
    const LINKS: &'static [LinkField] = &[LinkField::one("document", "document")];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[ShortList::few(&["conference"]), ShortList::sorted(&["document"], &["id"])];

    type Body<L: LinkForm> = Finding<L>;
    type Filter = FindingFilter;
}
