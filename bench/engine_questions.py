"""Asking about a plan: why this school, who could step in; and whether asking for the plan again gives the same one."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.model.certificate import certify
from matching_worker.model.outcome import Limits
from matching_worker.model.placement.explain.replace import replacements
from matching_worker.model.responsibility.explain.explain import explain

from bench.engine_groups import make_map
from bench.engine_secondment import make_market
from bench.processes import run_apart
from bench.rows import Row, case_rows, make_row
from bench.solves import Watch
from tests.support.instances import dien_bien_example, make_province
from tests.support.placement_instances import khanh_hoa, large_school
from tests.support.places import DIEN_BIEN, HO_CHI_MINH, KHANH_HOA, list_communes

MOST_QUESTIONS = 60
SOLVE_SECONDS = 5.0
P95 = 0.95
QUICK_SECONDS, RESOLVE_SECONDS = 0.2, 5.0


@dataclass(frozen=True)
class Asked:
    """Seconds that the plan took, and that each question about it took."""

    solve_seconds: float
    seconds: list[float]
    cpu_seconds: list[float]

    def p95(self) -> float:
        return percentile(self.seconds, P95)


def explaining() -> Iterator[Row]:
    """Best move and swap in the largest province; with the full re-solve in Khánh Hòa. Ceiling: the plan's solve."""
    case = "engine.a.explaining"
    quick, resolved = run_apart(ask_why, [(make_province(HO_CHI_MINH), False), (make_province(KHANH_HOA), True)])
    worst = max(resolved.result.seconds)
    detail = make_row(
        f"{case}.with_resolve_max",
        worst,
        "s",
        ceiling=resolved.result.solve_seconds,
        at_most=RESOLVE_SECONDS,
        cpu_seconds=max(resolved.result.cpu_seconds),
        peak_memory_mb=round(resolved.peak_memory_mb, 1),
        questions=len(resolved.result.seconds),
    )
    yield from asked_rows(case, quick.result, quick.peak_memory_mb, [detail])


def replacing() -> Iterator[Row]:
    """Everyone who could step in for one person, in a school of 250 people and in one of Khánh Hòa's."""
    for name, problem in (("khanhhoa_school", khanh_hoa()[0]), ("large_school", large_school(load=3))):
        (run,) = run_apart(ask_who, [problem])
        yield from asked_rows(f"engine.b.replacements.{name}", run.result, run.peak_memory_mb, [])


def asked_rows(case: str, asked: Asked, peak_memory_mb: float, details: list[Row]) -> list[Row]:
    facts = {"peak_memory_mb": round(peak_memory_mb, 1), "questions": len(asked.seconds)}
    cpu = percentile(asked.cpu_seconds, P95)
    ceiling = asked.solve_seconds
    return case_rows(case, asked.p95(), details, ceiling=ceiling, at_most=QUICK_SECONDS, cpu_seconds=cpu, **facts)


def ask_why(task: tuple[InstanceDocument, bool]) -> Asked:
    problem, resolve = task
    solution, seconds = solve(problem)
    assert isinstance(solution, InstanceSolution)
    communes = spread([commune.id for commune in problem.communes], 13 if resolve else MOST_QUESTIONS)
    return ask(seconds, communes, lambda commune: explain(problem, solution, commune=commune, resolve=resolve))


def ask_who(problem: PlacementDocument) -> Asked:
    solution, seconds = solve(problem)
    assert isinstance(solution, PlacementSolution)
    placed = spread(sorted({person for person, _, _ in solution.place}), MOST_QUESTIONS)
    return ask(seconds, placed, lambda person: replacements(problem, solution, vacancy=person))


def solve(problem: AnyProblem) -> tuple[object, float]:
    watch = Watch()
    outcome = get_stage(problem).solve(problem, limits=Limits(time_seconds=SOLVE_SECONDS), monitor=watch)
    return outcome.solution, watch.seconds()


def ask(solve_seconds: float, about: Sequence[str], question: Callable[[str], object]) -> Asked:
    walls, cpus = [], []
    for one in about:
        wall, cpu = time.perf_counter(), time.process_time()
        question(one)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Asked(solve_seconds, walls, cpus)


def certificates() -> Iterator[Row]:
    """One problem of each stage, solved twice: both certificates verified, without a gap, and equal but for seconds."""
    problems: list[AnyProblem] = [
        dien_bien_example(),
        khanh_hoa()[0],
        make_market(list_communes(DIEN_BIEN), posts=251, seed=1),
        make_map(KHANH_HOA, k=3, seed=1),
    ]
    found = [run.result for run in run_apart(certificate_of, [*problems, *problems])]
    first, again = found[: len(problems)], found[len(problems) :]
    good = sum(one == other and one is not None for one, other in zip(first, again, strict=True))
    yield make_row("engine.certificates", good, "stages", ceiling=len(problems), at_least=len(problems))


def certificate_of(problem: AnyProblem) -> dict[str, object] | None:
    """Without its seconds; None when the check refuses the plan."""
    stage, limits = get_stage(problem), Limits()
    outcome = stage.solve(problem, limits=limits)
    if outcome.solution is None:
        return None
    verdict = stage.verify(problem, outcome.solution)
    certificate = certify(stage.letter, problem, outcome, limits=limits, verdict=verdict)
    return certificate.model_dump(exclude={"seconds"}) if certificate.verified else None


def spread(items: Sequence[str], most: int) -> Sequence[str]:
    """At most so many, evenly over all."""
    return items[:: math.ceil(len(items) / most)]


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share of them does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


CASES = {
    "engine.a.explaining": explaining,
    "engine.b.replacements": replacing,
    "engine.certificates": certificates,
}
