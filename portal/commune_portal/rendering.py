"""The templates' language: dates as Vietnamese write them, numbers, phones, names of states."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import MethodType
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from commune_schemas.amounts import noun as english_noun
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from commune_portal.menu import CALLERS, FOLLOW, PLANNERS, READ_PEOPLE, READ_PLACEMENTS, READ_PLANS, READ_POINTS
from commune_portal.wording import WORDS
from commune_portal.wording_tone import Tone

TEMPLATES = Path(__file__).with_name("templates")
CONFIGURED = "configured "
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = {"vi": ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri")}
SHORT_WEEKDAYS = {"vi": ("T2", "T3", "T4", "T5", "T6"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri")}


OF_THE_CONTEXT = ("_loop_vars", "_block_vars")
"""What a compiled template hands along with each call, for who wants the context."""


class QuickContext(Context):
    """Methods, such as `say`, are called at once: Jinja asks of each whether it wants the context."""

    def call(self, called: Any, /, *args: Any, **given: Any) -> Any:
        if type(called) is MethodType and not hasattr(called, "jinja_pass_arg"):
            for name in OF_THE_CONTEXT:
                given.pop(name, None)
            return called(*args, **given)
        return super().call(called, *args, **given)


class QuickEnvironment(Environment):
    """`row.name` of a dict is its entry: Jinja tries an attribute first, and catches what Python raises."""

    context_class = QuickContext

    def getattr(self, holder: Any, name: str) -> Any:
        if type(holder) is dict and name in holder:
            return holder[name]
        return super().getattr(holder, name)


def make_templates(address: Callable[[str], str]) -> Environment:
    """`address`: of a static file, with its digest. An undefined name in a template is an error, never a blank."""
    environment = QuickEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=name_keys_of_settings,
    )
    environment.globals.update(static=address, word=word, tone=tone, query_with=query_with, count=count, noun=noun)
    environment.globals.update(CALLERS=CALLERS, PLANNERS=PLANNERS, READ_PEOPLE=READ_PEOPLE, READ_POINTS=READ_POINTS)
    environment.globals.update(READ_PLANS=READ_PLANS, READ_PLACEMENTS=READ_PLACEMENTS, FOLLOW=FOLLOW)
    environment.filters.update(
        day=day,
        moment=moment,
        number=number,
        km=km,
        local_phone=local_phone,
        weekdays=weekdays,
        percent=percent,
        typed_decimal=typed_decimal,
        exact_km=exact_km,
    )
    return environment


@pass_context
def name_keys_of_settings(context: Context, value: Any) -> Any:
    """Who did something by the key that the settings hold, in words; anything else as it is."""
    if not isinstance(value, str) or not value.startswith(CONFIGURED):
        return value
    named = word(context, "role", value.removeprefix(CONFIGURED))
    return f"{named} ({'the key in the settings' if context['language'] == 'en' else 'khóa của hệ thống'})"


def _as_moment(given: str | datetime) -> datetime:
    read = datetime.fromisoformat(given) if isinstance(given, str) else given
    return read.astimezone(VIETNAM)


def day(given: str | date | None) -> str:
    """dd/mm/yyyy."""
    if given is None or given == "":
        return ""
    read = date.fromisoformat(given[:10]) if isinstance(given, str) else given
    return read.strftime("%d/%m/%Y")


def moment(given: str | datetime | None) -> str:
    """HH:MM dd/mm/yyyy, Vietnam's time."""
    return _as_moment(given).strftime("%H:%M %d/%m/%Y") if given else ""


@pass_context
def number(context: Context, given: float) -> str:
    """1.234 in Vietnamese, 1,234 in English."""
    written = f"{given:,}" if isinstance(given, int) else f"{given:,.1f}"
    if context["language"] == "en":
        return written
    return written.replace(",", " ").replace(".", ",").replace(" ", ".")


@pass_context
def noun(context: Context, given: int, vi: str, single: str, several: str | None = None) -> str:
    """What stands behind a number, without it: "xã", or "commune" of a single one and "communes" of others."""
    return english_noun(given, single, several) if context["language"] == "en" else vi


@pass_context
def count(context: Context, given: int, vi: str, single: str, several: str | None = None) -> str:
    """A number and what there is of it: "1.234 xã", "1,234 communes", "1 commune"."""
    return f"{number(context, given)} {noun(context, given, vi, single, several)}"


@pass_context
def typed_decimal(context: Context, given: str) -> str:
    """What a field for a number holds: '19,5' in Vietnamese. Forms read both."""
    return given if context["language"] == "en" else given.replace(".", ",")


@pass_context
def percent(context: Context, given: float) -> str:
    """Of a share between 0 and 1; one digit after the comma only where it tells something."""
    share = given * 100
    written = f"{share:.0f}" if share >= 10 or share == int(share) else f"{share:.1f}"
    return f"{written if context['language'] == 'en' else written.replace('.', ',')} %"


def km(metres: int) -> str:
    return f"{round(metres / 1000)} km"


@pass_context
def exact_km(context: Context, metres: int) -> str:
    """Of a limit that somebody set: '19,5 km' in Vietnamese."""
    return f"{typed_decimal(context, f'{metres / 1000:.12g}')} km"


def local_phone(phone: str | None) -> str:
    """0xxx xxx xxx, as one dials it here."""
    if not phone:
        return ""
    digits = "0" + phone[3:] if phone.startswith("+84") else phone
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}" if len(digits) == 10 else digits


@pass_context
def weekdays(context: Context, days: list[int]) -> str:
    names = SHORT_WEEKDAYS[context["language"]]
    return ", ".join(names[each] for each in days)


@pass_context
def word(context: Context, kind: str, value: str | None) -> str:
    """The words for a state or role; the value itself where there are none yet."""
    known = WORDS.get(kind, {}).get(value or "")
    return str(value or "") if known is None else (known.en if context["language"] == "en" else known.vi)


def tone(kind: str, value: str | None) -> str:
    """good, warn, bad or quiet: the colour of a tag, which never says alone what its words do not."""
    known = WORDS.get(kind, {}).get(value or "")
    return (known.tone if known else Tone.QUIET).value


@pass_context
def query_with(context: Context, **changed: Any) -> str:
    """The address of this page with other parameters: '?q=an&page=2'."""
    request = context["view"].request
    now = {name: value for name, value in request.query_params.items() if value}
    now.update({name: str(value) for name, value in changed.items() if value is not None})
    for name, value in changed.items():
        if value is None:
            now.pop(name, None)
    return f"?{urlencode(now)}" if now else "?"
