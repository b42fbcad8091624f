"""Shapes of register uploads."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field, model_validator

from roster_api.registers.declarations import Register
from roster_api.rosters.models import UploadStatus
from roster_api.rosters.reading.choices import LEFT_OUT
from roster_api.rosters.schemas import ChosenRead, ForAll, Letters, RefusalRead, TableMappingRead, Words
from roster_api.shapes import Answer, Body
from roster_api.text import Line


class RegisterRowStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


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


class RegisterUploadSummary(Answer):
    id: UUID
    province_code: str
    register_name: Register
    campaign_id: UUID | None = Field(description="Whose needs they are; null for the registers of the province")
    file_name: str
    format: str | None = Field(description="None until it was opened")
    status: UploadStatus
    counts: dict[str, int] | None = Field(
        description="None until it was read. Rows by status; `conflict`: changed meanwhile, and not written"
    )
    uploaded_by: str
    uploaded_by_id: UUID | None
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    row_version: int = Field(description="Its ETag")


class RegisterColumnRead(Answer):
    meaning: str
    label: str
    is_required: bool


class RegisterUploadRead(RegisterUploadSummary):
    refusal: RefusalRead | None = Field(description="Of a file that could not be read")
    notes: list[Words]
    columns: list[RegisterColumnRead] = Field(description="What a column may be")
    mapping: list[TableMappingRead] = Field(description="To be changed by PUT .../mapping, or by committing accepted")
    chosen: ChosenRead
    purged_at: datetime | None = Field(description="Since when neither the file nor its rows are kept")


class RegisterSheetMapping(Body):
    """What stands in the columns of one sheet; columns that are not named are read as before."""

    sheet: Line
    header_row: int | None = Field(None, ge=0, le=20_000, description="From 1; 0: no header; left out: as found")
    columns: dict[Letters, Line] = Field(
        default_factory=dict, max_length=200, description="Meaning by column, as in `mapping`, or left_out"
    )

    @model_validator(mode="after")
    def mean_each_once(self) -> "RegisterSheetMapping":
        meanings = [one for one in self.columns.values() if one != LEFT_OUT]
        if len(set(meanings)) < len(meanings):
            raise ValueError("mỗi nghĩa chỉ một cột | one column for each meaning")
        return self


class WriteRegisterMapping(Body):
    """The whole mapping: what it does not speak of is read as the reader finds it."""

    sheets: list[RegisterSheetMapping] = Field(default_factory=list, max_length=100)
    values: dict[Line, ForAll] = Field(
        default_factory=dict, max_length=30, description="{meaning: text of every row}. Its column is then not read"
    )

    @model_validator(mode="after")
    def name_each_sheet_once(self) -> "WriteRegisterMapping":
        if len({one.sheet for one in self.sheets}) < len(self.sheets):
            raise ValueError("mỗi trang chỉ nêu một lần | name each sheet once")
        return self


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
