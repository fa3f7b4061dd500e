//! The vocabularies of tasks.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What gave rise to a task.
    pub enum TaskOrigin in "task_origin" {
        /// văn bản giao việc.
        WrittenDocument = "written_document",
        /// chỉ đạo tại hội nghị.
        ConferenceInstruction = "conference_instruction",
        /// thông báo kết luận.
        ConclusionNotice = "conclusion_notice",
        /// phân công trong kế hoạch.
        PlanAssignment = "plan_assignment",
        /// sau hội nghị này.
        FollowOnDuty = "follow_on_duty",
    }
}

vocabulary! {
    /// What part somebody has in a task.
    pub enum AssignmentRole in "assignment_role" {
        /// chủ trì.
        Lead = "lead",
        /// phối hợp.
        Coordinating = "coordinating",
        /// theo dõi, đôn đốc.
        Monitoring = "monitoring",
        /// cấp nhận (báo cáo, sản phẩm).
        Recipient = "recipient",
        /// (đối tượng chung).
        AddresseeClass = "addressee_class",
    }
}

vocabulary! {
    /// What sort of deadline a task has.
    #[derive(Default)]
    pub enum DeadlineKind in "deadline_kind" {
        /// có hạn cụ thể.
        FixedDate = "fixed_date",
        /// ký ban hành (trong N ngày).
        DaysAfterIssue = "days_after_issue",
        /// định kỳ (tuần, tháng, quý, năm).
        Recurring = "recurring",
        /// nhiệm vụ thường xuyên.
        RegularNoDeadline = "regular_no_deadline",
        /// trong năm / giai đoạn.
        Period = "period",
        /// không nêu thời hạn.
        #[default]
        NoneStated = "none_stated",
    }
}

vocabulary! {
    /// How often a task recurs, or what stretch of time a report covers.
    pub enum ReportingPeriod in "reporting_period" {
        /// đột xuất.
        Adhoc = "adhoc",
        /// tuần.
        Weekly = "weekly",
        /// tháng.
        Monthly = "monthly",
        /// quý.
        Quarterly = "quarterly",
        /// 6 tháng.
        SixMonthly = "six_monthly",
        /// 9 tháng.
        NineMonthly = "nine_monthly",
        /// năm.
        Yearly = "yearly",
        /// giữa nhiệm kỳ.
        TermMid = "term_mid",
        /// cuối nhiệm kỳ; toàn khóa.
        TermEnd = "term_end",
    }
}

vocabulary! {
    /// How far a task is, as it was stated; whether it is late is computed for a day.
    #[derive(Default)]
    pub enum TaskState in "task_state" {
        /// chưa thực hiện.
        #[default]
        NotStarted = "not_started",
        /// đang thực hiện.
        InProgress = "in_progress",
        /// đã báo cáo hoàn thành, chờ xác nhận.
        Submitted = "submitted",
        /// trả lại / thực hiện lại.
        Returned = "returned",
        /// đã hoàn thành (được xác nhận).
        Completed = "completed",
        /// tạm dừng / tạm hoãn.
        OnHold = "on_hold",
        /// từ chối (có lý do).
        Declined = "declined",
        /// đã chuyển đơn vị khác.
        Transferred = "transferred",
        /// hủy / không còn phù hợp.
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// How a task stands on a day: whether it is done, and whether in time.
    pub enum TaskTimeliness in "task_timeliness" {
        /// hoàn thành đúng hạn.
        DoneOnTime = "done_on_time",
        /// hoàn thành quá hạn.
        DoneLate = "done_late",
        /// chưa hoàn thành, trong hạn.
        OpenInTime = "open_in_time",
        /// sắp đến hạn.
        OpenDueSoon = "open_due_soon",
        /// chưa hoàn thành, quá hạn.
        OpenOverdue = "open_overdue",
        /// không hạn / thường xuyên.
        OpenNoDeadline = "open_no_deadline",
        /// hoàn thành, không hạn.
        DoneNoDeadline = "done_no_deadline",
        /// tạm dừng, hủy, chuyển.
        Excluded = "excluded",
    }
}

vocabulary! {
    /// How a task stands on a day, as a traffic light shows it.
    pub enum Signal in "signal" {
        /// xanh: đúng tiến độ / hoàn thành.
        Green = "green",
        /// vàng: sắp đến hạn.
        Yellow = "yellow",
        /// đỏ: quá hạn.
        Red = "red",
        /// xám / đen: không hạn.
        Grey = "grey",
    }
}

vocabulary! {
    /// What a task must say to be clear ("rõ việc, rõ người, rõ trách nhiệm, rõ thời gian, rõ kết quả"), and does not.
    pub enum TaskLack in "task_lack" {
        /// rõ người: chủ trì.
        Lead = "lead",
        /// rõ việc. A task without content is refused, so that it is not given.
        Content = "content",
        /// rõ thời gian: thời hạn.
        Deadline = "deadline",
        /// rõ kết quả: sản phẩm.
        Product = "product",
        /// rõ trách nhiệm: một cơ quan, một người chịu trách nhiệm.
        Responsibility = "responsibility",
    }
}

vocabulary! {
    /// By what a task belongs to no group of a report.
    pub enum TaskWithout in "task_without" {
        /// không có cơ quan chủ trì.
        Lead = "lead",
        /// không rõ đơn vị hành chính của cơ quan chủ trì.
        LeadUnit = "lead_unit",
        /// không theo văn bản nào.
        Document = "document",
        /// không có thời hạn.
        DueOn = "due_on",
        /// không rõ ngày giao.
        IssuedOn = "issued_on",
    }
}

vocabulary! {
    /// What became of a request for more time.
    #[derive(Default)]
    pub enum ExtensionStatus in "extension_status" {
        /// đề nghị gia hạn.
        #[default]
        Requested = "requested",
        /// đồng ý gia hạn.
        Granted = "granted",
        /// không đồng ý.
        Refused = "refused",
        /// rút đề nghị.
        Withdrawn = "withdrawn",
    }
}

vocabulary! {
    /// Whether what was submitted as evidence was accepted.
    #[derive(Default)]
    pub enum EvidenceStatus in "evidence_status" {
        /// đã nộp, chờ xác nhận.
        #[default]
        Submitted = "submitted",
        /// được xác nhận.
        Accepted = "accepted",
        /// trả lại.
        Returned = "returned",
    }
}

vocabulary! {
    /// What a body does about a document, one step after the other.
    pub enum Milestone in "implementation_milestone" {
        /// tiếp nhận văn bản.
        Received = "received",
        /// ban hành kế hoạch / chương trình hành động.
        PlanIssued = "plan_issued",
        /// tổ chức quán triệt, triển khai.
        Disseminated = "disseminated",
        /// cấp dưới đã triển khai.
        Cascaded = "cascaded",
        /// phân công nhiệm vụ.
        TasksAssigned = "tasks_assigned",
        /// báo cáo kết quả.
        Reported = "reported",
        /// sơ kết.
        ReviewedInterim = "reviewed_interim",
        /// tổng kết.
        ReviewedFinal = "reviewed_final",
        /// kết thúc (văn bản hết hiệu lực hoặc được thay thế).
        Closed = "closed",
    }
}

vocabulary! {
    /// Whether offices rest or work on a day.
    #[derive(Default)]
    pub enum HolidayKind in "holiday_kind" {
        /// ngày nghỉ.
        #[default]
        Holiday = "holiday",
        /// ngày làm bù.
        MakeUpWorkingDay = "make_up_working_day",
    }
}
