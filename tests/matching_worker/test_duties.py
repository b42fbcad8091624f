"""People whose place stays keep their duties, and no work is lost by it."""

from commune_schemas.documents import PlacementCommune, PlacementDocument, PlacementSolution, PlacementVolunteer
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.model.duties import keep_duties
from matching_worker.model.outcome import Limits
from matching_worker.model.placement import solve, verify

FIELDS = ["kpi", "digitise", "pasc"]


def document(need: dict[str, int], skills: list[set[str]]) -> PlacementDocument:
    people = [
        PlacementVolunteer(
            id=f"p{number}",
            role="lecturer",
            skills=dict.fromkeys(sorted(known), 2),
            days=[0, 1],
            max_days=2,
            previous_commune="C1",
            previous_days=[0, 1],
        )
        for number, known in enumerate(skills)
    ]
    return PlacementDocument(
        schema_="mw-placement/1",
        id="duties",
        fields=FIELDS,
        communes=[PlacementCommune(id="C1", need=need)],
        volunteers=people,
        dist_m={person.id: {"C1": 1000} for person in people},
    )


def test_work_dealt_out_otherwise_for_no_reason_is_dealt_out_as_before() -> None:
    problem = document({"kpi": 2, "digitise": 2}, [{"kpi", "digitise"}, {"kpi", "digitise"}])
    place = [("p0", "C1", [0, 1]), ("p1", "C1", [0, 1])]
    swapped = PlacementSolution(place=place, work=[("p0", "C1", "kpi", 2), ("p1", "C1", "digitise", 2)])
    kept = keep_duties(problem, swapped, {"p0": {"digitise": 2}, "p1": {"kpi": 2}})
    assert kept.work == [("p0", "C1", "digitise", 2), ("p1", "C1", "kpi", 2)]


def test_duties_change_where_more_is_done_by_it() -> None:
    problem = document({"kpi": 2, "digitise": 2}, [{"kpi", "digitise"}, {"kpi"}])
    place = [("p0", "C1", [0, 1]), ("p1", "C1", [0, 1])]
    best = PlacementSolution(place=place, work=[("p0", "C1", "digitise", 2), ("p1", "C1", "kpi", 2)])
    assert keep_duties(problem, best, {"p0": {"kpi": 2}}).work == best.work


@settings(max_examples=60, deadline=None)
@given(
    need=st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 4), min_size=1),
    skills=st.lists(st.sets(st.sampled_from(FIELDS)), min_size=1, max_size=4),
    before=st.lists(st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 3)), min_size=4, max_size=4),
)
def test_whatever_was_done_before_the_plan_stays_as_good(
    need: dict[str, int], skills: list[set[str]], before: list[dict[str, int]]
) -> None:
    problem = document(need, skills)
    plan = solve(problem, limits=Limits()).solution
    assert isinstance(plan, PlacementSolution)
    kept = keep_duties(problem, plan, {f"p{number}": work for number, work in enumerate(before)})
    found = verify(problem, kept)
    assert found.violations == ()
    assert found.objective == verify(problem, plan).objective
