"""Words of what is kept about a person, of decisions about places, of days, and of runs over many provinces."""

from commune_portal.wording_tone import BAD, BUSY, GOOD, WARN, Word

PEOPLE_WORDS: dict[str, dict[str, Word]] = {
    "absence": {
        "teaching": Word("Lịch dạy, lịch học", "Teaching, classes"),
        "exam": Word("Thi", "Exams"),
        "leave": Word("Nghỉ", "Leave"),
        "elsewhere": Word("Đang phục vụ nơi khác", "Serves elsewhere"),
    },
    "national": {
        "running": Word("Đang tính", "Under way", BUSY),
        "succeeded": Word("Mọi tỉnh có phương án", "Every province has a plan", GOOD),
        "partial": Word("Một số tỉnh có phương án", "Some provinces have a plan", WARN),
        "failed": Word("Không thành công", "Failed", BAD),
        "cancelled": Word("Đã dừng", "Stopped"),
    },
    "border": {
        "queued": Word("Chờ tới lượt", "Waiting", BUSY),
        "running": Word("Đang tính", "Under way", BUSY),
        "ready": Word("Đã có đề nghị", "Proposed", GOOD),
        "failed": Word("Không thành công", "Failed", BAD),
    },
    "calendar_day": {
        "closed": Word("Nghỉ", "Day off", WARN),
        "holiday": Word("Ngày lễ", "Holiday"),
        "open": Word("Làm việc", "Worked", GOOD),
        "working": Word("Làm việc", "Worked", GOOD),
    },
    "decision": {
        "responsibility_pin": Word("Ấn định trường phụ trách", "A school has to lead", GOOD),
        "responsibility_forbid": Word("Không để trường phụ trách", "A school may not lead", BAD),
        "placement_pin": Word("Ấn định người về xã", "A person has to serve there", GOOD),
        "placement_forbid": Word("Không xếp người về xã", "A person may not serve there", BAD),
    },
    "consent": {
        "given": Word("Đã đồng ý", "Agreed", GOOD),
        "withdrawn": Word("Đã rút lại", "Withdrew it", BAD),
        "not_asked": Word("Chưa hỏi", "Not asked", WARN),
    },
    "consent_channel": {
        "page": Word("tự khai trên trang", "by themselves, on their page"),
        "paper": Word("trên giấy", "on paper"),
        "spoken": Word("nói miệng", "aloud"),
    },
}
