"""Forms of one record: which fields it has, and how what was typed goes to the API and comes back."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from commune_portal.forms import day_or_none, whole_number
from commune_portal.rendering import day
from commune_portal.view import View

Values = Mapping[str, str]
WORKING_DAYS = 5
METRES = 1000
ANY_DISTANCE_M = 100_000_000
"""What the API has for somebody who names no distance."""


class Kind(Enum):
    """How a field is typed."""

    TEXT = auto()
    WORDS = auto()  # several lines
    PHONE = auto()
    EMAIL = auto()
    NUMBER = auto()
    DECIMAL = auto()
    DAY = auto()
    TIME = auto()  # of a day, by 24 hours
    PLACE = auto()  # latitude and longitude, as a map gives them
    CHOICE = auto()
    YES = auto()
    WEEKDAYS = auto()  # a box a day: `<name>-0` is Monday
    LEVELS = auto()  # a choice for each of the options: `<name>-<option>`
    KM = auto()  # metres to the API; empty: any distance


@dataclass(frozen=True)
class Field:
    """`name`: as the API has it; `is_required`: it may not be left empty."""

    name: str
    vi: str
    en: str
    kind: Kind = Kind.TEXT
    hint_vi: str = ""
    hint_en: str = ""
    is_required: bool = False
    within: str = ""
    """The object of the body that it belongs to, where it is not the body itself."""

    @property
    def pointers(self) -> tuple[str, ...]:
        """Where the API says what is wrong with it."""
        if self.kind is Kind.PLACE:
            return ("/latitude", "/longitude")
        return (f"/{self.within}/{self.name}" if self.within else f"/{self.name}",)


@dataclass(frozen=True)
class RecordForm:
    """What the page of one form shows. `options`: of a choice by its field, [(value, words)]."""

    fields: Sequence[Field]
    title: str
    back: tuple[str, str]
    """The list it belongs to: (path, words)."""
    options: Mapping[str, Sequence[tuple[str, str]]]
    help: Sequence[str] = ()
    buttons: Sequence[tuple[str, str]] = ()
    """(value of `then`, words), the first of them the usual one; none: one button to save."""
    more: Sequence[tuple[str, str]] = ()
    """What else may be done with the record: (path, words)."""
    levels: Sequence[tuple[str, str]] = ()
    """Of LEVELS: [(value, words)]."""
    facts: tuple[str, Sequence[tuple[str, str]], str] | None = None
    """What holds beside the fields: (heading, [(what, how)], where it is changed)."""


def words_for(view: View, kind: str, values: Collection[str]) -> list[tuple[str, str]]:
    """Options of a choice among the API's own values."""
    return [(value, view.word(kind, value)) for value in values]


def values_of(record: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, str]:
    """A record as its form shows it."""
    values: dict[str, str] = {}
    for field in fields:
        known = record.get(field.name)
        if field.kind is Kind.WEEKDAYS:
            values |= {f"{field.name}-{weekday}": "yes" for weekday in known or ()}
        elif field.kind is Kind.LEVELS:
            values |= {f"{field.name}-{code}": str(level) for code, level in (known or {}).items()}
        else:
            values[field.name] = _shown(record, field)
    return values


def _shown(record: Mapping[str, Any], field: Field) -> str:
    if field.kind is Kind.PLACE:
        where = (record.get("latitude"), record.get("longitude"))
        return "" if None in where else f"{where[0]}, {where[1]}"
    value = record.get(field.name)
    if field.kind is Kind.YES:
        return "yes" if value else ""
    if field.kind is Kind.DAY:
        return day(value)
    if field.kind is Kind.KM:
        return kilometres_of(value)
    return "" if value is None else str(value)


def body_of(typed: Values, fields: Sequence[Field]) -> dict[str, Any]:
    """What was typed, as the API takes it; what is no number or day goes as it is, to be refused in its words."""
    body: dict[str, Any] = {}
    for field in fields:
        text = typed.get(field.name, "")
        if field.kind is Kind.PLACE:
            body |= place_of(text)
        elif field.kind is Kind.WEEKDAYS:
            body[field.name] = [each for each in range(WORKING_DAYS) if typed.get(f"{field.name}-{each}") == "yes"]
        elif field.kind is Kind.LEVELS:
            body[field.name] = levels_of(typed, f"{field.name}-")
        else:
            body[field.name] = _sent(text, field)
    return body


def _sent(text: str, field: Field) -> Any:
    if field.kind is Kind.YES:
        return text == "yes"
    if field.kind is Kind.NUMBER:
        return whole_number(text)
    if field.kind is Kind.KM:
        km = decimal_number(text)
        return ANY_DISTANCE_M if km is None else round(km * METRES) if isinstance(km, float) else km
    if field.kind is Kind.DECIMAL:
        return decimal_number(text)
    if field.kind is Kind.DAY:
        return day_or_none(text)
    return text if text or field.is_required or field.kind is Kind.WORDS else None


def kilometres_of(metres: int | None) -> str:
    """'19.5' for 19500, to the metre; '' for any distance. The page writes the comma."""
    return "" if metres is None or metres >= ANY_DISTANCE_M else f"{metres / METRES:.12g}"


def levels_of(typed: Values, start: str) -> dict[str, Any]:
    """{code: level} of those that have one."""
    return {
        name.removeprefix(start): whole_number(text) for name, text in typed.items() if name.startswith(start) and text
    }


def decimal_number(given: str) -> Any:
    """1.3 for '1,3'; None for nothing; what is no number goes as it is, to be refused."""
    text = given.strip()
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text) else text or None


def place_of(given: str) -> dict[str, Any]:
    """'12.2512, 109.1967', as a map gives it, or '12,2512; 109,1967'; what is neither goes as it is, to be refused."""
    text = given.strip()
    if not text:
        return {"latitude": None, "longitude": None}
    number = r"(-?\d+(?:\.\d+)?)" if "." in text else r"(-?\d+(?:,\d+)?)"
    read = re.fullmatch(rf"{number}(?:\s*[;,]\s*|\s+){number}", text)
    if read is None:
        return {"latitude": text, "longitude": text}
    return {"latitude": decimal_number(read[1]), "longitude": decimal_number(read[2])}
