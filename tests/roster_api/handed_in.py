"""Documents of stages A and B as a played worker hands them in with a result: small, and right for the judges."""

from collections.abc import Mapping, Sequence
from typing import Any

OBJECTIVE = {"nolead": 0, "unmet": 0, "broken": 0, "supports": 0, "overcap": 0, "travel_km": 100}
"""Of every stage A made here."""


def stage_a(lead: Mapping[str, str]) -> dict[str, Any]:
    """Communes that need nothing, a hundred kilometres from their leads in all."""
    schools, first = sorted({*lead.values()}), 100_000 - 10_000 * (len(lead) - 1)
    problem = {
        "schema": "mw-instance/1",
        "id": "played",
        "fields": ["digitise", "kpi"],
        "schools": [{"id": school} for school in schools],
        "communes": [{"id": commune} for commune in lead],
        "volunteers": [],
        "dist_m": [[10_000 if row else first] * len(schools) for row in range(len(lead))],
    }
    return {"problem": problem, "solution": {"lead": dict(lead)}}


def stage_b(placed: Sequence[tuple[str, str, Sequence[int]]], *, school: str) -> dict[str, Any]:
    """People of one school, each on these days at a commune, who need no supervisor and do nothing there."""
    communes = sorted({commune for _, commune, _ in placed})
    people = {person: sorted({*days}) for person, _, days in placed}
    problem = {
        "schema": "mw-placement/1",
        "id": f"played:{school}",
        "fields": ["digitise", "kpi"],
        "communes": [{"id": commune} for commune in communes],
        "volunteers": [
            {"id": person, "school": school, "days": days, "max_days": len(days)} for person, days in people.items()
        ],
        "dist_m": {person: dict.fromkeys(communes, 10_000) for person in people},
        "policy": {"supervision": "none"},
    }
    place = [[person, commune, sorted({*days})] for person, commune, days in placed]
    return {"problem": problem, "solution": {"place": place}}
