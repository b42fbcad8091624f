"""Shapes of runs of oversight groups, of groupings, and of changes by hand."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from commune_schemas.matching import RunStatus, StageCertificate
from pydantic import Field, model_validator

from roster_api.contacts import Email, Phone
from roster_api.groups.models import GroupingStatus
from roster_api.shapes import Answer, Body
from roster_api.text import Code, LineWithoutLinks, Name

Words = Annotated[LineWithoutLinks, Field(min_length=1, max_length=500)]
GroupNumber = Annotated[int, Field(ge=0, le=99)]


class Weights(StrEnum):
    """What makes a commune weigh: nothing in particular, its need, or the blockers it raised."""

    EQUAL = "equal"
    NEED = "need"  # person-days a week asked for, at least 1
    BLOCKERS = "blockers"  # 1, and 1 for each blocker of the campaign


class OverseerBody(Body):
    """An account with the role of an overseer in the province; or somebody with a name and an e-mail."""

    account_id: UUID | None = None
    name: Name | None = Field(None, description="Of who has no account")
    email: Email | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        named = self.name is not None and self.email is not None
        if named == (self.account_id is not None) or (self.account_id and (self.name or self.email or self.phone)):
            raise ValueError("Nêu account_id, hoặc name và email. | Name account_id, or name and email.")
        return self


class GroupRunRequest(Body):
    """The communes of the campaign's province into as many groups as there are overseers."""

    overseers: list[OverseerBody] = Field(min_length=1, max_length=30)
    weights: Weights = Weights.NEED
    balance_pct: int = Field(10, ge=0, le=100, description="How far a group's weight may be from the mean, per cent")
    time_limit_seconds: float = Field(30, gt=0, le=600)
    seed: int = Field(0, ge=0, le=2**31 - 1)


class GroupTerms(Answer):
    weights: Weights
    balance_pct: int
    time_limit_seconds: float
    seed: int


class OverseerRead(Answer):
    id: UUID
    name: str
    account_id: UUID | None


class GroupRunProgress(Answer):
    level: str
    percent: float
    objective: dict[str, int] | None
    message_vi: str
    message_en: str


class GroupRunFailure(Answer):
    kind: str
    vi: str
    en: str


class Clash(Answer):
    """Of an impossible run: a rule that clashes with the others named."""

    rule: str
    vi: str
    en: str


class GroupRunRead(Answer):
    id: UUID
    campaign_id: UUID
    status: RunStatus
    terms: GroupTerms
    overseers: list[OverseerRead]
    joined: list[list[str]] = Field(description="Communes taken as neighbours across water: an island and the nearest")
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    progress: GroupRunProgress | None
    certificate: StageCertificate | None
    failure: GroupRunFailure | None
    conflict: list[Clash] = Field(description="Of a run that has no solution: what clashes")
    is_conflict_proved: bool | None = Field(
        description="Of an infeasible run: checked here that no grouping exists; false: the solver's claim, which "
        "nobody checked"
    )
    grouping_id: UUID | None = Field(description="The draft it made")


class Move(Body):
    """A commune goes to another group."""

    commune_code: Code
    to: GroupNumber


class ChangeBody(Body):
    """What is to change, all at once: a swap is two moves."""

    moves: list[Move] = Field(default=[], max_length=200)
    exchanges: list[tuple[GroupNumber, GroupNumber]] = Field(
        default=[], max_length=30, description="Pairs of groups whose overseers change places"
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.moves and not self.exchanges:
            raise ValueError("Nêu ít nhất một thay đổi. | Name at least one change.")
        return self


class EditBody(ChangeBody):
    reason: Words
    despite: list[Literal["D2", "D3", "D4"]] = Field(
        default=[], max_length=3, description="Rules that may be broken by it: shape (D2) and balance (D3, D4)"
    )


class BrokenGroupRule(Answer):
    rule: str
    number: int | None = Field(description="The group")
    vi: str
    en: str


class GroupFigures(Answer):
    number: int
    communes: int
    weight: int
    km: int = Field(description="From its best centre to its communes")
    is_connected: bool


class Judgement(Answer):
    """`lo` and `hi`: between them every group should weigh. `cost_km`: all groups' kilometres."""

    lo: int
    hi: int
    cost_km: int
    groups: list[GroupFigures]
    broken: list[BrokenGroupRule]


class ChangePreview(Answer):
    """What a change would do; nothing is changed."""

    before: Judgement
    after: Judgement
    km_more: int
    newly_broken: list[BrokenGroupRule]
    summary_vi: str
    summary_en: str
    row_version: int


class CommuneOfGroup(Answer):
    commune_code: str
    commune_name: str
    weight: int
    why_vi: str | None = Field(description="As the run explained it; of who was moved by hand nothing")
    why_en: str | None


class GroupRead(Answer):
    number: int
    overseer: OverseerRead
    weight: int
    km: int
    is_connected: bool
    communes: list[CommuneOfGroup]


class GroupEditRead(Answer):
    number: int
    moves: list[Move]
    exchanges: list[tuple[int, int]]
    reason: str
    effect: dict[str, object]
    edited_by: str
    edited_by_id: UUID | None
    edited_at: datetime


class GroupingSummary(Answer):
    id: UUID
    campaign_id: UUID
    run_id: UUID
    from_id: UUID | None
    status: GroupingStatus
    version: int | None
    edits: int
    created_at: datetime
    published_by: str | None
    published_by_id: UUID | None
    published_at: datetime | None
    superseded_at: datetime | None
    row_version: int


class GroupingRead(GroupingSummary):
    """To an overseer bound to a group: the own group, and nothing of the others."""

    groups: list[GroupRead]
    judgement: Judgement | None = Field(description="Of all groups; not to who is bound to one")
    history: list[GroupEditRead]


class GroupingPublished(GroupingRead):
    narrowed: list[str] = Field(description="Overseers whose role is bound to their group from now on, by name")
