"""Changing a plan by hand: what an edit would do to every level and rule, for all of Khánh Hòa, before it is made."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from roster_api.editing.effects import (
    Names,
    list_broken,
    list_levels,
    list_touched_communes,
    list_touched_people,
    work_out,
)
from roster_api.editing.facts import Forbidden
from roster_api.editing.schemas import Edit, MoveCommune, MovePerson, SetWeekdays, SwapCommunes, SwapPeople

from bench.edit_instances import PlannedCase, khanh_hoa_problem, plan_case
from bench.processes import run_apart
from bench.rows import Row, case_rows

PREVIEW_SECONDS = 0.2
EACH_KIND = 20
P95 = 0.95


@dataclass(frozen=True)
class Previewed:
    """Seconds that the plan took to solve, and each preview of it to compute."""

    solve_seconds: float
    seconds: list[float]
    cpu_seconds: list[float]


def edit_preview() -> Iterator[Row]:
    """Ceiling: the plan's own solve, which is what asking the solver again would cost."""
    (run,) = run_apart(preview_all, [None])
    asked = run.result
    facts = {"peak_memory_mb": round(run.peak_memory_mb, 1), "previews": len(asked.seconds)}
    yield from case_rows(
        "engine.edit_preview",
        percentile(asked.seconds),
        [],
        ceiling=asked.solve_seconds,
        at_most=PREVIEW_SECONDS,
        cpu_seconds=percentile(asked.cpu_seconds),
        **facts,
    )


def preview_all(_: None) -> Previewed:
    started = time.perf_counter()
    case = plan_case(khanh_hoa_problem())
    solved = time.perf_counter() - started
    names = Names({}, case.facts).of
    walls, cpus = [], []
    for edit in list_edits(case):
        wall, cpu = time.perf_counter(), time.process_time()
        effect = work_out(case.board, case.facts, Forbidden(), [edit])
        list_broken(effect, names)
        list_levels(effect)
        list_touched_people(effect, case.facts, names)
        list_touched_communes(effect, case.facts)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Previewed(solved, walls, cpus)


def list_edits(case: PlannedCase) -> Iterator[Edit]:
    """Some of each kind, spread over people, communes and schools; many break a rule, which takes as long to say."""
    board, facts = case.board, case.facts
    placed = sorted(board.places)
    communes = sorted(facts.communes)
    schools = sorted(facts.schools)
    ids = {name: person.id for name, person in facts.people.items()}
    for number in range(EACH_KIND):
        person, other = placed[number * 7 % len(placed)], placed[(number * 7 + 53) % len(placed)]
        commune, far = communes[number * 3 % len(communes)], communes[(number * 3 + 31) % len(communes)]
        yield MovePerson(kind="move_person", volunteer_id=ids[person], commune_code=commune)
        if board.places[person].commune != board.places[other].commune:
            yield SwapPeople(kind="swap_people", volunteer_id=ids[person], other_id=ids[other])
        yield SetWeekdays(kind="set_weekdays", volunteer_id=ids[person], weekdays=[0, 2, 4])
        school = schools[number % len(schools)]
        if board.leads[commune] != school:
            yield MoveCommune(kind="move_commune", commune_code=commune, school_code=school)
        if board.leads[commune] != board.leads[far]:
            yield SwapCommunes(kind="swap_communes", commune_code=commune, other_code=far)


def percentile(values: list[float]) -> float:
    return sorted(values)[math.ceil(P95 * len(values)) - 1]


CASES = {"engine.edit_preview": edit_preview}
