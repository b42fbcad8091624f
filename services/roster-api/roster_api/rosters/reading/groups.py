"""What is said of all rows of a group, by its heading, the sheet's name or the title: their role, or that they left."""

import re
from dataclasses import replace

from roster_api.rosters.reading.beside import is_withdrawn
from roster_api.rosters.reading.cells import Sheet
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.refusals import FileFault
from roster_api.rosters.reading.roles import read_role
from roster_api.rosters.reading.row_kinds import (
    covered_columns,
    filled_cells,
    has_contact,
    heading_of,
    is_numbered_group,
)
from roster_api.rosters.reading.words import word_key

_NUMBER = re.compile(r"^\s*(?:[ivx]+|[a-h]|\d{1,2})\s*[.)\-–:/]\s*", re.IGNORECASE)
_PEOPLE = "(?:người|gv|sv|giảng viên|sinh viên|em)"
_COUNT = re.compile(rf"\s*(?:[(:–-]\s*\d+\s*{_PEOPLE}?\s*\)?|\s\d+\s*{_PEOPLE})\s*$", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:danh sách|nhóm|đội ngũ|đội|khối)\s+", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(huong dan|chu nhiem|phu trach|dai dien|lien he|lap bang|tong hop)\b")
_RESERVE = re.compile(r"^(?:danh sach |nhom |doi )?(?:du bi|du phong|thay the|khi can|cho duyet|cho xac nhan)\b")
_APART = re.compile(r"\b(khong (?:bao )?gom|khong ke|tru|ngoai|da loai)\b")
_COLOUR = re.compile(
    r"\b(?:tô|bôi|màu|mầu|nền|chữ|in|dòng|hàng|ô)\b.{0,20}\b(?:đỏ|vàng|xanh|xám|cam|hồng|tím|nâu|đậm|nghiêng)\b"
)
_COLOUR_SAYS = re.compile(r"\b(?:rút|không|ko|nghỉ|hủy|huỷ|dự bị|dự phòng|bận|chưa|thôi|vắng|loại|bỏ|thay)\b")
_X_IS_BUSY = re.compile(
    r"\b(x|v|dau|danh dau|tick|tich)\b.{0,40}\b(ban|khong ranh|khong tham gia|khong di|nghi|co tiet|day)\b"
    r"|\b1( nghia)?( la)?( ngay)? (ban|khong ranh|nghi|co tiet)\b"
    r"|\b(0|trong|khong danh dau)( nghia)?( la)?( ngay)?( co)? (ranh|the tham gia|the di|di duoc)\b"
)
_X_IS_FREE = re.compile(r"\b(x|v|dau|danh dau|tick|tich)\b.{0,25}\b(ranh|co the|tham gia)\b")
_BUSY_TITLE = re.compile(r"\b(lich ban|ngay ban|lich day|lich giang|thoi khoa bieu|khong ranh|lich thi|lich nghi)\b")
LONGEST_HEADING = 80


def role_of_group(text: str) -> str:
    """The role that a group's heading names ('II. SINH VIÊN (12 người)' -> 'SINH VIÊN'); empty when it names none."""
    if len(text) > LONGEST_HEADING or _OF_OTHERS.search(word_key(text)):
        return ""
    name = _BEFORE.sub("", _COUNT.sub("", _NUMBER.sub("", text))).strip(" :.-–")
    return name if ":" not in name and read_role(name).value is not None else ""


def with_roles_of_groups(header: Header, sheet: Sheet) -> Header:
    """The header of a list without a column for roles, when its groups' headings tell them, or its sheet's name."""
    if header.has(Kind.ROLE) or header.has(Kind.ROLE_MARK):
        return header
    covered = covered_columns(sheet)
    role, has_people = role_of_group(sheet.name), False
    for number, cells in enumerate(sheet.rows[header.first_data_row - 1 :], start=header.first_data_row - 1):
        filled = filled_cells(cells, header, covered.get(number, set()))
        if filled and has_contact(cells, header):
            has_people = True
            break
        if len(filled) == 1 or is_numbered_group(filled):
            role = role_of_group(heading_of(filled)) or role
    if not role or not has_people:
        return header
    return replace(header, for_all={**header.for_all, Kind.ROLE: role}, has_roles_of_groups=True)


def look_at_group(heading: str) -> Finding | None:
    """What the heading above a row says against it: an error where they left, a warning where they wait."""
    if is_withdrawn(heading) and not _APART.search(word_key(heading)):
        return error(
            "row.group_left", vi=f"Dòng này nằm dưới “{heading[:80]}”: có vẻ không tham gia.",
            en=f"The row stands under “{heading[:80]}”: it seems that these do not take part.",
            mend_vi="Xóa những dòng đó (hoặc chuyển sang tệp khác); nếu họ tham gia, sửa tiêu đề nhóm.",
            mend_en="Delete those rows (or keep them in another file); if they take part, change the heading.",
        )  # fmt: skip
    if _RESERVE.search(word_key(_NUMBER.sub("", heading))):
        return warning(
            "row.group_waits", vi=f"Dòng này nằm dưới “{heading[:80]}”; được đọc như mọi người khác.",
            en=f"The row stands under “{heading[:80]}”, and is read like all others.",
        )  # fmt: skip
    return None


def is_word_on_group(text: str) -> bool:
    """Says something of the rows below it, and is nobody's name."""
    return look_at_group(text) is not None


def find_colour_fault(header: Header, sheet: Sheet, texts: list[str]) -> FileFault | None:
    """A legend by which colours or bold type take people out: colours are not read, so the list is not."""
    for text in texts:
        lowered = text.casefold()
        if _COLOUR.search(lowered) and _COLOUR_SAYS.search(lowered):
            return FileFault(
                pointer=f"row:{header.row}", code="rows.colours",
                vi=f"Trang “{sheet.name}”: “{text[:100]}” — hệ thống không đọc màu chữ, màu nền. Hãy xóa các dòng "
                "không tham gia (hoặc ghi bằng chữ), rồi xóa câu đó.",
                en=f"Sheet “{sheet.name}”: “{text[:100]}” — colours are not read. Delete the rows of those who do not "
                "take part (or say it in words), and that sentence.",
            )  # fmt: skip
    return None


def says_ticks_are_busy(key: str) -> bool:
    """A legend or a title, as word key: 'x: bận', '0 = rảnh', 'LỊCH BẬN'."""
    return not _X_IS_FREE.search(key) and bool(_X_IS_BUSY.search(key) or _BUSY_TITLE.search(key))
