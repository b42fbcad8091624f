"""A campaign's policy: how its matching runs decide, where a run's own options do not say otherwise."""

from typing import Annotated, Any, Literal

from commune_schemas.documents import MinPeople, Prices
from commune_schemas.matching import LecturerBound, SolveOptions, Supervision, Use, VolunteerRole
from pydantic import Field

from roster_api.shapes import Body

AUTO = "auto"
COMMUNES_A_SUPERVISOR = 1.5
ONE_EACH_FROM = 1.3
"""With so many supervisors a commune, each is given one commune at most."""

Roles = list[VolunteerRole]


class CampaignPolicy(Body):
    """The defaults are those of a new campaign. Each is explained in docs/policy.md."""

    supervisors: Roles = Field(
        [VolunteerRole.LECTURER, VolunteerRole.TEACHER, VolunteerRole.OFFICIAL], description="Roles that supervise"
    )
    supervised: Roles = Field([VolunteerRole.STUDENT], description="Roles that need a supervisor")
    supervision: Supervision = Field("commune", description="Where supervised people are counted against supervisors")
    students_per_lecturer: Annotated[int, Field(ge=1, le=100, description="Supervised people a supervisor")] = 5
    max_communes_per_lecturer: Annotated[float, Field(gt=0)] | Literal["auto"] | None = Field(
        "auto",
        description="Communes a school leads for each of its supervisors; null: no bound; "
        "auto: 1.5, or 1 where there are 1.3 supervisors or more for each commune",
    )
    lecturer_bound: LecturerBound = Field("level", description="That bound as a rule, or as a level of the objective")
    min_people: MinPeople = Field(1, description="People a commune with a need asks for where it does not say itself")
    use: Use = Field("people", description="Whom to use beyond the need: nobody, all who may go, or all their days")
    theta_pct: Annotated[int, Field(ge=100, le=1000, description="Fair load of a school, in % of the mean load")] = 130
    prices: Prices | None = Field(
        Prices(overcap=10, scattered=40),
        description="Km that a per mille above the fair load, and a commune apart from its school's area, are worth; "
        "null: strict levels instead",
    )
    contiguity: bool = Field(False, description="Without prices: communes apart as a level of its own, before travel")


BEFORE_POLICIES: dict[str, Any] = {
    "supervisors": ["lecturer"],
    "supervised": ["teacher", "student", "official"],
    "supervision": "commune",
    "students_per_lecturer": 5,
    "max_communes_per_lecturer": 1.0,
    "lecturer_bound": "hard",
    "min_people": 0,
    "use": "need",
    "theta_pct": 115,
    "prices": None,
    "contiguity": False,
}
"""What campaigns made before there were policies go on with; a policy of before a field was there has it from here."""


def settle_options(asked: SolveOptions, policy: CampaignPolicy) -> dict[str, Any]:
    """The policy's part of a run's options: what the request named, else what the campaign has."""
    return {
        name: getattr(asked if name in asked.model_fields_set else policy, name) for name in CampaignPolicy.model_fields
    }


def communes_a_supervisor(*, supervisors: int, communes: int) -> float:
    """What `auto` stands for."""
    return 1.0 if supervisors >= ONE_EACH_FROM * communes else COMMUNES_A_SUPERVISOR
