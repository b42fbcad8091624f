"""Forms as people fill them in: days as dd/mm/yyyy too, numbers with dots, boxes, empty fields."""

import re
from datetime import date
from typing import Any

from fastapi import Request


async def read_typed(request: Request) -> dict[str, str]:
    """The fields of the form, trimmed; files aside."""
    return {name: value.strip() for name, value in (await request.form()).items() if isinstance(value, str)}


def day_or_none(given: str) -> str | None:
    """ISO for what is typed as 31/12/2026 or comes from a date field; what is no day goes as it is, to be refused."""
    text = given.strip()
    read = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    if read is None:
        return text or None
    try:
        return date(int(read[3]), int(read[2]), int(read[1])).isoformat()
    except ValueError:
        return text


def whole_number(given: str) -> Any:
    """150000 for '150.000' or '150 000'; None for nothing; what is no number goes as it is, to be refused."""
    text = given.strip()
    digits = re.sub(r"[\s.,](?=\d{3}(?:\D|$))", "", text)
    return int(digits) if digits.isdecimal() else text or None


def end_of_day(day: str | None) -> str | None:
    """The last second of a day of Vietnam's, as a moment."""
    return f"{day}T23:59:59+07:00" if day else None
