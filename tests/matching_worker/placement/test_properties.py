"""What has to hold for every problem: order is nothing, more help never hurts, a stop leaves a checked plan."""

from random import Random
from typing import Any

from commune_schemas.documents import PlacementDocument, PlacementSolution
from commune_verify.placement import verify
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matching_worker.model.outcome import Limits, Outcome, Progress, Status
from matching_worker.model.placement.problem.problem import likeness
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import make_tiny

seeds = st.integers(0, 10_000_000)
few = settings(max_examples=25, deadline=None)


class StoppingMonitor:
    """Says stop after so many questions; keeps what it was told."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.news: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.news.append(progress)

    def should_stop(self) -> bool:
        self.patience -= 1
        return self.patience < 0

    def seconds(self) -> float:
        return 0.0


def solution_of(outcome: Outcome) -> PlacementSolution:
    assert isinstance(outcome.solution, PlacementSolution)
    return outcome.solution


def rank(outcome: Outcome) -> tuple[int, ...]:
    return tuple(outcome.objective.values())


def changed_person(document: PlacementDocument, index: int, **changes: Any) -> PlacementDocument:
    people = list(document.volunteers)
    people[index] = people[index].model_copy(update=changes)
    return document.model_copy(update={"volunteers": people})


@few
@given(seeds, st.randoms(use_true_random=False))
def test_other_ids_for_the_same_people_change_nothing_else(seed: int, order: Random) -> None:
    document = make_tiny(Random(seed))
    old = [person.id for person in document.volunteers]
    new = dict(zip(old, order.sample(old, len(old)), strict=True))
    renamed = document.model_copy(
        update={
            "volunteers": [person.model_copy(update={"id": new[person.id]}) for person in document.volunteers],
            "dist_m": {new[person]: row for person, row in document.dist_m.items()},
        }
    )
    assert places_of(renamed) == places_of(document)


def places_of(document: PlacementDocument) -> list[Any]:
    """Who goes where and when, people told apart by what they are, not by their ids."""
    people = {person.id: repr(likeness(document, person)[:-1]) for person in document.volunteers}
    outcome = solve(document, limits=Limits())
    if outcome.solution is None:
        return []
    return sorted((people[person], *place) for person, *place in solution_of(outcome).place)


@few
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(seed: int, order: Random) -> None:
    document = make_tiny(Random(seed))
    shuffled = {name: list(getattr(document, name)) for name in ("communes", "volunteers", "fields")}
    for items in shuffled.values():
        order.shuffle(items)
    again = solve(document.model_copy(update=shuffled), limits=Limits())
    once = solve(document, limits=Limits())
    assert (again.status, again.solution, again.objective) == (once.status, once.solution, once.objective)


@few
@given(seeds, st.integers(0, 100), st.integers(2, 3))
def test_the_seed_the_workers_and_a_second_run_change_nothing(seed: int, solver_seed: int, workers: int) -> None:
    document = make_tiny(Random(seed))
    once = solve(document, limits=Limits())
    again = solve(document, limits=Limits(seed=solver_seed, workers=workers))
    assert (again.solution, again.objective) == (once.solution, once.objective)


@few
@given(seeds, st.integers(0, 4))
def test_a_person_with_more_days_never_makes_the_plan_worse(seed: int, who: int) -> None:
    document = make_tiny(Random(seed))
    index = who % len(document.volunteers)
    richer = changed_person(document, index, days=[0, 1, 2, 3, 4], max_days=document.volunteers[index].max_days + 1)
    before = solve(document, limits=Limits())
    assume(before.status is Status.OPTIMAL)
    assert rank(solve(richer, limits=Limits())) <= rank(before)


@few
@given(seeds)
def test_pinning_everyone_where_the_best_plan_sends_them_keeps_it_best(seed: int) -> None:
    document = make_tiny(Random(seed))
    before = solve(document, limits=Limits())
    assume(before.status is Status.OPTIMAL)
    where = {person: commune for person, commune, _ in solution_of(before).place}
    pinned = [v.model_copy(update={"pinned_commune": where.get(v.id)}) for v in document.volunteers]
    after = solve(document.model_copy(update={"volunteers": pinned}), limits=Limits())
    assert after.status is Status.OPTIMAL
    assert rank(after) == rank(before)


@few
@given(seeds)
def test_the_best_plan_as_a_warm_start_stays_best(seed: int) -> None:
    document = make_tiny(Random(seed))
    before = solve(document, limits=Limits())
    assume(before.status is Status.OPTIMAL)
    after = solve(document, limits=Limits(), warm_start=solution_of(before))
    assert rank(after) == rank(before)
    assert not after.notes


@few
@given(seeds, st.integers(0, 60), st.sampled_from([None, 0, 1]), st.sampled_from([None, 0.0, 0.01]))
def test_a_run_cut_short_leaves_a_checked_plan_and_true_bounds(
    seed: int, patience: int, work: int | None, seconds: float | None
) -> None:
    document = make_tiny(Random(seed))
    monitor = StoppingMonitor(patience)
    cut = solve(document, limits=Limits(work=work, time_seconds=seconds), monitor=monitor)
    best = solve(document, limits=Limits())
    assert cut.status is not Status.INFEASIBLE or best.status is Status.INFEASIBLE
    for told in [cut.solution, *(news.solution for news in monitor.news if news.solution)]:
        if told is not None:
            assert isinstance(told, PlacementSolution)
            assert verify(document, told).accepted
    if cut.solution is not None:
        assert rank(cut) >= rank(best)
        assert cut.bound["unmet"] <= best.objective["unmet"]
        if cut.objective["unmet"] == best.objective["unmet"] and len(best.objective) == 2:
            assert cut.bound["travel_km"] <= best.objective["travel_km"]
