"""Who a person is: lecturer, teacher, student (and in which year) or official."""

import re

from commune_schemas.matching import VolunteerRole

from roster_api.rosters.reading.cells import Cell, text_of
from roster_api.rosters.reading.findings import Reading, refused
from roster_api.rosters.reading.words import word_key

_WORDS: tuple[tuple[VolunteerRole, str], ...] = (
    (VolunteerRole.STUDENT, r"sv|sinh vien|hoc vien|hv|hssv|hs|hoc sinh|student"),
    (VolunteerRole.LECTURER, r"gv|gvc|gvcc|giang vien|giang vien chinh|giang vien cao cap|tro giang|lecturer"),
    (VolunteerRole.TEACHER, r"giao vien|gvth|gvpt|thay giao|co giao|teacher"),
    (VolunteerRole.OFFICIAL, r"can bo|cb|vien chuc|vc|cong chuc|cc|cbvc|ccvc|chuyen vien|cv|nhan vien|nv|official"),
)
_PATTERNS = [(role, re.compile(rf"^(?:{words})(?:\b|(?=\d))")) for role, words in _WORDS]
_YEAR = re.compile(r"\b(?:nam(?: thu)?|year) (\d+|nhat|hai|ba|tu|nam|sau|cuoi)\b|^(?:sv|hv) ?(\d+)\b")
_YEAR_WORDS = {"nhat": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "cuoi": 4}
MEND_VI = "Viết một trong: Giảng viên (GV), Giáo viên, Sinh viên năm 3 (SV năm 3), Viên chức."
MEND_EN = "Write one of: Giảng viên (lecturer), Giáo viên (teacher), Sinh viên năm 3 (student), Viên chức (official)."


def read_role(cell: Cell) -> Reading[VolunteerRole]:
    """'GV' -> lecturer, 'SV năm 4' -> student, 'Giáo viên' -> teacher, 'Chuyên viên' -> official."""
    text = text_of(cell)
    if not text:
        return refused("role.missing", vi="Thiếu vai trò.", en="The role is missing.", mend_vi=MEND_VI, mend_en=MEND_EN)
    key = word_key(text)
    for role, pattern in _PATTERNS:
        if pattern.match(key):
            return Reading(role)
    return refused(
        "role.unknown", vi=f"“{text}” không phải vai trò hệ thống biết.", en=f"“{text}” is not a role we know.",
        mend_vi=MEND_VI, mend_en=MEND_EN,
    )  # fmt: skip


def read_year(cell: Cell, *, role_cell: Cell = None) -> Reading[int]:
    """Year of study 1-6, from its own column or from the role's words; None where nothing is said."""
    text = text_of(cell)
    if text:
        match = re.search(r"\d+", text) or _YEAR.search(word_key(text))
        said = match.group() if match else word_key(text)
    else:
        text = text_of(role_cell)
        match = _YEAR.search(word_key(text))
        if match is None:
            return Reading(None)
        said = match.group(1) or match.group(2)
    year = int(said) if said.isdecimal() else _YEAR_WORDS.get(said.split()[-1], 0)
    if 1 <= year <= 6:
        return Reading(year)
    return refused(
        "year.out_of_range", vi=f"“{text}”: năm học phải từ 1 đến 6.", en=f"“{text}”: the year must be 1 to 6.",
        mend_vi="Viết một số, ví dụ 4.", mend_en="Write a number, e.g. 4.",
    )  # fmt: skip
