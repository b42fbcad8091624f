"""What mail, text message, personal page and both calendar files say of a placement in the same words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from commune_schemas.placement_details import PlacementDetails

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
TWO_FIGURE_AREAS = ("024", "028")
"""Hà Nội and Thành phố Hồ Chí Minh; every other area code has three figures after the 0."""


@lru_cache(maxsize=2048)
def clean_line(text: str) -> str:
    """One line of plain text: no line breaks, control characters or writing-direction tricks, single spaces."""
    return " ".join(CONTROL_CHARACTERS.sub(" ", text).split())


def local_phone(phone: str) -> str:
    """'+84950000456' -> '0950 000 456', '+842583822222' -> '0258 3822 222'; anything else without its separators."""
    digits = re.sub(r"[ .\-()]", "", phone)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    if re.fullmatch(r"0\d{9}", digits):
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    if re.fullmatch(r"02\d{9}", digits):
        area = 3 if digits.startswith(TWO_FIGURE_AREAS) else 4
        return f"{digits[:area]} {digits[area : area + 4]} {digits[area + 4 :]}"
    return digits


@dataclass(frozen=True)
class CalendarWords:
    """Of the one event that a placement is: alike wherever the event comes from, for its UID is one."""

    summary: str
    location: str
    description: str


def calendar_words(placement: PlacementDetails, *, campaign_name: str, answer_url: str | None) -> CalendarWords:
    """`answer_url`: the person's page, None where there is nothing to answer."""
    commune, school = placement.commune_contact, placement.school_contact
    address = "Hỗ trợ từ xa" if placement.is_remote else clean_line(placement.office_address)
    lines = [
        clean_line(campaign_name),
        f"Nhiệm vụ: {', '.join(clean_line(duty) for duty in placement.duties)}",
        *(
            f"{label}: {clean_line(contact.name)}, {local_phone(clean_line(contact.phone))}"
            for label, contact in (("Liên hệ xã", commune), ("Liên hệ trường", school))
            if contact.phone
        ),
        *([f"Xác nhận: {clean_line(answer_url)}"] if answer_url else []),
    ]
    return CalendarWords(
        summary=f"Hỗ trợ {clean_line(placement.commune_name)}",
        location=", ".join(part for part in (address, clean_line(placement.province_name)) if part),
        description="\n".join(lines),
    )


@dataclass(frozen=True)
class WeeklyPattern:
    """Days as a calendar states them: `weekdays` (0 = Monday) from `first` to `last`, less `left_out`."""

    first: date
    last: date
    weekdays: list[int]
    left_out: list[date]


def weekly_pattern(dates: Sequence[date]) -> WeeklyPattern:
    """Exactly `dates`, of which there is at least one."""
    served = set(dates)
    first, last = min(served), max(served)
    weekdays = sorted({day.weekday() for day in served})
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return WeeklyPattern(
        first, last, weekdays, [day for day in span if day.weekday() in weekdays and day not in served]
    )
