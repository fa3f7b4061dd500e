//! Who may issue what: the rules of the Party (Quy định 399-QĐ/TW of 2026) and of the State (Nghị định 30/2020/NĐ-CP and
//! the law on legal documents), as tables.
//!
//! Practice differs: a ward's committee has issued `02-CT/ĐU`. So these rules give warnings and never refuse. What the
//! tables do not name is not remarked on.

use super::Document;
use crate::documents::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::Id;
use crate::domain::fault::Warning;
use crate::domain::vocabulary::Level;
use crate::organizations::organization::store::Issuer;
use crate::organizations::vocabulary::OrganizationKind;

use DocumentKind as Kind;
use OrganizationKind as Body;

/// The bodies whose documents are numbered by the rules of the Party.
const PARTY: &[Body] = &[
    Body::Congress,
    Body::CentralCommittee,
    Body::Politburo,
    Body::Secretariat,
    Body::PartyCommittee,
    Body::StandingCommittee,
    Body::StandingBoard,
    Body::PartyCell,
    Body::AdvisoryBody,
    Body::InspectionBody,
];

/// The bodies whose documents are numbered by the rules of the State.
const STATE: &[Body] = &[
    Body::Legislature,
    Body::Government,
    Body::Ministry,
    Body::MinistryDepartment,
    Body::PeoplesCouncil,
    Body::PeoplesCommittee,
    Body::Department,
    Body::Police,
    Body::Military,
];

/// Kinds that the typology of the Party has and that of the State has not.
const OF_PARTY_ONLY: &[Kind] = &[
    Kind::PoliticalPlatform,
    Kind::PartyCharter,
    Kind::Strategy,
    Kind::CircularLetter,
    Kind::Declaration,
    Kind::Appeal,
    Kind::MasterPlanning,
];

/// Kinds that the State has, by Nghị định 30/2020/NĐ-CP and the law on legal documents, and the Party has not.
const OF_STATE_ONLY: &[Kind] = &[
    Kind::Contract,
    Kind::UrgentTelegram,
    Kind::Memorandum,
    Kind::Agreement,
    Kind::Authorization,
    Kind::NoticeSlip,
    Kind::Law,
    Kind::Ordinance,
    Kind::Decree,
    Kind::Circular,
    Kind::JointCircular,
    Kind::JointResolution,
    Kind::ConsolidatedText,
];

/// Papers of everyday business, which every body issues.
const ADMINISTRATIVE: &[Kind] = &[
    Kind::Invitation,
    Kind::IntroductionLetter,
    Kind::LeavePaper,
    Kind::DispatchSlip,
    Kind::TransferSlip,
    Kind::CopyTrue,
    Kind::CopyExtract,
    Kind::CopyRelay,
];

/// What every committee of the Party below the centre issues, from nghị quyết to biên bản.
const OF_COMMITTEES: &[Kind] = &[
    Kind::Resolution,
    Kind::Decision,
    Kind::Conclusion,
    Kind::Notice,
    Kind::Report,
    Kind::Plan,
    Kind::MasterPlanning,
    Kind::ActionProgram,
    Kind::CoordinationProgram,
    Kind::Scheme,
    Kind::OptionPlan,
    Kind::Project,
    Kind::Submission,
    Kind::OfficialLetter,
    Kind::Minutes,
];

/// The tiers of the committees that stand between the centre and the grass roots.
const UPPER: &[Level] = &[Level::Province, Level::District];
/// The tiers of the committees of the grass roots (đảng ủy cơ sở).
const LOWER: &[Level] = &[Level::Commune, Level::Grassroots];
/// Every tier below the centre.
const BELOW: &[Level] = &[Level::Province, Level::District, Level::Commune, Level::Grassroots];

/// One row: what bodies of a kind and tier may issue, and nothing else. Without tiers it holds for all.
struct May {
    body: Body,
    levels: &'static [Level],
    kinds: &'static [&'static [Kind]],
}

/// What the bodies of the Party may issue: Quy định 399-QĐ/TW of 2026, on kinds and authority, body by body.
const MAY: &[May] = &[
    // Đại hội đại biểu đảng bộ: nghị quyết, quy chế, thông báo, thông cáo, chương trình, công văn, biên bản.
    May {
        body: Body::Congress,
        levels: BELOW,
        kinds: &[&[
            Kind::Resolution,
            Kind::WorkingRegulation,
            Kind::Notice,
            Kind::Communique,
            Kind::ActionProgram,
            Kind::OfficialLetter,
            Kind::Minutes,
        ]],
    },
    // Tỉnh ủy, huyện ủy (ban chấp hành): no chỉ thị, thông tri, hướng dẫn.
    May {
        body: Body::PartyCommittee,
        levels: UPPER,
        kinds: &[OF_COMMITTEES, &[Kind::WorkingRegulation, Kind::Regulation, Kind::Communique]],
    },
    // Ban thường vụ tỉnh ủy, huyện ủy: the same less thông cáo, with chỉ thị, thông tri, hướng dẫn.
    May {
        body: Body::StandingCommittee,
        levels: UPPER,
        kinds: &[
            OF_COMMITTEES,
            &[Kind::WorkingRegulation, Kind::Regulation, Kind::Directive, Kind::CircularLetter, Kind::Guidance],
        ],
    },
    // Đảng ủy cơ sở (ban chấp hành): with quy chế and quy định; no hướng dẫn, chỉ thị, thông tri.
    May {
        body: Body::PartyCommittee,
        levels: LOWER,
        kinds: &[OF_COMMITTEES, &[Kind::WorkingRegulation, Kind::Regulation, Kind::Communique]],
    },
    // Ban thường vụ đảng ủy cơ sở: with hướng dẫn, less quy chế.
    May {
        body: Body::StandingCommittee,
        levels: LOWER,
        kinds: &[OF_COMMITTEES, &[Kind::Regulation, Kind::Communique, Kind::Guidance]],
    },
    // Chi bộ: with quy chế, without quy định or hướng dẫn.
    May { body: Body::PartyCell, levels: &[], kinds: &[OF_COMMITTEES, &[Kind::WorkingRegulation, Kind::Communique]] },
];

/// One row: what bodies of a kind do not issue, whatever else they do.
struct MayNot {
    body: Body,
    kinds: &'static [Kind],
}

/// What bodies for which there is no full list do not issue, by who else does.
const MAY_NOT: &[MayNot] = &[
    // Chỉ thị, thông tri and hướng dẫn are of standing committees, not of a ban chấp hành.
    MayNot { body: Body::CentralCommittee, kinds: &[Kind::Directive, Kind::CircularLetter, Kind::Guidance] },
    // Nghị quyết are of the Politburo, of the two.
    MayNot { body: Body::Secretariat, kinds: &[Kind::Resolution] },
    // Thường trực cấp ủy notifies its conclusions as thông báo.
    MayNot {
        body: Body::StandingBoard,
        kinds: &[Kind::Resolution, Kind::Conclusion, Kind::Directive, Kind::CircularLetter],
    },
    // Ban tham mưu, văn phòng: hướng dẫn, and nothing that binds a committee.
    MayNot { body: Body::AdvisoryBody, kinds: &[Kind::Resolution, Kind::Directive, Kind::CircularLetter] },
    MayNot { body: Body::InspectionBody, kinds: &[Kind::Resolution, Kind::Directive, Kind::CircularLetter] },
];

/// One row: who alone issues a kind.
struct Reserved {
    kind: Kind,
    bodies: &'static [Body],
}

/// The kinds that few bodies issue, and nobody else of either side.
const RESERVED: &[Reserved] = &[
    // Đại hội đại biểu toàn quốc: Điều lệ Đảng.
    Reserved { kind: Kind::PoliticalPlatform, bodies: &[Body::Congress] },
    Reserved { kind: Kind::PartyCharter, bodies: &[Body::Congress] },
    // Quốc hội: the law on legal documents, and so all that follow.
    Reserved { kind: Kind::Law, bodies: &[Body::Legislature] },
    // Ủy ban Thường vụ Quốc hội.
    Reserved { kind: Kind::Ordinance, bodies: &[Body::Legislature] },
    // Chính phủ.
    Reserved { kind: Kind::Decree, bodies: &[Body::Government] },
    // Bộ trưởng, thủ trưởng cơ quan ngang bộ.
    Reserved { kind: Kind::Circular, bodies: &[Body::Ministry] },
    Reserved { kind: Kind::JointCircular, bodies: &[Body::Ministry] },
    // Ủy ban Thường vụ Quốc hội or Chính phủ with Mặt trận Tổ quốc.
    Reserved { kind: Kind::JointResolution, bodies: &[Body::Legislature, Body::Government, Body::FatherlandFront] },
];

/// The kinds that few bodies of the State issue; the Party has them too.
const RESERVED_IN_STATE: &[Reserved] = &[
    // Quốc hội, Ủy ban Thường vụ Quốc hội, Chính phủ, hội đồng nhân dân.
    Reserved { kind: Kind::Resolution, bodies: &[Body::Legislature, Body::Government, Body::PeoplesCouncil] },
    // Thủ tướng, bộ trưởng, ủy ban nhân dân and its chairman.
    Reserved { kind: Kind::Directive, bodies: &[Body::Government, Body::Ministry, Body::PeoplesCommittee] },
];

/// Whether a body may issue documents of a kind, as far as the tables tell.
fn may_issue(body: Body, level: Option<Level>, kind: Kind) -> bool {
    let none: &[Reserved] = &[];
    let (others, reserved) = match (PARTY.contains(&body), STATE.contains(&body)) {
        (true, _) => (OF_STATE_ONLY, none),
        (_, true) => (OF_PARTY_ONLY, RESERVED_IN_STATE),
        _ => (&[][..], none),
    };
    let is_barred = |row: &Reserved| row.kind == kind && !row.bodies.contains(&body);
    let holds = |row: &&May| {
        row.body == body && (row.levels.is_empty() || level.is_some_and(|level| row.levels.contains(&level)))
    };
    let is_listed = MAY.iter().find(holds).is_none_or(|row| row.kinds.iter().any(|kinds| kinds.contains(&kind)));
    let is_left_out = MAY_NOT.iter().any(|row| row.body == body && row.kinds.contains(&kind));
    ADMINISTRATIVE.contains(&kind)
        || (!others.contains(&kind) && !RESERVED.iter().chain(reserved).any(is_barred) && is_listed && !is_left_out)
}

/// Whether the register of a body may hold documents of a kind: that of a committee holds those of its standing committee,
/// which signs with the same symbol, and TW those of the Politburo and the Secretariat.
fn may_number(body: Body, level: Option<Level>, kind: Kind) -> bool {
    let sharing: &[Body] = match body {
        Body::CentralCommittee => &[Body::CentralCommittee, Body::Politburo, Body::Secretariat],
        Body::PartyCommittee => &[Body::PartyCommittee, Body::StandingCommittee],
        _ => return may_issue(body, level, kind),
    };
    sharing.iter().any(|body| may_issue(*body, level, kind))
}

/// What is odd about who numbered and who adopted a document. One that several adopted needs one who may.
#[must_use]
pub fn warnings(body: &Document<Id>, issuer: Option<&Issuer>, adopters: &[Issuer]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let unusual = |issuer: &Issuer| {
        let message = format!("{} does not usually issue documents of the kind {}.", issuer.name, body.kind);
        Warning::new("unusual_issuer", "/kind", message)
    };
    if let Some(issuer) = issuer {
        let (others, of) = match body.system {
            DocumentSystem::Party => (STATE, "the State and not of the Party"),
            DocumentSystem::State => (PARTY, "the Party and not of the State"),
        };
        if others.contains(&issuer.kind) {
            let message = format!("{} is a body of {of}.", issuer.name);
            warnings.push(Warning::new("unusual_issuer", "/system", message));
        }
        if !may_number(issuer.kind, issuer.level, body.kind) {
            warnings.push(unusual(issuer));
            return warnings;
        }
    }
    if !adopters.iter().any(|adopter| may_issue(adopter.kind, adopter.level, body.kind)) {
        warnings.extend(adopters.first().map(unusual));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds among `kinds` that a body may not issue.
    fn refused(body: Body, level: Level, kinds: &[Kind]) -> Vec<Kind> {
        kinds.iter().copied().filter(|kind| !may_issue(body, Some(level), *kind)).collect()
    }

    #[test]
    fn directives_circular_letters_and_guidance_are_of_standing_committees() {
        let kinds = [Kind::Directive, Kind::CircularLetter, Kind::Guidance];
        for level in [Level::Province, Level::District] {
            assert_eq!(refused(Body::PartyCommittee, level, &kinds), kinds);
            assert_eq!(refused(Body::StandingCommittee, level, &kinds), []);
            assert!(kinds.iter().all(|kind| may_number(Body::PartyCommittee, Some(level), *kind)));
        }
        assert_eq!(refused(Body::CentralCommittee, Level::Central, &kinds), kinds);
        assert!(kinds.iter().all(|kind| may_number(Body::CentralCommittee, Some(Level::Central), *kind)));
        assert!(!may_issue(Body::StandingCommittee, Some(Level::Province), Kind::Communique));
        assert!(may_issue(Body::PartyCommittee, Some(Level::Province), Kind::Communique));
    }

    #[test]
    fn committees_of_the_grass_roots_guide_and_do_not_direct() {
        let kinds = [Kind::Directive, Kind::CircularLetter, Kind::Guidance, Kind::WorkingRegulation, Kind::Regulation];
        let [directive, circular, guidance, working, regulation] = kinds;
        let of = |body| refused(body, Level::Commune, &kinds);
        assert_eq!(of(Body::PartyCommittee), [directive, circular, guidance]);
        assert_eq!(of(Body::StandingCommittee), [directive, circular, working]);
        assert_eq!(of(Body::PartyCell), [directive, circular, guidance, regulation]);
        assert!(!may_number(Body::PartyCommittee, Some(Level::Commune), directive), "02-CT/ĐU");
        assert!(may_number(Body::PartyCommittee, Some(Level::Commune), guidance), "33-HD/ĐU");
    }

    #[test]
    fn congress_alone_gives_the_charter() {
        for kind in [Kind::PoliticalPlatform, Kind::PartyCharter] {
            assert!(may_issue(Body::Congress, Some(Level::Central), kind));
            assert!(!may_issue(Body::Congress, Some(Level::Province), kind));
            for body in Body::ALL.iter().filter(|body| **body != Body::Congress) {
                assert!(!may_issue(*body, None, kind), "{body} {kind}");
            }
        }
        let kinds = [Kind::Resolution, Kind::Minutes, Kind::Directive, Kind::Plan];
        assert_eq!(refused(Body::Congress, Level::Province, &kinds), [Kind::Directive, Kind::Plan]);
    }

    #[test]
    fn legal_documents_are_of_the_organs_that_the_law_names() {
        for (kind, bodies) in [
            (Kind::Law, [Body::Legislature].as_slice()),
            (Kind::Ordinance, &[Body::Legislature]),
            (Kind::Decree, &[Body::Government]),
            (Kind::Circular, &[Body::Ministry]),
            (Kind::JointCircular, &[Body::Ministry]),
            (Kind::JointResolution, &[Body::Legislature, Body::Government, Body::FatherlandFront]),
        ] {
            let may: Vec<Body> = Body::ALL.iter().copied().filter(|body| may_issue(*body, None, kind)).collect();
            assert_eq!(may, bodies, "{kind}");
        }
        let among_state =
            |kind: Kind| -> Vec<Body> { STATE.iter().copied().filter(|body| may_issue(*body, None, kind)).collect() };
        assert_eq!(among_state(Kind::Resolution), [Body::Legislature, Body::Government, Body::PeoplesCouncil]);
        assert_eq!(among_state(Kind::Directive), [Body::Government, Body::Ministry, Body::PeoplesCommittee]);
    }

    #[test]
    fn each_side_has_kinds_that_the_other_has_not() {
        for kind in OF_PARTY_ONLY {
            assert!(kind.state_symbol().is_none(), "{kind}");
            assert!(STATE.iter().all(|body| !may_issue(*body, None, *kind)), "{kind}");
        }
        for kind in OF_STATE_ONLY {
            assert!(kind.party_symbol().is_none(), "{kind}");
            assert!(PARTY.iter().all(|body| !may_issue(*body, None, *kind)), "{kind}");
        }
    }

    #[test]
    fn secretariat_boards_and_offices_bind_nobody_by_resolution() {
        for body in [Body::Secretariat, Body::StandingBoard, Body::AdvisoryBody, Body::InspectionBody] {
            assert!(!may_issue(body, Some(Level::Central), Kind::Resolution), "{body}");
        }
        assert!(may_issue(Body::Politburo, Some(Level::Central), Kind::Resolution));
        assert!(may_issue(Body::Secretariat, Some(Level::Central), Kind::Directive));
        assert!(may_issue(Body::AdvisoryBody, Some(Level::Province), Kind::Guidance));
        assert!(!may_issue(Body::StandingBoard, Some(Level::Province), Kind::Conclusion));
    }

    #[test]
    fn everybody_issues_papers_of_everyday_business() {
        for body in Body::ALL {
            for kind in ADMINISTRATIVE.iter().chain(&[Kind::OfficialLetter, Kind::Notice, Kind::Minutes]) {
                assert!(may_issue(*body, Some(Level::Province), *kind), "{body} {kind}");
            }
        }
    }
}
