//! The registration: one line per collection. Everything else finds a resource through here.

use crate::http::class;
use crate::http::crud;
use crate::http::endpoint::Endpoint;
use crate::http::openapi::Components;
use crate::service::collection::{Collection, Of};

macro_rules! register {
    ($($resource:ty),+ $(,)?) => {
        /// Every collection, parents before their children, and children before those that may point at them.
        pub static ALL: &[&dyn Collection] = &[$(&Of::<$resource>::NEW),+];

        /// The endpoints of every collection, and those that only some have.
        #[must_use]
        pub fn endpoints() -> Vec<Endpoint> {
            [$(crud::endpoints::<$resource>()),+].into_iter().flatten().chain(special()).collect()
        }

        /// What the OpenAPI document says of every collection.
        #[must_use]
        pub fn components() -> Components {
            let mut components = Components::new();
            $(components.add::<$resource>();)+
            components
        }
    };
}

register! {
    crate::organizations::organization::Organizations,
    crate::organizations::admin_unit::AdminUnits,
    crate::organizations::numbering_period::NumberingPeriods,
    crate::organizations::committee_member::CommitteeMembers,
    crate::organizations::succession::Successions,
    crate::documents::document::Documents,
    crate::documents::document_link::DocumentLinks,
    crate::people::person::People,
    crate::people::position::Positions,
    crate::results::initiative::Initiatives,
    crate::conferences::conference::Conferences,
    crate::conferences::conference_document::ConferenceDocuments,
    crate::conferences::bridge_point::BridgePoints,
    crate::conferences::participation::Participations,
    crate::conferences::finding::Findings,
    crate::tasks::task::Tasks,
    crate::tasks::assignment::Assignments,
    crate::tasks::task_update::TaskUpdates,
    crate::tasks::extension::Extensions,
    crate::tasks::evidence_document::EvidenceDocuments,
    crate::tasks::expectation::Expectations,
    crate::tasks::holiday::Holidays,
    crate::results::statistic::Statistics,
    crate::results::award::Awards,
    crate::sources::source::Sources,
    crate::sources::claim::Claims,
}

/// What only some collections have.
fn special() -> [Endpoint; 2] {
    [
        class::endpoint::<crate::tasks::assignment::Assignments>(),
        class::endpoint::<crate::tasks::expectation::Expectations>(),
    ]
}

/// The collection whose records have this type.
#[must_use]
pub fn by_type(kind: &str) -> Option<&'static dyn Collection> {
    ALL.iter().copied().find(|collection| collection.kind() == kind)
}

/// The collections whose records are part of a record of this type.
pub fn children(kind: &'static str) -> impl Iterator<Item = &'static dyn Collection> {
    ALL.iter().copied().filter(move |collection| collection.parent().is_some_and(|parent| parent.target == kind))
}
