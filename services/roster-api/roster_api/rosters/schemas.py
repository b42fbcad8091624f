"""Shapes of roster uploads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from roster_api.rosters.models import RowStatus, UploadStatus
from roster_api.rosters.reading.findings import Severity
from roster_api.shapes import Answer, Body


class Words(Answer):
    vi: str
    en: str


class FindingRead(Answer):
    """What is wrong with (or was repaired in) one cell, and what to write instead."""

    severity: Severity
    code: str
    sheet: str
    row: int = Field(description="Row of the file, from 1")
    column: str = Field(description="Header of the column")
    cell: str = Field(description="Address, e.g. D14")
    found: str = Field(description="What stands there")
    vi: str
    en: str
    mend_vi: str
    mend_en: str


class RepairSummary(Answer):
    """One kind of repair, how often, and where first: to be approved by committing."""

    code: str
    rows: int
    example: FindingRead


class UploadCounts(Answer):
    new: int
    changed: int
    same: int
    missing: int = Field(description="On the roster, not in the file")
    error: int
    rows: int
    with_warnings: int


class UploadRead(Answer):
    id: UUID
    school_id: UUID
    file_name: str
    format: str
    content_sha256: str
    size_bytes: int
    status: UploadStatus
    counts: UploadCounts
    notes: list[Words] = Field(description="What was read, what was passed over")
    errors: list[FindingRead] = Field(description="The first 200; all of them in .../rows and .../annotated")
    repairs: list[RepairSummary]
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None


class UploadSummary(Answer):
    id: UUID
    school_id: UUID
    file_name: str
    status: UploadStatus
    counts: UploadCounts
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None


class UploadRowRead(Answer):
    position: int
    sheet: str | None
    row_number: int | None
    status: RowStatus
    shown_name: str
    volunteer_id: UUID | None
    person: dict[str, Any] | None = Field(description="As the roster will hold them")
    changes: dict[str, Any] = Field(description="{column: [before, after]}")
    findings: list[FindingRead]


class CommitUpload(Body):
    remove_missing: bool = Field(False, description="Take people who are not in the file off the roster")
    confirm_mass_removal: bool = Field(False, description="Needed when that takes off more than 20 %")
