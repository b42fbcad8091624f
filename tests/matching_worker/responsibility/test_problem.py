"""Bad documents are refused with the field and the reason, in both languages."""

from typing import Any

import pytest
from commune_schemas.documents import InstanceDocument
from matching_worker.model.outcome import Limits, ProblemError
from matching_worker.model.responsibility.solve import solve

BASE: dict[str, Any] = {
    "schema": "mw-instance/1",
    "id": "small",
    "fields": ["kpi"],
    "schools": [{"id": "S0"}, {"id": "S1"}],
    "communes": [{"id": "C0", "need": {"kpi": 1}}, {"id": "C1", "need": {}}],
    "volunteers": [{"id": "v0", "school": "S0", "skills": {"kpi": 1}, "days": [0, 1]}],
    "dist_m": [[1000, 2000], [3000, 4000]],
}

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "a commune listed twice": ({"communes": [{"id": "C0"}, {"id": "C0"}]}, "/communes/1/id"),
    "a school listed twice": ({"schools": [{"id": "S0"}, {"id": "S0"}]}, "/schools/1/id"),
    "a field listed twice": ({"fields": ["kpi", "kpi"]}, "/fields/1"),
    "a volunteer listed twice": ({"volunteers": [BASE["volunteers"][0]] * 2}, "/volunteers/1/id"),
    "a volunteer of no school": ({"volunteers": [{"id": "v", "school": "?"}]}, "/volunteers/0/school"),
    "a weekday listed twice": ({"volunteers": [{"id": "v", "school": "S0", "days": [0, 0]}]}, "/volunteers/0/days"),
    "a need in an unknown field": ({"communes": [{"id": "C0", "need": {"x": 1}}, {"id": "C1"}]}, "/communes/0/need/x"),
    "a distance row missing": ({"dist_m": [[1, 2]]}, "/dist_m"),
    "a distance missing": ({"dist_m": [[1, 2], [3]]}, "/dist_m/1"),
    "a pin on an unknown commune": ({"pins": [{"commune": "?", "school": "S0"}]}, "/pins/0"),
    "a pin on an unknown school": ({"pins": [{"commune": "C0", "school": "?"}]}, "/pins/0"),
    "a ban on an unknown pair": ({"forbid": [["C0", "?"]]}, "/forbid/0"),
    "an unknown existing relation": ({"existing": [["?", "S0"]]}, "/existing/0"),
    "an edge to nowhere": ({"edges": [["C0", "?"]]}, "/edges/0"),
}


def document(**changes: Any) -> InstanceDocument:
    return InstanceDocument.model_validate({**BASE, **changes})


@pytest.mark.parametrize("name", CASES)
def test_the_document_is_refused_for(name: str) -> None:
    changes, pointer = CASES[name]
    with pytest.raises(ProblemError) as refused:
        solve(document(**changes), limits=Limits())
    assert refused.value.pointer == pointer
    assert refused.value.vi
    assert refused.value.en


def test_a_previous_plan_may_name_what_is_gone_by_now() -> None:
    outcome = solve(document(previous=[["C0", "closed"], ["C1", "S0"]]), limits=Limits())
    assert outcome.objective["broken"] == 1


def test_a_problem_without_communes_has_the_empty_plan() -> None:
    outcome = solve(document(communes=[], dist_m=[]), limits=Limits())
    assert outcome.status == "optimal"
    assert set(outcome.objective.values()) == {0}


def test_a_problem_without_schools_leads_nobody() -> None:
    outcome = solve(document(schools=[], volunteers=[], dist_m=[[], []]), limits=Limits())
    assert outcome.status == "optimal"
    assert outcome.objective["nolead"] == 2
    assert outcome.objective["unmet"] == 1
