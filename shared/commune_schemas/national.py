"""A national run: one matching run a province, one certificate over all, and a border round between neighbours.

The provinces' runs are ordinary matching runs (matching.py). Here is what is gathered once they have ended, and what
roster-api and matching-worker say to each other about the border round. No person appears in it: spare days are
summed over people of one school who know the same fields and go equally far.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import CommuneCode, FieldCode, Message, SchoolCode
from commune_schemas.matching import RunStatus, StageCertificate, StageDocuments


class NationalStatus(StrEnum):
    RUNNING = "running"  # some province is still to end
    SUCCEEDED = "succeeded"  # every province has a checked plan
    PARTIAL = "partial"  # some provinces have one, the others say why not
    FAILED = "failed"  # no province has one
    CANCELLED = "cancelled"  # by a person, before every province had ended


class BorderStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"  # a checked proposal is stored
    FAILED = "failed"  # the reason is stated


class LevelTotal(Message):
    """One level of one stage's objective, summed over the provinces (stage B: over their schools too)."""

    stage: str
    level: str
    objective: int
    bound: int
    gap: float
    """(objective - bound) / max(1, objective)."""


class ProvinceCertificate(Message):
    """One province's proof within the national one."""

    province_code: str
    campaign_id: UUID
    run_id: UUID
    run_status: RunStatus
    certificate_sha256: str | None
    """Of the run's certificate as canonical JSON (sorted keys, no blanks, UTF-8); None without one."""
    status: str | None
    """'optimal' | 'feasible' | 'infeasible', as the run's certificate says."""
    unmet_lower_bound: int | None
    unmet_upper_bound: int | None
    stages: list[StageCertificate]


class NationalCertificate(Message):
    """What was proved for the whole country, gathered from the provinces' certificates. Provinces share nothing, so
    sums of their bounds bound the sums of their objectives."""

    schema_version: str = "national-certificate/1"
    status: str
    """'optimal' when every province's is; 'feasible' when every province has a plan; else 'incomplete'."""
    provinces: list[ProvinceCertificate]
    levels: list[LevelTotal]
    """Over the provinces that have a plan."""
    unmet_lower_bound: int
    unmet_upper_bound: int
    unmet_gap: float
    sha256: str
    """Over [[province_code, certificate_sha256], ...] by province code, as canonical JSON."""


class BorderCommune(Message):
    """A commune that its own province's plan leaves with unmet need."""

    code: CommuneCode
    province_code: str
    latitude: float
    longitude: float
    priority: int
    unmet_days: dict[FieldCode, int]


class BorderHelpers(Message):
    """Spare days of a school's people who know the same fields and go equally far."""

    school_code: SchoolCode
    province_code: str
    latitude: float
    longitude: float
    fields: list[FieldCode]
    people: int
    days: int
    """Person-days a week: free and not used by their own province's plan."""
    max_distance_m: int


class BorderProblem(Message):
    """Everything the worker is told. Made from plans and frozen problems, which never change: always the same."""

    border_round_id: UUID
    max_distance_m: int
    seed: int
    time_limit_seconds: float
    communes: list[BorderCommune]
    helpers: list[BorderHelpers]
    certificates: dict[str, str]
    """certificate_sha256 by province code: which plans this builds on."""


class BorderSupport(Message):
    """Proposed: this school's people spend so many days a week on this field at that commune."""

    province_code: str
    commune_code: CommuneCode
    helper_province_code: str
    school_code: SchoolCode
    field: FieldCode
    days: Annotated[int, Field(ge=1)]
    distance_m: int


class BorderResult(Message):
    certificate: StageCertificate
    supports: list[BorderSupport]
    documents: StageDocuments


class BorderFailure(Message):
    """Why there is no proposal; kinds as of RunFailure."""

    kind: Annotated[str, Field(max_length=64)]
    detail_vi: Annotated[str, Field(max_length=2000)]
    detail_en: Annotated[str, Field(max_length=2000)]
