//! The vocabularies of documents.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// The kind of a document: the types that the Party (Quy định 399-QĐ/TW of 2026) and the State (Nghị định
    /// 30/2020/NĐ-CP and the law on legal documents) issue.
    pub enum DocumentKind in "document_kind" {
        /// Cương lĩnh chính trị.
        PoliticalPlatform = "political_platform",
        /// Điều lệ Đảng.
        PartyCharter = "party_charter",
        /// Chiến lược.
        Strategy = "strategy",
        /// Nghị quyết.
        Resolution = "resolution",
        /// Quyết định.
        Decision = "decision",
        /// Chỉ thị.
        Directive = "directive",
        /// Kết luận.
        Conclusion = "conclusion",
        /// Quy chế.
        WorkingRegulation = "working_regulation",
        /// Quy định.
        Regulation = "regulation",
        /// Thông tri.
        CircularLetter = "circular_letter",
        /// Hướng dẫn.
        Guidance = "guidance",
        /// Thông báo.
        Notice = "notice",
        /// Thông cáo.
        Communique = "communique",
        /// Tuyên bố.
        Declaration = "declaration",
        /// Lời kêu gọi.
        Appeal = "appeal",
        /// Báo cáo.
        Report = "report",
        /// Kế hoạch.
        Plan = "plan",
        /// Quy hoạch.
        MasterPlanning = "master_planning",
        /// Chương trình.
        ActionProgram = "action_program",
        /// Đề án.
        Scheme = "scheme",
        /// Phương án.
        OptionPlan = "option_plan",
        /// Dự án.
        Project = "project",
        /// Tờ trình.
        Submission = "submission",
        /// Công văn.
        OfficialLetter = "official_letter",
        /// Biên bản.
        Minutes = "minutes",
        /// Giấy mời.
        Invitation = "invitation",
        /// Giấy giới thiệu.
        IntroductionLetter = "introduction_letter",
        /// Hợp đồng.
        Contract = "contract",
        /// Công điện.
        UrgentTelegram = "urgent_telegram",
        /// Bản ghi nhớ.
        Memorandum = "memorandum",
        /// Bản thỏa thuận.
        Agreement = "agreement",
        /// Giấy ủy quyền.
        Authorization = "authorization",
        /// Giấy nghỉ phép.
        LeavePaper = "leave_paper",
        /// Phiếu gửi.
        DispatchSlip = "dispatch_slip",
        /// Phiếu chuyển.
        TransferSlip = "transfer_slip",
        /// Phiếu báo.
        NoticeSlip = "notice_slip",
        /// Luật.
        Law = "law",
        /// Pháp lệnh.
        Ordinance = "ordinance",
        /// Nghị định.
        Decree = "decree",
        /// Thông tư.
        Circular = "circular",
        /// Thông tư liên tịch.
        JointCircular = "joint_circular",
        /// Nghị quyết liên tịch.
        JointResolution = "joint_resolution",
        /// Văn bản hợp nhất.
        ConsolidatedText = "consolidated_text",
        /// Sao y.
        CopyTrue = "copy_true",
        /// Trích sao.
        CopyExtract = "copy_extract",
        /// Sao lục.
        CopyRelay = "copy_relay",
        /// Chương trình phối hợp.
        CoordinationProgram = "coordination_program",
    }
}

impl DocumentKind {
    /// The abbreviation of the kind in the symbols of a system.
    #[must_use]
    pub const fn symbol(self, system: DocumentSystem) -> Option<&'static str> {
        match system {
            DocumentSystem::Party => self.party_symbol(),
            DocumentSystem::State => self.state_symbol(),
        }
    }

    /// The abbreviation of the kind in the symbol of a Party document, such as `CT`; none where the kind has none.
    #[must_use]
    pub const fn party_symbol(self) -> Option<&'static str> {
        Some(match self {
            Self::Strategy => "CL",
            Self::Resolution => "NQ",
            Self::Decision | Self::Regulation => "QĐ",
            Self::Directive => "CT",
            Self::Conclusion => "KL",
            Self::WorkingRegulation => "QC",
            Self::CircularLetter => "TT",
            Self::Guidance => "HD",
            Self::Notice => "TB",
            Self::Communique => "TC",
            Self::Declaration => "TBo",
            Self::Report => "BC",
            Self::Plan => "KH",
            Self::MasterPlanning => "QH",
            Self::ActionProgram | Self::CoordinationProgram => "CTr",
            Self::Scheme => "ĐA",
            Self::OptionPlan => "PA",
            Self::Project => "DA",
            Self::Submission => "TTr",
            Self::OfficialLetter => "CV",
            Self::Minutes => "BB",
            Self::Invitation => "GM",
            Self::IntroductionLetter => "GGT",
            Self::CopyTrue => "SY",
            _ => return None,
        })
    }

    /// The abbreviation of the kind in the symbol of a State document, such as `NĐ`; none where the kind has none.
    #[must_use]
    pub const fn state_symbol(self) -> Option<&'static str> {
        Some(match self {
            Self::Resolution => "NQ",
            Self::Decision => "QĐ",
            Self::Directive => "CT",
            Self::Conclusion => "KL",
            Self::WorkingRegulation => "QC",
            Self::Regulation => "QyĐ",
            Self::Guidance => "HD",
            Self::Notice => "TB",
            Self::Communique => "TC",
            Self::Report => "BC",
            Self::Plan => "KH",
            Self::ActionProgram | Self::CoordinationProgram => "CTr",
            Self::Scheme => "ĐA",
            Self::OptionPlan => "PA",
            Self::Project => "DA",
            Self::Submission => "TTr",
            Self::Minutes => "BB",
            Self::Invitation => "GM",
            Self::IntroductionLetter => "GGT",
            Self::Contract => "HĐ",
            Self::UrgentTelegram => "CĐ",
            Self::Memorandum => "BGN",
            Self::Agreement => "BTT",
            Self::Authorization => "GUQ",
            Self::LeavePaper => "GNP",
            Self::DispatchSlip => "PG",
            Self::TransferSlip => "PC",
            Self::NoticeSlip => "PB",
            Self::Decree => "NĐ",
            Self::Circular => "TT",
            Self::JointCircular => "TTLT",
            Self::JointResolution => "NQLT",
            Self::ConsolidatedText => "VBHN",
            Self::CopyTrue => "SY",
            Self::CopyExtract => "TrS",
            Self::CopyRelay => "SL",
            _ => return None,
        })
    }
}

vocabulary! {
    /// Whose rules number a document.
    pub enum DocumentSystem in "document_system" {
        /// The Party: one number series per kind and term.
        Party = "party",
        /// The State: one number series per kind and calendar year.
        State = "state",
    }
}

vocabulary! {
    /// How far a document has force.
    pub enum DocumentStatus in "document_status" {
        /// dự thảo.
        Draft = "draft",
        /// đã ban hành.
        Issued = "issued",
        /// còn hiệu lực.
        InForce = "in_force",
        /// hết hiệu lực một phần.
        PartlySuperseded = "partly_superseded",
        /// đã bị thay thế.
        Superseded = "superseded",
        /// bị bãi bỏ.
        Repealed = "repealed",
        /// hết thời hạn thực hiện.
        Expired = "expired",
        /// chưa xác định.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How one document bears on another.
    pub enum DocumentLinkKind in "document_link_kind" {
        /// thực hiện; triển khai thực hiện.
        Implements = "implements",
        /// chương trình hành động thực hiện.
        ActionProgramOf = "action_program_of",
        /// hướng dẫn thực hiện.
        Guides = "guides",
        /// thay thế.
        Replaces = "replaces",
        /// sửa đổi, bổ sung.
        Amends = "amends",
        /// bãi bỏ.
        Repeals = "repeals",
        /// tiếp tục thực hiện.
        Continues = "continues",
        /// sơ kết / tổng kết việc thực hiện.
        Reviews = "reviews",
        /// (nối tiếp, cùng chủ đề).
        Follows = "follows",
        /// căn cứ.
        BasedOn = "based_on",
        /// kèm theo; ban hành kèm theo.
        AttachedTo = "attached_to",
        /// đính chính.
        Corrects = "corrects",
        /// hợp nhất.
        Consolidates = "consolidates",
        /// dự thảo của.
        DraftOf = "draft_of",
        /// bản trùng.
        SameAs = "same_as",
        /// viện dẫn.
        Cites = "cites",
    }
}

vocabulary! {
    /// How urgent a document is.
    pub enum Urgency in "urgency" {
        /// thường.
        Normal = "normal",
        /// khẩn.
        Urgent = "urgent",
        /// thượng khẩn.
        VeryUrgent = "very_urgent",
        /// hỏa tốc.
        Express = "express",
    }
}

vocabulary! {
    /// How secret a document is. Only `normal` is accepted.
    pub enum Confidentiality in "confidentiality" {
        /// thường.
        Normal = "normal",
        /// mật.
        Confidential = "confidential",
        /// tối mật.
        Secret = "secret",
        /// tuyệt mật.
        TopSecret = "top_secret",
    }
}
