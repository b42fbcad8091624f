"""Fields of expertise as people write them, in Vietnamese, in short, or by code."""

import re
from difflib import get_close_matches

from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.findings import Finding, Reading, error, refused, warning
from roster_api.rosters.reading.marks import plain_lines, plain_text
from roster_api.rosters.reading.remembering import remembered
from roster_api.rosters.reading.weekdays import read_weekdays
from roster_api.rosters.reading.words import is_doubted, word_key

LEVEL_UNLESS_SAID = 2
FIELD_NAMES = {
    "software": "Phần mềm của tỉnh",
    "pasc": "Hành chính công",
    "digitise": "Số hóa hồ sơ",
    "dvc_guide": "Dịch vụ công trực tuyến",
    "kpi": "Đánh giá KPI",
    "training": "Tập huấn",
    "sysadmin": "Quản trị máy tính",
}
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "software": ("pm", "phan mem", "van hanh phan mem", "software", "phan mem dung chung"),
    "pasc": ("tthcc", "hcc", "ttpvhcc", "pasc", "mot cua", "trung tam hanh chinh cong", "trung tam phuc vu"),
    "digitise": ("shhs", "sh", "so hoa", "so hoa tai lieu", "digitise", "digitisation", "digitize", "scan ho so"),
    "dvc_guide": ("dvc", "dvctt", "dich vu cong", "dvc guide", "huong dan dich vu cong", "huong dan nguoi dan"),
    "kpi": ("kpi", "phan mem kpi", "cham diem kpi", "phan mem danh gia"),
    "training": ("th", "tap huan", "dao tao", "huan luyen", "training", "boi duong ky nang so"),
    "sysadmin": ("qtmt", "qtm", "quan tri mang", "quan tri may", "may tinh", "sysadmin", "bao tri may tinh"),
}
_CONTAINED: tuple[tuple[str, str], ...] = (
    (r"kpi|danh gia can bo", "kpi"),
    (r"so hoa", "digitise"),
    (r"quan tri (he thong|mang|may)|bao tri may|cai dat may", "sysadmin"),
    (r"hanh chinh cong|mot cua", "pasc"),
    (r"dich vu cong|dvc", "dvc_guide"),
    (r"tap huan|ky nang so", "training"),
    (r"phan mem", "software"),
)
_UNTICKED = {"", "0", "0.0", "-", "–", "không", "khong", "ko", "no", "n", "false", "sai", "☐", "□"}
_TICKED = {"x", "xx", "v", "co", "yes", "y", "true", "dung", "ok"}
_BESIDE = (
    "ho tro huong dan cai dat van hanh su dung thuc hien cong tac tham gia lam viec nhap lieu du quet scan tai lieu so "
    "giay to nguoi dan cong chuc vien can bo cap xa phuong tinh cua cho ve va tai trung tam phuc vu bo phan tiep nhan "
    "tra ket qua thu tuc hanh chinh truc tuyen he thong may mang phan mem danh gia xep loai ky nang dich cntt nghe "
    "thong tin chuyen doi kiem nhiem cac"
)
_BESIDE_FIELDS = frozenset(_BESIDE.split())
"""Words that say no more about what a person can do than the field beside them."""
_NEGATED = re.compile(
    r"\b(khong|ko|chua|tru|ngoai|it|kem|yeu|phu huynh|hoac|hay|or|dang|tung|da (du|hoc|tham gia|duoc|qua|xong))\b"
    r"|^(can (?!bo\b)|duoc |muon |hoc )"
)
"""Words that turn a field round or leave it open: 'cần tập huấn', 'đã dự tập huấn', 'số hóa hoặc tập huấn'."""
_ALL = {"tat ca", "tat ca cac linh vuc", "tat ca linh vuc", "ca bay linh vuc", "ca 7 linh vuc", "moi linh vuc", "all"}
_VAGUE = {"cntt", "cong nghe thong tin", "it", "tin hoc"}
_EXACT = {word: code for code, words in _SYNONYMS.items() for word in (*words, word_key(FIELD_NAMES[code]))}
_KNOWN = ", ".join(FIELD_NAMES.values())
MEND_VI = f"Viết một hay nhiều lĩnh vực, cách nhau bằng dấu phẩy: {_KNOWN}."
MEND_EN = f"Write one or more of these, with commas between: {_KNOWN}."


def find_field(text: str) -> str | None:
    """Code of the field a phrase names; None when it names none."""
    key = word_key(text)
    if key in _EXACT:
        return _EXACT[key]
    if _NEGATED.search(key) or re.search(r"\d", key):
        return None
    codes = [code for pattern, code in _CONTAINED if re.search(pattern, key)]
    return codes[0] if codes and not _names_two(key, codes) else None


def _names_two(key: str, codes: list[str]) -> bool:
    """'số hóa tập huấn' is two fields run together; 'tập huấn phần mềm KPI' is one with words of another in it."""
    if len(set(codes)) < 2 or key.startswith(("tap huan", "dao tao")):
        return False
    ways = [(word, code) for word, code in _EXACT.items() if code in codes]
    return any(key == f"{first} {second}" for first, a in ways for second, b in ways if a != b)


@remembered
def read_fields(cell: Cell) -> Reading[dict[str, int]]:
    """{field: level}. Every phrase must name a known field; one that names none is an error with the nearest name."""
    text, found = plain_lines(cell)
    text = re.sub(r"(?:^|(?<=[\s;,]))\(?\d{1,2}[.)/]\s*(?=[^\W\d_])", "; ", text)
    phrases = [phrase.strip(" -•*.") for phrase in _split_at_dashes(re.split(r"[;,/|•+]|\s&\s", text))]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return refused(
            "fields.missing", vi="Thiếu lĩnh vực hỗ trợ.", en="No field of expertise is named.",
            mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    if is_doubted(text):
        return Reading(None, [*found, _unknown(text)])
    if len(phrases) == 1 and word_key(phrases[0]) in _ALL:
        found.append(warning(
            "fields.all", vi=f"“{text}” được hiểu là cả {len(FIELD_NAMES)} lĩnh vực.",
            en=f"“{text}” is taken for all {len(FIELD_NAMES)} fields.",
        ))  # fmt: skip
        return Reading(dict.fromkeys(FIELD_NAMES, LEVEL_UNLESS_SAID), found)
    skills: dict[str, int] = {}
    for phrase in _split_at_and(phrases):
        if word_key(phrase) in _VAGUE:
            skills["sysadmin"] = LEVEL_UNLESS_SAID
            found.append(warning(
                "fields.vague", vi=f"“{phrase}” được hiểu là Quản trị máy tính.",
                en=f"“{phrase}” is taken for computer administration.",
            ))  # fmt: skip
        elif code := find_field(phrase):
            skills[code] = LEVEL_UNLESS_SAID
            if _has_more_to_say(phrase):
                found.append(warning(
                    "fields.understood", vi=f"“{phrase}” được hiểu là {FIELD_NAMES[code]}.",
                    en=f"“{phrase}” is taken for the field {code}.",
                ))  # fmt: skip
        else:
            found.append(_unknown(phrase))
    return Reading(None if any(finding.is_error for finding in found) else skills, found)


def _has_more_to_say(phrase: str) -> bool:
    """Words beside the field's own that may mean something: 'phần mềm kế toán', 'tập huấn KPI'."""
    key = word_key(phrase)
    if key in _EXACT:
        return False
    pattern = next(pattern for pattern, _ in _CONTAINED if re.search(pattern, key))
    rest = re.sub(pattern, " ", key, count=1)
    return any(word not in _BESIDE_FIELDS for word in rest.split())


def _split_at_dashes(phrases: list[str]) -> list[str]:
    """'Số hóa - Tập huấn' is two phrases where each part names a field."""
    split: list[str] = []
    for phrase in phrases:
        parts = [part for part in re.split(r"\s[-–—]\s", phrase) if part.strip()]
        split += parts if len(parts) > 1 and all(find_field(part) for part in parts) else [phrase]
    return split


def _split_at_and(phrases: list[str]) -> list[str]:
    """'số hóa và hành chính công' is two phrases when both halves name a field, and one otherwise."""
    split: list[str] = []
    for phrase in phrases:
        halves = re.split(r"\s+và\s+", phrase)
        split += halves if len(halves) > 1 and all(find_field(half) for half in halves) else [phrase]
    return split


def _unknown(phrase: str) -> Finding:
    near = get_close_matches(word_key(phrase), list(_EXACT), 1, 0.75)
    guess = FIELD_NAMES[_EXACT[near[0]]] if near else ""
    return error(
        "fields.unknown", vi=f"“{phrase}” không phải lĩnh vực hệ thống biết.", en=f"“{phrase}” is not a field we know.",
        mend_vi=f"Có phải “{guess}”? {MEND_VI}" if guess else MEND_VI,
        mend_en=f"Is it “{guess}”? {MEND_EN}" if guess else MEND_EN,
    )  # fmt: skip


_MORE_THAN_A_TICK = re.compile(r"[?*~…]|\.\.")
"""'x?' is not sure, 'x*' has a footnote, 'x…' goes on: no plain ticks."""


@remembered
def read_mark(cell: Cell, *, header: str) -> Reading[int]:
    """A cell of a column to tick: the level (1-3, or 2 for a mark); None when it is empty or says no."""
    text, found = plain_text(cell)
    key = text.lower()
    if key in _UNTICKED:
        return Reading(None, found)
    if key in {"1", "2", "3", "1.0", "2.0", "3.0"}:
        return Reading(int(key[0]), found)
    if (word_key(key) in _TICKED and not _MORE_THAN_A_TICK.search(key)) or key in {"✓", "✔", "√", "☑", "*", "●", "ü"}:
        return Reading(LEVEL_UNLESS_SAID, found)
    return refused(
        "mark.unknown", vi=f"“{text}” ở cột {header}: chỉ đánh dấu x hoặc để trống.",
        en=f"“{text}” in column {header}: only x, or nothing.", mend_vi="Ghi x hoặc để trống.",
        mend_en="Write x or leave it empty.",
    )  # fmt: skip


_HOURS = re.compile(r"(?:từ )?\d{1,2} ?(?:h|giờ|g|:)[^,;()]*")


@remembered
def read_day_mark(cell: Cell, *, header: str) -> Reading[bool]:
    """A cell under a weekday: ticked or not. 'sáng' or 'chiều' is a day with a warning; 'bận' is none."""
    text, found = plain_text(cell)
    key = "" if _MORE_THAN_A_TICK.search(text) else word_key(text)
    if key in {"ban", "nghi", "khong ranh"}:
        return Reading(False, found)
    if key in {"ca ngay", "ranh", "sang chieu", "s c", "sc"}:
        return Reading(True, found)
    if key in {"sang", "chieu", "s", "c", "buoi sang", "buoi chieu"}:
        return Reading(True, [*found, warning(
            "days.half_day", vi=f"“{text}” ở cột {header}: buổi sáng/chiều được tính cả ngày.",
            en=f"“{text}” in column {header}: half days count as whole days.",
        )])  # fmt: skip
    if _HOURS.fullmatch(text.casefold()):
        under = read_weekdays(f"T2 {text}")  # for what it says of hours: which day it is, the header says
        return Reading(None if under.value is None else True, [*found, *under.findings])
    if key in {"2", "3", "2 0", "3 0"}:
        reading: Reading[int] = read_mark("?" + text, header=header)
    else:
        reading = read_mark(cell, header=header)
    return Reading(reading.value is not None, reading.findings)
