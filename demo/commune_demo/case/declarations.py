"""What the communes ask for: the seven duties, who lacks IT staff, person-days a week and presence by weekday.

39 communes lack an IT civil servant and ask for 45 people's work between them (5 person-days a week each); the other
26 want 3 or 4 person-days of help. Ninh Phước and Mỹ Sơn were given IT staff by departments, so they are not of the 39.
"""

from dataclasses import dataclass
from datetime import date, time
from functools import cache

from commune_demo.case.geography import PROVINCE_CODE, TRUONG_SA, Commune, communes


@dataclass(frozen=True, slots=True)
class Duty:
    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class NeedItem:
    """`people` persons, each on `days_per_week` days a week."""

    duty_code: str
    people: int
    days_per_week: int


@dataclass(frozen=True, slots=True)
class Need:
    """One commune's declaration; `presence` is people wanted there on each weekday, Monday first."""

    commune_code: str
    lacks_it_staff: bool
    items: tuple[NeedItem, ...]
    presence: tuple[int, int, int, int, int]
    note: str
    min_people: int | None = None
    """People who must be there, where the commune says so itself."""

    @property
    def person_days(self) -> int:
        return sum(item.people * item.days_per_week for item in self.items)


@dataclass(frozen=True, slots=True)
class Campaign:
    name: str
    province_code: str
    starts_on: date
    ends_on: date
    start_time: time
    end_time: time


@dataclass(frozen=True, slots=True)
class Relation:
    """A school that already serves a commune: worth keeping."""

    commune_code: str
    school_code: str
    note: str


DUTIES = (
    Duty("software", "Vận hành phần mềm của tỉnh", "Running the provincial software"),
    Duty("pasc", "Hỗ trợ Trung tâm Phục vụ hành chính công", "Supporting the public administration service centre"),
    Duty("digitise", "Số hóa hồ sơ", "Digitising records"),
    Duty("dvc_guide", "Hướng dẫn dịch vụ công trực tuyến", "Guiding people in online public services"),
    Duty("kpi", "Cài đặt phần mềm đánh giá KPI", "Setting up the KPI-assessment software"),
    Duty("training", "Tập huấn kỹ năng số cho cán bộ", "Training officials in digital skills"),
    Duty("sysadmin", "Quản trị máy tính", "Computer administration"),
)

WITH_IT_STAFF = frozenset({
    "22651", "22678", "22702", "22489", "22453", "22870", "22822", "22852", "22810", "22435",
})  # fmt: skip
"""Communes (not wards) that have an IT civil servant: near towns, or given one (Ninh Phước 22870, Mỹ Sơn 22822)."""

TWO_POSTS = frozenset({"22786", "22612", "22552", "22828", "22714", "22900"})
"""Communes so large or so far that two people are asked for."""

_Profile = tuple[tuple[str, int, int], ...]
_ONE_POST: tuple[_Profile, ...] = (
    (("sysadmin", 1, 1), ("software", 1, 1), ("digitise", 1, 2), ("pasc", 1, 1)),
    (("sysadmin", 1, 1), ("dvc_guide", 1, 2), ("digitise", 1, 1), ("kpi", 1, 1)),
    (("software", 1, 2), ("pasc", 1, 1), ("training", 1, 1), ("sysadmin", 1, 1)),
    (("digitise", 2, 1), ("dvc_guide", 1, 1), ("kpi", 1, 1), ("sysadmin", 1, 1)),
)
_TWO_POSTS: _Profile = (
    ("sysadmin", 1, 2), ("software", 1, 2), ("digitise", 2, 1), ("dvc_guide", 1, 2), ("training", 1, 1), ("pasc", 1, 1),
)  # fmt: skip
_HELP: tuple[_Profile, ...] = (
    (("digitise", 1, 2), ("dvc_guide", 1, 1)),
    (("pasc", 1, 2), ("dvc_guide", 1, 2)),
    (("kpi", 1, 1), ("training", 1, 1), ("pasc", 1, 1)),
    (("digitise", 2, 1), ("pasc", 1, 1), ("training", 1, 1)),
)
_FROM_AFAR: _Profile = (("sysadmin", 1, 2), ("software", 1, 2), ("training", 1, 1))
_PRESENCE: tuple[tuple[int, int, int, int, int], ...] = (
    (1, 0, 1, 0, 1),
    (0, 1, 0, 1, 0),
    (1, 0, 0, 1, 0),
    (0, 1, 1, 0, 1),
)
_HELP_PRESENCE: tuple[tuple[int, int, int, int, int], ...] = (
    (1, 0, 0, 0, 0),
    (0, 1, 0, 1, 0),
    (0, 0, 1, 0, 0),
    (0, 0, 0, 1, 0),
)


def lacks_it_staff(commune: Commune) -> bool:
    return commune.kind != "ward" and commune.code not in WITH_IT_STAFF


@cache
def needs() -> tuple[Need, ...]:
    """One declaration a commune, by code."""
    return tuple(_need(number, commune) for number, commune in enumerate(communes()))


def _need(number: int, commune: Commune) -> Need:
    lacking = lacks_it_staff(commune)
    if commune.code == TRUONG_SA:
        profile, presence, note = _FROM_AFAR, (0, 0, 0, 0, 0), "Hỗ trợ từ xa qua mạng; không cử người ra đảo."
    elif commune.code in TWO_POSTS:
        profile, presence, note = _TWO_POSTS, (1, 1, 1, 1, 1), "Địa bàn rộng, cần người có mặt cả tuần."
    elif lacking:
        profile, presence = _ONE_POST[number % 4], _PRESENCE[number % 4]
        note = "Chưa có công chức công nghệ thông tin."
    else:
        profile, presence, note = _HELP[number % 4], _HELP_PRESENCE[number % 4], "Cần thêm người vào giờ cao điểm."
    people = 2 if commune.code in TWO_POSTS else None
    return Need(commune.code, lacking, tuple(NeedItem(*item) for item in profile), presence, note, people)


def existing() -> tuple[Relation, ...]:
    """Ties from before the campaign."""
    return (Relation("22624", "DHKH", "Đã cử 3 viên chức và tập huấn một buổi; đang hỗ trợ định kỳ."),)


def campaign() -> Campaign:
    """The first campaign: one month from Monday 7 December 2026."""
    return Campaign(
        name="Chiến dịch hỗ trợ chuyển đổi số cấp xã, đợt 1",
        province_code=PROVINCE_CODE,
        starts_on=date(2026, 12, 7),
        ends_on=date(2027, 1, 6),
        start_time=time(7, 30),
        end_time=time(16, 30),
    )
