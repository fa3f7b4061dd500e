//! The one table of the codes of problem documents.

/// One row of the table: a code that never changes, its status, its title in English and in Vietnamese.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// The status.
    pub status: u16,
    /// The title in English.
    pub english: &'static str,
    /// The title in Vietnamese.
    pub vietnamese: &'static str,
}

const fn code(code: &'static str, status: u16, english: &'static str, vietnamese: &'static str) -> Code {
    Code { code, status, english, vietnamese }
}

/// Every code that a problem document may have.
pub const CODES: &[Code] = &[
    code("malformed_request", 400, "The request cannot be read", "Không đọc được yêu cầu"),
    code("malformed_json", 400, "The body is not JSON", "Nội dung không phải JSON"),
    code("malformed_csv", 400, "The body is not CSV", "Nội dung không phải CSV"),
    code("invalid_parameter", 400, "A parameter is wrong", "Tham số không hợp lệ"),
    code("ambiguous_document", 400, "The symbol means several documents", "Ký hiệu ứng với nhiều văn bản"),
    code("unauthenticated", 401, "A valid credential is needed", "Cần thông tin xác thực hợp lệ"),
    code("login_failed", 401, "The name or the password is wrong", "Sai tên đăng nhập hoặc mật khẩu"),
    code("forbidden", 403, "The credential does not allow this", "Không có quyền thực hiện"),
    code("password_change_required", 403, "The password is to be changed first", "Cần đổi mật khẩu trước"),
    code("not_found", 404, "There is no such thing here", "Không tìm thấy"),
    code("method_not_allowed", 405, "The method is not offered here", "Phương thức không được hỗ trợ"),
    code("not_acceptable", 406, "No acceptable representation is offered", "Không có dạng biểu diễn phù hợp"),
    code("request_timeout", 408, "The request came too slowly", "Yêu cầu đến quá chậm"),
    code("duplicate", 409, "Another record has the same key", "Trùng khóa với bản ghi khác"),
    code("duplicate_document", 409, "The document is already recorded", "Văn bản đã có"),
    code("duplicate_succession", 409, "The succession is already recorded", "Bước kế thừa đã có"),
    code("duplicate_document_link", 409, "The link is already recorded", "Liên kết đã có"),
    code(
        "duplicate_code",
        409,
        "Another unit has the code in this time",
        "Mã đã thuộc đơn vị khác trong thời gian này",
    ),
    code("contradicting_holiday", 409, "The day is recorded the other way", "Ngày này đã được ghi theo cách ngược lại"),
    code("second_lead", 409, "The task has a lead already", "Nhiệm vụ đã có cơ quan chủ trì"),
    code(
        "state_step_not_allowed",
        409,
        "The task cannot take this step",
        "Trạng thái nhiệm vụ không thể chuyển như vậy",
    ),
    code("immutable", 409, "The record is never changed", "Bản ghi không được sửa"),
    code("already_decided", 409, "The record is decided already", "Bản ghi đã được quyết định"),
    code("own_evidence", 409, "Nobody accepts their own evidence", "Không được tự xác nhận minh chứng của mình"),
    code("repeated_key", 409, "An earlier row names the same record", "Dòng trước đã nêu cùng bản ghi"),
    code("overlapping_period", 409, "The period overlaps another", "Giai đoạn trùng với giai đoạn khác"),
    code("idempotency_key_in_use", 409, "A request with this key is under way", "Yêu cầu cùng khóa đang được xử lý"),
    code("still_referenced", 409, "Other records point at it", "Còn bản ghi khác tham chiếu tới"),
    code("last_administrator", 409, "The last administrator stays", "Phải còn ít nhất một quản trị viên"),
    code("key_ended", 409, "The key has ended", "Khóa đã hết hiệu lực"),
    code("gone", 410, "The record was deleted", "Bản ghi đã bị xóa"),
    code("precondition_failed", 412, "The record is not the one you know", "Bản ghi đã thay đổi"),
    code("content_too_large", 413, "The body is too large", "Nội dung quá lớn"),
    code("unsupported_media_type", 415, "The content type is not supported", "Loại nội dung không được hỗ trợ"),
    code("validation_failed", 422, "The body has faults", "Nội dung không hợp lệ"),
    code("idempotency_key_reused", 422, "The key was used for another request", "Khóa đã dùng cho yêu cầu khác"),
    code("precondition_required", 428, "A condition is needed", "Cần có điều kiện"),
    code("too_many_attempts", 429, "There were too many attempts", "Đã thử quá nhiều lần"),
    code("quota_exceeded", 429, "The quota of requests is used up", "Đã dùng hết hạn mức yêu cầu"),
    code("internal", 500, "A fault of the service", "Lỗi của dịch vụ"),
    code("database_unavailable", 503, "The database cannot be reached", "Không kết nối được cơ sở dữ liệu"),
    code("overloaded", 503, "Too many requests are waiting", "Quá tải"),
    code("storage_full", 503, "The storage is full", "Hết chỗ lưu trữ"),
    code("storage_corrupt", 503, "The storage is damaged", "Dữ liệu lưu trữ bị hỏng"),
    code("read_only", 503, "The storage is read-only", "Kho lưu trữ chỉ đọc"),
    code("outcome_unknown", 503, "Whether the write took effect is not known", "Chưa rõ kết quả ghi"),
];

/// The row of a code. An unknown one is a fault of ours, and is shown as such.
#[must_use]
pub fn row(code: &str) -> Code {
    let internal =
        Code {
            code: "internal", status: 500, english: "A fault of the service", vietnamese: "Lỗi của dịch vụ"
        };
    CODES.iter().copied().find(|row| row.code == code).unwrap_or(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once_in_the_table() {
        let mut codes: Vec<&str> = CODES.iter().map(|row| row.code).collect();
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
