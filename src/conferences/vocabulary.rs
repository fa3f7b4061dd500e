//! The vocabularies of conferences.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What sort of meeting it is.
    pub enum ConferenceFormat in "conference_format" {
        /// thường kỳ.
        Regular = "regular",
        /// mở rộng.
        Extended = "extended",
        /// bất thường.
        Extraordinary = "extraordinary",
        /// toàn quốc.
        Nationwide = "nationwide",
        /// cán bộ chủ chốt.
        KeyOfficials = "key_officials",
    }
}

vocabulary! {
    /// How people take part.
    pub enum ConferenceMode in "conference_mode" {
        /// trực tiếp.
        InPerson = "in_person",
        /// trực tuyến.
        Online = "online",
        /// trực tiếp kết hợp trực tuyến.
        Hybrid = "hybrid",
        /// (không nêu).
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What may not be known of a conference.
    pub enum ConferenceWithout in "conference_without" {
        /// không rõ cơ quan triệu tập.
        ConveningBody = "convening_body",
        /// không thuộc tỉnh nào.
        Province = "province",
        /// không rõ cấp.
        Level = "level",
        /// không rõ ngày.
        HeldFrom = "held_from",
    }
}

vocabulary! {
    /// When in the day it was held.
    pub enum PartOfDay in "part_of_day" {
        /// buổi sáng.
        Morning = "morning",
        /// buổi chiều.
        Afternoon = "afternoon",
        /// buổi tối.
        Evening = "evening",
        /// cả ngày.
        AllDay = "all_day",
    }
}

vocabulary! {
    /// What a conference did with a document or a field of work.
    pub enum DocumentActivity in "document_activity" {
        /// quán triệt; học tập, quán triệt; nghiên cứu, học tập, quán triệt.
        StudyDissemination = "study_dissemination",
        /// phổ biến.
        Popularization = "popularization",
        /// triển khai.
        Implementation = "implementation",
        /// sơ kết (6 tháng / 1 / 3 / 5 năm).
        InterimReview = "interim_review",
        /// tổng kết (5 / 10 / 15 / 20 năm).
        FinalReview = "final_review",
        /// tổng kết công tác năm; triển khai nhiệm vụ năm.
        AnnualReview = "annual_review",
        /// giao ban (tuần / tháng / quý / năm).
        PeriodicBriefing = "periodic_briefing",
        /// rút kinh nghiệm.
        LessonsLearned = "lessons_learned",
        /// chuyên đề.
        Thematic = "thematic",
        /// tập huấn; bồi dưỡng.
        Training = "training",
        /// ký kết (chương trình phối hợp).
        Signing = "signing",
        /// phát động (phong trào thi đua).
        EmulationLaunch = "emulation_launch",
        /// công bố (quyết định).
        Announcement = "announcement",
        /// biểu dương; tôn vinh; khen thưởng.
        Commendation = "commendation",
        /// kiểm tra; giám sát; làm việc với.
        Inspection = "inspection",
        /// khác.
        Other = "other",
    }
}

vocabulary! {
    /// The part a document plays at a conference.
    pub enum CitationRole in "citation_role" {
        /// quán triệt, triển khai (văn bản là đối tượng).
        Disseminated = "disseminated",
        /// sơ kết.
        ReviewedInterim = "reviewed_interim",
        /// tổng kết.
        ReviewedFinal = "reviewed_final",
        /// gắn với triển khai.
        ImplementedTogether = "implemented_together",
        /// trình bày / thông qua dự thảo.
        PresentedDraft = "presented_draft",
        /// công bố.
        Announced = "announced",
        /// thông qua; ban hành.
        Adopted = "adopted",
        /// tiếp tục thực hiện.
        ToImplement = "to_implement",
        /// gắn với.
        ToIntegrate = "to_integrate",
        /// căn cứ.
        LegalBasis = "legal_basis",
        /// nhắc tới.
        Mentioned = "mentioned",
    }
}

vocabulary! {
    /// What somebody did at a conference.
    pub enum ParticipationRole in "participation_role" {
        /// chủ trì.
        Chair = "chair",
        /// đồng chủ trì.
        CoChair = "co_chair",
        /// dự và chỉ đạo; tới dự và phát biểu chỉ đạo.
        DirectingLeader = "directing_leader",
        /// phát biểu kết luận.
        ConcludingSpeaker = "concluding_speaker",
        /// phát biểu khai mạc.
        OpeningSpeaker = "opening_speaker",
        /// phát biểu; tham luận.
        Speaker = "speaker",
        /// quán triệt; triển khai; trình bày; báo cáo viên.
        Presenter = "presenter",
        /// báo cáo (tình hình, kết quả).
        Reporter = "reporter",
        /// dự; tham dự; có mặt.
        Attendee = "attendee",
        /// trao.
        AwardPresenter = "award_presenter",
        /// công bố.
        Announcer = "announcer",
        /// thư ký.
        Secretary = "secretary",
    }
}

vocabulary! {
    /// What sort of finding it is.
    pub enum FindingKind in "finding_kind" {
        /// kết quả đạt được.
        Achievement = "achievement",
        /// hạn chế, tồn tại.
        Limitation = "limitation",
        /// nguyên nhân.
        Cause = "cause",
        /// dự báo.
        Forecast = "forecast",
        /// kiến nghị, đề xuất.
        Proposal = "proposal",
    }
}
