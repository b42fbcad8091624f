"""Shapes of the advice routes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from commune_schemas.advice import AdviceQuestion, AdviceStatus
from pydantic import BaseModel, ConfigDict, Field

from roster_api.matching_runs.schemas import FailureOut
from roster_api.plans.schemas import Confirmation
from roster_api.text import LineWithoutLinks


class ReplacementRequest(BaseModel):
    """`volunteer_ids`: the people of one offer of who could step in, whole. `reason` is kept with the new version.

    `confirm` as for publishing: left out, the answer is 409 `plan.confirm` with the numbers to send.
    """

    model_config = ConfigDict(extra="forbid")

    leaver_id: UUID
    volunteer_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    reason: Annotated[LineWithoutLinks, Field(min_length=3, max_length=500)]
    confirm: Confirmation | None = None


class AdviceOut(BaseModel):
    """A question and, once `ready`, its answer: `data` by kind of question (docs/replanning.md), and the same in words.

    `people` names the persons whose ids are in `data`; the words name them already.
    """

    id: UUID
    run_id: UUID
    question: AdviceQuestion
    status: AdviceStatus
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    finished_at: datetime | None
    attempts: int
    seconds: float | None
    data: dict[str, Any] | None
    text_vi: str | None
    text_en: str | None
    people: dict[UUID, str]
    failure: FailureOut | None
