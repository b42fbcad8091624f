"""Days a week, distance, staff and student codes, and teams."""

import re

from roster_api.rosters.reading.cells import Cell, has_hidden_characters, text_of
from roster_api.rosters.reading.findings import Reading, refused
from roster_api.rosters.reading.words import word_key

MAXIMUM_KM = 2000


def read_max_days(cell: Cell) -> Reading[int]:
    """1-5 days a week; None when the cell is empty."""
    text = text_of(cell)
    if not text:
        return Reading(None)
    match = re.fullmatch(r"(?:toi da )?(\d+)(?: ?(?:ngay|buoi|ngay tuan|buoi tuan|ngay 1 tuan|days?))?", word_key(text))
    if match and 1 <= int(match.group(1)) <= 5:
        return Reading(int(match.group(1)))
    return refused(
        "max_days.out_of_range", vi=f"“{text}”: số ngày mỗi tuần phải là số từ 1 đến 5.",
        en=f"“{text}”: days a week must be a number from 1 to 5.", mend_vi="Viết một số từ 1 đến 5, ví dụ 2.",
        mend_en="Write a number from 1 to 5, e.g. 2.",
    )  # fmt: skip


def read_distance_m(cell: Cell) -> Reading[int]:
    """Metres, from kilometres; None when the cell is empty or says there is no limit."""
    text = text_of(cell)
    key = word_key(text)
    if not text or "khong gioi han" in key or key in {"bat ky", "moi noi", "tuy y"}:
        return Reading(None)
    match = re.fullmatch(r"(?:<|<=|≤|dưới|tối đa)?\s*(\d{1,4}(?:[.,]\d+)?)\s*(?:km|cây số|kilomet)?\.?", text.lower())
    kilometres = float(match.group(1).replace(",", ".")) if match else -1.0
    if 0 < kilometres <= MAXIMUM_KM:
        return Reading(round(kilometres * 1000))
    return refused(
        "distance.not_a_number", vi=f"“{text}”: khoảng cách phải là số ki-lô-mét (1 đến {MAXIMUM_KM}).",
        en=f"“{text}”: the distance must be a number of kilometres (1 to {MAXIMUM_KM}).",
        mend_vi="Viết một số, ví dụ 100; để trống nếu đi đâu cũng được.",
        mend_en="Write a number, e.g. 100; leave it empty for no limit.",
    )  # fmt: skip


def read_reference(cell: Cell) -> Reading[str]:
    """Staff or student code as the school writes it; None when the cell is empty."""
    text = text_of(cell)
    if not text:
        return Reading(None)
    if len(text) > 64 or has_hidden_characters(cell):
        return refused(
            "reference.malformed", vi="Mã số quá 64 ký tự hoặc có ký tự ẩn.",
            en="The code is longer than 64 characters or has hidden ones.", mend_vi="Gõ lại mã số.",
            mend_en="Type the code again.",
        )  # fmt: skip
    return Reading(text)


def read_team(cell: Cell) -> Reading[str]:
    """Name of the team; people of one team go to one commune."""
    text = text_of(cell)
    if len(text) > 64 or has_hidden_characters(cell):
        return refused(
            "team.malformed", vi="Tên tổ quá 64 ký tự hoặc có ký tự ẩn.",
            en="The team's name is longer than 64 characters or has hidden ones.", mend_vi="Viết ngắn, ví dụ Tổ 1.",
            mend_en="Write it short, e.g. Tổ 1.",
        )  # fmt: skip
    return Reading(f"Tổ {text}" if text.isdecimal() else text or None)
