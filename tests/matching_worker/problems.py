"""Matching problems of a size that is solved in an instant, and the waiting that tests of the service do."""

import contextlib
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psutil
from commune_schemas.matching import (
    MatchingProblem,
    ProblemCommune,
    ProblemSchool,
    ProblemVolunteer,
    ResponsibilityDecision,
    SolveOptions,
    VolunteerRole,
)

FIELDS = ["software", "digitise"]


def make_problem(
    *, communes: int = 4, schools: int = 2, people: int = 5, seed: int = 1, **changes: Any
) -> MatchingProblem:
    """A small province: every school has lecturers and students, every commune wants some days of both fields."""
    random = Random(seed)
    return MatchingProblem(
        run_id=uuid4(),
        campaign_id=uuid4(),
        province_code="56",
        starts_on=date(2026, 11, 23),
        ends_on=date(2026, 12, 20),
        options=SolveOptions(time_limit_seconds=20, max_communes_per_lecturer=None),
        fields=FIELDS,
        schools=[make_school(index, random) for index in range(schools)],
        communes=[make_commune(index, random) for index in range(communes)],
        volunteers=[make_volunteer(school, person) for school in range(schools) for person in range(people)],
    )


def make_school(index: int, random: Random) -> ProblemSchool:
    """The first one can serve a remote commune."""
    return ProblemSchool(
        code=f"S{index}",
        name=f"Trường {index}",
        latitude=12.2 + random.random() / 2,
        longitude=109.0 + random.random() / 4,
        is_remote_capable=index == 0,
    )


def make_commune(index: int, random: Random) -> ProblemCommune:
    """The first one is remote, the second wants somebody every Monday, every other one lacks IT staff."""
    return ProblemCommune(
        code=f"{22000 + index}",
        name=f"Xã {index}",
        latitude=12.2 + random.random() / 2,
        longitude=109.0 + random.random() / 4,
        is_remote=index == 0,
        lacks_it_staff=index % 2 == 0,
        priority=3 if index % 2 == 0 else 1,
        need_days={"software": 1, "digitise": random.randint(0, 2)},
        presence=[1, 0, 0, 0, 0] if index == 1 else [0, 0, 0, 0, 0],
    )


def make_volunteer(school: int, person: int) -> ProblemVolunteer:
    """Lecturers and students in turn, who know both fields."""
    return ProblemVolunteer(
        id=UUID(int=1000 * school + person + 1),
        school_code=f"S{school}",
        role=VolunteerRole.LECTURER if person % 2 == 0 else VolunteerRole.STUDENT,
        skills=dict.fromkeys(FIELDS, 2),
        free_weekdays=[0, 1, 2],
        max_days=2,
        max_distance_m=200_000,
    )


def make_infeasible_problem() -> MatchingProblem:
    """Pinned and forbidden at once."""
    problem = make_problem()
    decision = ResponsibilityDecision(commune_code="22001", school_code="S1")
    return problem.model_copy(update={"pins": [decision], "forbids": [decision]})


def solver_children(parent_pid: int | None = None) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(parent_pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "matching_worker.child.main" in child.cmdline():
                found.append(child)
    return found
