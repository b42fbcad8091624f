"""A matching run between roster-api (which states the problem and keeps the plan) and matching-worker (which solves).

The worker takes a lease on a run, reads MatchingProblem, reports RunProgress (which renews the lease and brings back a
wish to cancel), and ends with either MatchingResult or RunFailure. Everything it PUTs carries the lease token: a worker
that lost its lease (killed, paused, replaced) is refused with 409 code 'lease.lost' and writes nothing.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from commune_schemas.base import CommuneCode, FieldCode, Message, PlainNumbers, SchoolCode, Weekday
from commune_schemas.days import Absence, DayOff, LostDate, MovedDay, WeekdaySetAside
from commune_schemas.documents import FieldName, MinPeople, Prices
from commune_schemas.duplicates import Duplicate
from commune_schemas.left_out import LeftOut
from commune_schemas.remarks import Remark
from commune_schemas.replanning import LeastChanges
from commune_schemas.unkept import UnkeptPin


class VolunteerRole(StrEnum):
    LECTURER = "lecturer"
    TEACHER = "teacher"
    STUDENT = "student"
    OFFICIAL = "official"


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"  # a checked plan is stored; see its certificate for proof or gap
    INFEASIBLE = "infeasible"  # no plan keeps every pin and rule; the conflict is named
    FAILED = "failed"  # the reason is stated
    CANCELLED = "cancelled"  # by a person; the best checked plan so far is kept where there is one


LecturerBound = Literal["hard", "level"]
Supervision = Literal["commune", "school", "none"]
Use = Literal["need", "people", "days"]


class SolveOptions(PlainNumbers, Message):
    """What the officer asked of the solver; a request may leave out what the campaign's policy says.

    Options stored before a field was there mean what they meant then: that is what the defaults are.
    """

    time_limit_seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    contiguity: bool = False
    max_support: Annotated[int, Field(ge=0, le=10)] = 1
    max_lead_m: Annotated[int, Field(ge=0)] | None = None
    theta_pct: Annotated[int, Field(ge=100, le=1000)] = 115
    max_communes_per_lecturer: Annotated[float, Field(gt=0)] | None = 1.0
    students_per_lecturer: Annotated[int, Field(ge=1, le=100)] = 5
    lecturer_bound: LecturerBound = "hard"
    supervisors: list[VolunteerRole] = [VolunteerRole.LECTURER]
    supervised: list[VolunteerRole] = [VolunteerRole.TEACHER, VolunteerRole.STUDENT, VolunteerRole.OFFICIAL]
    supervision: Supervision = "commune"
    use: Use = "need"
    min_people: MinPeople = 0
    """Heads that a commune with a need asks for where it does not say itself."""
    prices: Prices | None = None
    counted_limit: bool = False
    """The time limit is counted from the solver's work and asks no clock: the same plan however busy the machine is."""
    max_lead_changes: Annotated[int, Field(ge=0)] | None = None
    max_placement_changes: Annotated[int, Field(ge=0)] | None = None
    """Leads, and people over all schools, that may change beyond those that must."""


class ProblemSchool(Message):
    code: SchoolCode
    name: str
    latitude: float
    longitude: float
    is_remote_capable: bool


class ProblemCommune(Message):
    code: CommuneCode
    name: str
    latitude: float
    longitude: float
    is_remote: bool
    lacks_it_staff: bool
    priority: int
    need_days: dict[FieldCode, int]
    """Person-days a week by field: people x days a week, summed over the duties of that field."""
    presence: Annotated[list[int], Field(min_length=5, max_length=5)]
    """People wanted there on each weekday, Monday first."""
    min_people: MinPeople = 0
    """Heads that must be there, whatever they do."""
    road_factor: Annotated[float, Field(ge=1, le=5)] = 1.0
    """Kilometres of road for one of the straight line."""


class MeasuredWay(Message):
    """What the province has measured; stands in the place of the straight line."""

    commune_code: CommuneCode
    school_code: SchoolCode
    metres: Annotated[int, Field(ge=0)]


class ProblemVolunteer(Message):
    """No name, phone or address: those never leave roster-api for the solver."""

    id: UUID
    school_code: SchoolCode
    role: VolunteerRole
    skills: dict[FieldCode, int]
    free_weekdays: list[Weekday]
    max_days: Annotated[int, Field(ge=0, le=5)]
    max_distance_m: int
    team: str | None = None


class ResponsibilityDecision(Message):
    """A person's decision that the solver keeps. Pin: this school leads this commune. Forbid: it must not."""

    commune_code: CommuneCode
    school_code: SchoolCode
    reason: str = ""


class PlacementDecision(Message):
    """Pin: this volunteer serves this commune, on no other than `weekdays`; one not kept is reported. Forbid: never."""

    volunteer_id: UUID
    commune_code: CommuneCode
    reason: str = ""
    weekdays: list[Weekday] | None = None


class PreviousPlacement(Message):
    volunteer_id: UUID
    commune_code: CommuneCode
    weekdays: list[Weekday]
    work_days: dict[FieldCode, int] = {}
    """What they do there: other fields are other duties, of which the person would have to be told."""
    is_confirmed: bool = False
    """The person said yes to it: dearer to change than what is only published."""


class MatchingProblem(Message):
    """Everything the worker is told; frozen when the run was asked for, so a rerun gives the same plan."""

    run_id: UUID
    campaign_id: UUID
    province_code: str
    starts_on: date
    ends_on: date
    options: SolveOptions
    fields: list[FieldCode]
    field_names: dict[FieldCode, FieldName] = {}
    schools: list[ProblemSchool]
    communes: list[ProblemCommune]
    volunteers: list[ProblemVolunteer]
    pins: list[ResponsibilityDecision] = []
    forbids: list[ResponsibilityDecision] = []
    placement_pins: list[PlacementDecision] = []
    """Where not all can be kept, the earlier go first."""
    placement_forbids: list[PlacementDecision] = []
    humans: list[Annotated[list[UUID], Field(min_length=2)]] = []
    """Volunteers who are one human on several lists: at most one row of each is placed."""
    left_out_pins: list[UnkeptPin] = []
    existing: list[ResponsibilityDecision] = []
    """Relations from before the campaign, worth keeping."""
    previous: list[ResponsibilityDecision] = []
    """Leads of the published plan being revised."""
    previous_placements: list[PreviousPlacement] = []
    days_off: list[DayOff] = []
    """Holidays and closed days, as they were known when this was frozen: no table of holidays is asked again."""
    moved_days: list[MovedDay] = []
    absences: list[Absence] = []
    neighbours: list[tuple[CommuneCode, CommuneCode]] | None = None
    """Communes that share a border; None: nobody has imported borders, and they are found by their places."""
    measured_ways: list[MeasuredWay] = []


class StageCertificate(Message):
    """What was proved for one problem document, and how to repeat it."""

    stage: str
    """'A' or 'B'."""
    school_code: SchoolCode | None
    status: str  # optimal, feasible, infeasible
    objective: dict[str, int]
    bound: dict[str, int]
    gap: dict[str, float]
    problem_sha256: str
    solution_sha256: str
    solver: str
    solver_versions: dict[str, str]
    seed: int
    workers: int
    time_limit_seconds: float | None
    seconds: float
    verified: bool
    """verify() accepted the plan and recomputed the same objective."""
    notes: list[str] = []


class Certificate(Message):
    """The whole run's proof, stored with the plan. Two runs of one problem give equal certificates save `seconds`."""

    schema_version: str = "certificate/1"
    status: str
    """'optimal' when every stage is; else 'feasible'."""
    stages: list[StageCertificate]
    unmet_lower_bound: int
    unmet_upper_bound: int
    """Joint unmet need of A and B: what no plan can beat, and what this plan reaches."""
    created_at: datetime
    worker: str
    least_changes: LeastChanges | None = None
    notes: list[str] = []
    """What a reader of the whole result should know, such as communes left without an explanation."""


class ResultResponsibility(Message):
    commune_code: CommuneCode
    school_code: SchoolCode
    is_lead: bool
    distance_m: int
    promised_days: dict[FieldCode, int]


class ResultPlacement(Message):
    volunteer_id: UUID
    commune_code: CommuneCode
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=5)]
    work_days: dict[FieldCode, int]
    distance_m: int
    dates: list[date]
    """Every day of service in the campaign's weeks: the weekly pattern less `lost`, and what is made up."""
    lost: list[LostDate] = []


class ResultShortfall(Message):
    commune_code: CommuneCode
    field: FieldCode
    needed_days: int
    unmet_days: int


class StageDocuments(Message):
    """The documents of one solved problem, exactly as solved, for anyone to re-check."""

    problem: dict[str, Any]
    solution: dict[str, Any]


class CommuneExplanation(Message):
    """Why a commune has the school it has, what else was possible, what it lacks and what would mend that.

    `data` has ids (and `vi`, `en`: the answer in one sentence), the texts have names of communes, schools and fields.
    """

    data: dict[str, Any]
    text_vi: str
    text_en: str


class MatchingResult(Message):
    lease_token: UUID
    status: RunStatus
    """SUCCEEDED, INFEASIBLE or CANCELLED (with the best checked plan so far, or none)."""
    certificate: Certificate | None
    responsibilities: list[ResultResponsibility] = []
    placements: list[ResultPlacement] = []
    shortfalls: list[ResultShortfall] = []
    set_aside: list[WeekdaySetAside] = []
    unkept_pins: list[UnkeptPin] = []
    duplicates: list[Duplicate] = []
    left_out: list[LeftOut] = []
    """Told on the run's first page: a plan is no success for who is in it nowhere."""
    remarks: list[Remark] = []
    """Told beside them: what an officer would ask first, with the reason."""
    conflict: list[dict[str, Any]] = []
    stage_a: StageDocuments | None = None
    stage_b: dict[SchoolCode, StageDocuments] = {}
    explanations: dict[CommuneCode, CommuneExplanation] = {}
    """Of every commune; the certificate's notes say it when some are missing."""
