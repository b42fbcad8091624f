"""engine.b.*: placement for Khánh Hòa's 12 schools, for large schools, and for 401 schools with 100,000 people.

In the country every twentieth school is held against the simpler ways as well; their seconds are scaled to all schools.
"""

from collections.abc import Iterator

from commune_schemas.documents import PlacementDocument
from matching_worker.model.engine.budget import Budget
from matching_worker.model.outcome import SILENT, Limits
from matching_worker.model.placement.problem.costs import TRAVEL, UNMET
from matching_worker.model.placement.problem.problem import read_problem
from matching_worker.model.placement.proof.formulation import Formulation
from matching_worker.model.placement.proof.highs import Solver
from matching_worker.model.placement.search.greedy import find_greedy_plan
from matching_worker.model.placement.search.improve import improve

from bench.processes import PROCESSES
from bench.rivals import Rivals, find_all, lp_seconds, rows_against, time_rival
from bench.rows import Row, case_rows, growth_row, make_row
from bench.solves import Batch, Objective, memory_row, solve_all
from tests.support.placement_instances import khanh_hoa, large_school, make_school, national

SECONDS_A_SCHOOL = 20.0
SECONDS_A_SCHOOL_NATIONAL = 10.0
COMPARED_EVERY = 20
LOCAL_SEARCH_WEEKS = 1000
PEOPLE_A_SCHOOL = 100_000 / 401
BY_VOLUNTEERS = "B, the country: volunteers"
BY_SCHOOL_SIZE = "B, one school: people"


def khanhhoa() -> Iterator[Row]:
    problems = khanh_hoa()
    batch = solve_all(problems, limit_seconds=SECONDS_A_SCHOOL)
    proved = make_row(
        "engine.b.khanhhoa.unmet_proved", count_unmet_proved(batch), "schools", ceiling=12, at_least=len(problems)
    )
    yield from school_rows("engine.b.khanhhoa", problems, batch, [proved], at_most=30.0, gap_at_most=0.01)


def large_schools() -> Iterator[Row]:
    """250 people, 8 communes, with needs from light (1) to all that these people can give (8)."""
    for load in (1, 3, 8):
        problems = [large_school(load=load)]
        batch = solve_all(problems, limit_seconds=SECONDS_A_SCHOOL)
        case = f"engine.b.large_school.load_{load}"
        yield from school_rows(case, problems, batch, [], at_most=30.0, gap_at_most=0.01)


def national_100k() -> Iterator[Row]:
    case, problems = "engine.b.national_100k", list(national())
    batch = solve_all(problems, limit_seconds=SECONDS_A_SCHOOL_NATIONAL)
    count = len(problems)
    details = [
        make_row(f"{case}.unmet_proved", count_unmet_proved(batch), "schools", ceiling=count),
        make_row(f"{case}.proved", sum(one.is_proved for one in batch.solved), "schools", ceiling=count),
        make_row(f"{case}.people", sum(len(one.volunteers) for one in problems), "people", ceiling=100_000),
        *(country_row(case, batch, schools) for schools in (4, 40, count)),
    ]
    yield from school_rows(case, problems, batch, details, at_most=600.0, gap_at_most=0.05, every=COMPARED_EVERY)


def country_row(case: str, batch: Batch, schools: int) -> Row:
    """The country up to its n-th school, read off the one run: they are solved in this order."""
    first = batch.solved[:schools]
    part = Batch(first, max(one.ended for one in first))
    people = round(schools * PEOPLE_A_SCHOOL)
    name = f"{case}.growth.volunteers_{people}"
    return growth_row(name, BY_VOLUNTEERS, people, part.seconds, **part.took, gap=part.gap)


def school_sizes() -> Iterator[Row]:
    """One school with 8 communes and needs that grow with its people."""
    case = "engine.b.school_sizes"
    for people in (50, 100, 250, 500, 1000):
        problem = make_school(f"G{people}", people=people, communes=8, seed=1, load=max(1.0, 3 * people / 250))
        batch = solve_all([problem], limit_seconds=2 * SECONDS_A_SCHOOL)
        name = f"{case}.growth.people_{people}"
        yield growth_row(name, BY_SCHOOL_SIZE, people, batch.seconds, **batch.took, gap=batch.solved[0].gap)


def school_rows(
    case: str,
    problems: list[PlacementDocument],
    batch: Batch,
    details: list[Row],
    *,
    at_most: float,
    gap_at_most: float,
    every: int = 1,
) -> list[Row]:
    """Gaps are of the sums over all schools; every so many-th school is held against the simpler ways."""
    compared = batch.solved[::every]
    rivals = find_all(find_rivals, problems[::every], compared)
    first_plan = max(one.first_plan_seconds for one in batch.solved)
    rows = [
        make_row(f"{case}.travel_gap", batch.level_gap(TRAVEL), "", at_most=gap_at_most),
        make_row(f"{case}.unmet_gap", batch.level_gap(UNMET), "", at_most=gap_at_most),
        make_row(f"{case}.first_plan_max", first_plan, "s"),
        memory_row(case, batch),
        *details,
        *rows_against(case, compared, rivals),
    ]
    ceiling = lp_seconds(rivals) * len(problems) / len(compared) / min(PROCESSES, len(problems))
    return case_rows(case, batch.seconds, rows, ceiling=ceiling, at_most=at_most, **batch.took)


def count_unmet_proved(batch: Batch) -> int:
    return sum(one.objective[UNMET] == one.bound[UNMET] for one in batch.solved)


def find_rivals(task: tuple[PlacementDocument, Objective]) -> Rivals:
    """Each from the document on. The linear programme bounds travel for plans as good as ours in unmet need."""
    problem, ours = task
    return {
        "greedy": time_rival(lambda: plan(problem, weeks=0)),
        "local_search": time_rival(lambda: plan(problem, weeks=LOCAL_SEARCH_WEEKS)),
        "lp_bound": time_rival(lambda: bound(problem, ours)),
    }


def plan(document: PlacementDocument, *, weeks: int) -> Objective | None:
    problem = read_problem(document)
    greedy = find_greedy_plan(problem)
    return None if greedy is None else improve(problem, greedy, weeks=weeks).objective


def bound(document: PlacementDocument, ours: Objective) -> Objective | None:
    formulation = Formulation(read_problem(document))
    solver = Solver(formulation, Budget(Limits(), SILENT))
    unmet = solver.relax(formulation.dense(formulation.unmet_terms))
    solver.cap_row(formulation.unmet_row, ours[UNMET])
    travel = solver.relax(formulation.dense(formulation.travel_terms))
    return None if unmet is None or travel is None else {UNMET: unmet.value, TRAVEL: travel.value}


CASES = {
    "engine.b.khanhhoa": khanhhoa,
    "engine.b.national_100k": national_100k,
    "engine.b.large_school": large_schools,
    "engine.b.school_sizes": school_sizes,
}
