"""The words of a notice, shared by all channels: weekdays, dates, hours, places, and what must not be missing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from commune_schemas.notices import (
    AnyNotice,
    AttendanceQuestionNotice,
    BlockerNotice,
    CannotGoNotice,
    DataRequestNotice,
    InvitationNotice,
    NeedReminderNotice,
    Notice,
    NoticeKind,
    OfficeWordsNotice,
    ReserveNotice,
    SecondmentNotice,
    StandIn,
)
from commune_schemas.placement_details import Contact, PlacementDetails
from commune_schemas.words import clean_line

WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
SHOWN_STAND_INS = 10

TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")

VACANT = Contact(name="(đầu mối đang thay đổi)", phone="", email=None)
"""In the place of whom an office named, when their data were erased: a blank would look like a fault."""


def weekdays_vi(weekdays: Iterable[int]) -> str:
    """[0, 2] -> 'Thứ Hai, Thứ Tư'."""
    return ", ".join(WEEKDAYS_VI[day] for day in sorted(set(weekdays)))


def weekdays_en(weekdays: Iterable[int]) -> str:
    return ", ".join(WEEKDAYS_EN[day] for day in sorted(set(weekdays)))


def day_vi(day: date) -> str:
    """'01/12/2025'."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def dates_by_week(dates: Sequence[date]) -> list[str]:
    """Every day of service, a line a week: 'T2 01/12, T4 03/12'."""
    return list(_dates_by_week(tuple(dates)))


@lru_cache(maxsize=512)
def _dates_by_week(dates: tuple[date, ...]) -> tuple[str, ...]:
    """Many go on the same days."""
    weeks: dict[tuple[int, int], list[str]] = {}
    for day in sorted(dates):
        year, week, weekday = day.isocalendar()
        weeks.setdefault((year, week), []).append(f"{'CN' if weekday == 7 else f'T{weekday + 1}'} {day:%d/%m}")
    return tuple(", ".join(days) for days in weeks.values())


def when_en(placement: PlacementDetails) -> str:
    """'Monday, Wednesday, 07:30–17:00, from 01/12/2025 to 24/12/2025 (day/month/year)'."""
    hours = f"{clean_line(placement.start_time)}–{clean_line(placement.end_time)}"
    days = f"from {day_vi(placement.first_on)} to {day_vi(placement.last_on)} (day/month/year)"
    return f"{weekdays_en(placement.weekdays)}, {hours}, {days}"


def list_stand_ins(notice: CannotGoNotice) -> list[str]:
    """A line each, the best first."""
    return [_stand_in(one) for one in (notice.stand_ins or [])[:SHOWN_STAND_INS]]


def _stand_in(one: StandIn) -> str:
    """One line: who, on which days, at what price."""
    who = clean_line(one.people)
    if not who:
        return f"Những người còn lại ở xã làm thay ({one.unmet_days:+d} ngày công chưa đáp ứng mỗi tuần)"
    return f"{who}: {weekdays_vi(one.weekdays)} ({one.unmet_days:+d} ngày công chưa đáp ứng, {one.travel_km:+d} km)"


NEEDED_BY_OFFICES: dict[type[Notice], tuple[str, ...]] = {
    NeedReminderNotice: ("commune_name", "campaign_name"),
    DataRequestNotice: ("recipient_name",),
    OfficeWordsNotice: ("to", "subject", "about", "parts"),
}


def find_missing_fields(notice: AnyNotice) -> list[str]:
    """Names of what the notice needs and has not. Not empty = it must not be sent."""
    if isinstance(notice, CannotGoNotice):
        missing = [
            name for name in ("full_name", "school_name", "campaign_name") if not clean_line(getattr(notice, name))
        ]
        return missing + ([] if clean_line(notice.placement.commune_name) else ["placement.commune_name"])
    if isinstance(notice, NeedReminderNotice | DataRequestNotice | OfficeWordsNotice):
        needed = NEEDED_BY_OFFICES[type(notice)]
        return [name for name in needed if not clean_line(str(getattr(notice, name) or ""))]
    if isinstance(notice, AttendanceQuestionNotice | BlockerNotice):
        about = ("commune_name", "words") if isinstance(notice, BlockerNotice) else ("school_name", "communes")
        return [name for name in ("campaign_name", *about) if not getattr(notice, name)]
    if isinstance(notice, SecondmentNotice):
        missing = [name for name in ("addressee", "legal_basis", "signer") if not clean_line(getattr(notice, name))]
        return missing + ([] if notice.moves or notice.leaving else ["moves"])
    if isinstance(notice, ReserveNotice | InvitationNotice):
        last = "campaign_name" if isinstance(notice, ReserveNotice) else "answer_url"
        return [name for name in ("full_name", "school_name", last) if not clean_line(getattr(notice, name))]
    texts = {"full_name": notice.full_name, "school_name": notice.school_name, "campaign_name": notice.campaign_name}
    if notice.placement is not None:
        texts["answer_url"] = notice.answer_url
    missing = [name for name, value in texts.items() if not clean_line(value)]
    if notice.kind == NoticeKind.PLACEMENT_WITHDRAWN:
        required = {"previous": notice.previous}
    elif notice.kind == NoticeKind.PLACEMENT_CHANGED:
        required = {"placement": notice.placement, "previous": notice.previous}
    else:
        required = {"placement": notice.placement}
    for name, placement in required.items():
        missing += [name] if placement is None else [f"{name}.{part}" for part in _missing_of(placement)]
    return missing


def _missing_of(placement: PlacementDetails) -> Iterator[str]:
    if not clean_line(placement.commune_name):
        yield "commune_name"
    yield from (
        name for name in ("start_time", "end_time") if not TIME_OF_DAY.fullmatch(getattr(placement, name).strip())
    )
    if not placement.is_remote and not clean_line(placement.office_address):
        yield "office_address"
    for name in ("weekdays", "dates", "duties"):
        if not getattr(placement, name):
            yield name
    for name in ("commune_contact", "school_contact"):
        contact: Contact = getattr(placement, name)
        if contact == VACANT:
            continue
        yield from (f"{name}.{part}" for part in ("name", "phone") if not clean_line(getattr(contact, part)))
