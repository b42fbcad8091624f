"""A secondment run between roster-api (which freezes the problem and keeps the decisions) and matching-worker.

As with matching runs (matching.py, leases.py): a lease, progress that renews it, a result or a failure, each with the
lease's token. People are the province's codes here, never names; roster-api
puts names beside them for whoever may read.
"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message
from commune_schemas.documents import SecondmentDocument
from commune_schemas.matching import RunStatus, StageCertificate, StageDocuments


class SecondmentProblem(Message):
    """Frozen: the same whenever it is asked for."""

    run_id: UUID
    document: SecondmentDocument
    time_limit_seconds: Annotated[float, Field(gt=0, le=600)] = 60
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class Candidate(Message):
    """Somebody who knows a post's field and does not fill it: the rule against it, or what it would change by level."""

    person: str
    rule: str | None
    change: dict[str, int]
    vi: str
    en: str


class PostExplanation(Message):
    """Why this person fills a post, or why nobody does; who else was considered, and why not they."""

    person: str | None
    rule: str | None
    vi: str
    en: str
    alternatives: list[dict[str, Any]]
    """The next best of a filled post; what would fill an empty one, cheapest first."""
    candidates: list[Candidate]


class SecondmentResult(Message):
    lease_token: UUID
    status: RunStatus
    """Succeeded; or cancelled, with the best checked plan so far."""
    certificate: StageCertificate
    documents: StageDocuments
    explanations: dict[str, PostExplanation] = Field(description="By post; fewer where time ran out")
