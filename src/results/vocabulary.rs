//! The vocabularies of results.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How exactly a source states a figure.
    #[derive(Default)]
    pub enum QuantityQualifier in "quantity_qualifier" {
        /// chính xác.
        #[default]
        Exact = "exact",
        /// trên, hơn.
        AtLeast = "at_least",
        /// khoảng, gần.
        About = "about",
        /// tất cả, 100%.
        All = "all",
        /// nhiều.
        Many = "many",
        /// không nêu.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Whether a figure agrees with itself.
    pub enum StatisticCheck in "statistic_check" {
        /// như nguồn nêu.
        AsStated = "as_stated",
        /// khớp số học.
        Consistent = "consistent",
        /// không khớp số học.
        Inconsistent = "inconsistent",
        /// không đủ số liệu.
        NotCheckable = "not_checkable",
        /// đã đính chính.
        Corrected = "corrected",
    }
}

vocabulary! {
    /// What sort of commendation it is.
    pub enum AwardKind in "award_kind" {
        /// Huân chương Sao Vàng.
        GoldStarOrder = "gold_star_order",
        /// Huân chương (Hồ Chí Minh, Độc lập, Lao động, Chiến công, Bảo vệ Tổ quốc ...).
        Order = "order",
        /// Huy chương.
        Medal = "medal",
        /// danh hiệu vinh dự nhà nước.
        Title = "title",
        /// Cờ thi đua.
        EmulationFlag = "emulation_flag",
        /// danh hiệu thi đua (Chiến sĩ thi đua, Tập thể lao động xuất sắc, Đơn vị quyết thắng).
        EmulationTitle = "emulation_title",
        /// Bằng khen.
        MeritCertificate = "merit_certificate",
        /// Giấy khen.
        Commendation = "commendation",
        /// Kỷ niệm chương.
        CommemorativeMedal = "commemorative_medal",
        /// Huy hiệu (Đảng ...).
        Badge = "badge",
        /// Thư khen.
        LetterOfCommendation = "letter_of_commendation",
        /// thưởng (tiền, hiện vật).
        Bonus = "bonus",
    }
}

vocabulary! {
    /// What is known of who gave an award.
    pub enum AwardGiver in "award_giver" {
        /// tổ chức.
        Organization = "organization",
        /// cá nhân, theo chức vụ.
        Person = "person",
        /// chỉ nêu bằng lời.
        Words = "words",
        /// chưa rõ.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// For whom the presenter handed it over.
    pub enum AwardPresentation in "award_presentation" {
        /// trực tiếp trao.
        Direct = "direct",
        /// thừa ủy quyền (của ...).
        ByDelegation = "by_delegation",
        /// thay mặt.
        OnBehalf = "on_behalf",
    }
}

vocabulary! {
    /// What sort of undertaking an initiative is.
    pub enum InitiativeKind in "initiative_kind" {
        /// chương trình.
        Program = "program",
        /// chương trình phối hợp.
        CoordinationProgram = "coordination_program",
        /// cuộc vận động.
        Campaign = "campaign",
        /// phong trào.
        Movement = "movement",
        /// mô hình.
        Model = "model",
        /// đề án.
        Scheme = "scheme",
    }
}
