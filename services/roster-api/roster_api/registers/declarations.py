"""The registers: each is its columns (meaning, the words of its header, parser, required), and nothing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from roster_api.needs.models import NeedDeclaration
from roster_api.rosters.reading.declared_cells import DeclaredColumn as Column
from roster_api.rosters.reading.declared_names import NAME_PARTS
from roster_api.rosters.reading.words import word_key
from roster_api.staff.models import Post, StaffMember, Unit


class Register(StrEnum):
    UNITS = "units"
    STAFF = "staff"
    POSTS = "posts"
    NEEDS = "needs"


KINDS = (
    ("so ban nganh", "provincial_agency"), ("co quan cap tinh", "provincial_agency"), ("cap tinh", "provincial_agency"),
    ("provincial agency", "provincial_agency"), ("ubnd xa", "commune_office"), ("cap xa", "commune_office"),
    ("van phong xa", "commune_office"), ("phong cap xa", "commune_office"), ("commune office", "commune_office"),
    ("trung tam", "service_centre"), ("trung tam phuc vu hanh chinh cong", "service_centre"),
    ("don vi su nghiep", "service_centre"), ("service centre", "service_centre"), ("truong", "school"),
    ("truong hoc", "school"), ("school", "school"),
)  # fmt: skip
SIDES = (
    ("dang", "party"), ("dang doan the", "party"), ("khoi dang", "party"), ("khoi dang doan the", "party"),
    ("doan the", "party"), ("party", "party"), ("chinh quyen", "government"), ("khoi chinh quyen", "government"),
    ("nha nuoc", "government"), ("government", "government"),
)  # fmt: skip
CONDUCTS = (
    ("hoan thanh xuat sac", "excellent"), ("hoan thanh xuat sac nhiem vu", "excellent"), ("xuat sac", "excellent"),
    ("hoan thanh tot", "good"), ("hoan thanh tot nhiem vu", "good"), ("tot", "good"), ("hoan thanh", "completed"),
    ("hoan thanh nhiem vu", "completed"), ("khong hoan thanh", "not_completed"),
    ("khong hoan thanh nhiem vu", "not_completed"),
)  # fmt: skip
AVAILABILITIES = (
    ("khong", "none"), ("doi du", "surplus"), ("du", "surplus"), ("surplus", "surplus"), ("gioi thieu", "nominated"),
    ("cu biet phai", "nominated"), ("biet phai", "nominated"), ("nominated", "nominated"),
)  # fmt: skip
LEVELS = (
    ("so cap", "1"), ("trung cap", "1"), ("cao dang", "1"), ("dai hoc", "2"), ("cu nhan", "2"), ("ky su", "2"),
    ("thac si", "3"), ("tien si", "3"),
)  # fmt: skip
KIND = r"^(loai|nhom|cap)( (don vi|co quan))?$|^kind$"
OF_UNIT = r"^(ma )?(don vi|co quan|phong ban)( cong tac)?$|^ma (don vi|co quan)\b|^unit$"
CODE_OF_STAFF = r"^ma( so)?( (can bo|cong chuc|vien chuc|cbcc|nhan vien))*$|^so hieu( (can bo|cong chuc))?$|^code$"
SERVING_SINCE = r"^(ngay|nam|thoi diem) (vao nganh|tuyen dung|cong tac|bat dau)\b|^serving since$"
QUOTA_OF = r"^(dinh muc|bien che|so luong).*\b"
AVAILABILITY = r"^(dien|dien dieu dong|dien biet phai|dieu dong|doi du)$|^availability$"
CODE_OF_UNIT = Column("unit", "Mã đơn vị", OF_UNIT, "text", is_required=True)
UNITS = (
    Column("code", "Mã đơn vị", r"^ma( so)?( (don vi|co quan))?$|^(unit )?code$", "code", is_required=True),
    Column("name", "Tên đơn vị", r"^ten( (don vi|co quan))?$|^(don vi|co quan)$|^name$", "text", is_required=True),
    Column("kind", "Loại đơn vị", KIND, "option", is_required=True, options=KINDS),
    Column("commune_code", "Xã, phường", r"^(ma )?xa( phuong)?( dac khu)?$|^commune$", "text"),
    Column("quota_party", "Định mức khối Đảng", QUOTA_OF + r"(dang|doan the|mttq)\b", "number"),
    Column("quota_government", "Định mức khối chính quyền", QUOTA_OF + r"(chinh quyen|nha nuoc|ubnd)\b", "number"),
    Column("contact_name", "Đầu mối", r"^(dau moi|nguoi lien he|contact)( lien he)?$", "name"),
    Column("contact_phone", "Điện thoại", r"\b(dien thoai|sdt|phone)\b", "office_phone"),
    Column("contact_email", "Email", r"\b(e ?mail|thu dien tu)\b", "email"),
)  # fmt: skip
STAFF = (
    Column("code", "Mã cán bộ", CODE_OF_STAFF, "code", is_required=True),
    Column("full_name", "Họ và tên", r"^ho( va)? ten( can bo| cong chuc)?$|^full name$", "name", is_required=True),
    CODE_OF_UNIT,
    Column("side", "Khối", r"^khoi( cong tac)?$|^side$", "option", is_required=True, options=SIDES),
    Column("position", "Chức vụ", r"^(chuc (vu|danh)|vi tri)\b|^position$", "text"),
    Column("fields", "Chuyên môn", r"^(chuyen (mon|nganh)|linh vuc|nganh)\b|^fields?$", "list"),
    Column("level", "Trình độ", r"^trinh do\b|^level$", "option", options=LEVELS),
    Column("evidence", "Văn bằng", r"^(van bang|bang cap|chung chi)\b|^evidence$", "text"),
    Column("since", "Năm cấp bằng", r"^nam (cap|tot nghiep)\b", "year"),
    Column("serving_since", "Ngày vào ngành", SERVING_SINCE, "date"),
    Column("conduct", "Xếp loại", r"^(xep loai|danh gia)\b|^conduct$", "option", options=CONDUCTS),
    Column("conduct_note", "Nhận xét", r"^(nhan xet|ghi chu ve)\b", "text"),
    Column("home_commune_code", "Nơi ở", r"^(noi o|thuong tru|cho o|xa noi o|que quan)\b|^home$", "text"),
    Column("availability", "Diện điều động", AVAILABILITY, "option", options=AVAILABILITIES),
    Column("phone", "Điện thoại", r"\b(dien thoai|sdt|di dong|phone)\b", "phone"),
    Column("email", "Email", r"\b(e ?mail|thu dien tu)\b", "email"),
    *NAME_PARTS,
)  # fmt: skip
POSTS = (
    Column("code", "Mã vị trí", r"^ma( so)?( vi tri( viec lam)?)?$|^code$", "code", is_required=True),
    Column("title", "Vị trí việc làm", r"^(ten )?(vi tri( viec lam)?|chuc danh)$|^title$", "text", is_required=True),
    CODE_OF_UNIT,
    Column("field_code", "Lĩnh vực", r"^(ma )?(linh vuc|chuyen (mon|nganh))\b|^field$", "text", is_required=True),
    Column("quota", "Định mức", r"^(dinh muc|bien che|so (luong|nguoi)( can)?)$|^quota$", "number"),
    Column("filled", "Hiện có", r"^(hien co|da co|co mat|so nguoi hien co)$|^filled$", "number"),
    Column("priority", "Ưu tiên", r"^(muc )?(do )?uu tien$|^priority$", "number"),
)  # fmt: skip

COMMUNE = r"^((ma|ten)( so)? )?(xa|phuong|xa phuong|don vi|dia phuong)( phuong)?( dac khu)?$|^commune( code| name)?$"
OF_DAY = r"^((so )?(nguoi )?(co mat|truc) )?"
LACKS_IT = r"^(khong co|thieu|chua co) (can bo |cong chuc |nhan su )*(cntt|cong nghe thong tin|it)( x)?$|^lacks it"
LEAST = r"^(so )?(nguoi|luong nguoi|dau nguoi)( can)? (toi thieu|it nhat)$|^(toi thieu|it nhat) .*nguoi$|^min people$"
TOTAL = r"^tong( cong| so)?( so)?( ngay cong)?( (mot |moi )?tuan)?$|^total( person days)?$"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
IN_WORDS = ("hai", "ba", "tu", "nam", "sau")
NEEDS = (
    Column("commune", "Xã, phường", COMMUNE, "text", is_required=True),
    Column("commune_again", "Tên xã (đối chiếu)", COMMUNE, "text"),
    Column("min_people", "Số người tối thiểu", LEAST, "number"),
    *(
        Column(day, f"Có mặt thứ {number}", OF_DAY + rf"(t|thu )({number}|{word})$|^{day}$", "number")
        for number, (day, word) in enumerate(zip(DAYS, IN_WORDS, strict=True), start=2)
    ),
    Column("lacks_it_staff", "Thiếu công chức CNTT", LACKS_IT, "tick"),
    Column("total", "Tổng ngày công", TOTAL, "number"),
    Column("note", "Ghi chú", r"^(ghi chu|luu y|note)$", "text"),
)
DUTY = "duty."
"""How the meaning of a column of the needs begins that holds what is needed for a duty; its code follows."""


def columns_of_duties(duties: Sequence[Mapping[str, str]]) -> tuple[Column, ...]:
    """A column of the needs for each duty of the catalogue: {code, name_vi, name_en}."""
    return tuple(
        Column(
            f"{DUTY}{duty['code']}",
            duty["name_vi"],
            rf"^(nhu cau |so )?(ngay cong )?({'|'.join(word_key(duty[name]) for name in sorted(duty))})( ngay cong)?$",
            "work",
        )
        for duty in duties
    )


@dataclass(frozen=True)
class Declaration:
    """A register: where its rows are kept, and its columns."""

    table: type[Unit] | type[StaffMember] | type[Post] | type[NeedDeclaration]
    columns: tuple[Column, ...]


DECLARATIONS: dict[Register, Declaration] = {
    Register.UNITS: Declaration(Unit, UNITS),
    Register.STAFF: Declaration(StaffMember, STAFF),
    Register.POSTS: Declaration(Post, POSTS),
    Register.NEEDS: Declaration(NeedDeclaration, NEEDS),
}
