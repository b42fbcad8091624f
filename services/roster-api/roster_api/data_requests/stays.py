"""What an erasure leaves, why, by which law, and how long: said before it is carried out, and in its answer."""

from roster_api.data_requests.models import SubjectKind
from roster_api.data_requests.schemas import Stays

ARCHIVES_VI = "thời hạn bảo quản hồ sơ theo Luật Lưu trữ 33/2024/QH15"
ARCHIVES_EN = "as long as the law on archives (33/2024/QH15) keeps the file"

INTERNAL_ID = Stays(
    what_vi="Mã số nội bộ, trường, vai trò (không còn tên, mã cán bộ hay cách liên hệ)",
    what_en="The internal id, school and role (no name, staff code or contact any more)",
    why_vi="để số liệu và phương án đã ban hành còn đọc được",
    why_en="so that sums and published plans can still be read",
    how_long_vi=ARCHIVES_VI,
    how_long_en=ARCHIVES_EN,
)
PLACEMENTS = Stays(
    what_vi="Phân công, ngày phục vụ đã ban hành và đã chấm; đi hay không đi (không còn lý do)",
    what_en="Placements, days of service, attendance; whether the person could go (no reason any more)",
    why_vi="là quyết định của tỉnh, căn cứ để chi trả; phương án đã ban hành không thay đổi được",
    why_en="what the province decided and pays by; a published plan never changes",
    how_long_vi=ARCHIVES_VI,
    how_long_en=ARCHIVES_EN,
)
PAPERS = Stays(
    what_vi="Quyết định đã lập, có tên trong danh sách kèm theo; giấy xác nhận, báo cáo còn hiệu lực",
    what_en="Decisions that were written, with the name in their list; reports and certificates that hold",
    why_vi="là văn bản của cơ quan nhà nước, lưu theo Luật Lưu trữ; giấy đã thu hồi thì xóa tên",
    why_en="papers of the State, kept as the law on archives wants it; in revoked ones the name is erased",
    how_long_vi=ARCHIVES_VI,
    how_long_en=ARCHIVES_EN,
)
PAYMENTS = Stays(
    what_vi="Dòng phụ cấp đã tính, theo mã số nội bộ (không còn tên)",
    what_en="Lines of allowances, under the internal id (no name any more)",
    why_vi="là chứng từ chi ngân sách theo Luật Kế toán 88/2015/QH13",
    why_en="what public money was paid by, which the law on accounting (88/2015/QH13) keeps",
    how_long_vi="10 năm (Nghị định 174/2016/NĐ-CP, Điều 13)",
    how_long_en="10 years (Decree 174/2016/NĐ-CP, article 13)",
)
CONSENTS = Stays(
    what_vi="Sự đồng ý và việc rút lại: khi nào, theo văn bản nào",
    what_en="What was agreed to and withdrawn: when, in which words",
    why_vi="là chứng cứ mà Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 yêu cầu giữ",
    why_en="the proof that the law on personal data (91/2025/QH15) wants kept",
    how_long_vi="khi còn có thể có tranh chấp về sự đồng ý đó",
    how_long_en="as long as that consent may be disputed",
)
RECORD = Stays(
    what_vi="Nhật ký ai đã làm gì, và yêu cầu này",
    what_en="The record of who did what, and this request",
    why_vi="chuỗi nhật ký không sửa được; ghi theo mã số, không có cách liên hệ",
    why_en="the chained record cannot be changed; it speaks of ids and holds no contact",
    how_long_vi="khi hệ thống còn vận hành, rồi theo hồ sơ lưu trữ",
    how_long_en="as long as the system runs, then as the archive keeps it",
)
MESSAGES = Stays(
    what_vi="Tin đã gửi: khi nào, qua kênh nào, kết quả (không còn nội dung)",
    what_en="That messages were sent: when, by which channel, with what outcome (no words any more)",
    why_vi="để biết ai đã được báo",
    why_en="to know who was told",
    how_long_vi=ARCHIVES_VI,
    how_long_en=ARCHIVES_EN,
)
COPIES = Stays(
    what_vi="Câu trả lời giữ lại để lặp lại cho cùng một lệnh, đã niêm phong; các bản sao lưu",
    what_en="Answers kept for repetition of the same request, sealed; backups",
    why_vi="tự hết hạn",
    why_en="they end by themselves",
    how_long_vi="24 giờ; theo lịch sao lưu",
    how_long_en="24 hours; as backups end",
)
OFFICE = Stays(
    what_vi="Cơ quan, địa chỉ của cơ quan; chưa có đầu mối mới thì thư đến cơ quan không ai nhận, và hệ thống nêu rõ",
    what_en="The office and its address; until it names somebody else its mail reaches nobody, and that is shown",
    why_vi="là thông tin của cơ quan, không của riêng người nào",
    why_en="it is the office's, and nobody's own",
    how_long_vi="khi cơ quan còn hoạt động",
    how_long_en="as long as the office works",
)
SECONDMENTS = Stays(
    what_vi="Quyết định điều động, biệt phái đã ban hành, theo mã số nội bộ (không còn tên, mã cán bộ); "
    "lý do gia hạn, kết thúc đã ghi trong diễn biến của từng quyết định, vốn chỉ được ghi thêm",
    what_en="Decisions of secondment that were published, under the internal id (no name or code any more); "
    "reasons of extending and ending them, in the record of each decision, which is only ever added to",
    why_vi="là quyết định về cán bộ theo pháp luật về cán bộ, công chức và Luật Lưu trữ",
    why_en="decisions about officials, kept as the laws on officials and on archives want it",
    how_long_vi=ARCHIVES_VI,
    how_long_en=ARCHIVES_EN,
)
ACTS = Stays(
    what_vi="Tên người đã duyệt, ban hành, ký, phê duyệt chi trong từng việc, và trong nhật ký",
    what_en="The name of who approved, published, signed or paid beside each act, and in the record",
    why_vi="việc công phải biết ai đã làm (Luật Lưu trữ, Luật Kế toán); nhật ký không sửa được",
    why_en="who did a public act must be known (laws on archives, on accounting); the record cannot be changed",
    how_long_vi=ARCHIVES_VI,
    how_long_en=ARCHIVES_EN,
)

OF_KIND: dict[SubjectKind, tuple[Stays, ...]] = {
    SubjectKind.VOLUNTEER: (INTERNAL_ID, PLACEMENTS, PAPERS, PAYMENTS, CONSENTS, RECORD, MESSAGES, COPIES),
    SubjectKind.SCHOOL_CONTACT: (OFFICE, RECORD, MESSAGES, COPIES),
    SubjectKind.COMMUNE_CONTACT: (OFFICE, RECORD, MESSAGES, COPIES),
    SubjectKind.UNIT_CONTACT: (OFFICE, RECORD, MESSAGES, COPIES),
    SubjectKind.STAFF: (SECONDMENTS, RECORD, MESSAGES, COPIES),
    SubjectKind.ACCOUNT: (ACTS, RECORD, MESSAGES, COPIES),
}
