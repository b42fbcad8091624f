"""What a worker and roster-api say while a run is in the worker's hands: claim, lease, progress, and giving up."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message


class RunLease(Message):
    lease_token: UUID
    lease_seconds: int
    cancel_requested: bool


class ClaimRequest(Message):
    worker: Annotated[str, Field(min_length=1, max_length=200)]


class RunProgress(Message):
    lease_token: UUID
    stage: Annotated[str, Field(max_length=64)]
    """'A', 'B:DHKH', 'verify' ..."""
    level: Annotated[str, Field(max_length=64)]
    percent: Annotated[float, Field(ge=0, le=100)]
    objective: dict[str, int] | None = None
    bound: dict[str, int] | None = None
    gap: float | None = None
    seconds: float
    message_vi: Annotated[str, Field(max_length=500)]
    message_en: Annotated[str, Field(max_length=500)]


class ProgressAnswer(Message):
    cancel_requested: bool


class RunFailure(Message):
    lease_token: UUID
    kind: Annotated[str, Field(max_length=64)]
    """'solver_died' | 'out_of_memory' | 'timeout' | 'bad_problem' | 'verification' | 'internal'"""
    detail_vi: Annotated[str, Field(max_length=2000)]
    detail_en: Annotated[str, Field(max_length=2000)]
