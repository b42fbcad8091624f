"""Shapes of the advice routes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commune_schemas.advice import AdviceQuestion, AdviceStatus
from pydantic import BaseModel

from roster_api.matching_runs.schemas import FailureOut


class AdviceOut(BaseModel):
    """A question and, once `ready`, its answer: `data` by kind of question (docs/replanning.md), and the same in words.

    `people` names the persons whose ids are in `data`; the words name them already.
    """

    id: UUID
    run_id: UUID
    question: AdviceQuestion
    status: AdviceStatus
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    attempts: int
    seconds: float | None
    data: dict[str, Any] | None
    text_vi: str | None
    text_en: str | None
    people: dict[UUID, str]
    failure: FailureOut | None
