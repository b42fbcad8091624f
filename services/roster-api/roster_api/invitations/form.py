"""The form behind an invitation's link: from what was typed to a person's own words, or to words beside the field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from roster_api.answers.page import Line
from roster_api.error_answers import field_errors
from roster_api.invitations.schemas import OwnWords
from roster_api.volunteers.models import MAX_DISTANCE_M_DEFAULT, Volunteer

BLANK_ABSENCES, MOST_ABSENCES = 4, 200
ELSEWHERE = "elsewhere"
LEVEL = "level_"
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
NOT_A_DAY = Line("Ngày không đọc được; viết như 05/12/2026.", "Not a date; write it as 05/12/2026.")
NO_FIRST_DAY = Line("Thiếu ngày đầu.", "The first day is missing.")
NOT_A_NUMBER = Line("Viết một số nguyên, không kèm chữ.", "Write a whole number and nothing else.")
NOT_AGREED = Line(
    "Không có đồng ý này thì hệ thống không được giữ những gì bạn khai, nên chưa ghi gì.",
    "Without this consent nothing that you said may be kept, so nothing was recorded.",
)
ConsentChoice = bool | None


@dataclass(frozen=True)
class TypedAbsence:
    """As it stands in the three fields."""

    first: str = ""
    last: str = ""
    kind: str = "teaching"


@dataclass
class Filled:
    """What stands in the form's fields, and what is wrong, by part of the form."""

    days: list[str] = field(default_factory=list)
    max_days: str = ""
    levels: dict[str, str] = field(default_factory=dict)
    max_km: str = ""
    home: str = ""
    transport: str = ""
    absences: list[TypedAbsence] = field(default_factory=list)
    agrees: bool = False
    messages: str = ""
    errors: dict[str, Line] = field(default_factory=dict)

    @property
    def wants_messages(self) -> ConsentChoice:
        return {"yes": True, "no": False}.get(self.messages)

    def with_blank_absences(self) -> list[TypedAbsence]:
        """A few more than there are, to write in."""
        return [*self.absences, *[TypedAbsence()] * BLANK_ABSENCES][:MOST_ABSENCES]


def show_known(person: Volunteer, *, agrees: bool, messages: ConsentChoice) -> Filled:
    """The form as the roster has the person now."""
    limit = person.max_distance_m
    home = person.home_commune_code or (ELSEWHERE if "home_commune_code" in person.own_words else "")
    return Filled(
        days=[str(day) for day in person.free_weekdays],
        max_days=str(person.max_days or 1),
        levels={code: str(level) for code, level in person.skills.items()},
        max_km="" if limit >= MAX_DISTANCE_M_DEFAULT else f"{limit / 1000:.12g}".replace(".", ","),
        home=home,
        transport=person.transport or "",
        absences=[TypedAbsence(one["starts_on"], one["ends_on"], one["kind"]) for one in person.absences],
        agrees=agrees,
        messages={True: "yes", False: "no", None: ""}[messages],
    )


def read_form(form: FormData, *, notes: Mapping[tuple[str, str, str], str]) -> tuple[OwnWords | None, Filled]:
    """(the person's words; None with `errors` in what was typed). `notes`: of known absences, kept."""
    typed = _read_typed(form)
    values: dict[str, Any] = {
        "free_weekdays": typed.days,
        "max_days": _number(typed, "max_days", typed.max_days or "5"),
        "skills": {code: level for code, level in typed.levels.items() if level not in ("", "0")},
        "max_distance_km": _kilometres(typed) if typed.max_km else None,
        "home_commune_code": None if typed.home in ("", ELSEWHERE) else typed.home,
        "transport": typed.transport or None,
        "absences": {"items": _absences(typed, notes)},
    }
    if not typed.agrees:
        typed.errors["agrees"] = NOT_AGREED
    try:
        words = OwnWords.model_validate(values)
    except ValidationError as refused:
        for error in field_errors([{**one, "loc": ("body", *one["loc"])} for one in refused.errors()]):
            part = error.pointer.strip("/").split("/")[0]
            typed.errors.setdefault(part, Line(error.vi, error.en))
        return None, typed
    return (None if typed.errors else words), typed


def _read_typed(form: FormData) -> Filled:
    def text(name: str) -> str:
        value = form.get(name, "")
        return value.strip()[:100] if isinstance(value, str) else ""

    levels = {name.removeprefix(LEVEL): text(name) for name in form if name.startswith(LEVEL)}
    absences = []
    for number in range(MOST_ABSENCES):
        first, last = text(f"absence_from_{number}"), text(f"absence_to_{number}")
        if first or last:
            absences.append(TypedAbsence(first, last, text(f"absence_kind_{number}")))
    return Filled(
        days=[day for day in form.getlist("day") if isinstance(day, str)],
        max_days=text("max_days"),
        levels=levels,
        max_km=text("max_km"),
        home=text("home"),
        transport=text("transport"),
        absences=absences,
        agrees=text("agrees") == "yes",
        messages=text("messages"),
    )


def _number(typed: Filled, part: str, text: str) -> int:
    if text.isascii() and text.isdecimal():
        return int(text)
    typed.errors[part] = NOT_A_NUMBER
    return 1


def _kilometres(typed: Filled) -> float | None:
    """19.5 for '19,5'."""
    if re.fullmatch(r"[0-9]{1,4}([.,][0-9]{1,3})?", typed.max_km):
        return float(typed.max_km.replace(",", "."))
    typed.errors["max_distance_km"] = NOT_A_NUMBER
    return None


def _absences(typed: Filled, notes: Mapping[tuple[str, str, str], str]) -> Sequence[dict[str, Any]]:
    items = []
    for one in typed.absences:
        if not one.first:
            typed.errors["absences"] = NO_FIRST_DAY
            continue
        first, last = _day(one.first), _day(one.last or one.first)
        if first is None or last is None:
            typed.errors["absences"] = NOT_A_DAY
            continue
        note = notes.get((first.isoformat(), last.isoformat(), one.kind), "")
        items.append({"starts_on": first, "ends_on": last, "kind": one.kind, "note": note})
    return items


def _day(text: str) -> date | None:
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
    return None
