"""Days a week, distance, staff and student codes, and teams."""

import re

from roster_api.rosters.reading.cells import Cell, has_hidden_characters
from roster_api.rosters.reading.findings import Reading, refused, warning
from roster_api.rosters.reading.marks import plain_text
from roster_api.rosters.reading.phones import DECIMAL, EXPONENT
from roster_api.rosters.reading.remembering import remembered
from roster_api.rosters.reading.words import NOTHING, is_ditto, is_doubted, word_key
from roster_api.text import holds_link

MAXIMUM_KM = 2000
USUAL_CODE = re.compile(r"(?=.{9,64}$)(?!\d+[eE]\d+$)[A-Za-z0-9]+|[A-Za-z]{2,8}\d{3,56}")
"""What needs no closer look: long enough to be no word that stands for an empty cell, and no exponent."""
_COUNT = re.compile(
    r"(?:toi da |max )?(\d+|mot|hai|ba|bon|nam)"
    r"(?: ?(ngay|buoi|days?))?(?: (?:moi |1 |mot |trong |a |per )?(?:tuan|week))?(?: toi da)?"
)
_NO_COUNT_OF_DAYS = re.compile(r"[><≥~+*?]|^\s*\w+\s+(?:tuần|tuan|weeks?)\s*$", re.IGNORECASE)
"""'> 2', '2+', '2 tuần': not so many days a week."""
_COUNT_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5}
_NUMBERED_TEAM = re.compile(r"(tổ|nhóm|to|đội)?[ :.]*(?:số )?0*([0-9]+)")
_LEADER = re.compile(r"(?<=\w)\s*[-–(]\s*(?:(?:nhóm|tổ|đội) )?(?:trưởng|phó)\s*\)?$", re.IGNORECASE)
"""'Nhóm 1 (nhóm trưởng)' is of 'Nhóm 1'."""
_SUBJECT = re.compile(
    r"^(?:to )?(?:bo mon )?(?:toan|ngu van|van|vat ly|ly|hoa|hoa hoc|sinh|sinh hoc|lich su|su|dia|dia ly|ngoai ngu"
    r"|tieng anh|anh|tin|tin hoc|gdcd|the duc"
    r"|cong nghe|khtn|khxh|tu nhien|xa hoi|van phong|hanh chinh|mam non|tieu hoc)\b"
)
_TEAM_LABELS = {"nhóm": "Nhóm", "đội": "Đội"}
_KILOMETRES = re.compile(
    r"(?:<|<=|≤|dưới|tối đa|bán kính|trong vòng)?\s*(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:km|cây số|kilomet)?\.?"
)
"""Three figures behind a dot may be thousands: asked."""
_METRES = re.compile(r"(?:<|<=|≤|dưới|tối đa|bán kính|trong vòng)?\s*(\d{3,7}|\d{1,3}(?:[.,]\d{3})+)\s*(m|mét|met)?\.?")
_IN_METRES = re.compile(r"\b(m|met|meters?|metres?)$")
_IN_ANOTHER_UNIT = re.compile(r"\b(gio|phut|tieng|dam|miles?|hai ly|chuc|tram|nghin|ngan|x ?\d+|\d+)\b")
"""Of a distance's header: no unit of length that we know, or several kilometres."""
_HALF_DAYS_HEADER = re.compile(r"\bbuoi\b")


@remembered
def read_max_days(cell: Cell, *, header: str = "") -> Reading[int]:
    """1-5 days a week; None when the cell is empty. Half days (buổi), by the cell or its `header`, are two a day."""
    text, found = plain_text(cell)
    text = DECIMAL.sub("", text)
    if not text:
        return Reading(None)
    match = None if _NO_COUNT_OF_DAYS.search(text.replace("<=", "≤")) else _COUNT.fullmatch(word_key(text))
    count = _COUNT_WORDS.get(match.group(1)) or int(match.group(1)) if match else 0
    unit = (match.group(2) if match else "") or ("buoi" if _HALF_DAYS_HEADER.search(word_key(header)) else "ngay")
    if unit == "buoi" and 1 <= count <= 10:
        days = max(1, count // 2)
        return Reading(days, [*found, warning(
            "max_days.half_days", vi=f"“{text}” là số buổi; hệ thống xếp cả ngày, tính {days} ngày/tuần.",
            en=f"“{text}” counts half days; whole days are planned: {days} a week.",
        )])  # fmt: skip
    if unit != "buoi" and 1 <= count <= 5:
        return Reading(count, found)
    return refused(
        "max_days.out_of_range", vi=f"“{text}”: số ngày mỗi tuần phải là số từ 1 đến 5.",
        en=f"“{text}”: days a week must be a number from 1 to 5.", mend_vi="Viết một số từ 1 đến 5, ví dụ 2.",
        mend_en="Write a number from 1 to 5, e.g. 2.",
    )  # fmt: skip


@remembered
def read_distance_m(cell: Cell, *, header: str = "") -> Reading[int]:
    """Metres, from kilometres unless the cell or its `header` says otherwise; None when the cell names no limit."""
    text, found = plain_text(cell)
    key = word_key(text)
    if not text or key in {"khong gioi han", "bat ky", "moi noi", "tuy y", "dau cung duoc", "o dau cung duoc"}:
        return Reading(None, found)
    kilometres = _kilometres(text.lower(), word_key(header))
    if 0 < kilometres <= MAXIMUM_KM:
        return Reading(round(kilometres * 1000), found)
    return refused(
        "distance.not_a_number", vi=f"“{text}”: khoảng cách phải là số ki-lô-mét (1 đến {MAXIMUM_KM}).",
        en=f"“{text}”: the distance must be a number of kilometres (1 to {MAXIMUM_KM}).",
        mend_vi="Viết một số, ví dụ 100; để trống nếu đi đâu cũng được.",
        mend_en="Write a number, e.g. 100; leave it empty for no limit.",
    )  # fmt: skip


def _kilometres(text: str, header: str) -> float:
    """-1 where it is not clear."""
    match = _KILOMETRES.fullmatch(text)
    is_bare = text[-1:].isdigit()
    is_in_metres = _IN_METRES.search(header) is not None
    if is_bare and _IN_ANOTHER_UNIT.search(header):
        return -1.0
    if match and not (is_bare and is_in_metres):
        return float(match.group(1).replace(",", "."))
    match = _METRES.fullmatch(text.removesuffix(".0"))
    if match and (is_in_metres or (match.group(2) and not header.endswith("km"))):
        return int(re.sub("[.,]", "", match.group(1))) / 1000
    return -1.0


def read_reference(cell: Cell) -> Reading[str]:
    """Staff or student code as the school writes it, zeros and all; None when the cell is empty."""
    if type(cell) is str and USUAL_CODE.fullmatch(cell):
        return Reading(cell)
    text, found = plain_text(cell)
    if word_key(text) in NOTHING - {"x", "na", "no"}:
        return Reading(None, found)
    if EXPONENT.fullmatch(text):
        return refused(
            "reference.exponent", vi=f"“{text}”: Excel đã rút gọn mã số này, một số chữ số có thể đã mất.",
            en=f"“{text}”: Excel has shortened this code, and digits may be lost.",
            mend_vi="Định dạng ô là Văn bản rồi gõ lại mã số.",
            mend_en="Format the cell as Text and type the code again.",
        )  # fmt: skip
    if len(text) > 64 or has_hidden_characters(text) or holds_link(text) or is_doubted(text):
        return refused(
            "reference.malformed", vi="Mã số quá 64 ký tự, có ký tự ẩn, có dấu “?” hoặc có đường dẫn.",
            en="The code is longer than 64 characters, or holds hidden ones, a “?” or a link.", mend_vi="Gõ lại mã số.",
            mend_en="Type the code again.",
        )  # fmt: skip
    whole = re.sub(r"(?<=^\d)(\d*)\.0$", r"\1", text)
    if whole != text:
        found.append(warning("reference.decimal", vi=f"Đã bỏ “.0” ở cuối mã số: {whole}.",
                             en=f"“.0” at the end of the code was taken off: {whole}."))  # fmt: skip
    return Reading(whole, found)


def read_team(cell: Cell) -> Reading[str]:
    """Name of the team; people of one team go to one commune. Numbered ones are written alike: 'TỔ 01' is 'Tổ 1'."""
    text, found = plain_text(cell)
    if word_key(text) in NOTHING - {"x"}:
        return Reading(None, found)
    if is_ditto(text) or is_doubted(text):
        return refused(
            "team.repeated", vi=f"“{text}”: không rõ tổ nào.", en=f"“{text}” does not say which team.",
            mend_vi="Ghi tên tổ.", mend_en="Write the team's name.",
        )  # fmt: skip
    if len(text) > 64 or has_hidden_characters(text) or holds_link(text):
        return refused(
            "team.malformed", vi="Tên tổ quá 64 ký tự, có ký tự ẩn hoặc có đường dẫn.",
            en="The team's name is longer than 64 characters, or holds hidden ones or a link.",
            mend_vi="Viết ngắn, ví dụ Tổ 1.", mend_en="Write it short, e.g. Tổ 1.",
        )  # fmt: skip
    if _SUBJECT.search(word_key(text)):
        found.append(warning(
            "team.subject", vi=f"“{text}” có vẻ là tổ chuyên môn; cả tổ sẽ đi cùng một xã. Nếu không phải, bỏ cột này.",
            en=f"“{text}” looks like a department; all of a team go to one commune. Else leave the column out.",
        ))  # fmt: skip
    whole, text = text, _LEADER.sub("", text)
    numbered = _NUMBERED_TEAM.fullmatch(DECIMAL.sub("", text).casefold())
    if whole != text:
        found.append(warning("team.spelling", vi=f"“{whole}” được đọc là {text}.", en=f"“{whole}” is read as {text}."))
    if numbered is None:
        return Reading(text, found)
    team = f"{_TEAM_LABELS.get(numbered.group(1), 'Tổ')} {numbered.group(2)}"
    if numbered.group(1) and team != text:
        found.append(warning("team.spelling", vi=f"Tên tổ được viết là {team}.", en=f"The team is written {team}."))
    return Reading(team, found)
