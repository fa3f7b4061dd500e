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

vocabulary! {
    /// What a claim may be about: the type of a record.
    pub enum RecordType in "record_type" {
        /// tổ chức, cơ quan.
        Organization = "organization",
        /// thành viên ban chỉ đạo, hội đồng.
        CommitteeMember = "committee_member",
        /// đơn vị hành chính.
        AdminUnit = "admin_unit",
        /// kế thừa (đơn vị, tổ chức).
        Succession = "succession",
        /// kỳ đánh số văn bản.
        NumberingPeriod = "numbering_period",
        /// văn bản.
        Document = "document",
        /// quan hệ giữa các văn bản.
        DocumentLink = "document_link",
        /// người.
        Person = "person",
        /// chức vụ.
        Position = "position",
        /// hội nghị.
        Conference = "conference",
        /// văn bản tại hội nghị.
        ConferenceDocument = "conference_document",
        /// điểm cầu.
        BridgePoint = "bridge_point",
        /// thành phần dự hội nghị.
        Participation = "participation",
        /// đánh giá, nhận định.
        Finding = "finding",
        /// nhiệm vụ.
        Task = "task",
        /// phân công nhiệm vụ.
        Assignment = "assignment",
        /// báo cáo tiến độ nhiệm vụ.
        TaskUpdate = "task_update",
        /// gia hạn nhiệm vụ.
        Extension = "extension",
        /// tài liệu minh chứng.
        EvidenceDocument = "evidence_document",
        /// việc phải làm tiếp theo.
        Expectation = "expectation",
        /// ngày nghỉ lễ.
        Holiday = "holiday",
        /// chương trình, phong trào, mô hình.
        Initiative = "initiative",
        /// số liệu.
        Statistic = "statistic",
        /// khen thưởng.
        Award = "award",
        /// nguồn tin.
        Source = "source",
        /// thông tin do nguồn nêu.
        Claim = "claim",
    }
}
