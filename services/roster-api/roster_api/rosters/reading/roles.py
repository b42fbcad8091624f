"""Who a person is: lecturer, teacher, student (and in which year) or official."""

import re

from commune_schemas.matching import VolunteerRole

from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.findings import Reading, refused, warning
from roster_api.rosters.reading.marks import plain_text
from roster_api.rosters.reading.remembering import remembered
from roster_api.rosters.reading.words import is_doubted, word_key

_WORDS: tuple[tuple[VolunteerRole, str], ...] = (
    (VolunteerRole.STUDENT, r"sv|sinh vien|hoc vien|hv|hssv|hs|hoc sinh|student"),
    (VolunteerRole.LECTURER, r"gv|gvc|gvcc|giang vien|giang vien chinh|giang vien cao cap|tro giang|lecturer"),
    (VolunteerRole.TEACHER, r"giao vien|gvth|gvpt|thay giao|co giao|teacher"),
    (VolunteerRole.OFFICIAL, r"can bo|cb|vien chuc|vc|cong chuc|cc|cbvc|ccvc|chuyen vien|cv|nhan vien|nv|official"),
)
_PATTERNS = [(role, re.compile(rf"^(?:{words})(?:\b|(?=\d))")) for role, words in _WORDS]
_ANY_ROLE = re.compile("|".join(rf"\b(?:{words})\b" for _, words in _WORDS))
_NUMBER = r"\d+|nhat|hai|ba|tu|nam|sau|cuoi|i{1,3}|iv|vi?"
_YEAR = re.compile(rf"\b(?:nam(?: thu)?|year) ({_NUMBER})\b|^(?:sv|hv) ?(\d)\b")
_YEAR_ALONE = re.compile(rf"(?:sv |sinh vien )?(?:nam(?: thu)? |nam hoc |year )?({_NUMBER})")
_YEAR_WORDS = {"nhat": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "cuoi": 4}
_YEAR_WORDS |= {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_SAYS_NOTHING = re.compile(r"^(chinh|cao cap|hang [i1-3]+|co huu|bo mon|thuc hanh|nam cuoi)?$")
_CHANGES_ALL = re.compile(
    r"\b(khong|chua|cuu|nguyen|nghi|huu|thoi|tot nghiep|bao luu|phu huynh|lop truong|can bo lop|tru|nguoi nha"
    r"|(da|sap|xin|dang) (chuyen|rut|ra truong|di)|chuyen (truong|cong tac|vung)|tam (nghi|dung|hoan)|du hoc|di hoc"
    r"|huy)\b"
)
_NAMES = {
    VolunteerRole.STUDENT: "sinh viên",
    VolunteerRole.LECTURER: "giảng viên",
    VolunteerRole.TEACHER: "giáo viên",
    VolunteerRole.OFFICIAL: "viên chức",
}
MEND_VI = "Viết một trong: Giảng viên (GV), Giáo viên, Sinh viên năm 3 (SV năm 3), Viên chức."
MEND_EN = "Write one of: Giảng viên (lecturer), Giáo viên (teacher), Sinh viên năm 3 (student), Viên chức (official)."


@remembered
def read_role(cell: Cell) -> Reading[VolunteerRole]:
    """'GV' -> lecturer, 'SV năm 4' -> student, 'Giáo viên' -> teacher, 'Chuyên viên' -> official.

    Words behind the role (a class, a faculty) are shown as not used; those that may change the role are an error.
    """
    text, found = plain_text(cell)
    if not text:
        return refused("role.missing", vi="Thiếu vai trò.", en="The role is missing.", mend_vi=MEND_VI, mend_en=MEND_EN)
    key = word_key(text)
    for role, pattern in _PATTERNS:
        match = pattern.match(key)
        rest = _YEAR.sub("", key).removeprefix(match.group()).strip() if match else ""
        if (
            not match
            or is_doubted(text)
            or _CHANGES_ALL.search(key)
            or _ANY_ROLE.search(rest)
            or key.startswith("can bo lop")
        ):
            continue
        if not _SAYS_NOTHING.match(rest):
            found.append(warning(
                "role.rest", vi=f"“{text}” được đọc là {_NAMES[role]}; phần còn lại không dùng đến.",
                en=f"“{text}” is read as {role.value}; the rest is not used.",
            ))  # fmt: skip
        return Reading(role, found)
    return refused(
        "role.unknown", vi=f"“{text}” không phải vai trò hệ thống biết.", en=f"“{text}” is not a role we know.",
        mend_vi=MEND_VI, mend_en=MEND_EN,
    )  # fmt: skip


@remembered
def read_year(cell: Cell, *, role_cell: Cell = None) -> Reading[int]:
    """Year of study 1-6, from its own column or from the role's words; None where nothing is said."""
    text, found = plain_text(cell)
    if text:
        match = None if is_doubted(text) else _YEAR_ALONE.fullmatch(word_key(re.sub(r"\.0$", "", text)))
        written = match.group(1) if match else ""
    else:
        text, _ = plain_text(role_cell)
        match = _YEAR.search(word_key(text))
        if match is None:
            return Reading(None)
        written = match.group(1) or match.group(2)
    year = int(written) if written.isdecimal() else _YEAR_WORDS.get(written, 0)
    if 1 <= year <= 6:
        return Reading(year, found)
    return refused(
        "year.out_of_range", vi=f"“{text}”: năm học phải từ 1 đến 6.", en=f"“{text}”: the year must be 1 to 6.",
        mend_vi="Viết một số, ví dụ 4.", mend_en="Write a number, e.g. 4.",
    )  # fmt: skip
