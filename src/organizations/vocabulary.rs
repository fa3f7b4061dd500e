//! The vocabularies of organizations and administrative units.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What sort of body an organization is.
    pub enum OrganizationKind in "organization_kind" {
        /// đại hội.
        Congress = "congress",
        /// Ban Chấp hành Trung ương.
        CentralCommittee = "central_committee",
        /// Bộ Chính trị.
        Politburo = "politburo",
        /// Ban Bí thư.
        Secretariat = "secretariat",
        /// cấp ủy (tỉnh ủy, thành ủy, huyện ủy, đảng ủy).
        PartyCommittee = "party_committee",
        /// ban thường vụ.
        StandingCommittee = "standing_committee",
        /// thường trực (cấp ủy).
        StandingBoard = "standing_board",
        /// chi bộ.
        PartyCell = "party_cell",
        /// ban tham mưu, giúp việc; văn phòng cấp ủy.
        AdvisoryBody = "advisory_body",
        /// ủy ban kiểm tra.
        InspectionBody = "inspection_body",
        /// ban chỉ đạo.
        SteeringCommittee = "steering_committee",
        /// tổ công tác; tổ giúp việc.
        TaskForce = "task_force",
        /// Quốc hội; UBTVQH.
        Legislature = "legislature",
        /// Chính phủ; Thủ tướng.
        Government = "government",
        /// bộ, cơ quan ngang bộ.
        Ministry = "ministry",
        /// cục, vụ, tổng cục.
        MinistryDepartment = "ministry_department",
        /// HĐND.
        PeoplesCouncil = "peoples_council",
        /// UBND.
        PeoplesCommittee = "peoples_committee",
        /// sở, ban, ngành; phòng.
        Department = "department",
        /// công an.
        Police = "police",
        /// bộ chỉ huy quân sự; quân đội.
        Military = "military",
        /// MTTQ Việt Nam.
        FatherlandFront = "fatherland_front",
        /// đoàn thể chính trị - xã hội.
        MassOrganization = "mass_organization",
        /// cơ quan báo chí; cổng thông tin.
        Press = "press",
        /// doanh nghiệp.
        Enterprise = "enterprise",
        /// nhóm đối tượng: "các cấp ủy, chính quyền".
        OrganizationClass = "organization_class",
    }
}

vocabulary! {
    /// What a member of a committee is there.
    pub enum CommitteeRole in "committee_role" {
        /// trưởng ban.
        Head = "head",
        /// phó trưởng ban thường trực.
        StandingDeputy = "standing_deputy",
        /// phó trưởng ban.
        Deputy = "deputy",
        /// cơ quan thường trực.
        StandingBody = "standing_body",
        /// thành viên, ủy viên.
        Member = "member",
        /// thư ký.
        Secretary = "secretary",
    }
}

vocabulary! {
    /// What sort of administrative unit it is.
    pub enum AdminUnitType in "admin_unit_type" {
        /// tỉnh.
        Province = "province",
        /// thành phố trực thuộc Trung ương.
        Municipality = "municipality",
        /// huyện.
        District = "district",
        /// quận.
        UrbanDistrict = "urban_district",
        /// thị xã.
        Town = "town",
        /// thành phố thuộc tỉnh, thành phố thuộc thành phố trực thuộc Trung ương.
        ProvincialCity = "provincial_city",
        /// xã.
        Commune = "commune",
        /// phường.
        Ward = "ward",
        /// thị trấn.
        Township = "township",
        /// đặc khu.
        SpecialZone = "special_zone",
    }
}

vocabulary! {
    /// What happened to a unit or a body.
    pub enum SuccessionKind in "succession_kind" {
        /// sáp nhập, hợp nhất.
        Merged = "merged",
        /// chia, tách.
        Split = "split",
        /// đổi tên.
        Renamed = "renamed",
        /// chuyển loại (tỉnh thành thành phố).
        Reclassified = "reclassified",
        /// kết thúc hoạt động, giải thể.
        Abolished = "abolished",
        /// thành lập.
        Established = "established",
    }
}

vocabulary! {
    /// What a numbering period follows.
    pub enum NumberingPeriodKind in "numbering_period_kind" {
        /// nhiệm kỳ.
        Term = "term",
        /// năm.
        Year = "year",
        /// khóa Quốc hội.
        Legislature = "legislature",
    }
}
