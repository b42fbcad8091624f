"""Words of what offices do: money, staff and secondment, data requests, papers."""

from commune_portal.wording_tone import BAD, BUSY, GOOD, WARN, Word

OFFICE_WORDS: dict[str, dict[str, Word]] = {
    "grouping": {
        "draft": Word("Dự thảo", "Draft", WARN),
        "published": Word("Đang có hiệu lực", "In force", GOOD),
        "superseded": Word("Đã được thay thế", "Superseded"),
        "discarded": Word("Đã bỏ", "Discarded"),
    },
    "group_weights": {
        "need": Word("ngày công xã cần mỗi tuần", "the person-days it needs a week"),
        "equal": Word("như nhau, mỗi xã là 1", "nothing: each is 1"),
        "blockers": Word("số vướng mắc đã nêu", "the blockers it raised"),
    },
    "starting_point": {
        "none": Word("Chưa ai đề nghị", "Nobody proposed yet", WARN),
        "proposed": Word("Chờ bên kia đồng ý", "Waits for the other's word", BUSY),
        "agreed": Word("Đã thống nhất", "Agreed", GOOD),
    },
    "side_of_point": {"school": Word("trường", "the school"), "commune": Word("xã", "the commune")},
    "act_of_point": {
        "proposed": Word("Đề nghị", "Proposed"),
        "changed": Word("Đề nghị khác", "Proposed something else"),
        "agreed": Word("Đồng ý", "Said yes"),
    },
    "course_mode": {"online": Word("Trực tuyến", "Online"), "in_person": Word("Trực tiếp", "In person")},
    "course_result": {"passed": Word("Đạt", "Passed", GOOD), "failed": Word("Chưa đạt", "Not passed", WARN)},
    "fit": {
        "fits": Word("Hợp với vị trí", "Fits the post", GOOD),
        "fits_with_training": Word("Hợp nếu được bồi dưỡng", "Fits with training", WARN),
        "does_not_fit": Word("Chưa hợp", "Does not fit", BAD),
        "no_requirement": Word("Vị trí không đòi lĩnh vực", "The post asks for no field"),
    },
    "statement": {
        "computed": Word("Đã tính, chờ trường kiểm tra", "Computed, to be checked by the school", WARN),
        "checked": Word("Trường đã kiểm tra, chờ duyệt", "Checked, to be approved", BUSY),
        "approved": Word("Đã duyệt, chờ chi", "Approved, to be paid", BUSY),
        "paid": Word("Đã chi", "Paid", GOOD),
    },
    "component": {
        "service_day": Word("Ngày phục vụ", "Day of service"),
        "distance_day": Word("Đường xa, theo ngày", "Distance, by day"),
        "remote_day": Word("Xã khó khăn, theo ngày", "Hard-to-reach commune, by day"),
        "travel_month": Word("Đi lại, theo tháng", "Travel, by month"),
    },
    "paper": {
        "activity_report": Word("Báo cáo hoạt động", "Activity report"),
        "certificate": Word("Giấy chứng nhận", "Certificate of service"),
    },
    "kind_of_unit": {
        "provincial_agency": Word("Cơ quan cấp tỉnh", "Provincial agency"),
        "commune_office": Word("Cơ quan cấp xã", "Commune's office"),
        "service_centre": Word("Trung tâm dịch vụ", "Service centre"),
        "school": Word("Trường học", "School"),
    },
    "side": {
        "party": Word("Khối Đảng, đoàn thể", "Party and mass organisations"),
        "government": Word("Khối chính quyền", "Government"),
    },
    "availability": {
        "none": Word("Không điều động", "Not to be moved"),
        "surplus": Word("Dôi dư", "In surplus", WARN),
        "nominated": Word("Được cử", "Nominated", BUSY),
    },
    "conduct": {
        "excellent": Word("Hoàn thành xuất sắc", "Excellent", GOOD),
        "good": Word("Hoàn thành tốt", "Good", GOOD),
        "completed": Word("Hoàn thành", "Completed"),
        "not_completed": Word("Không hoàn thành", "Not completed", BAD),
    },
    "register": {
        "units": Word("Đơn vị", "Units"),
        "staff": Word("Cán bộ, công chức", "Staff"),
        "posts": Word("Vị trí việc làm", "Posts"),
    },
    "kind_of_move": {
        "internal": Word("Điều động trong xã, giữa các xã", "Move between communes"),
        "province": Word("Biệt phái từ tỉnh", "Secondment from the province"),
    },
    "secondment": {
        "draft": Word("Dự thảo", "Draft", WARN),
        "approved": Word("Đã duyệt, chưa công bố", "Approved, not published", BUSY),
        "published": Word("Đã công bố", "Published", GOOD),
        "started": Word("Đang thực hiện", "Under way", GOOD),
        "returned": Word("Đã về đơn vị cũ", "Returned"),
        "ended_early": Word("Kết thúc sớm", "Ended early", WARN),
        "discarded": Word("Đã bỏ", "Discarded"),
    },
    "secondment_event": {
        "published": Word("Công bố", "Published"),
        "started": Word("Bắt đầu", "Began"),
        "extended": Word("Gia hạn", "Extended"),
        "ending": Word("Nhắc sắp hết hạn", "Reminded of the end"),
        "ended_early": Word("Kết thúc sớm", "Ended early"),
        "returned": Word("Về đơn vị cũ", "Returned"),
        "review_due": Word("Nhắc sắp đến ngày rà soát", "Reminded of the review"),
        "reviewed": Word("Rà soát, tiếp tục", "Reviewed, goes on"),
        "change_asked": Word("Đề nghị thay đổi", "A change was asked for"),
    },
    "data_request": {
        "open": Word("Chờ trả lời", "To be answered", WARN),
        "erasing": Word("Đang xóa", "Being erased", BUSY),
        "done": Word("Đã thực hiện", "Carried out", GOOD),
        "refused": Word("Đã từ chối", "Refused", BAD),
        "withdrawn": Word("Người gửi đã rút", "Withdrawn"),
    },
    "kind_of_data_request": {
        "access": Word("Xem dữ liệu của mình", "See one's own data"),
        "correction": Word("Sửa dữ liệu", "Correction"),
        "erasure": Word("Xóa dữ liệu", "Erasure"),
    },
    "object_kind": {
        "accounts": Word("Tài khoản, vai trò", "Accounts and roles"),
        "allowance-statements": Word("Bản chi", "Statements"),
        "api-keys": Word("Khóa API", "API keys"),
        "campaigns": Word("Chiến dịch", "Campaigns"),
        "communes": Word("Xã, phường", "Communes"),
        "data-requests": Word("Yêu cầu về dữ liệu", "Data requests"),
        "matching-runs": Word("Lần tính", "Runs"),
        "plans": Word("Phương án", "Plans"),
        "roster-uploads": Word("Danh sách đã gửi", "Lists sent"),
        "schools": Word("Trường", "Schools"),
        "secondments": Word("Biệt phái", "Secondments"),
        "staff": Word("Cán bộ", "Staff"),
        "volunteers": Word("Người tham gia", "People"),
    },
    "use": {
        "need": Word("Chỉ người cần", "Only who is needed"),
        "people": Word("Ai đi được đều đi", "Everyone who may go"),
        "days": Word("Mọi ngày đăng ký", "All days offered"),
    },
    "supervision": {
        "commune": Word("Trong từng xã", "At each commune"),
        "school": Word("Trong cả trường", "Over the school"),
        "none": Word("Không cần người hướng dẫn", "No supervisor needed"),
    },
    "lecturer_bound": {
        "hard": Word("Bắt buộc", "A rule"),
        "level": Word("Cố gắng giữ", "Kept where it can be"),
    },
    "data_channel": {
        "page": Word("trang cá nhân", "personal page"),
        "paper": Word("giấy", "on paper"),
        "spoken": Word("nói trực tiếp", "spoken"),
        "email": Word("email", "e-mail"),
    },
}
