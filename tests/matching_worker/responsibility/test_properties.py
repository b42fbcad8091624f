"""What must hold for every problem: order is nothing, more is no worse, a pinned optimum stays."""

import random

from commune_schemas.documents import InstanceDocument, InstanceVolunteer, Pin
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.tiny import FIELDS, make_tiny, with_bound, with_heads_and_prices

SEEDS = st.integers(min_value=0, max_value=100_000)
FEW = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def permuted(problem: InstanceDocument, seed: int) -> InstanceDocument:
    """The same problem with every list in another order."""
    rng = random.Random(seed)
    communes, schools = list(range(len(problem.communes))), list(range(len(problem.schools)))
    rng.shuffle(communes)
    rng.shuffle(schools)
    changes: dict[str, object] = {
        "communes": [problem.communes[k] for k in communes],
        "schools": [problem.schools[k] for k in schools],
        "dist_m": [[problem.dist_m[c][s] for s in schools] for c in communes],
    }
    for name in ("fields", "volunteers", "pins", "forbid", "existing", "previous", "edges"):
        items = list(getattr(problem, name))
        rng.shuffle(items)
        changes[name] = items
    return problem.model_copy(update=changes)


@FEW
@given(SEEDS)
def test_permuting_the_input_changes_nothing(seed: int) -> None:
    problem = make_tiny(seed)
    problem = problem if seed % 3 == 0 else with_heads_and_prices(problem, seed)
    problem = problem if seed % 2 else with_bound(problem, seed)
    one, other = solve(problem, limits=Limits()), solve(permuted(problem, seed), limits=Limits(seed=seed))
    assert one.status is other.status
    assert one.objective == other.objective
    assert one.solution == other.solution
    assert one.conflict == other.conflict


@FEW
@given(SEEDS)
def test_without_the_newer_fields_a_document_has_the_levels_it_always_had(seed: int) -> None:
    problem = make_tiny(seed)
    plain = problem.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    outcome = solve(InstanceDocument.model_validate(plain), limits=Limits())
    if outcome.solution is not None:
        assert tuple(outcome.objective) == ("nolead", "unmet", "broken", "supports", "overcap", "travel_km")
        assert outcome.solution.model_dump()["heads"] == []
    assert outcome.solution == solve(problem, limits=Limits()).solution


@FEW
@given(SEEDS, st.integers(min_value=0, max_value=2))
def test_one_more_lecturer_never_worsens_a_plan(seed: int, school: int) -> None:
    """With a fairness cap of 1000 per mille: the cap of the average would tighten as capacity grows."""
    drawn = make_tiny(seed)
    problem = drawn.model_copy(update={"policy": drawn.policy.model_copy(update={"theta_pct": 100_000})})
    newcomer = InstanceVolunteer(
        id="newcomer",
        school=problem.schools[school % len(problem.schools)].id,
        role="lecturer",
        skills=dict.fromkeys(FIELDS, 3),
        days=[0, 1],
    )
    before = solve(problem, limits=Limits())
    after = solve(problem.model_copy(update={"volunteers": [*problem.volunteers, newcomer]}), limits=Limits())
    if before.status is Status.OPTIMAL:
        assert tuple(after.objective.values()) <= tuple(before.objective.values())


@FEW
@given(SEEDS)
def test_a_pinned_optimal_plan_stays_optimal(seed: int) -> None:
    problem = make_tiny(seed)
    outcome = solve(problem, limits=Limits())
    if outcome.solution is None:
        return
    pins = [Pin(commune=c, school=s) for c, s in outcome.solution.model_dump()["lead"].items()]
    pinned = solve(problem.model_copy(update={"pins": pins}), limits=Limits())
    assert pinned.status is Status.OPTIMAL
    assert pinned.objective == outcome.objective
    assert pinned.solution == outcome.solution


@FEW
@given(SEEDS)
def test_a_warm_start_changes_the_way_but_not_the_plan(seed: int) -> None:
    problem = make_tiny(seed)
    other = solve(problem.model_copy(update={"forbid": [], "previous": []}), limits=Limits()).solution
    warmed = solve(problem, limits=Limits(), warm_start=other)  # type: ignore[arg-type]
    assert warmed.solution == solve(problem, limits=Limits()).solution
