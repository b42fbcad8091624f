"""Shapes of evaluation."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from roster_api.evaluations.models import HIGHEST, LOWEST, Rated, Rater
from roster_api.shapes import Body
from roster_api.text import ParagraphsWithoutLinks

Mark = Annotated[int, Field(ge=LOWEST, le=HIGHEST, description="1 worst, 5 best")]
Words = Annotated[ParagraphsWithoutLinks, Field(max_length=2000)]
FEWEST = 3
"""No average, and no distribution, of fewer."""
FAR_MARKS = 1
"""A mean that lies so far from that of all others stands out."""


class RateHelp(Body):
    help: Mark
    attitude: Mark
    skill: Mark
    words: Words = ""


class RateReadiness(Body):
    readiness: Mark
    words: Words = ""


class EvaluationOut(BaseModel):
    """One evaluation, to who gave it and to Home Affairs."""

    id: UUID
    rater: Rater
    rated: Rated
    rated_id: str
    rated_name: str
    commune_code: str
    marks: dict[str, int]
    words: str
    rated_at: datetime
    released_at: datetime | None
    row_version: int = Field(description="The ETag to name in If-Match when it is given anew")


class CriterionSummary(BaseModel):
    """`mean` and `counts` (of marks 1 to 5) are null where fewer than three were given."""

    mean: float | None
    counts: list[int] | None


class Summary(BaseModel):
    """What is said of one school or commune. `words`: those that Home Affairs released, in no order, of nobody."""

    rated: Rated
    about_id: str
    about_name: str
    evaluations: int
    criteria: dict[str, CriterionSummary]
    words: list[str]
    outliers: dict[str, float] = Field(
        description="To Home Affairs alone: by criterion how far its mean lies from that of all others, where that is a"
        " mark or more and both are of three marks at least"
    )
