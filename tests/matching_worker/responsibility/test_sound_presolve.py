"""HiGHS's presolve loses a row of this small problem when it may enumerate: the optimum must be found all the same."""

import pytest
from commune_schemas.documents import InstanceDocument
from matching_worker.model.engine import highs
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.responsibility.solve import solve

NEEDS = (4, 6, 6, 3, 1)
PEOPLE = {"S0": 5, "S1": 7, "S2": 8}
KM = ((50, 79, 51), (69, 65, 2), (51, 7, 81), (37, 33, 67), (40, 11, 20))


def make_problem() -> InstanceDocument:
    """Twenty days are needed and there, but the needs do not divide into 5, 7 and 8: the core has no plan."""
    return InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": "lumpy",
            "fields": ["kpi"],
            "schools": [{"id": school} for school in PEOPLE],
            "communes": [{"id": f"C{k}", "need": {"kpi": days}} for k, days in enumerate(NEEDS)],
            "volunteers": [
                {"id": f"{school}-{k}", "school": school, "skills": {"kpi": 1}, "days": [k % 5]}
                for school, people in PEOPLE.items()
                for k in range(people)
            ],
            "dist_m": [[1000 * km for km in row] for row in KM],
            "policy": {"max_support": 0, "theta_pct": 105},
        }
    )


@pytest.mark.parametrize("rules_off", [highs.SOUND_PRESOLVE, 0], ids=["without enumeration", "by a second run"])
def test_the_optimum_is_found_and_proved(rules_off: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "SOUND_PRESOLVE", rules_off)
    outcome = solve(make_problem(), limits=Limits())
    assert outcome.status is Status.OPTIMAL
    assert tuple(outcome.objective.values()) == (0, 1, 0, 0, 0, 536)
