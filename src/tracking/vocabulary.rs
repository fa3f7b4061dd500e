//! The vocabularies of what is computed.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How far a body is with a step.
    pub enum ImplementationStatus in "implementation_status" {
        /// không phải thực hiện. Nothing states it yet, so that it is not given.
        NotRequired = "not_required",
        /// phải thực hiện, chưa có thông tin.
        Expected = "expected",
        /// đã thực hiện đúng hạn.
        DoneOnTime = "done_on_time",
        /// đã thực hiện, chậm.
        DoneLate = "done_late",
        /// đã thực hiện (không quy định hạn).
        DoneNoDeadline = "done_no_deadline",
        /// quá hạn chưa thực hiện.
        Overdue = "overdue",
        /// tự báo cáo, chưa có minh chứng. Nothing states it yet, so that it is not given.
        Claimed = "claimed",
        /// đã thực hiện, không rõ ngày so với hạn.
        DoneDayUnknown = "done_day_unknown",
        /// chưa có thông tin.
        NoRecord = "no_record",
    }
}

impl ImplementationStatus {
    /// Whether the step is done, on whichever day.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::DoneOnTime | Self::DoneLate | Self::DoneNoDeadline | Self::DoneDayUnknown)
    }

    /// Whether nothing is known of the step, expected or not.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        matches!(self, Self::NoRecord | Self::Expected | Self::Overdue)
    }
}

vocabulary! {
    /// Why a document is in force on a day, is not, or why that is not known.
    pub enum ForceReason in "force_reason" {
        /// dự thảo.
        Draft = "draft",
        /// chưa ban hành.
        NotIssued = "not_issued",
        /// chưa có hiệu lực.
        NotInEffect = "not_in_effect",
        /// hết thời hạn thực hiện.
        Expired = "expired",
        /// đã bị thay thế.
        Replaced = "replaced",
        /// bị bãi bỏ.
        Repealed = "repealed",
        /// được tiếp tục thực hiện.
        Continued = "continued",
        /// hết hiệu lực vào ngày sau đó.
        EndsLater = "ends_later",
        /// đã hết hiệu lực, không rõ từ ngày nào.
        EndUndated = "end_undated",
        /// còn hiệu lực, như đã ghi.
        Stated = "stated",
        /// chưa xác định.
        NotKnown = "not_known",
    }
}

vocabulary! {
    /// On which side of a link a document stands.
    pub enum LinkDirection in "link_direction" {
        /// văn bản này tác động tới văn bản kia.
        Outgoing = "outgoing",
        /// văn bản kia tác động tới văn bản này.
        Incoming = "incoming",
    }
}

vocabulary! {
    /// What happened about a document.
    pub enum TimelineEvent in "timeline_event" {
        /// thông qua.
        Adopted = "adopted",
        /// ban hành.
        Issued = "issued",
        /// có hiệu lực.
        InEffect = "in_effect",
        /// hội nghị.
        Conference = "conference",
        /// văn bản liên quan.
        LinkedDocument = "linked_document",
        /// giao nhiệm vụ.
        Task = "task",
        /// nộp minh chứng.
        EvidenceSubmitted = "evidence_submitted",
        /// xác nhận minh chứng.
        EvidenceAccepted = "evidence_accepted",
        /// trả lại minh chứng.
        EvidenceReturned = "evidence_returned",
        /// đến hạn.
        Due = "due",
        /// hết hiệu lực.
        Ended = "ended",
    }
}

vocabulary! {
    /// By what awards are grouped.
    pub enum AwardGrouping in "award_grouping" {
        /// cấp tặng.
        Giver = "giver",
        /// hình thức.
        Kind = "kind",
        /// năm.
        Year = "year",
        /// văn bản.
        Document = "document",
    }
}

vocabulary! {
    /// By what conferences are grouped.
    pub enum ConferenceGrouping in "conference_grouping" {
        /// cơ quan triệu tập.
        ConveningBody = "convening_body",
        /// tỉnh, thành phố.
        Province = "province",
        /// cấp.
        Level = "level",
        /// hình thức tổ chức.
        Mode = "mode",
        /// năm.
        Year = "year",
    }
}

vocabulary! {
    /// What a person did, or became, on a day.
    pub enum PersonEvent in "person_event" {
        /// nhận chức vụ.
        TookOffice = "took_office",
        /// được nêu với chức vụ.
        ShownInOffice = "shown_in_office",
        /// tham gia ban chỉ đạo, ủy ban.
        JoinedCommittee = "joined_committee",
        /// tham gia hội nghị.
        Conference = "conference",
        /// trình bày tại hội nghị.
        Presented = "presented",
        /// ký văn bản.
        Signed = "signed",
        /// giao nhiệm vụ.
        TaskGiven = "task_given",
        /// được giao nhiệm vụ.
        TaskAssigned = "task_assigned",
        /// tặng khen thưởng.
        AwardGiven = "award_given",
        /// trao khen thưởng.
        AwardPresented = "award_presented",
        /// thôi tham gia ban chỉ đạo, ủy ban.
        LeftCommittee = "left_committee",
        /// thôi chức vụ.
        LeftOffice = "left_office",
    }
}

vocabulary! {
    /// How surely a post was held on a day.
    pub enum PostHeld in "post_held" {
        /// giữ chức vụ vào ngày đó.
        Held = "held",
        /// đã giữ trước đó, chưa rõ ngày thôi.
        Begun = "begun",
        /// không loại trừ.
        NotExcluded = "not_excluded",
        /// không giữ vào ngày đó.
        Excluded = "excluded",
        /// chưa có chức vụ được ghi nhận.
        NotRecorded = "not_recorded",
    }
}

vocabulary! {
    /// What makes a document fall due for a review.
    pub enum ReviewRule in "review_rule" {
        /// văn bản quy định.
        Document = "document",
        /// theo lệ thường (mặc định).
        Default = "default",
        /// có yêu cầu thực hiện trong năm.
        Expected = "expected",
    }
}

vocabulary! {
    /// By what a report groups tasks.
    pub enum TaskGrouping in "task_grouping" {
        /// cơ quan chủ trì.
        Lead = "lead",
        /// tỉnh, thành phố của cơ quan chủ trì.
        AdminUnit = "admin_unit",
        /// văn bản.
        Document = "document",
        /// tháng.
        Month = "month",
    }
}

vocabulary! {
    /// Which day of a task a period goes by.
    pub enum TaskDay in "task_day" {
        /// thời hạn.
        DueOn = "due_on",
        /// ngày giao.
        IssuedOn = "issued_on",
    }
}

vocabulary! {
    /// What of a citation speaks for a document, or against it.
    pub enum CitationEvidence in "citation_evidence" {
        /// số và ký hiệu.
        Symbol = "symbol",
        /// loại văn bản và số.
        Number = "number",
        /// loại văn bản.
        Kind = "kind",
        /// cơ quan ban hành.
        Body = "body",
        /// nhiệm kỳ, khóa.
        Term = "term",
        /// ngày ban hành.
        IssuedOn = "issued_on",
        /// trích yếu.
        Title = "title",
        /// số năm sơ kết, tổng kết.
        ReviewYears = "review_years",
        /// được dẫn rõ ở chỗ khác trong cùng bài.
        SameText = "same_text",
        /// mới nhất.
        Latest = "latest",
    }
}

vocabulary! {
    /// Which document a citation means, as far as that can be told.
    pub enum CitationVerdict in "citation_verdict" {
        /// xác định được.
        Resolved = "resolved",
        /// chỉ có một văn bản khớp, chưa có căn cứ khác.
        Unconfirmed = "unconfirmed",
        /// nhiều văn bản khớp, chưa phân biệt được.
        Ambiguous = "ambiguous",
        /// không văn bản nào khớp với những gì bài viết nêu.
        Contradicted = "contradicted",
        /// không có văn bản nào được ghi nhận.
        Unknown = "unknown",
    }
}
