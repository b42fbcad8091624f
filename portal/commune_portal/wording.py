"""The words of the API's states, roles and levels, Vietnamese first; and how each is coloured."""

from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"
    QUIET = "quiet"


class Word(NamedTuple):
    vi: str
    en: str
    tone: Tone = Tone.QUIET


GOOD, WARN, BAD, BUSY = Tone.GOOD, Tone.WARN, Tone.BAD, Tone.BUSY
WORDS: dict[str, dict[str, Word]] = {
    "role": {
        "admin": Word("Sở Nội vụ", "Home Affairs"),
        "director": Word("Giám đốc Sở Khoa học và Công nghệ", "Director, Science & Technology"),
        "overseer": Word("Sở Khoa học và Công nghệ", "Science & Technology"),
        "secretary_office": Word("Văn phòng Tỉnh ủy", "Party Secretary's office"),
        "education_department": Word("Sở Giáo dục và Đào tạo", "Education and Training"),
        "school_coordinator": Word("Điều phối của trường", "School coordinator"),
        "school_viewer": Word("Xem của trường", "School viewer"),
        "unit_officer": Word("Cán bộ đơn vị cử người", "Lending unit's officer"),
        "leader": Word("Lãnh đạo tỉnh", "Provincial leader"),
        "auditor": Word("Thanh tra, kiểm tra", "Auditor"),
        "commune_officer": Word("Cán bộ cấp xã", "Commune officer"),
        "finance": Word("Sở Tài chính", "Finance"),
        "volunteer": Word("Người tham gia", "Volunteer"),
        "solver": Word("Bộ tính phương án", "Matching worker"),
        "notifier": Word("Bộ gửi tin", "Notifier"),
    },
    "campaign": {
        "draft": Word("Đang soạn", "Draft"),
        "open": Word("Đang mở", "Open", GOOD),
        "closed": Word("Đã đóng", "Closed"),
        "archived": Word("Đã lưu trữ", "Archived"),
    },
    "outcome": {
        "present": Word("Có mặt", "Present", GOOD),
        "absent": Word("Vắng", "Absent", BAD),
        "replaced": Word("Người khác đến thay", "Somebody else came", BUSY),
    },
    "blocker": {
        "open": Word("Chưa giải quyết", "Not solved", BAD),
        "solved": Word("Chờ xác nhận", "To be confirmed", BUSY),
        "closed": Word("Đã xong", "Done", GOOD),
    },
    "blocker_level": {
        "overseer": Word("Sở Khoa học và Công nghệ", "Science & Technology", BUSY),
        "director": Word("Giám đốc Sở Khoa học và Công nghệ", "Director, Science & Technology", WARN),
        "secretary_office": Word("Văn phòng Bí thư Tỉnh ủy", "Party Secretary's office", BAD),
    },
    "step": {
        "raised": Word("Nêu vướng mắc", "Raised"),
        "escalated": Word("Chuyển lên cấp trên", "Gone one level up"),
        "noted": Word("Ghi thêm", "A note"),
        "solved": Word("Báo đã giải quyết", "Said to be solved"),
        "confirmed": Word("Xác nhận đã xong", "Confirmed"),
        "reopened": Word("Mở lại", "Reopened"),
    },
    "need": {
        "draft": Word("Đang soạn", "Draft", WARN),
        "submitted": Word("Chờ Sở Nội vụ xem", "To be reviewed", BUSY),
        "accepted": Word("Đã chấp nhận", "Accepted", GOOD),
    },
    "plan": {
        "draft": Word("Dự thảo", "Draft", WARN),
        "approved": Word("Đã duyệt, chưa công bố", "Approved, not published", BUSY),
        "published": Word("Đang có hiệu lực", "In force", GOOD),
        "superseded": Word("Đã được thay thế", "Superseded"),
        "discarded": Word("Đã bỏ", "Discarded"),
    },
    "run": {
        "queued": Word("Đang chờ", "Waiting", BUSY),
        "running": Word("Đang tính", "Running", BUSY),
        "succeeded": Word("Xong", "Done", GOOD),
        "infeasible": Word("Không có phương án", "No plan possible", BAD),
        "failed": Word("Không thành công", "Failed", BAD),
        "cancelled": Word("Đã dừng", "Stopped"),
    },
    "upload": {
        "uploaded": Word("Đang chờ đọc", "Waiting to be read", BUSY),
        "reading": Word("Đang đọc", "Being read", BUSY),
        "in_review": Word("Chờ bạn xem", "Waiting for you", WARN),
        "committing": Word("Đang ghi", "Being recorded", BUSY),
        "committed": Word("Đã ghi vào danh sách", "On the roster", GOOD),
        "undone": Word("Đã hoàn tác", "Undone"),
        "failed": Word("Không đọc được", "Could not be read", BAD),
        "cancelled": Word("Đã hủy", "Cancelled"),
    },
    "row": {
        "new": Word("Mới", "New", GOOD),
        "changed": Word("Thay đổi", "Changed", WARN),
        "same": Word("Như cũ", "Unchanged"),
        "missing": Word("Không còn trong tệp", "No longer in the file", WARN),
        "error": Word("Cần sửa", "Needs mending", BAD),
        "conflict": Word("Người khác đã sửa", "Changed by others", BAD),
    },
    "volunteer_role": {
        "lecturer": Word("Giảng viên", "Lecturer"),
        "teacher": Word("Giáo viên", "Teacher"),
        "student": Word("Sinh viên", "Student"),
        "official": Word("Viên chức", "Official"),
    },
    "volunteer": {
        "active": Word("Đang tham gia", "Active", GOOD),
        "withdrawn": Word("Đã rút", "Withdrawn"),
        "archived": Word("Đã lưu trữ", "Archived"),
    },
    "answer": {
        "confirmed": Word("Sẽ đi", "Will go", GOOD),
        "cannot_go": Word("Không đi được", "Cannot go", BAD),
        "none": Word("Chưa trả lời", "No answer yet", WARN),
    },
    "choice": {
        "same_as": Word("Là người này", "Is this person"),
        "new": Word("Là người khác, người mới", "Is somebody else, somebody new"),
        "left_out": Word("Bỏ dòng này", "Leave this row out"),
    },
    "invitation": {
        "not_invited": Word("Chưa mời", "Not invited", WARN),
        "invited": Word("Đã mời", "Invited", BUSY),
        "reminded": Word("Đã nhắc", "Reminded", WARN),
        "answered": Word("Đã khai", "Answered", GOOD),
        "declined": Word("Không tham gia", "Takes no part"),
        "expired": Word("Liên kết hết hạn", "Link is over", BAD),
        "revoked": Word("Liên kết đã thu hồi", "Link revoked", BAD),
    },
    "transport": {
        "motorbike": Word("Xe máy", "Motorbike"),
        "car": Word("Ô tô", "Car"),
        "bus": Word("Xe buýt, xe khách", "Bus or coach"),
        "none": Word("Cần người chở", "Needs to be brought"),
    },
    "message": {
        "pending": Word("Chờ gửi", "To be sent", BUSY),
        "claimed": Word("Chờ gửi", "To be sent", BUSY),
        "sending": Word("Đang gửi", "Being sent", BUSY),
        "sent": Word("Đã gửi", "Sent", GOOD),
        "delivered": Word("Đã đến", "Delivered", GOOD),
        "failed": Word("Không đến", "Not delivered", BAD),
        "unknown": Word("Chưa rõ", "Not known", WARN),
        "cancelled": Word("Không cần gửi nữa", "No longer needed"),
    },
    "notice": {
        "placement_assigned": Word("Được phân công", "Placed"),
        "placement_changed": Word("Thay đổi", "Changed"),
        "placement_withdrawn": Word("Không còn trong phương án", "No longer in the plan"),
        "placement_reminder": Word("Nhắc trả lời", "Reminder"),
        "invitation": Word("Mời tự khai", "Invitation"),
        "invitation_reminder": Word("Nhắc tự khai", "Reminder of an invitation"),
    },
    "channel": {"email": Word("Email", "Email"), "sms": Word("Tin nhắn", "SMS")},
    "kind_of_commune": {
        "commune": Word("Xã", "Commune"),
        "ward": Word("Phường", "Ward"),
        "special_zone": Word("Đặc khu", "Special zone"),
    },
    "kind_of_school": {
        "university": Word("Đại học", "University"),
        "academy": Word("Học viện", "Academy"),
        "college": Word("Cao đẳng", "College"),
        "high_school": Word("Trung học", "High school"),
    },
    "change": {
        "new": Word("Mới được phân công", "Newly placed", GOOD),
        "changed": Word("Thay đổi nơi hoặc ngày", "Place or days change", WARN),
        "withdrawn": Word("Không còn trong phương án", "No longer in the plan", BAD),
        "unchanged": Word("Giữ nguyên", "Unchanged"),
    },
    "wish": {
        "priced": Word("Địa bàn tính giá", "Areas priced"),
        "free": Word("Địa bàn tự do", "Areas left off"),
        "strict": Word("Địa bàn bắt buộc", "Areas strict"),
        "need": Word("Chỉ người cần", "Only who is needed"),
        "people": Word("Ai đi được đều đi", "Everyone who may go"),
        "days": Word("Mọi ngày đăng ký", "All days offered"),
    },
    "edit": {
        "move_person": Word("Chuyển người", "Move a person"),
        "swap_people": Word("Đổi hai người", "Swap two people"),
        "give_place": Word("Thay người", "Fill a vacancy"),
        "set_weekdays": Word("Đổi ngày", "Change days"),
        "send_home": Word("Cho thôi", "Send home"),
        "move_commune": Word("Chuyển xã", "Move a commune"),
        "swap_communes": Word("Đổi hai xã", "Swap two communes"),
    },
    "edit_state": {
        "done": Word("Đang có hiệu lực", "Holds", GOOD),
        "undone": Word("Đã hoàn tác", "Undone"),
        "dropped": Word("Đã bỏ", "Dropped"),
    },
    "certificate": {
        "optimal": Word("Tối ưu, đã chứng minh", "Proved optimal", GOOD),
        "feasible": Word("Hợp lệ, còn khoảng cách", "Valid, with a gap", WARN),
        "infeasible": Word("Không có phương án", "No plan possible", BAD),
    },
    "level": {
        "nolead": Word("xã chưa có trường phụ trách", "communes without a lead"),
        "unmet": Word("ngày công còn thiếu", "person-days short"),
        "short_people": Word("người thiếu so với yêu cầu", "people short of what communes ask for"),
        "unused": Word("người hoặc ngày chưa dùng", "people or days unused"),
        "uneven": Word("độ lệch giữa các xã", "unevenness between communes"),
        "cost_km": Word("quãng đường và các giá (km)", "travel and prices (km)"),
        "overlead": Word("xã vượt sức người hướng dẫn", "communes beyond what supervisors bear"),
        "broken": Word("quan hệ bị thay đổi", "broken ties"),
        "supports": Word("trường hỗ trợ thêm", "supporting schools"),
        "overcap": Word("tải vượt mức công bằng", "load above the fairness cap"),
        "scattered": Word("xã nằm tách rời", "communes set apart"),
        "changed": Word("người bị đổi chỗ", "people moved"),
        "travel_km": Word("km đi lại", "km travelled"),
    },
    "meaning": {
        "external_ref": Word("Mã số", "Code"),
        "full_name": Word("Họ và tên", "Full name"),
        "family_and_middle": Word("Họ và tên đệm", "Family and middle name"),
        "given": Word("Tên", "Given name"),
        "role": Word("Vai trò", "Role"),
        "year": Word("Năm học", "Year of study"),
        "phone": Word("Số điện thoại", "Phone"),
        "email": Word("Email", "E-mail"),
        "free_weekdays": Word("Ngày rảnh", "Free weekdays"),
        "max_days": Word("Số ngày mỗi tuần", "Days a week at most"),
        "skills": Word("Lĩnh vực", "Fields"),
        "max_distance": Word("Đi xa tối đa", "Farthest distance"),
        "team": Word("Nhóm", "Team"),
        "absences": Word("Ngày vắng", "Days of absence"),
        "tick_monday": Word("Đánh dấu: thứ 2", "Tick: Monday"),
        "tick_tuesday": Word("Đánh dấu: thứ 3", "Tick: Tuesday"),
        "tick_wednesday": Word("Đánh dấu: thứ 4", "Tick: Wednesday"),
        "tick_thursday": Word("Đánh dấu: thứ 5", "Tick: Thursday"),
        "tick_friday": Word("Đánh dấu: thứ 6", "Tick: Friday"),
        "left_out": Word("Không dùng", "Not used"),
    },
    "audit": {
        "change": Word("Thay đổi", "Change", BUSY),
        "refusal": Word("Bị từ chối", "Refusal", BAD),
        "read": Word("Đọc", "Read"),
    },
}
