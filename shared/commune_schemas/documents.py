"""The problem and solution documents of the stages, as JSON files and over HTTP.

mw-instance/1 (A, responsibility), mw-placement/1 (B, placement), mw-secondment/1 (C), mw-groups/1 (D), mw-border/1 (E,
help across provincial borders). The unit of A, B and E is person-days a week; distances are metres and, where given,
authoritative. Shapes only: whether a document is a consistent problem is matching_worker.model's to judge.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from commune_schemas.base import CommuneCode, Document, FieldCode, SchoolCode, Weekday

Whole = Annotated[int, Field(strict=True)]
"""A number written as one: neither "3" nor true is taken for a number."""
YesNo = Annotated[bool, Field(strict=True)]
Count = Annotated[Whole, Field(ge=0, le=1_000_000)]
Day = Annotated[Weekday, Field(strict=True)]
Priority = Annotated[Whole, Field(ge=0, le=1000)]
MinPeople = Annotated[Whole, Field(ge=0, le=1000, description="heads asked for, whatever they do; 0 = none")]
Metres = Annotated[Whole, Field(ge=0, le=100_000_000)]
Kilometres = Annotated[Whole, Field(ge=0, le=100_000)]
Balance = Annotated[Whole, Field(ge=-1_000_000_000, le=1_000_000_000)]
PersonId = Annotated[str, Field(min_length=1, max_length=64)]
StaffId = Annotated[str, Field(min_length=1, max_length=80)]
Role = Annotated[str, Field(max_length=32, description="lecturer, teacher, student, official")]
Supervisors = Annotated[list[Role] | None, Field(description="roles that supervise others; absent = lecturers")]


class FieldName(Document):
    """What a field is called in the words people read; documents without names show its code."""

    vi: str
    en: str


class InstanceSchool(Document):
    id: SchoolCode
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    remote_capable: YesNo = False


class InstanceCommune(Document):
    id: CommuneCode
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    need: dict[FieldCode, Count] = Field(default_factory=dict, description="person-days a week by field")
    priority: Priority = 1
    min_people: MinPeople = 0
    mode: Literal["road", "remote"] = "road"


class InstanceVolunteer(Document):
    id: PersonId
    school: SchoolCode
    role: Role = "student"
    skills: dict[FieldCode, Whole] = Field(default_factory=dict, description="level by field; any level counts")
    days: list[Day] = Field(default_factory=list, description="free weekdays")
    max_days: Annotated[Whole, Field(ge=0, le=5)] = 5


class Pin(Document):
    commune: CommuneCode
    school: SchoolCode
    reason: str = ""


class Prices(Document):
    """What a per mille of load above the fair share and a commune apart from its area cost in the level `cost_km`."""

    overcap: Count
    scattered: Count


class ResponsibilityPolicy(Document):
    max_support: Annotated[Whole, Field(ge=0, le=100)] = 1
    max_lead_m: Metres | None = None
    theta_pct: Annotated[Whole, Field(ge=0, le=100_000)] = 115
    max_communes_per_lecturer: Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)] | None = None
    lecturer_bound: Literal["hard", "level"] = "hard"
    supervisors: Supervisors = None
    contiguity: YesNo = False
    """Offer contiguity of each school's area as one more level before travel (needs `edges`; not with prices)."""
    prices: Prices | None = None
    max_changes: Annotated[Whole, Field(ge=0)] | None = None
    """Hard cap on leads that differ from `previous`; absent = no cap."""
    keep_previous: YesNo = True
    """Least change is a level: each lead changed since `previous` is a broken tie. Without it, only the cap counts."""


class InstanceDocument(Document):
    """Stage A: which school leads (and which supports) each commune."""

    schema_: Literal["mw-instance/1"] = Field(alias="schema")
    stage: Literal["A"] = "A"
    id: str
    title: str = ""
    fields: list[FieldCode]
    field_names: dict[FieldCode, FieldName] = Field(default_factory=dict)
    schools: list[InstanceSchool]
    communes: list[InstanceCommune]
    volunteers: list[InstanceVolunteer]
    dist_m: list[list[Metres]] = Field(description="[commune index][school index]")
    pins: list[Pin] = Field(default_factory=list)
    forbid: list[tuple[CommuneCode, SchoolCode]] = Field(default_factory=list)
    existing: list[tuple[CommuneCode, SchoolCode]] = Field(default_factory=list)
    previous: list[tuple[CommuneCode, SchoolCode]] = Field(default_factory=list)
    edges: list[tuple[CommuneCode, CommuneCode]] = Field(default_factory=list, description="neighbouring communes")
    policy: ResponsibilityPolicy = Field(default_factory=ResponsibilityPolicy)


class InstanceSolution(Document):
    lead: dict[CommuneCode, SchoolCode]
    support: list[tuple[CommuneCode, SchoolCode]] = Field(default_factory=list)
    flow: list[tuple[CommuneCode, SchoolCode, FieldCode, Whole]] = Field(default_factory=list)
    heads: list[tuple[CommuneCode, SchoolCode, Whole]] = Field(default_factory=list, description="people promised")


class PlacementCommune(Document):
    id: CommuneCode
    name: str = ""
    need: dict[FieldCode, Count] = Field(default_factory=dict, description="person-days a week by field")
    presence: Annotated[list[Count], Field(min_length=5, max_length=5)] = Field(
        default_factory=lambda: [0, 0, 0, 0, 0], description="people wanted there on each weekday"
    )
    priority: Priority = 1
    min_people: MinPeople = 0


class PlacementVolunteer(InstanceVolunteer):
    school: SchoolCode = "?"
    max_m: Metres = 100_000_000
    team: str | None = None
    """Volunteers of one team go to one commune (a lecturer with the students); None = alone."""
    pinned_commune: CommuneCode | None = None
    forbidden_communes: list[CommuneCode] = Field(default_factory=list)
    previous_commune: CommuneCode | None = None
    previous_days: list[Day] = Field(default_factory=list)
    previous_fields: list[FieldCode] | None = None
    """Fields worked in there; None = not known, and then not compared."""
    change_weight: Annotated[Whole, Field(ge=1, le=100)] = 1
    """What a change of this person's place counts in the level `changed`; the cap on changes counts people."""


class PlacementPolicy(Document):
    students_per_lecturer: Annotated[Whole, Field(ge=0, le=1000)] = 5
    max_changes: Annotated[Whole, Field(ge=0)] | None = None
    """Hard cap on people whose commune or weekdays differ from their previous ones; absent = no cap."""
    keep_previous: YesNo = False
    """Make least change a level of the objective: after unmet need, before travel."""
    supervisors: Supervisors = None
    supervised: list[Role] | None = None
    """Roles that need a supervisor; absent = every role that does not supervise. Neither or both may name a role."""
    supervision: Literal["commune", "school", "none"] = "commune"
    """Where supervised people are counted against supervisors: in each commune, over the whole school, or nowhere."""
    use: Literal["need", "people", "days"] = "need"
    """What to use beyond the need: as many people, or days, as may go, spread evenly."""


class PlacementDocument(Document):
    """Stage B: which person of one school goes to which of its communes on which weekdays."""

    schema_: Literal["mw-placement/1"] = Field(alias="schema")
    stage: Literal["B"] = "B"
    id: str
    title: str = ""
    fields: list[FieldCode]
    field_names: dict[FieldCode, FieldName] = Field(default_factory=dict)
    communes: list[PlacementCommune]
    volunteers: list[PlacementVolunteer]
    dist_m: dict[PersonId, dict[CommuneCode, Metres]]
    policy: PlacementPolicy = Field(default_factory=PlacementPolicy)


class PlacementSolution(Document):
    place: list[tuple[PersonId, CommuneCode, list[Day]]]
    work: list[tuple[PersonId, CommuneCode, FieldCode, Whole]] = Field(default_factory=list)


class SecondmentPost(Document):
    id: str
    commune: CommuneCode
    field: FieldCode
    priority: Priority = 1


class SecondmentPerson(Document):
    id: PersonId
    kind: Literal["internal", "province"]
    unit: str
    fields: list[FieldCode]


class SecondmentPolicy(Document):
    max_move_m: Metres = 100_000_000


class SecondmentDocument(Document):
    """Stage C: surplus staff to empty posts, moves inside the province before people from provincial agencies."""

    schema_: Literal["mw-secondment/1"] = Field(alias="schema")
    stage: Literal["C"] = "C"
    id: str
    title: str = ""
    posts: list[SecondmentPost]
    people: list[SecondmentPerson]
    dist_m: dict[str, dict[CommuneCode, Metres]]
    forbid: list[tuple[str, CommuneCode]] = Field(default_factory=list, description="[unit, commune]")
    policy: SecondmentPolicy = Field(default_factory=SecondmentPolicy)


class SecondmentSolution(Document):
    moves: list[tuple[PersonId, str]]


class GroupCommune(Document):
    id: CommuneCode
    name: str = ""
    weight: Count = 1


class GroupsDocument(Document):
    """Stage D: communes into k balanced connected groups, one for each deputy director."""

    schema_: Literal["mw-groups/1"] = Field(alias="schema")
    stage: Literal["D"] = "D"
    id: str
    title: str = ""
    communes: list[GroupCommune]
    edges: list[tuple[CommuneCode, CommuneCode]]
    k: Annotated[Whole, Field(ge=1, le=1000)]
    lo: Balance
    hi: Balance
    dist_km: dict[CommuneCode, dict[CommuneCode, Kilometres]] = Field(description="[centre][member]")


class GroupsSolution(Document):
    group: dict[CommuneCode, Whole]


class BorderNeed(Document):
    commune: CommuneCode
    province: str
    need: dict[FieldCode, Count] = Field(default_factory=dict, description="person-days a week left unmet, by field")
    priority: Priority = 1


class BorderStaff(Document):
    """People of one school who are alike: they know the same fields and go equally far."""

    id: StaffId
    school: SchoolCode
    province: str
    fields: list[FieldCode]
    days: Count = Field(description="person-days a week to spare")
    max_m: Metres = 100_000_000


class BorderPolicy(Document):
    max_m: Metres = 60_000


class BorderDocument(Document):
    """Stage E: spare person-days of schools to unmet need of communes in other provinces, not far away."""

    schema_: Literal["mw-border/1"] = Field(alias="schema")
    stage: Literal["E"] = "E"
    id: str
    title: str = ""
    needs: list[BorderNeed]
    staff: list[BorderStaff]
    dist_m: dict[CommuneCode, dict[SchoolCode, Metres]] = Field(description="pairs left out are out of reach")
    policy: BorderPolicy = Field(default_factory=BorderPolicy)


class BorderSolution(Document):
    """Days given, and prices that prove nothing better exists: what one more needed or spare day would be worth."""

    support: list[tuple[CommuneCode, StaffId, FieldCode, Whole]]
    need_prices: list[tuple[CommuneCode, FieldCode, Whole]] = Field(default_factory=list)
    staff_prices: list[tuple[StaffId, Whole]] = Field(default_factory=list)


class InfeasibleSolution(Document):
    """No plan keeps every hard rule; `conflict` is a smallest clashing set of pins and rules, by name."""

    status: Literal["infeasible"] = "infeasible"
    conflict: list[Any]


ProblemDocument = Annotated[
    InstanceDocument | PlacementDocument | SecondmentDocument | GroupsDocument | BorderDocument,
    Field(discriminator="schema_"),
]
SolutionDocument = (
    InstanceSolution | PlacementSolution | SecondmentSolution | GroupsSolution | BorderSolution | InfeasibleSolution
)
