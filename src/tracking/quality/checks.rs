//! The checks: what each looks for and why, and the query that finds it.
//!
//! A check is one row of [`CHECKS`] and nothing else: the parameter, the answer and the OpenAPI document are made of it. In its
//! query a table in braces stands for those rows of it that are living and that the caller may see; `r` is the record that
//! wants a look, and `:day` the day that is asked about. Both databases must read it, and give each record once.

/// Something that may be wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Its code, which never changes.
    pub code: &'static str,
    /// What it finds.
    pub title: &'static str,
    /// The same in Vietnamese.
    pub title_vi: &'static str,
    /// Why that wants a look: the rule, and where it comes from.
    pub why: &'static str,
    /// The type of the records that it finds.
    pub record: &'static str,
    /// The field to look at.
    pub field: &'static str,
    /// The type of the other record that each is about, and the column with its number.
    pub other: Option<(&'static str, &'static str)>,
    /// The columns with the two days between which `{days}` of the message lie.
    pub days: Option<(&'static str, &'static str)>,
    /// What is wrong with one record, in plain words.
    pub message: &'static str,
    /// From where: tables, conditions.
    pub from: &'static str,
}

/// All checks, in the order in which they are shown.
pub const CHECKS: &[Check] = &[
    Check {
        code: "document_without_issuer",
        title: "Documents of which no body is recorded",
        title_vi: "Văn bản chưa rõ cơ quan ban hành",
        why: "A document is identified by who numbers it; a symbol alone has meant several documents.",
        record: "document",
        field: "numbering_body",
        other: None,
        days: None,
        message: "names neither a body that numbers it nor one that adopted it",
        from: "{documents} AS r WHERE r.numbering_body_id IS NULL AND r.adopted_by = '[]' AND r.status <> 'draft'",
    },
    Check {
        code: "document_without_number",
        title: "Documents without a number",
        title_vi: "Văn bản chưa rõ số",
        why: "A document is identified by its number within the term or the year of its issuer.",
        record: "document",
        field: "number",
        other: None,
        days: None,
        message: "has no number",
        from: "{documents} AS r WHERE r.number IS NULL AND r.status <> 'draft'",
    },
    Check {
        code: "document_without_date",
        title: "Documents without a date",
        title_vi: "Văn bản chưa rõ ngày ban hành",
        why: "How long bodies took is counted from the date of the document.",
        record: "document",
        field: "issued_on",
        other: None,
        days: None,
        message: "has no date",
        from: "{documents} AS r WHERE r.issued_on IS NULL AND r.status <> 'draft'",
    },
    Check {
        code: "document_outside_body",
        title: "Documents dated outside of the life of the body that numbers them",
        title_vi: "Văn bản ban hành khi cơ quan chưa thành lập hoặc đã kết thúc hoạt động",
        why: "Provinces, districts and their bodies ended on 2025-07-01: what is dated later is of a successor.",
        record: "document",
        field: "numbering_body",
        other: Some(("organization", "o.id")),
        days: Some((
            "CASE WHEN o.valid_to < r.issued_on THEN o.valid_to ELSE r.issued_on END",
            "CASE WHEN o.valid_to < r.issued_on THEN r.issued_on ELSE o.valid_from END",
        )),
        message: "is dated {days} days outside of the life of the body that numbers it",
        from: "{documents} AS r JOIN {organizations} AS o ON o.id = r.numbering_body_id \
               WHERE COALESCE(r.issued_on_precision, 'day') = 'day' \
               AND (o.valid_to < r.issued_on OR o.valid_from > r.issued_on)",
    },
    Check {
        code: "conference_without_day",
        title: "Conferences without a day",
        title_vi: "Hội nghị chưa rõ ngày tổ chức",
        why: "An act without a day cannot be held against a due date.",
        record: "conference",
        field: "held_from",
        other: None,
        days: None,
        message: "has no day",
        from: "{conferences} AS r WHERE r.held_from IS NULL",
    },
    Check {
        code: "conference_before_document",
        title: "Conferences held before the date of a document that they dealt with",
        title_vi: "Hội nghị tổ chức trước ngày ban hành văn bản",
        why: "A symbol that was cited may mean a document of an earlier term; a draft may be presented before.",
        record: "conference_document",
        field: "document",
        other: Some(("document", "d.id")),
        days: Some(("COALESCE(c.held_to, c.held_from)", "d.issued_on")),
        message: "is of a conference that ended {days} days before the date of the document",
        from: "{conference_documents} AS r JOIN {conferences} AS c ON c.id = r.conference_id \
               JOIN {documents} AS d ON d.id = r.document_id \
               WHERE COALESCE(c.held_to, c.held_from) < d.issued_on AND COALESCE(c.date_precision, 'day') = 'day' \
               AND COALESCE(r.citation_role, '') <> 'presented_draft'",
    },
    Check {
        code: "conference_outside_body",
        title: "Conferences held outside of the life of the body that convened them",
        title_vi: "Hội nghị tổ chức khi cơ quan triệu tập chưa thành lập hoặc đã kết thúc hoạt động",
        why: "Provinces, districts and their bodies ended on 2025-07-01: what was held later is of a successor.",
        record: "conference",
        field: "convening_body",
        other: Some(("organization", "o.id")),
        days: Some((
            "CASE WHEN o.valid_to < r.held_from THEN o.valid_to ELSE r.held_from END",
            "CASE WHEN o.valid_to < r.held_from THEN r.held_from ELSE o.valid_from END",
        )),
        message: "was held {days} days outside of the life of the body that convened it",
        from: "{conferences} AS r JOIN {organizations} AS o ON o.id = r.convening_body_id \
               WHERE COALESCE(r.date_precision, 'day') = 'day' \
               AND (o.valid_to < r.held_from OR o.valid_from > r.held_from)",
    },
    Check {
        code: "citation_without_document",
        title: "Citations that no document is found for",
        title_vi: "Trích dẫn chưa xác định được văn bản",
        why: "What a conference did counts for a document only where the citation is resolved.",
        record: "conference_document",
        field: "document",
        other: Some(("conference", "r.conference_id")),
        days: None,
        message: "cites a document and links to none",
        from: "{conference_documents} AS r WHERE r.document_id IS NULL AND r.initiative_id IS NULL \
               AND r.organization_id IS NULL AND (r.citation_role IS NOT NULL OR r.symbol_as_cited IS NOT NULL \
               OR r.title_as_cited IS NOT NULL)",
    },
    Check {
        code: "office_not_held",
        title: "People called by an office that they did not hold on the day",
        title_vi: "Chức vụ nêu tại hội nghị không khớp thời gian giữ chức vụ",
        why: "The dates of the post, the day of the conference or the person may be wrong.",
        record: "participation",
        field: "positions_as_stated",
        other: Some(("position", "MIN(p.id)")),
        days: None,
        message: "states an office of the person whose recorded dates leave out the day of the conference",
        from: "{participations} AS r JOIN {conferences} AS c ON c.id = r.conference_id \
               JOIN {positions} AS p ON p.person_id = r.person_id \
               WHERE COALESCE(c.date_precision, 'day') = 'day' \
               AND REPLACE(r.positions_as_stated, '\"' || p.title || '\"', '') <> r.positions_as_stated \
               AND (p.valid_from > c.held_from \
               OR (p.valid_to < c.held_from AND COALESCE(p.valid_to_precision, 'day') = 'day')) \
               AND NOT EXISTS (SELECT 1 FROM {positions} AS q \
               WHERE q.person_id = r.person_id AND q.title = p.title \
               AND (q.valid_from IS NULL OR q.valid_from <= c.held_from) \
               AND (q.valid_to IS NULL OR q.valid_to >= c.held_from OR q.valid_to_precision IN ('month', 'year'))) \
               GROUP BY r.id",
    },
    Check {
        code: "task_without_lead",
        title: "Tasks without a lead",
        title_vi: "Nhiệm vụ chưa rõ cơ quan chủ trì",
        why: "One task, one lead, one answerable point (Kết luận 76-KL/TW of 2026, by secondary sources).",
        record: "task",
        field: "assignments",
        other: None,
        days: None,
        message: "has no assignment in the role lead",
        from: "{tasks} AS r WHERE r.state NOT IN ('declined', 'transferred', 'cancelled') \
               AND NOT EXISTS (SELECT 1 FROM {assignments} AS a WHERE a.task_id = r.id AND a.role = 'lead')",
    },
    Check {
        code: "task_without_deadline",
        title: "Tasks without a deadline that are not regular ones",
        title_vi: "Nhiệm vụ chưa rõ thời hạn",
        why: "One of the five clear points (\"5 rõ\"): task, person, responsibility, time, result. Regular tasks have none.",
        record: "task",
        field: "due_on",
        other: None,
        days: None,
        message: "states no deadline",
        from: "{tasks} AS r WHERE r.state NOT IN ('declined', 'transferred', 'cancelled') \
               AND r.deadline_kind NOT IN ('recurring', 'regular_no_deadline') \
               AND r.due_on IS NULL AND r.due_days IS NULL AND r.period_to IS NULL",
    },
    Check {
        code: "task_without_product",
        title: "Tasks without a product",
        title_vi: "Nhiệm vụ chưa rõ sản phẩm",
        why: "One of the five clear points (\"5 rõ\"): without a product nobody can tell when the task is done.",
        record: "task",
        field: "product",
        other: None,
        days: None,
        message: "names no product",
        from: "{tasks} AS r WHERE r.state NOT IN ('declined', 'transferred', 'cancelled') AND r.product IS NULL",
    },
    Check {
        code: "task_outside_body",
        title: "Tasks given outside of the life of the body that gave them",
        title_vi: "Nhiệm vụ giao khi cơ quan giao chưa thành lập hoặc đã kết thúc hoạt động",
        why: "Provinces, districts and their bodies ended on 2025-07-01: what was given later is of a successor.",
        record: "task",
        field: "issued_by",
        other: Some(("organization", "o.id")),
        days: Some((
            "CASE WHEN o.valid_to < r.issued_on THEN o.valid_to ELSE r.issued_on END",
            "CASE WHEN o.valid_to < r.issued_on THEN r.issued_on ELSE o.valid_from END",
        )),
        message: "was given {days} days outside of the life of the body that gave it",
        from: "{tasks} AS r JOIN {organizations} AS o ON o.id = r.issued_by_id \
               WHERE o.valid_to < r.issued_on OR o.valid_from > r.issued_on",
    },
    Check {
        code: "task_due_before_given",
        title: "Tasks due before the day on which they were given",
        title_vi: "Nhiệm vụ có thời hạn trước ngày giao",
        why: "Such a task is overdue from its first day on, for whoever was given it: one of the two days is wrong.",
        record: "task",
        field: "due_on",
        other: None,
        days: Some(("r.due_on", "r.issued_on")),
        message: "is due {days} days before it was given",
        from: "{tasks} AS r WHERE r.due_on < r.issued_on",
    },
    Check {
        code: "task_completed_too_early",
        title: "Tasks completed before the day on which they were given",
        title_vi: "Nhiệm vụ hoàn thành trước ngày giao",
        why: "It counts as done on time in every rate: one of the two days is wrong.",
        record: "task",
        field: "completed_on",
        other: None,
        days: Some(("r.completed_on", "r.issued_on")),
        message: "was completed {days} days before it was given",
        from: "{tasks} AS r WHERE r.completed_on < r.issued_on",
    },
    Check {
        code: "task_completed_in_future",
        title: "Tasks completed on a day that is still to come",
        title_vi: "Nhiệm vụ ghi hoàn thành vào ngày chưa đến",
        why: "Until that day it counts as open, and by its state it is done.",
        record: "task",
        field: "completed_on",
        other: None,
        days: Some((":day", "r.completed_on")),
        message: "is said to be completed {days} days from now",
        from: "{tasks} AS r WHERE r.completed_on > :day",
    },
    Check {
        code: "assignment_to_ended_body",
        title: "Open tasks of bodies that have ended",
        title_vi: "Nhiệm vụ đang thực hiện của cơ quan đã kết thúc hoạt động",
        why: "What a body has not finished when it ends is for its successor, and must be given to it.",
        record: "assignment",
        field: "organization",
        other: Some(("organization", "o.id")),
        days: Some(("o.valid_to", ":day")),
        message: "is of an open task, and its body ended {days} days ago",
        from: "{assignments} AS r JOIN {tasks} AS t ON t.id = r.task_id \
               JOIN {organizations} AS o ON o.id = r.organization_id \
               WHERE o.valid_to < :day AND t.state IN ('not_started', 'in_progress', 'submitted', 'returned', 'on_hold')",
    },
    Check {
        code: "expectation_without_record",
        title: "Expectations past their due date of which nobody has a record",
        title_vi: "Quá hạn, chưa có thông tin thực hiện",
        why: "No record is not \"not done\": ask. Where some have a record, the gaps of the document tell who has none.",
        record: "expectation",
        field: "due_on",
        other: Some(("document", "r.document_id")),
        days: Some(("r.due_on", ":day")),
        message: "was due {days} days ago, and no record shows that any body has taken the step",
        from: "{expectations} AS r WHERE r.due_on < :day AND r.document_id IS NOT NULL \
               AND NOT (r.milestone IN ('disseminated', 'cascaded') AND EXISTS (SELECT 1 FROM {conference_documents} AS a \
               WHERE a.document_id = r.document_id AND (a.activity IN ('study_dissemination', 'popularization', \
               'implementation') OR (a.activity IS NULL AND a.citation_role IN ('disseminated', 'implemented_together'))))) \
               AND NOT (r.milestone = 'reviewed_interim' AND EXISTS (SELECT 1 FROM {conference_documents} AS a \
               WHERE a.document_id = r.document_id AND (a.activity = 'interim_review' \
               OR (a.activity IS NULL AND a.citation_role = 'reviewed_interim')))) \
               AND NOT (r.milestone = 'reviewed_final' AND EXISTS (SELECT 1 FROM {conference_documents} AS a \
               WHERE a.document_id = r.document_id AND (a.activity = 'final_review' \
               OR (a.activity IS NULL AND a.citation_role = 'reviewed_final')))) \
               AND NOT (r.milestone = 'plan_issued' AND EXISTS (SELECT 1 FROM {document_links} AS l \
               JOIN {documents} AS p ON p.id = l.from_id WHERE l.to_id = r.document_id \
               AND l.kind IN ('implements', 'action_program_of') AND p.status <> 'draft')) \
               AND NOT (r.milestone = 'tasks_assigned' AND EXISTS (SELECT 1 FROM {tasks} AS t \
               WHERE t.origin_document_id = r.document_id)) \
               AND NOT (r.milestone = 'reported' AND EXISTS (SELECT 1 FROM {tasks} AS t \
               JOIN {evidence_documents} AS e ON e.task_id = t.id \
               WHERE t.origin_document_id = r.document_id AND e.status = 'accepted'))",
    },
    Check {
        code: "statistic_inconsistent",
        title: "Figures that do not add up",
        title_vi: "Số liệu không khớp số học",
        why: "What was stated is kept, and checked beside it: 771 of 778 is 99.1%, not 92.2%.",
        record: "statistic",
        field: "stated_rate",
        other: Some(("conference", "r.conference_id")),
        days: None,
        message: "states a rate that its numerator and denominator do not come to",
        from: "{statistics} AS r WHERE r.check_result = 'inconsistent'",
    },
    Check {
        code: "award_without_giver",
        title: "Awards of which nobody knows who gave them",
        title_vi: "Khen thưởng chưa rõ cấp tặng",
        why: "Giver and presenter differ; counts by giver show it as unknown.",
        record: "award",
        field: "giver",
        other: Some(("conference", "r.conference_id")),
        days: None,
        message: "names no giver, neither as a record nor in words",
        from: "{awards} AS r WHERE r.giver_id IS NULL AND r.giver_person_id IS NULL AND r.giver_text IS NULL",
    },
    Check {
        code: "award_outside_body",
        title: "Awards given outside of the life of the body that gave them",
        title_vi: "Khen thưởng khi cơ quan tặng chưa thành lập hoặc đã kết thúc hoạt động",
        why: "Provinces, districts and their bodies ended on 2025-07-01: what was given later is of a successor.",
        record: "award",
        field: "giver",
        other: Some(("organization", "o.id")),
        days: Some((
            "CASE WHEN o.valid_to < r.awarded_on THEN o.valid_to ELSE r.awarded_on END",
            "CASE WHEN o.valid_to < r.awarded_on THEN r.awarded_on ELSE o.valid_from END",
        )),
        message: "was given {days} days outside of the life of the body that gave it",
        from: "{awards} AS r JOIN {organizations} AS o ON o.id = r.giver_id \
               WHERE o.valid_to < r.awarded_on OR o.valid_from > r.awarded_on",
    },
    Check {
        code: "succession_without_act",
        title: "Successions without the document that they rest on",
        title_vi: "Kế thừa chưa có văn bản căn cứ",
        why: "What became of a unit is decided by an act of the Assembly or the Party; only such an act proves it.",
        record: "succession",
        field: "legal_basis",
        other: None,
        days: None,
        message: "links to no document as its legal basis",
        from: "{successions} AS r WHERE r.legal_basis_id IS NULL",
    },
    Check {
        code: "source_without_day",
        title: "Sources without a day of publication",
        title_vi: "Nguồn chưa rõ ngày đăng",
        why: "A date without a year takes the year of the publication.",
        record: "source",
        field: "published_on",
        other: None,
        days: None,
        message: "has no day of publication",
        from: "{sources} AS r WHERE r.published_on IS NULL",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::resources;

    #[test]
    fn every_check_has_a_code_of_its_own_and_a_known_type() {
        let codes: BTreeSet<&str> = CHECKS.iter().map(|check| check.code).collect();
        assert_eq!(codes.len(), CHECKS.len());
        for check in CHECKS {
            let collection = resources::by_type(check.record).unwrap_or_else(|| panic!("{}", check.code));
            let is_known = collection.fields().chain(collection.to_many().iter().map(|link| link.name));
            assert!(is_known.into_iter().any(|field| field == check.field), "{} {}", check.code, check.field);
            if let Some((other, _)) = check.other {
                assert!(resources::by_type(other).is_some(), "{}", check.code);
            }
            assert!(check.from.starts_with(&format!("{{{}}} AS r", collection.table())), "{}", check.code);
        }
    }

    #[test]
    fn every_check_says_what_and_why_in_sentences() {
        for check in CHECKS {
            assert!(check.title.starts_with(char::is_uppercase) && !check.title.ends_with('.'), "{}", check.code);
            assert!(check.title_vi.starts_with(char::is_uppercase) && !check.title_vi.ends_with('.'), "{}", check.code);
            assert!(check.why.ends_with('.'), "{}", check.code);
            assert_eq!(check.message.contains("{days}"), check.days.is_some(), "{}", check.code);
        }
    }

    #[test]
    fn a_check_reads_visible_rows_alone() {
        for check in CHECKS {
            for begins in ["FROM ", "JOIN "] {
                for rest in check.from.split(begins).skip(1) {
                    assert!(rest.starts_with('{'), "{}: {rest}", check.code);
                }
            }
        }
    }
}
