"""engine.a.*: responsibility for Khánh Hòa, Điện Biên, every province, and the country with 100,000 people.

Each travel is held against greedy, greedy with local search, and the linear relaxation's bound on the same problem in
the same run (`ceiling`; `ratio` is value / ceiling). Two solver processes, as in production on two cores.
"""

import multiprocessing
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.pool import Pool

from commune_schemas.documents import InstanceDocument, InstanceSolution
from matching_worker.model.outcome import Limits, Progress, Status
from matching_worker.model.responsibility import solve, verify
from matching_worker.model.responsibility.budget import Budget
from matching_worker.model.responsibility.core import find_core
from matching_worker.model.responsibility.explain import explain
from matching_worker.model.responsibility.greedy import find_greedy, find_lead
from matching_worker.model.responsibility.problem import build_problem
from matching_worker.model.responsibility.relaxed import relax

from bench.instances import KHANH_HOA, list_cases, list_national
from bench.rows import Row, make_row

PROCESSES = 2
SECONDS_A_PROVINCE = 60.0
SECONDS_A_PROVINCE_NATIONAL = 6.0
EXPLAINED_COMMUNES = 40
TARGETS = {"khanhhoa": 3.0, "dienbien": 1.0}


class Stopwatch:
    """A monitor that knows the time, when the first plan came, and how things stood after ten seconds."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.first_plan = 0.0
        self.gap_at_ten = 1.0
        self.proved = 0.0

    def report(self, progress: Progress) -> None:
        if progress.solution is not None and not self.first_plan:
            self.first_plan = self.seconds()
        if progress.objective and progress.bound:
            gap = relative_gap(progress.objective["travel_km"], progress.bound["travel_km"])
            if self.seconds() <= 10:
                self.gap_at_ten = gap
            if not gap and not self.proved:
                self.proved = self.seconds()

    def should_stop(self) -> bool:
        return False

    def seconds(self) -> float:
        return time.monotonic() - self.began


@dataclass(frozen=True)
class Measured:
    travel: int
    bound: int
    greedy: int | None
    searched: int | None
    relaxed: float
    proved: bool
    first_plan_seconds: float
    proved_seconds: float
    """Until travel was proved; the tie-break comes after."""
    seconds: float
    gap_at_ten: float
    peak_mb: float


def rows() -> Iterator[Row]:
    cases = dict(list_cases())
    yield from single("khanhhoa", cases[f"province {KHANH_HOA}"])
    yield from single("dienbien", cases["Điện Biên example"])
    yield from explaining(cases["province 79"])
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        yield from provinces(pool, cases.values())
        yield from national(pool, [problem for _, problem in list_national()])


def single(name: str, problem: InstanceDocument) -> Iterator[Row]:
    done, target = measure((problem, SECONDS_A_PROVINCE)), TARGETS[name]
    prefix = f"engine.a.{name}"
    yield make_row(f"{prefix}.proved", done.proved_seconds, "s", target=target, met=0 < done.proved_seconds <= target)
    yield make_row(f"{prefix}.tie_broken", done.seconds, "s")
    yield make_row(f"{prefix}.first_plan", done.first_plan_seconds, "s", target=1.0, met=done.first_plan_seconds <= 1)
    yield make_row(f"{prefix}.gap", relative_gap(done.travel, done.bound), "", target=0.0, met=done.proved)
    yield make_row(f"{prefix}.against_greedy", done.travel, "km", ceiling=done.greedy)
    yield make_row(f"{prefix}.against_local_search", done.travel, "km", ceiling=done.searched)
    yield make_row(f"{prefix}.against_relaxation", done.travel, "km", ceiling=done.relaxed)


def explaining(problem: InstanceDocument) -> Iterator[Row]:
    """Best move and best swap for communes of the largest province."""
    solution = solve(problem, limits=Limits(time_seconds=1)).solution
    assert isinstance(solution, InstanceSolution)
    taken = []
    for commune in problem.communes[:EXPLAINED_COMMUNES]:
        started = time.perf_counter()
        explain(problem, solution, commune=commune.id)
        taken.append(time.perf_counter() - started)
    p95 = sorted(taken)[int(0.95 * len(taken))]
    yield make_row("engine.a.explain.p95", p95, "s", target=0.2, met=p95 <= 0.2)


def provinces(pool: Pool, problems: Iterable[InstanceDocument]) -> Iterator[Row]:
    done = pool.map(measure, [(problem, SECONDS_A_PROVINCE) for problem in problems], chunksize=1)
    prefix, count = "engine.a.provinces", len(done)
    proved = sum(m.proved for m in done)
    yield make_row(f"{prefix}.proved", proved, "cases", ceiling=count, target=count, met=proved == count)
    first, ten = max(m.first_plan_seconds for m in done), max(m.gap_at_ten for m in done)
    yield make_row(f"{prefix}.first_plan_max", first, "s", target=1.0, met=first <= 1)
    yield make_row(f"{prefix}.gap_at_10s_max", ten, "", target=0.01, met=ten <= 0.01)
    yield make_row(f"{prefix}.seconds_max", max(m.seconds for m in done), "s", target=SECONDS_A_PROVINCE)
    yield from against(prefix, done)


def national(pool: Pool, problems: list[InstanceDocument]) -> Iterator[Row]:
    prefix, started = "engine.a.national_100k", time.monotonic()
    largest_first = sorted(problems, key=lambda p: -len(p.communes) * len(p.schools))
    done = pool.map(measure_plan, [(problem, SECONDS_A_PROVINCE_NATIONAL) for problem in largest_first], chunksize=1)
    seconds = time.monotonic() - started
    gap = relative_gap(sum(m.travel for m in done), sum(m.bound for m in done))
    yield make_row(f"{prefix}.seconds", seconds, "s", target=60.0, met=seconds <= 60)
    yield make_row(f"{prefix}.gap", gap, "", target=0.001, met=gap <= 0.001)
    peak = max(m.peak_mb for m in done)
    yield make_row(f"{prefix}.memory_a_worker", peak, "MB", target=512.0, met=peak <= 512)
    people = sum(len(p.volunteers) for p in problems)
    yield make_row(f"{prefix}.people", people, "people", ceiling=100_000)


def against(prefix: str, done: list[Measured]) -> Iterator[Row]:
    """Sums over the cases that the simpler ways can plan at all."""
    greedy = [(m.travel, m.greedy) for m in done if m.greedy is not None]
    searched = [(m.travel, m.searched) for m in done if m.searched is not None]
    for name, pairs in (("greedy", greedy), ("local_search", searched)):
        ours, theirs = (sum(column) for column in zip(*pairs, strict=True)) if pairs else (0, 0)
        yield make_row(f"{prefix}.against_{name}", ours, "km", ceiling=theirs)
    relaxed = sum(m.relaxed for m in done)
    yield make_row(f"{prefix}.against_relaxation", sum(m.travel for m in done), "km", ceiling=relaxed)


def measure(case: tuple[InstanceDocument, float]) -> Measured:
    """Our plan and the simpler ways on the same problem."""
    problem = case[0]
    core = find_core(build_problem(problem))
    greedy = searched = relaxed = None
    if core is not None:
        leads = (find_greedy(core), find_lead(core))
        greedy, searched = (None if lead is None else core.travel(lead) for lead in leads)
        relaxed = relax(core, Budget())
    return _measured(case, greedy, searched, 0.0 if relaxed is None else relaxed.value)


def measure_plan(case: tuple[InstanceDocument, float]) -> Measured:
    """Our plan alone, where the time of all of them is what counts."""
    return _measured(case, None, None, 0.0)


def _measured(
    case: tuple[InstanceDocument, float], greedy: int | None, searched: int | None, relaxed: float
) -> Measured:
    problem, seconds = case
    watch = Stopwatch()
    outcome = solve(problem, limits=Limits(time_seconds=seconds), monitor=watch)
    taken = watch.seconds()
    assert isinstance(outcome.solution, InstanceSolution)
    verdict = verify(problem, outcome.solution)
    assert verdict.accepted
    assert verdict.objective == outcome.objective
    return Measured(
        travel=outcome.objective["travel_km"],
        bound=outcome.bound["travel_km"],
        greedy=greedy,
        searched=searched,
        relaxed=relaxed,
        proved=outcome.status is Status.OPTIMAL,
        first_plan_seconds=watch.first_plan,
        proved_seconds=watch.proved,
        seconds=taken,
        gap_at_ten=watch.gap_at_ten,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def relative_gap(value: int, bound: int) -> float:
    return (value - bound) / max(1, value)
