//! The vocabularies of sources.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What sort of publication a source is.
    pub enum SourceKind in "source_kind" {
        /// bài gốc.
        Original = "original",
        /// đăng lại: "Theo ...".
        Reprint = "reprint",
        /// tổng hợp.
        Summary = "summary",
        /// văn bản chính thức.
        OfficialRecord = "official_record",
    }
}
