"""Shapes of roster uploads."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from commune_schemas.problem import FieldError
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from roster_api.rosters.models import RowStatus, Stage, UploadStatus
from roster_api.rosters.reading.choices import LEFT_OUT, MEANINGS
from roster_api.rosters.reading.findings import Severity
from roster_api.shapes import Answer, Body
from roster_api.text import Line

Choice = Literal["same_as", "new", "left_out"]


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
    left_out: int = Field(0, description="By the school's decision")
    conflict: int = Field(0, description="Changed by somebody else since the list was read: not written")
    rows: int
    with_warnings: int


class ColumnRead(Answer):
    """What a column was taken for, and the first texts in it."""

    letters: str
    header: str
    meaning: str | None = Field(description="None: not read")
    confidence: float = Field(ge=0, le=1)
    samples: list[str] = Field(description="At most 3")
    hint: str = Field("", description="What the workbook asks for when a cell of the column is entered")


class TableMappingRead(Answer):
    sheet: str
    header_row: int = Field(description="From 1; 0: the table has none")
    columns: list[ColumnRead]
    unmapped: list[ColumnRead]
    values: dict[str, str] = Field(description="What was set for all rows")


class ChosenSheetRead(Answer):
    sheet: str
    header_row: int | None
    columns: dict[str, str]


class ChosenRead(Answer):
    """What somebody chose about the columns, for this file or for the one before it; to be sent again, and changed."""

    sheets: list[ChosenSheetRead]
    values: dict[str, str | None]


class ProgressRead(Answer):
    """How far the reader is. Ask again after Retry-After."""

    stage: Stage | None = Field(description="None: it has not begun")
    rows_read: int
    rows_total: int | None = Field(description="Rows of the file; while committing, people to be written")


class RefusalRead(Answer):
    """Why the list could not be read, or not be written, and what to do."""

    code: str
    vi: str
    en: str
    errors: list[FieldError]


class SideRead(Answer):
    """Somebody on one side of a doubt: a row of the list, or (with `volunteer_id`) a person of the roster."""

    volunteer_id: UUID | None
    sheet: str | None
    row: int | None
    status: str | None
    full_name: str
    external_ref: str | None
    phone: str | None
    email: str | None


class DoubtRead(Answer):
    """A row of which it is not sure who it is; to be decided by PUT .../decisions."""

    code: str
    sheet: str
    row: int
    choices: list[Choice]
    listed: SideRead
    beside: SideRead


class Decision(Body):
    """Who a row is. `same_as` names the person."""

    sheet: Line
    row: int = Field(ge=1, le=200_000)
    is_: Choice = Field(alias="is")
    volunteer_id: UUID | None = None

    @model_validator(mode="after")
    def name_the_person(self) -> "Decision":
        if (self.volunteer_id is not None) != (self.is_ == "same_as"):
            raise ValueError("same_as cần volunteer_id, và chỉ same_as | same_as needs volunteer_id, and it alone")
        return self


class WriteDecisions(Body):
    """All decisions about a list; what is not named is decided by the reader."""

    decisions: list[Decision] = Field(max_length=1000)

    @model_validator(mode="after")
    def decide_once(self) -> "WriteDecisions":
        rows = {(one.sheet, one.row) for one in self.decisions}
        people = [one.volunteer_id for one in self.decisions if one.volunteer_id]
        if len(rows) < len(self.decisions) or len(set(people)) < len(people):
            raise ValueError("mỗi dòng, mỗi người chỉ một lần | each row and each person once")
        return self


class DecisionRead(Answer):
    sheet: str
    row: int
    is_: Choice = Field(alias="is")
    volunteer_id: UUID | None


class UploadRead(Answer):
    id: UUID
    school_id: UUID
    file_name: str
    format: str | None = Field(description="None until it was opened")
    content_sha256: str
    size_bytes: int
    status: UploadStatus
    row_version: int = Field(description="Its ETag")
    progress: ProgressRead | None = Field(description="While a reader has it, or will take it")
    refusal: RefusalRead | None = Field(description="Of a list that failed")
    counts: UploadCounts | None = Field(description="None until it was read")
    notes: list[Words] = Field(description="What was read, what was passed over")
    mapping: list[TableMappingRead] = Field(description="To be changed by PUT .../mapping, or by committing accepted")
    chosen: ChosenRead
    errors: list[FindingRead] = Field(description="The first 200; all of them in .../rows and .../annotated")
    repairs: list[RepairSummary]
    doubts: list[DoubtRead] = Field(description="The first 200 rows that may be somebody else, side by side")
    decisions: list[DecisionRead]
    created_at: datetime
    read_at: datetime | None = Field(description="The roster was compared as it was then")
    committed_at: datetime | None
    undone_at: datetime | None
    purged_at: datetime | None = Field(description="Since when neither the file nor its rows are kept")


class UploadSummary(Answer):
    id: UUID
    school_id: UUID
    file_name: str
    status: UploadStatus
    counts: UploadCounts | None
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


def _known_meaning(meaning: str) -> str:
    if meaning != LEFT_OUT and meaning not in MEANINGS:
        known = ", ".join([*MEANINGS, LEFT_OUT])
        raise ValueError(f"không biết nghĩa cột này; hãy chọn: {known} | not a meaning; choose: {known}")
    return meaning


Meaning = Annotated[str, AfterValidator(_known_meaning), Field(json_schema_extra={"enum": [*MEANINGS, LEFT_OUT]})]
Letters = Annotated[str, StringConstraints(pattern=r"^(G[A-R]|[A-F][A-Z]|[A-Z])$")]
"""A column among the first 200: A ... GR."""
ForAll = Annotated[Line, StringConstraints(min_length=1, max_length=200)]


class SheetMapping(Body):
    """What stands in the columns of one sheet; columns that are not named are read as before."""

    sheet: Line
    header_row: int | None = Field(None, ge=0, le=20_000, description="From 1; 0: no header; left out: as found")
    columns: dict[Letters, Meaning] = Field(default_factory=dict, max_length=200)


class ValuesForAll(Body):
    """As a cell would say it: "SV năm 4", "T2, T4". Columns of the same thing are then not read."""

    role: ForAll | None = None
    year: ForAll | None = None
    skills: ForAll | None = None
    free_weekdays: ForAll | None = None


class WriteMapping(Body):
    """The whole mapping: what it does not speak of is read as the reader finds it."""

    sheets: list[SheetMapping] = Field(default_factory=list, max_length=100)
    values: ValuesForAll = Field(default_factory=ValuesForAll)

    @model_validator(mode="after")
    def name_each_sheet_once(self) -> "WriteMapping":
        if len({one.sheet for one in self.sheets}) < len(self.sheets):
            raise ValueError("mỗi trang chỉ nêu một lần | name each sheet once")
        return self


class OtherListRead(Answer):
    """Another row of the same human."""

    volunteer_id: UUID
    full_name: str
    school_id: UUID
    school_name: str


class ElsewhereRead(Answer):
    """A person of this list who is on another school's list too."""

    volunteer_id: UUID
    full_name: str
    others: list[OtherListRead]


class CommitUpload(Body):
    remove_missing: bool = Field(False, description="Take people who are not in the file off the roster")
    confirm_mass_removal: bool = Field(
        False, description="Needed when that takes off more than 20 %, or people of a published plan"
    )
    only_good_rows: bool = Field(False, description="Write the rows without errors, and leave out those with errors")
