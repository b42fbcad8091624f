"""engine.a.*: responsibility for Khánh Hòa, Điện Biên, every province, and the country with 100,000 people."""

from collections.abc import Callable, Iterator

from commune_schemas.documents import InstanceDocument
from matching_worker.model.engine.budget import Budget
from matching_worker.model.responsibility.problem.core import Core, find_core
from matching_worker.model.responsibility.problem.problem import build_problem
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.proof.relaxed import relax
from matching_worker.model.responsibility.search.greedy import find_greedy, find_lead

from bench.processes import PROCESSES
from bench.rivals import Rivals, find_all, lp_seconds, rows_against, time_rival
from bench.rows import Row, case_rows, growth_row, make_row
from bench.solves import Batch, Objective, Solved, memory_row, solve_all
from tests.support.instances import dien_bien_example, list_cases, list_national, make_province
from tests.support.places import KHANH_HOA, list_provinces

SECONDS_A_PROVINCE = 60.0
SECONDS_A_PROVINCE_NATIONAL = 5.0
HALF_AND_A_LITTLE = 0.55
"""Twice the workers, half the time; and a tenth of it for the last province, which one worker solves alone."""
BY_SIZE = "A, a province: communes x schools"
BY_VOLUNTEERS = "A, the country: volunteers"
BY_WORKERS = "A, the country: workers"


def khanhhoa() -> Iterator[Row]:
    yield from one_province("engine.a.khanhhoa", make_province(KHANH_HOA), 3.0)


def dienbien() -> Iterator[Row]:
    yield from one_province("engine.a.dienbien", dien_bien_example(), 1.0)


def one_province(case: str, problem: InstanceDocument, target_seconds: float) -> Iterator[Row]:
    batch = solve_all([problem], limit_seconds=SECONDS_A_PROVINCE)
    (one,) = batch.solved
    rivals = find_all(find_rivals, [problem], batch.solved)
    details = [
        make_row(f"{case}.gap", one.gap, "", at_most=0.0),
        make_row(f"{case}.first_plan", one.first_plan_seconds, "s", at_most=1.0),
        make_row(f"{case}.tie_break", one.seconds, "s", finished=is_tie_broken(one)),
        memory_row(case, batch),
        *rows_against(case, batch.solved, rivals),
    ]
    ceiling = lp_seconds(rivals)
    yield from case_rows(case, one.proved_seconds, details, ceiling=ceiling, at_most=target_seconds, **batch.took)


def provinces() -> Iterator[Row]:
    """The case's own seconds are those of the province that took longest to prove."""
    case, problems = "engine.a.provinces", largest_first(list_cases())
    batch = solve_all(problems, limit_seconds=SECONDS_A_PROVINCE)
    solved, count = batch.solved, len(batch.solved)
    rivals = find_all(find_rivals, problems, solved)
    slow = max(range(count), key=lambda number: solved[number].proved_seconds)
    proved = sum(one.gap == 0 for one in solved)
    details = [
        make_row(f"{case}.proved", proved, "cases", ceiling=count, at_least=count),
        make_row(f"{case}.first_plan_max", max(one.first_plan_seconds for one in solved), "s", at_most=1.0),
        make_row(f"{case}.gap_at_10s_max", max(one.gap_after(10) for one in solved), "", at_most=0.01),
        make_row(f"{case}.tie_break", sum(is_tie_broken(one) for one in solved), "cases", ceiling=count),
        memory_row(case, batch),
        *rows_against(case, solved, rivals),
        *(province_row(case, *pair) for pair in zip(problems, solved, strict=True)),
    ]
    seconds, ceiling = solved[slow].proved_seconds, rivals[slow]["lp_bound"].seconds
    yield from case_rows(case, seconds, details, ceiling=ceiling, at_most=SECONDS_A_PROVINCE, **solved[slow].took)


def province_row(case: str, problem: InstanceDocument, solved: Solved) -> Row:
    communes, schools = len(problem.communes), len(problem.schools)
    facts = {"gap": solved.gap, "communes": communes, "schools": schools, "people": len(problem.volunteers)}
    name = f"{case}.growth.{problem.id}"
    return growth_row(name, BY_SIZE, communes * schools, solved.proved_seconds, **solved.took, **facts)


def national_100k() -> Iterator[Row]:
    case, problems = "engine.a.national_100k", largest_first(list_national())
    batch = solve_all(problems, limit_seconds=SECONDS_A_PROVINCE_NATIONAL)
    alone = solve_all(problems, limit_seconds=SECONDS_A_PROVINCE_NATIONAL, processes=1)
    rivals = find_all(find_rivals, problems, batch.solved)
    details = [
        make_row(f"{case}.gap", batch.gap, "", at_most=0.001),
        memory_row(case, batch),
        speedup_row(case, batch, alone),
        make_row(f"{case}.proved", sum(one.gap == 0 for one in batch.solved), "cases", ceiling=len(problems)),
        *rows_against(case, batch.solved, rivals),
        volunteers_row(case, problems, batch),
        growth_row(f"{case}.growth.workers_1", BY_WORKERS, 1, alone.seconds, **alone.took),
        growth_row(f"{case}.growth.workers_{PROCESSES}", BY_WORKERS, PROCESSES, batch.seconds, **batch.took),
    ]
    ceiling = lp_seconds(rivals) / PROCESSES
    yield from case_rows(case, batch.seconds, details, ceiling=ceiling, at_most=60.0, **batch.took)


def speedup_row(case: str, batch: Batch, alone: Batch) -> Row:
    """Equal CPU seconds with a ratio far above a half: the second core was somebody else's."""
    name, facts = f"{case}.speedup_2_workers", {**batch.took, "cpu_seconds_1_worker": alone.cpu_seconds}
    return make_row(name, batch.seconds, "s", ceiling=alone.seconds, ratio_at_most=HALF_AND_A_LITTLE, **facts)


def volunteers() -> Iterator[Row]:
    """How time and memory grow to the 100,000 of engine.a.national_100k: three provinces, then all of them thinly."""
    case = "engine.a.volunteers"
    for problems in ([make_province(province) for province in list_provinces()[:3]], list_national(10_000)):
        batch = solve_all(largest_first(problems), limit_seconds=SECONDS_A_PROVINCE_NATIONAL)
        yield volunteers_row(case, problems, batch)


def volunteers_row(case: str, problems: list[InstanceDocument], batch: Batch) -> Row:
    people = sum(len(problem.volunteers) for problem in problems)
    name = f"{case}.growth.volunteers_{people}"
    facts = {"gap": batch.gap, "provinces": len(problems)}
    return growth_row(name, BY_VOLUNTEERS, people, batch.seconds, **batch.took, **facts)


def largest_first(problems: list[InstanceDocument]) -> list[InstanceDocument]:
    """So that no worker is left alone with a large one at the end."""
    return sorted(problems, key=lambda problem: -len(problem.communes) * len(problem.schools))


def is_tie_broken(solved: Solved) -> bool:
    return solved.is_proved and not any("tie-break" in note for note in solved.notes)


def find_rivals(task: tuple[InstanceDocument, Objective]) -> Rivals:
    """Each from the document on. The linear programme is the core's, with the staffing rows that bind."""
    problem, _ = task
    return {
        "greedy": time_rival(lambda: plan(problem, find_greedy)),
        "local_search": time_rival(lambda: plan(problem, find_lead)),
        "lp_bound": time_rival(lambda: bound(problem)),
    }


def plan(problem: InstanceDocument, find: Callable[[Core], IntArray | None]) -> Objective | None:
    core = read_core(problem)
    lead = find(core)
    return None if lead is None else core.objective(core.travel(lead))


def bound(problem: InstanceDocument) -> Objective | None:
    core = read_core(problem)
    relaxed = relax(core, Budget())
    return None if relaxed is None else {**core.trivial, "travel_km": relaxed.value}


def read_core(problem: InstanceDocument) -> Core:
    """Rivals plan what our solver begins with: every need served by the commune's lead."""
    core = find_core(build_problem(problem))
    if core is None:
        raise RuntimeError(f"{problem.id}: levels 1-5 cannot be at their bounds; the simpler ways do not apply")
    return core


CASES = {
    "engine.a.khanhhoa": khanhhoa,
    "engine.a.dienbien": dienbien,
    "engine.a.provinces": provinces,
    "engine.a.national_100k": national_100k,
    "engine.a.volunteers": volunteers,
}
