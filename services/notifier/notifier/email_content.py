"""The e-mail of a notice: subject, text, HTML and calendar file. The MJML template is compiled once, at first use."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from commune_schemas.notices import NoticeKind, PersonNotice
from commune_schemas.placement_details import Contact, PlacementDetails
from commune_schemas.words import clean_line, local_phone

from notifier.calendar import write_calendar
from notifier.farewell import write_farewell
from notifier.layout import TEMPLATES, load_layout
from notifier.wording import dates_by_week, day_vi, weekdays_vi, when_en

WORDS = [Path(__file__).with_name(name) for name in ("email_content.py", "farewell.py", "layout.py", "wording.py")]
"""Where words of the e-mail stand, beside its templates."""

HEADINGS = {
    NoticeKind.PLACEMENT_REMINDER: "Nhắc anh/chị trả lời phân công",
    NoticeKind.PLACEMENT_ASSIGNED: "Thông báo phân công hỗ trợ xã",
    NoticeKind.PLACEMENT_CHANGED: "Thông báo thay đổi phân công",
}
COLOURS = {
    NoticeKind.PLACEMENT_ASSIGNED: "#14557b",
    NoticeKind.PLACEMENT_CHANGED: "#8a4b08",
    NoticeKind.PLACEMENT_REMINDER: "#14557b",
}
OPENING_EN = {
    NoticeKind.PLACEMENT_CHANGED: "Your placement has changed. It is now",
    NoticeKind.PLACEMENT_REMINDER: "You have not answered yet. You are asked to support",
}
ASKED_EN = "You are asked to support"


@dataclass(frozen=True)
class EmailContent:
    subject: str
    text: str
    html: str
    calendar: bytes | None
    """None: the notice is about nobody's own days."""
    calendar_method: str = "PUBLISH"


@cache
def template_version() -> str:
    """Changes whenever the words or looks of the e-mail do."""
    digest = hashlib.sha256()
    sources = (*WORDS, *(TEMPLATES / name for name in ("email.html", "email.txt")))
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def write_email(notice: PersonNotice, *, stamped_at: datetime, organizer_email: str) -> EmailContent:
    """Give it complete notices (wording.find_missing_fields). `stamped_at` goes into the calendar file."""
    values = _values(notice)
    text, html = load_layout("email", trim_blocks=False)
    return EmailContent(
        subject=values["subject"],
        text=text.render(values).strip() + "\n",
        html=html.render(values),
        calendar=write_calendar(notice, stamped_at=stamped_at, organizer_email=organizer_email),
        calendar_method="CANCEL" if notice.kind == NoticeKind.PLACEMENT_WITHDRAWN else "PUBLISH",
    )


def subject(notice: PersonNotice) -> str:
    """The e-mail's subject, facts first."""
    words = ""
    match notice.kind, notice.placement:
        case NoticeKind.PLACEMENT_ASSIGNED, PlacementDetails() as place:
            words = f"Phân công hỗ trợ {place.commune_name}: {weekdays_vi(place.weekdays)}"
        case NoticeKind.PLACEMENT_CHANGED, PlacementDetails() as place:
            words = f"Thay đổi phân công: nay là {place.commune_name}, {weekdays_vi(place.weekdays)}"
        case NoticeKind.PLACEMENT_REMINDER, PlacementDetails() as place:
            words = f"Xin trả lời: phân công hỗ trợ {place.commune_name}, {weekdays_vi(place.weekdays)}"
        case NoticeKind.PLACEMENT_WITHDRAWN, _:
            words = write_farewell(notice).subject
    return clean_line(words)


def _values(notice: PersonNotice) -> dict[str, Any]:
    now = _placement_values(notice.placement) if notice.placement else None
    old = _placement_values(notice.previous) if notice.previous else None
    shown = old if notice.kind == NoticeKind.PLACEMENT_WITHDRAWN else now
    if shown is None:
        raise ValueError("a notice without a placement cannot be written")
    farewell = write_farewell(notice) if notice.kind == NoticeKind.PLACEMENT_WITHDRAWN else None
    return {
        "subject": subject(notice),
        "preview": f"{shown['weekdays']}, {shown['from']} – {shown['to']}",
        "heading": farewell.heading if farewell else HEADINGS[notice.kind],
        "colour": farewell.colour if farewell else COLOURS[notice.kind],
        "farewell": farewell,
        "kind": notice.kind.value,
        "notice": {
            "full_name": clean_line(notice.full_name),
            "school_name": clean_line(notice.school_name),
            "campaign_name": clean_line(notice.campaign_name),
            "answer_url": _safe_link(notice.answer_url),
        },
        "now": now,
        "old": old,
        "shown": shown,
        "dropped": _days_only_in(notice.previous, notice.placement),
        "added": _days_only_in(notice.placement, notice.previous),
        "english": _english(notice, shown),
    }


def _days_only_in(one: PlacementDetails | None, other: PlacementDetails | None) -> list[str]:
    """Days of service that only `one` has, where nothing but days differs: the rest says more."""
    if one is None or other is None:
        return []
    if (one.commune_code, one.weekdays) != (other.commune_code, other.weekdays):
        return []
    return [day_vi(day) for day in sorted(set(one.dates) - set(other.dates))]


def _safe_link(url: str) -> str:
    """Only a web address may stand behind the button."""
    cleaned = clean_line(url)
    return cleaned if cleaned.startswith(("http://", "https://")) else ""


def _placement_values(placement: PlacementDetails) -> dict[str, Any]:
    address = "Hỗ trợ từ xa, trực tuyến" if placement.is_remote else clean_line(placement.office_address)
    return {
        "commune": clean_line(placement.commune_name),
        "province": clean_line(placement.province_name),
        "address": address,
        "is_remote": placement.is_remote,
        "weekdays": weekdays_vi(placement.weekdays),
        "hours": f"{clean_line(placement.start_time)}–{clean_line(placement.end_time)}",
        "from": day_vi(placement.first_on),
        "to": day_vi(placement.last_on),
        "days": len(placement.dates),
        "weeks": dates_by_week(placement.dates),
        "lost": [clean_line(one.vi) for one in placement.lost],
        "lost_en": [clean_line(one.en) for one in placement.lost],
        "duties": [clean_line(duty) for duty in placement.duties],
        "distance_km": placement.distance_km,
        "commune_contact": _contact_values(placement.commune_contact),
        "school_contact": _contact_values(placement.school_contact),
    }


def _contact_values(contact: Contact) -> dict[str, str]:
    phone = clean_line(contact.phone)
    return {
        "name": clean_line(contact.name),
        "phone": local_phone(phone),
        "tel": "".join(c for c in phone if c.isdigit() or c == "+"),
        "email": clean_line(contact.email or ""),
    }


def _english(notice: PersonNotice, shown: dict[str, Any]) -> str:
    if notice.kind == NoticeKind.PLACEMENT_WITHDRAWN or notice.placement is None:
        return write_farewell(notice).english
    contact = shown["commune_contact"]
    what = OPENING_EN.get(notice.kind, ASKED_EN)
    words = f"{what} {shown['commune']}, {shown['province']}: {when_en(notice.placement)}."
    where = f"Contact there: {', '.join(part for part in (contact['name'], contact['phone']) if part)}."
    lost = f" Except: {'; '.join(shown['lost_en'])}." if shown["lost_en"] else ""
    return f"{words}{lost} {where} Please confirm or say you cannot go by the link."
