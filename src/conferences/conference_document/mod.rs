//! What conferences did about documents, and about subjects that are no document.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{CitationRole, DocumentActivity};
use crate::domain::check::check_span;
use crate::domain::check::{check_any, check_range};
use crate::domain::fault::Warning;
use crate::domain::page::SortField;
use crate::domain::{
    Date, DocumentChoice, Fault, Faults, Id, Line, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource,
    ShortList, Title,
};

/// What one conference did about one document.
///
/// Where the subject is no document, or one that cannot be told, an organization, an initiative or `subject_text` names
/// it: the work of a committee, a movement, a field of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct ConferenceDocument<L> {
    /// The document.
    #[serde(default)]
    pub document: Option<L>,
    /// The organization that was the subject.
    #[serde(default)]
    pub organization: Option<L>,
    /// The program, movement or campaign that was the subject.
    #[serde(default)]
    pub initiative: Option<L>,
    /// The subject in the words of the source.
    #[serde(default)]
    #[schema(example = "Công tác bảo đảm an ninh trật tự năm 2023")]
    pub subject_text: Option<Line>,
    /// What the conference did about it.
    #[serde(default)]
    #[schema(example = "interim_review")]
    pub activity: Option<DocumentActivity>,
    /// The part that the document played.
    #[serde(default)]
    #[schema(example = "reviewed_interim")]
    pub citation_role: Option<CitationRole>,
    /// The years that were reviewed, as the source counts them: 5 of "sơ kết 5 năm".
    #[serde(default)]
    #[schema(example = 5, minimum = 1, maximum = 100)]
    pub review_years: Option<i32>,
    /// The first day of the period that was reviewed.
    #[serde(default)]
    #[schema(example = "2015-06-22")]
    pub review_from: Option<Date>,
    /// The last day of the period that was reviewed.
    #[serde(default)]
    #[schema(example = "2020-11-11")]
    pub review_to: Option<Date>,
    /// Who presented it.
    #[serde(default)]
    pub presenter: Option<L>,
    /// The title as the source gives it, which may differ from the document's.
    #[serde(default)]
    #[schema(example = "về tăng cường sự lãnh đạo của Đảng đối với công tác đảm bảo an ninh, trật tự")]
    pub title_as_cited: Option<Title>,
    /// The symbol as the source gives it.
    #[serde(default)]
    #[schema(example = "Chỉ thị số 46")]
    pub symbol_as_cited: Option<Line>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The source gives no number.")]
    pub note: Option<Prose>,
}

/// What a list of conference documents may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ConferenceDocumentFilter {
    /// Of this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// About this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// About this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// About this initiative.
    #[param(example = 1)]
    pub initiative: Option<RecordId>,
    /// Any of these activities.
    #[param(example = "interim_review,final_review")]
    pub activity: Option<List<DocumentActivity>>,
    /// Any of these parts.
    #[param(example = "disseminated")]
    pub citation_role: Option<List<CitationRole>>,
    /// Presented by this person.
    #[param(example = 1)]
    pub presenter: Option<RecordId>,
    /// Of a conference of this administrative unit or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Of a conference begun on or after this day.
    #[param(example = "2018-01-01")]
    pub held_from: Option<Date>,
    /// Of a conference begun on or before this day.
    #[param(example = "2018-12-31")]
    pub held_to: Option<Date>,
    /// Whose conference was held by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of conference documents.
pub enum ConferenceDocuments {}

impl Resource for ConferenceDocuments {
    const TYPE: &'static str = "conference_document";
    const COLLECTION: &'static str = "conference-documents";
    const SCHEMA: &'static str = "ConferenceDocument";
    const TAG: &'static str = "conferences";
    const ABOUT: &'static str = "What each conference did about a document, or about a subject that is no document.";
    const PARENT: Option<Parent> = Some(Parent { field: "conference", target: "conference" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("document", "document"),
        LinkField::one("organization", "organization"),
        LinkField::one("initiative", "initiative"),
        LinkField::one("presenter", "person"),
    ];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["conference"]),
        ShortList::sorted(&["document"], &["id"]),
        ShortList::sorted(&["organization"], &["id"]),
        ShortList::sorted(&["initiative"], &["id"]),
        ShortList::sorted(&["presenter"], &["id"]),
    ];

    type Body<L: LinkForm> = ConferenceDocument<L>;
    type Filter = ConferenceDocumentFilter;

    fn check(body: &ConferenceDocument<Id>, faults: &mut Faults) {
        let subject = [
            ("document", body.document.is_some()),
            ("organization", body.organization.is_some()),
            ("initiative", body.initiative.is_some()),
            ("subject_text", body.subject_text.is_some()),
        ];
        check_any(&subject, faults);
        if body.activity.is_none() && body.citation_role.is_none() {
            faults.field("/activity", Fault::new("missing", "is needed where there is no citation_role"));
        }
        check_range("/review_years", body.review_years, 1, 100, faults);
        check_span("/review_to", body.review_from, body.review_to, faults);
    }

    /// A review covers a period: "sơ kết 5 năm", "tổng kết 10 năm".
    fn warnings<L: LinkForm>(body: &ConferenceDocument<L>) -> Vec<Warning> {
        let reviews = matches!(body.activity, Some(DocumentActivity::InterimReview | DocumentActivity::FinalReview));
        if reviews && body.review_years.is_none() && body.review_from.is_none() && body.review_to.is_none() {
            let message = "The years or the days that the review covers are not given.";
            vec![Warning::new("missing_review_period", "/review_years", message)]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(fields: Value) -> ConferenceDocument<Id> {
        serde_json::from_value(fields).unwrap()
    }

    fn found(fields: Value) -> Faults {
        let mut faults = Faults::default();
        ConferenceDocuments::check(&read(fields), &mut faults);
        faults
    }

    #[test]
    fn a_subject_is_named_in_one_way_at_least() {
        let fault =
            Fault::new("missing", "is needed where there is no organization, no initiative and no subject_text");
        assert_eq!(found(json!({ "activity": "thematic" })), Faults::at("/document", fault));
        for subject in [json!({ "document": 1 }), json!({ "organization": 1 }), json!({ "subject_text": "An ninh" })] {
            let mut fields = subject;
            fields["activity"] = json!("thematic");
            assert!(found(fields.clone()).is_empty(), "{fields}");
        }
    }

    #[test]
    fn an_activity_or_a_part_is_given() {
        let fault = Fault::new("missing", "is needed where there is no citation_role");
        assert_eq!(found(json!({ "document": 1 })), Faults::at("/activity", fault));
        assert!(found(json!({ "document": 1, "citation_role": "mentioned" })).is_empty());
    }

    #[test]
    fn a_review_does_not_end_before_it_begins() {
        let fields = json!({
            "document": 1, "activity": "final_review", "review_from": "2020-11-11", "review_to": "2010-10-22",
        });
        let fault = Fault::new("inconsistent", "must not be before 2020-11-11");
        assert_eq!(found(fields), Faults::at("/review_to", fault));
    }

    #[test]
    fn a_review_without_its_period_is_noted() {
        let codes = |fields| -> Vec<&str> {
            ConferenceDocuments::warnings::<Id>(&read(fields)).into_iter().map(|warning| warning.code).collect()
        };
        assert_eq!(codes(json!({ "document": 1, "activity": "interim_review" })), ["missing_review_period"]);
        assert!(codes(json!({ "document": 1, "activity": "interim_review", "review_years": 5 })).is_empty());
        assert!(codes(json!({ "document": 1, "activity": "final_review", "review_to": "2020-11-11" })).is_empty());
        assert!(codes(json!({ "document": 1, "activity": "annual_review" })).is_empty());
    }
}
