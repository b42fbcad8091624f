"""Shapes of register uploads."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from roster_api.registers.declarations import Register
from roster_api.registers.models import RegisterStatus
from roster_api.shapes import Answer, Body


class RegisterRowStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


class Words(Answer):
    vi: str
    en: str


class RegisterFinding(Answer):
    severity: str
    code: str
    sheet: str
    row: int
    column: str
    cell: str
    written: str
    vi: str
    en: str
    mend_vi: str
    mend_en: str


class RegisterUploadRead(Answer):
    id: UUID
    province_code: str
    register_name: Register
    file_name: str
    format: str
    status: RegisterStatus
    counts: dict[str, int] = Field(description="Rows by status; `conflict`: changed meanwhile, and not written")
    notes: list[Words]
    uploaded_by: str
    uploaded_by_id: UUID | None
    created_at: datetime
    committed_at: datetime | None
    row_version: int


class RegisterRowRead(Answer):
    sheet: str
    row: int
    status: RegisterRowStatus
    code: str
    name: str
    values: dict[str, Any]
    changes: dict[str, Any] = Field(description="{column: [before, after]}")
    findings: list[RegisterFinding]


class CommitRegister(Body):
    only_good_rows: bool = Field(False, description="Write the good rows although others have errors")
