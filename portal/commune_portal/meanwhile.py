"""What somebody else saved while a form was open: shown beside each field, and written over only on purpose."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from commune_portal.client import ApiError
from commune_portal.record_forms import Field, Kind, RecordForm, Values, place_of, values_of
from commune_portal.rendering import WEEKDAYS
from commune_portal.view import View

NOTHING: Mapping[str, str] = {}


def is_stale(refusal: ApiError | None) -> bool:
    """Whether the form was refused because the record had changed since it was read."""
    return refusal is not None and refusal.status == httpx.codes.PRECONDITION_FAILED


def differing(view: View, now: Mapping[str, str], typed: Values) -> dict[str, str]:
    """{field: what is saved now}, of the fields that were typed otherwise; both as a form has them."""
    empty = view.say("(để trống)", "(empty)")
    names = [name for name in now if _even(now[name]) != _even(typed.get(name, ""))]
    return {name: now[name] or empty for name in names}


def compare(view: View, form: RecordForm, record: Mapping[str, Any], typed: Values) -> dict[str, str]:
    """As `differing`, of the fields of a record's form, in words."""
    saved = values_of(record, form.fields)
    now, then = ({field.name: _words(view, form, field, values) for field in form.fields} for values in (saved, typed))
    return differing(view, now, then)


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _words(view: View, form: RecordForm, field: Field, values: Values) -> str:
    options: Sequence[tuple[str, str]] = form.options.get(field.name, ())
    if field.kind is Kind.WEEKDAYS:
        names = enumerate(WEEKDAYS[view.language])
        return ", ".join(name for day, name in names if values.get(f"{field.name}-{day}") == "yes")
    if field.kind is Kind.LEVELS:
        levels = dict(form.levels)
        known = [(words, values.get(f"{field.name}-{code}", "")) for code, words in options]
        return "; ".join(f"{words}: {levels.get(level, level)}" for words, level in known if level)
    value = values.get(field.name, "")
    if field.kind is Kind.YES:
        return view.say("Có", "Yes") if value == "yes" else view.say("Không", "No")
    if field.kind is Kind.CHOICE:
        return {str(code): words for code, words in options}.get(value, value)
    if field.kind is Kind.PLACE:
        place = place_of(value)
        return value and f"{place['latitude']}, {place['longitude']}"
    return value.replace(".", ",") if field.kind in {Kind.DECIMAL, Kind.KM} and view.language == "vi" else value
