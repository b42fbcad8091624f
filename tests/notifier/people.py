"""Sample notices: one person of Khánh Hòa, with whatever a test wants different."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import Contact, NoticeKind, PersonNotice, PlacementDetails

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


def make_notice(**changes: Any) -> PersonNotice:
    facts: dict[str, Any] = {
        "plan_id": PLAN,
        "plan_version": 1,
        "volunteer_id": uuid4(),
        "kind": NoticeKind.PLACEMENT_ASSIGNED,
        "full_name": "Nguyễn Thị Ánh Nguyệt",
        "role": VolunteerRole.LECTURER,
        "email": "nguyet@example.vn",
        "phone": "+84912345678",
        "school_name": "Trường Đại học Khánh Hòa",
        "campaign_name": "Hỗ trợ chính quyền cấp xã, đợt 1",
        "placement": make_placement(),
        "previous": None,
        "answer_url": "http://127.0.0.1:8000/a/Qm9hcmQtYW5kLXNjaG9vbA.x7Zk2P9s",
        "calendar_uid": "",
        "calendar_sequence": 0,
    }
    facts.update(changes)
    facts["calendar_uid"] = facts["calendar_uid"] or f"{facts['volunteer_id']}@commune-roster"
    return PersonNotice(**facts)
