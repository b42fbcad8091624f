"""A run of oversight groups (stage D) between roster-api, which freezes the problem, and matching-worker.

As with matching runs (matching.py, leases.py): a lease, progress that renews it, a result or a failure, each with the
lease's token.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message
from commune_schemas.documents import GroupsDocument
from commune_schemas.matching import RunStatus, StageCertificate, StageDocuments


class GroupsProblem(Message):
    """Frozen: the same whenever it is asked for."""

    run_id: UUID
    document: GroupsDocument
    time_limit_seconds: Annotated[float, Field(gt=0, le=600)] = 60
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class GroupExplanation(Message):
    """Why a commune is in its group: the rule that holds it there, the other groups, the best swap."""

    centre: str
    """The commune that its group is nearest to, all in all."""
    km: int
    rule: str
    """D1 to D4, or the level 'cost'."""
    vi: str
    en: str


class GroupsResult(Message):
    lease_token: UUID
    status: RunStatus
    """Succeeded; cancelled, with the best checked grouping so far; or infeasible: the solution names the conflict."""
    certificate: StageCertificate
    documents: StageDocuments
    explanations: dict[str, GroupExplanation] = Field(description="By commune; fewer where time ran out")
