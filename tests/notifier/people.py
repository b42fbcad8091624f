"""Sample notices: one person of Khánh Hòa, with whatever a test wants different, and how each is reached."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import (
    Channel,
    Language,
    NoticeKind,
    PersonNotice,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from commune_schemas.placement_details import Contact, PlacementDetails

PLACEMENT_KINDS = [kind for kind in NoticeKind if kind.value.startswith("placement_")]
"""What a person is told of their own placement."""
PLAN = UUID("00000000-0000-4000-8000-000000000001")


def days_of(weekdays: list[int], *, start: date = date(2025, 12, 1), weeks: int = 4) -> list[date]:
    monday = start - timedelta(days=start.weekday())
    return [monday + timedelta(days=7 * week + day) for week in range(weeks) for day in weekdays]


def make_placement(weekdays: list[int] | None = None, **changes: Any) -> PlacementDetails:
    weekdays = weekdays if weekdays is not None else [0, 2]
    dates = days_of(weekdays)
    facts: dict[str, Any] = {
        "commune_code": "22615",
        "commune_name": "Xã Tây Khánh Vĩnh",
        "province_name": "Tỉnh Khánh Hòa",
        "office_address": "Trụ sở UBND xã Tây Khánh Vĩnh, thôn Suối Cá",
        "is_remote": False,
        "weekdays": weekdays,
        "starts_on": date(2025, 12, 1),
        "ends_on": date(2025, 12, 31),
        "dates": dates,
        "start_time": "07:30",
        "end_time": "17:00",
        "duties": ["Số hóa hồ sơ", "Hướng dẫn dịch vụ công trực tuyến"],
        "distance_km": 47,
        "commune_contact": Contact(name="Cao Thị Hạnh", phone="+84905123456", email="xa@example.vn"),
        "school_contact": Contact(name="Lê Quốc Đạt", phone="+84258381234", email="truong@example.vn"),
    }
    return PlacementDetails(**{**facts, **changes})


@dataclass(frozen=True)
class Reached:
    """What roster-api knows of a recipient at the moment."""

    email: str | None
    phone: str | None
    personal_url: str | None
    is_withheld: bool = False
    channel: Channel | None = None
    language: Language = Language.VI
    unsubscribe_url: str | None = None
    is_unsubscribed: bool = False


CONTACTS: dict[str, Reached] = {}
"""By recipient id, of every notice made: where the small roster-api of the tests looks."""


def change_contact(notice: PersonNotice, **changes: Any) -> None:
    """As an officer corrects an address on the roster."""
    CONTACTS[notice.recipient.id] = replace(CONTACTS[notice.recipient.id], **changes)


def plan_source(plan_id: UUID, version: int) -> Source:
    return Source(kind=SourceKind.PLAN, id=plan_id, version=version)


def make_notice(
    *,
    plan_id: UUID | str = PLAN,
    plan_version: int = 1,
    volunteer_id: UUID | None = None,
    email: str | None = "nguyet@example.vn",
    phone: str | None = "+84912345678",
    calendar_uid: str = "",
    **changes: Any,
) -> PersonNotice:
    """A plan's notice to a volunteer, who is reached by `email` and `phone` until a test changes that."""
    person = str(volunteer_id or uuid4())
    facts: dict[str, Any] = {
        "source": plan_source(UUID(str(plan_id)), plan_version),
        "recipient": Recipient(kind=RecipientKind.VOLUNTEER, id=person),
        "thread": calendar_uid or f"{person}@commune-roster",
        "commune_code": "22615",
        "kind": NoticeKind.PLACEMENT_ASSIGNED,
        "full_name": "Nguyễn Thị Ánh Nguyệt",
        "role": VolunteerRole.LECTURER,
        "school_name": "Trường Đại học Khánh Hòa",
        "campaign_name": "Hỗ trợ chính quyền cấp xã, đợt 1",
        "placement": make_placement(),
        "previous": None,
        "answer_url": "http://127.0.0.1:8000/a/Qm9hcmQtYW5kLXNjaG9vbA.x7Zk2P9s",
        "calendar_sequence": 0,
    }
    notice = PersonNotice(**{**facts, **changes})
    CONTACTS[person] = Reached(email, phone, notice.answer_url)
    return notice
