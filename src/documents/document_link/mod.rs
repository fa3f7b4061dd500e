//! Document links: how one document bears on another.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::DocumentLinkKind;
use crate::domain::page::SortField;
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, DocumentChoice, LinkField, LinkForm, List, Parent, Prose, Resource, ShortList};

/// How the document it is part of bears on another one: implements, replaces, continues...
///
/// It reads from left to right: `from` implements `to`. A conclusion that keeps an older document alive `continues` it,
/// which is not `replaces`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct DocumentLink<L> {
    /// The document that it bears on.
    pub to: L,
    /// How it bears on it.
    #[schema(example = "implements")]
    pub kind: DocumentLinkKind,
    /// A day on which a source states it.
    #[serde(default)]
    #[schema(example = "2018-07-16")]
    pub stated_on: Option<Date>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "found")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The plan was a draft when it was presented.")]
    pub note: Option<Prose>,
}

/// What a list of document links may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentLinkFilter {
    /// From this document, by its number here or its symbol.
    #[param(example = "1")]
    pub from: Option<DocumentChoice>,
    /// To this document, by its number here or its symbol.
    #[param(example = "32-KL/TW")]
    pub to: Option<DocumentChoice>,
    /// From this document or to it, by its number here or its symbol.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Any of these kinds.
    #[param(example = "implements,action_program_of")]
    pub kind: Option<List<DocumentLinkKind>>,
    /// Supported by any of these.
    #[param(example = "unverified")]
    pub provenance: Option<List<Provenance>>,
    /// Whose `from` was there on this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of document links.
pub enum DocumentLinks {}

impl Resource for DocumentLinks {
    const TYPE: &'static str = "document_link";
    const COLLECTION: &'static str = "document-links";
    const SCHEMA: &'static str = "DocumentLink";
    const TAG: &'static str = "documents";
    const ABOUT: &'static str = "How one document bears on another: implements, replaces, continues and the rest.";
    const PARENT: Option<Parent> = Some(Parent { field: "from", target: "document" });
    const LINKS: &'static [LinkField] = &[LinkField::one("to", "document")];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[ShortList::few(&["from"]), ShortList::sorted(&["to"], &["id"])];

    type Body<L: LinkForm> = DocumentLink<L>;
    type Filter = DocumentLinkFilter;
}

/// The kinds that, taken together with `kind`, must not lead from a document back to it; none for kinds that may.
///
/// An action program is a way of implementing, so the two are one chain.
#[must_use]
pub const fn acyclic_with(kind: DocumentLinkKind) -> &'static [DocumentLinkKind] {
    match kind {
        DocumentLinkKind::Replaces => &[DocumentLinkKind::Replaces],
        DocumentLinkKind::Implements | DocumentLinkKind::ActionProgramOf => {
            &[DocumentLinkKind::Implements, DocumentLinkKind::ActionProgramOf]
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing_and_implementing_never_lead_back_and_the_rest_may() {
        let acyclic = DocumentLinkKind::ALL.iter().filter(|kind| !acyclic_with(**kind).is_empty());
        let codes: Vec<&str> = acyclic.map(|kind| kind.code()).collect();
        assert_eq!(codes, ["implements", "action_program_of", "replaces"]);
        for kind in DocumentLinkKind::ALL {
            let together = acyclic_with(*kind);
            assert!(together.is_empty() || together.contains(kind), "{kind}");
        }
    }
}
