"""Shapes of the routes that change a draft by hand."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from commune_schemas.base import SchoolCode, Weekday, refuse_yes_or_no
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from roster_api.plans.schemas import Confirmation, PlanOut
from roster_api.text import Code, LineWithoutLinks

MOST_EDITS = 50
Weekdays = Annotated[list[Weekday], Field(min_length=1, max_length=5), BeforeValidator(refuse_yes_or_no)]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MovePerson(_Edit):
    """The person serves that commune from now on; who had no place is given one. Without `weekdays`: as before, or as
    many as are of use. `whole_team`: the others of the person's team go along."""

    kind: Literal["move_person"]
    volunteer_id: UUID
    commune_code: Code
    weekdays: Weekdays | None = None
    whole_team: bool = False


class SendHome(_Edit):
    """The person has no place in this plan any more."""

    kind: Literal["send_home"]
    volunteer_id: UUID
    whole_team: bool = False


class SwapPeople(_Edit):
    """Each goes where the other served, on their own weekdays."""

    kind: Literal["swap_people"]
    volunteer_id: UUID
    other_id: UUID


class GivePlace(_Edit):
    """The leaver goes home; the other takes the place, on the same weekdays where they are free."""

    kind: Literal["give_place"]
    leaver_id: UUID
    volunteer_id: UUID
    weekdays: Weekdays | None = None


class SetWeekdays(_Edit):
    kind: Literal["set_weekdays"]
    volunteer_id: UUID
    weekdays: Weekdays


class MoveCommune(_Edit):
    """Another school leads the commune. `people`: the old lead's people there go home and people of the new lead who
    have no place take theirs (`replace`), or they stay and their school becomes a support (`stay`)."""

    kind: Literal["move_commune"]
    commune_code: Code
    school_code: SchoolCode
    people: Literal["replace", "stay"] = "replace"


class SwapCommunes(_Edit):
    """The leads of two communes change places, and so do their people there."""

    kind: Literal["swap_communes"]
    commune_code: Code
    other_code: Code


Edit = Annotated[
    MovePerson | SendHome | SwapPeople | GivePlace | SetWeekdays | MoveCommune | SwapCommunes,
    Field(discriminator="kind"),
]


class PreviewRequest(BaseModel):
    """All of them, in this order; one that cannot be makes nothing of the others."""

    model_config = ConfigDict(extra="forbid")

    edits: Annotated[list[Edit], Field(min_length=1, max_length=MOST_EDITS)]


class EditRequest(PreviewRequest):
    reason: Annotated[LineWithoutLinks, Field(min_length=3, max_length=500)]


class BrokenRule(BaseModel):
    """A hard rule of docs/domain.md that the edits would break, by its number."""

    rule: str
    vi: str
    en: str


class LevelChange(BaseModel):
    """One level of the objective, most important first within its stage; smaller is better."""

    stage: str
    level: str
    vi: str
    en: str
    before: int
    after: int


class TouchedPerson(BaseModel):
    """Somebody who would serve elsewhere, on other days or in other fields, or have no place.

    `is_named`: by an edit."""

    volunteer_id: UUID
    full_name: str
    school_code: str
    is_named: bool
    commune_before: str | None
    commune_after: str | None
    weekdays_before: list[int]
    weekdays_after: list[int]
    fields_before: list[str]
    fields_after: list[str]


class TouchedCommune(BaseModel):
    """A commune whose schools, people or undone work change."""

    commune_code: str
    commune_name: str
    lead_before: str | None
    lead_after: str | None
    supports_before: list[str]
    supports_after: list[str]
    people_before: int
    people_after: int
    unmet_before: int
    unmet_after: int


class ReplacedPin(BaseModel):
    """A decision that the edits put another in the place of: they are the later word."""

    decision_id: UUID
    kind: str
    commune_code: str
    decided_by: str
    reason: str


class Preview(BaseModel):
    """What the edits would do. `is_possible` false: they would be refused, for `broken`."""

    plan_id: UUID
    edit_version: int
    is_possible: bool
    broken: list[BrokenRule]
    levels: list[LevelChange]
    summary_vi: str
    summary_en: str
    people: list[TouchedPerson]
    communes: list[TouchedCommune]
    replaced_pins: list[ReplacedPin]


class EditOut(BaseModel):
    """One request's edits.

    `state`: done, undone (can be done again), or dropped (others were made after the undoing)."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    plan_id: UUID
    number: int
    state: Literal["done", "undone", "dropped"]
    edits: list[Edit]
    reason: str
    made_by: str
    made_by_id: UUID | None
    made_at: datetime
    undone_by: str | None
    undone_by_id: UUID | None
    undone_at: datetime | None
    levels: list[LevelChange]


class Edited(BaseModel):
    """The draft as it is now. `base_plan_id`, `confirm`: what approving and publishing it are to be sent."""

    plan: PlanOut
    edit: EditOut
    preview: Preview | None
    base_plan_id: UUID | None
    confirm: Confirmation
    is_notifier_asked: bool
    """As of the plan's changes."""


class CertificateLevel(BaseModel):
    """`bound`: what no plan of the run's problem can beat; `optimum`: what a run with the same pins reached, where one
    was asked for and has ended. `gap`: relative, to that run's bound where it is known, else to `bound`."""

    stage: str
    level: str
    vi: str
    en: str
    value: int
    bound: int | None
    optimum: int | None
    optimum_bound: int | None
    gap: float | None


class PlanCertificate(BaseModel):
    """What is known of a plan's worth. Of a plan as computed: its run's proof. Of a plan changed by hand: its own
    values, judged anew, beside the run's bounds and, once asked for, the optimum under the same pins."""

    plan_id: UUID
    run_id: UUID
    changed_by_hand: bool
    hand_changes: int
    is_verified: bool
    broken: list[BrokenRule]
    levels: list[CertificateLevel]
    optimum_run_id: UUID | None
    optimum_status: str | None
    optimum_is_of_this: bool
    """False: the plan was changed after that run was asked for."""
    vi: str
    en: str
