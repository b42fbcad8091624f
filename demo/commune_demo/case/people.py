"""The 243 people of the twelve lists: synthetic, deterministic, and enough lecturers to supervise every commune.

Names are put together from common syllables by a fixed seed; numbers and addresses reach nobody (see contacts.py).
"""

import random
from dataclasses import dataclass
from functools import cache

from commune_demo.case.contacts import PEOPLE_NUMBERS, synthetic_phone
from commune_demo.case.unaccented import unaccented

SEED = 20261207


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as the roster should end up holding them. Weekdays: 0 = Monday ... 4 = Friday."""

    number: int
    school_code: str
    external_ref: str
    family_and_middle: str
    given: str
    role: str
    year: int | None
    phone: str
    email: str
    fields: tuple[str, ...]
    free_weekdays: tuple[int, ...]
    max_days: int
    max_distance_km: int
    team: str | None

    @property
    def full_name(self) -> str:
        return f"{self.family_and_middle} {self.given}"


@dataclass(frozen=True, slots=True)
class Crew:
    """How many of each role a school sends, and which fields its people lean to (first = most often)."""

    lecturers: int
    teachers: int
    officials: int
    students: int
    leaning: tuple[str, ...]
    teams: int = 0


IT = ("sysadmin", "software", "digitise", "kpi", "training", "dvc_guide", "pasc")
OFFICE = ("digitise", "sysadmin", "dvc_guide", "pasc", "software", "training", "kpi")
PEOPLE_FACING = ("dvc_guide", "pasc", "sysadmin", "training", "digitise", "kpi", "software")
CREWS = {
    "DHKH": Crew(9, 0, 1, 20, OFFICE, teams=2),
    "DHNT": Crew(11, 0, 1, 24, IT),
    "DHTBD": Crew(6, 0, 0, 12, OFFICE),
    "CDKTCN": Crew(8, 0, 0, 16, IT),
    "CDYT": Crew(5, 0, 0, 9, PEOPLE_FACING),
    "CDDL": Crew(5, 0, 0, 11, PEOPLE_FACING),
    "HVHQ": Crew(7, 0, 1, 12, IT),
    "TSQTT": Crew(8, 0, 1, 17, IT),
    "CDNNT": Crew(7, 1, 0, 14, IT),
    "PHNL": Crew(5, 0, 0, 10, OFFICE),
    "TCVN": Crew(4, 1, 0, 6, OFFICE),
    "TCCR": Crew(4, 1, 0, 6, PEOPLE_FACING),
}
_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Phan", "Trương", "Bùi", "Đặng", "Đỗ", "Ngô", "Hồ", "Dương", "Đinh",
    "Cao", "Mang", "Katơr", "Chamaléa", "Pi Năng",
)  # fmt: skip
_MIDDLE = (
    "Văn",
    "Thị",
    "Minh",
    "Ngọc",
    "Thanh",
    "Hoàng",
    "Quốc",
    "Thị Mỹ",
    "Đức",
    "Thùy",
    "Gia",
    "Hữu",
    "Xuân",
    "Kim",
    "Anh",
)
_GIVEN = (
    "An", "Bình", "Châu", "Dũng", "Đạt", "Giang", "Hà", "Hạnh", "Hiếu", "Hòa", "Hưng", "Khánh", "Khoa", "Lan", "Linh",
    "Long", "Mai", "Nam", "Nga", "Ngân", "Nhung", "Phúc", "Phượng", "Quang", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thủy",
    "Trang", "Trí", "Tú", "Tuấn", "Uyên", "Vinh", "Vy", "Yến", "Ý",
)  # fmt: skip
_PREFIX = {"lecturer": "GV", "teacher": "GV", "official": "VC", "student": "SV"}


@cache
def people() -> tuple[Person, ...]:
    """All 243, school by school, lecturers first."""
    made: list[Person] = []
    rng = random.Random(SEED)
    names = _names(rng, count=sum(_size(crew) for crew in CREWS.values()))
    for school_code, crew in CREWS.items():
        for position, role in enumerate(_roles(crew), start=1):
            number = len(made) + 1
            made.append(_person(rng, number, position, school_code, crew, role, names[number - 1]))
    return tuple(made)


def people_of(school_code: str) -> tuple[Person, ...]:
    return tuple(person for person in people() if person.school_code == school_code)


def _size(crew: Crew) -> int:
    return crew.lecturers + crew.teachers + crew.officials + crew.students


def _roles(crew: Crew) -> list[str]:
    counts = {
        "lecturer": crew.lecturers,
        "teacher": crew.teachers,
        "official": crew.officials,
        "student": crew.students,
    }
    return [role for role, count in counts.items() for _ in range(count)]


def _names(rng: random.Random, *, count: int) -> list[tuple[str, str]]:
    """Distinct (family and middle, given) pairs."""
    seen: dict[tuple[str, str], None] = {}
    while len(seen) < count:
        seen[f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)}", rng.choice(_GIVEN)] = None
    return list(seen)


def _person(
    rng: random.Random, number: int, position: int, school_code: str, crew: Crew, role: str, name: tuple[str, str]
) -> Person:
    is_student = role == "student"
    free = tuple(sorted(rng.sample(range(5), rng.choice((3, 4, 4)) if is_student else rng.choice((2, 3, 3)))))
    max_days = rng.choice((2, 2, 2, 2, 3)) if is_student else rng.choice((1, 2, 2))
    login = f"{unaccented(name[1])}{number:03d}"
    student_number = position - (_size(crew) - crew.students)
    return Person(
        number=number,
        school_code=school_code,
        external_ref=f"{_PREFIX[role]}{school_code}{position:03d}",
        family_and_middle=name[0],
        given=name[1],
        role=role,
        year=rng.choice((3, 4, 4)) if is_student else None,
        phone=synthetic_phone(PEOPLE_NUMBERS + number),
        email=f"{login}@{'sv.' if is_student else ''}{school_code.lower()}.example",
        fields=_fields(rng, crew, position),
        free_weekdays=free,
        max_days=max_days,
        max_distance_km=rng.choice((100, 120, 150)),
        team=_team(crew, role, position, student_number),
    )


def _fields(rng: random.Random, crew: Crew, position: int) -> tuple[str, ...]:
    """Three to five fields: every other person knows computers, the rest leans as the school does."""
    chosen = {crew.leaning[position % 3], crew.leaning[3 + position % 4]}
    if position % 2:
        chosen.add("sysadmin")
    wanted = rng.choice((3, 4, 4, 5))
    for code in rng.sample(crew.leaning, len(crew.leaning)):
        if len(chosen) >= wanted:
            break
        chosen.add(code)
    return tuple(code for code in IT if code in chosen)


def _team(crew: Crew, role: str, position: int, student_number: int) -> str | None:
    """The first teams: one lecturer with two students each."""
    number = position if role == "lecturer" else (student_number + 1) // 2 if role == "student" else 0
    return f"Tổ {number}" if 0 < number <= crew.teams else None
