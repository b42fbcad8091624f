"""Advice on a finished matching run: a question someone asks about its plan, and what the matching worker answers.

roster-api keeps questions and answers, the worker computes them from the run's documents as solved. Neither knows names
here: people are ids, and roster-api puts names beside them for whoever may read them.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from commune_schemas.base import CommuneCode, Message, SchoolCode, refuse_yes_or_no
from commune_schemas.matching import StageDocuments

ChangeCap = Annotated[int, Field(ge=0, le=100_000)]
CurveCaps = Annotated[list[ChangeCap], Field(min_length=1, max_length=20), BeforeValidator(refuse_yes_or_no)]


class AdviceStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"  # the reason is stated


class ExplainQuestion(Message):
    """Why this school answers for the commune, what the next best would cost, and why not `school_code`.

    `resolve`: also solve the whole problem again without the chosen pair (seconds instead of milliseconds).
    """

    kind: Literal["explain"]
    commune_code: CommuneCode
    school_code: SchoolCode | None = None
    resolve: bool = False


class ReplacementsQuestion(Message):
    """Who could step in for a person who drops out, best first."""

    kind: Literal["replacements"]
    volunteer_id: UUID


class CurveQuestion(Message):
    """How good a plan can be with at most k changes against the plan being revised, for each k.

    Stage A: leads changed. Stage B: people of one school (`school_code`) whose commune or weekdays change.
    """

    kind: Literal["curve"]
    stage: Literal["A", "B"]
    school_code: SchoolCode | None = None
    ks: CurveCaps

    @model_validator(mode="after")
    def check_school(self) -> Self:
        if (self.stage == "B") != (self.school_code is not None):
            raise ValueError(
                "Giai đoạn B cần school_code, giai đoạn A thì không. | Stage B needs school_code, A has none."
            )
        return self


AdviceQuestion = Annotated[ExplainQuestion | ReplacementsQuestion | CurveQuestion, Field(discriminator="kind")]


class AdviceTask(Message):
    """What the worker gets when it takes a question: the one pair of documents the answer is computed from."""

    advice_id: UUID
    question: AdviceQuestion
    documents: StageDocuments
    time_limit_seconds: float
    seed: int


class AdviceAnswer(Message):
    """The answer as data and in words. The first answer put is kept; the same question gives the same answer."""

    data: dict[str, Any]
    text_vi: str
    text_en: str
    seconds: float


class AdviceFailure(Message):
    """Why there is no answer; kinds as of RunFailure."""

    kind: Annotated[str, Field(max_length=64)]
    detail_vi: Annotated[str, Field(max_length=2000)]
    detail_en: Annotated[str, Field(max_length=2000)]
