"""What is said of all rows of a group, by its heading, the sheet's name or the title: their role, or that they left."""

import re
import unicodedata
from dataclasses import replace

from commune_schemas.matching import VolunteerRole

from roster_api.rosters.reading.beside import is_withdrawn
from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.header_words import OF_THE_PAST, as_free, has_word
from roster_api.rosters.reading.headers import NO_LAST_COLUMN, Header
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
_RESERVE = re.compile(
    r"^(?:danh sach |nhom |doi )?(?:du bi|du phong|thay the|khi can|cho duyet|cho xac nhan"
    r"|.*\bchua (?:duoc )?(?:duyet|xac nhan|chinh thuc)|(?:ban )?nhap$|mau$)\b"
)
_LEFT = re.compile(
    r"\bda nghi\b|\bnghi phep\b|\bbi loai\b|(?<!phan )(?<!cac )(?<!xep )\bloai$|\bvang mat\b|\bkhong du dieu kien\b"
)
_EXAMPLE_SHEET = re.compile(r"^(huong dan|vi du|vd|minh hoa|cach (dien|ghi|nhap)|example|sample)\b")
_EXAMPLE_TITLE = re.compile(r"^(vi du|minh hoa)( (minh hoa|ve cach|cach) ?(dien|ghi|nhap|khai)?.*)?$")
_APART = re.compile(r"\b(khong (?:bao )?gom|khong ke|tru|ngoai|da loai)\b")
LONGEST_HEADING = 80
ROWS_OF_TITLES = 5
_AWAY = re.compile(r"\bhoãn\b|\bbận (?:công tác|học|thi|việc)\b")
_ARCHIVE = re.compile(r"^luu tru\b")
_OLD = ("cũ", "old", "backup")
"""Words of a sheet's name by which it holds a list of before."""


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
    role, has_people = role_of_title(header, sheet) or role_of_group(sheet.name), False
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


def role_of_title(header: Header, sheet: Sheet) -> str:
    """The role that the nearest title above the table names, over its own columns; empty when it names none.

    Over the whole sheet it counts only where it is no more than the role: 'Danh sách cán bộ đi xã' says of nobody
    whether they teach.
    """
    for cells in reversed(sheet.rows[max(header.row - 1 - ROWS_OF_TITLES, 0) : max(header.row - 1, 0)]):
        inside = cells[header.first_column : header.last_column + 1]
        texts = list(dict.fromkeys(text for cell in inside if (text := text_of(cell))))
        roles = [role for text in texts if (role := role_of_group(text))]
        if roles:
            is_its_own = header.last_column < NO_LAST_COLUMN or header.first_column > 0
            is_bare = not read_role(roles[0]).findings and read_role(roles[0]).value is not VolunteerRole.OFFICIAL
            return roles[0] if len(roles) == 1 and (is_its_own or is_bare) else ""
    return ""


def look_at_group(heading: str) -> Finding | None:
    """What the heading above a row says against it: an error where they left, a warning where they wait."""
    lowered = unicodedata.normalize("NFC", as_free(heading).casefold())
    has_left = is_withdrawn(heading) or _AWAY.search(lowered) or _LEFT.search(word_key(heading))
    if has_left and not _APART.search(word_key(heading)):
        return _left(heading)
    if _RESERVE.search(word_key(_NUMBER.sub("", heading))):
        return warning(
            "row.group_waits", vi=f"Dòng này nằm dưới “{heading[:80]}”; được đọc như mọi người khác.",
            en=f"The row stands under “{heading[:80]}”, and is read like all others.",
        )  # fmt: skip
    return None


def _left(heading: str) -> Finding:
    return error(
        "row.group_left", vi=f"Dòng này nằm dưới “{heading[:80]}”: có vẻ không tham gia.",
        en=f"The row stands under “{heading[:80]}”: it seems that these do not take part.",
        mend_vi="Xóa những dòng đó (hoặc chuyển sang tệp khác); nếu họ tham gia, sửa tiêu đề nhóm hay tên trang.",
        mend_en="Delete those rows (or keep them in another file); else change the heading or the sheet's name.",
    )  # fmt: skip


def look_at_sheet(name: str, above: list[str]) -> Finding | None:
    """What the sheet's name, or a text above the header, says against all rows: as of a group; or it is an example."""
    is_example = bool(_EXAMPLE_SHEET.search(word_key(name))) or any(
        len(text) <= LONGEST_HEADING and _EXAMPLE_TITLE.search(word_key(text)) for text in above
    )
    if is_example:
        return error(
            "row.example", vi=f"Trang “{name}” có vẻ là ví dụ cách điền, không phải danh sách thật.",
            en=f"Sheet “{name}” looks like an example of how to fill it in, not like a list.",
            mend_vi="Xóa trang ví dụ; nếu là người thật, đổi tên trang và bỏ chữ “ví dụ”.",
            mend_en="Delete the example; if these are people, rename the sheet and drop the word for an example.",
        )  # fmt: skip
    if OF_THE_PAST.search(word_key(name)) or has_word(name, _OLD) or _ARCHIVE.search(word_key(name)):
        return _left(name)
    return next(filter(None, map(look_at_group, (name, *above))), None)


def is_word_on_group(text: str) -> bool:
    """Says something of the rows below it, and is nobody's name."""
    return look_at_group(text) is not None
