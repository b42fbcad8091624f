"""The Khánh Hòa case under the demo's policy, and what is left of it when 81 of the 243 people do not come."""

import random
from collections.abc import Mapping
from typing import Any

from commune_demo import case, officer
from commune_schemas.documents import PlacementSolution
from commune_schemas.matching import (
    MatchingProblem,
    PreviousPlacement,
    ResponsibilityDecision,
    SolveOptions,
    VolunteerRole,
)
from roster_api.campaigns.policy import AUTO, CampaignPolicy, communes_a_supervisor

from bench.edit_instances import khanh_hoa_problem

LEAVING = 81
SEED = 162


def demo_problem(*, seconds: float, workers: int = 2) -> MatchingProblem:
    """As the demo asks for it: everyone is used, somebody goes to every commune, load and areas have a price."""
    bare = khanh_hoa_problem(seconds=seconds)
    policy = CampaignPolicy.model_validate(officer.POLICY)
    settled: dict[str, Any] = policy.model_dump()
    if settled["max_communes_per_lecturer"] == AUTO:
        supervisors = sum(VolunteerRole(person.role) in policy.supervisors for person in case.people())
        settled["max_communes_per_lecturer"] = communes_a_supervisor(
            supervisors=supervisors, communes=len(bare.communes)
        )
    return bare.model_copy(
        update={
            "options": SolveOptions.model_validate({**settled, "time_limit_seconds": seconds, "workers": workers}),
            "communes": [one.model_copy(update={"min_people": policy.min_people}) for one in bare.communes],
            "existing": [
                ResponsibilityDecision(commune_code=tie.commune_code, school_code=tie.school_code)
                for tie in case.existing()
            ],
        }
    )


def who_came(
    problem: MatchingProblem,
    leads: Mapping[str, str],
    placements: Mapping[str, PlacementSolution],
    *,
    beyond: int,
    seconds: float,
) -> MatchingProblem:
    """The same without 81 people, upon this plan, with so many changes of people allowed beyond those that must be."""
    everyone = sorted(str(person.id) for person in problem.volunteers)
    gone = set(random.Random(SEED).sample(everyone, LEAVING))
    work: dict[str, dict[str, int]] = {}
    for plan in placements.values():
        for person, _, field, days in plan.work:
            work.setdefault(person, {})[field] = days
    here = {str(person.id): person.id for person in problem.volunteers if str(person.id) not in gone}
    options = problem.options.model_copy(
        update={
            "time_limit_seconds": seconds,
            "workers": 1,
            "max_placement_changes": beyond,
            "max_lead_changes": 0,
        }
    )
    return problem.model_copy(
        update={
            "options": options,
            "volunteers": [person for person in problem.volunteers if str(person.id) in here],
            "previous": [ResponsibilityDecision(commune_code=c, school_code=s) for c, s in sorted(leads.items())],
            "previous_placements": [
                PreviousPlacement(
                    volunteer_id=here[person], commune_code=commune, weekdays=days, work_days=work.get(person, {})
                )
                for plan in placements.values()
                for person, commune, days in plan.place
                if person in here
            ],
        }
    )
