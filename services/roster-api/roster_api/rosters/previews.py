"""A read file as rows to keep and show: the preview."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from roster_api.rosters.differences import COLUMNS, ComparedRow, Comparison
from roster_api.rosters.identity import Known
from roster_api.rosters.models import RosterUpload, RosterUploadRow, RowStatus
from roster_api.rosters.reading.annotating import HEADER, Remarks
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.people import CellFinding
from roster_api.rosters.schemas import FindingRead, RepairSummary, UploadRead
from roster_api.volunteers.models import Volunteer

ERRORS_SHOWN = 200


def known_volunteer(row: Volunteer) -> Known:
    values = {name: getattr(row, name) for name in COLUMNS}
    return Known(row.id, row.row_version, row.status, values | {"free_weekdays": list(row.free_weekdays)})


def preview_rows(upload_id: UUID, comparison: Comparison) -> list[dict[str, Any]]:
    """Values of roster_upload_rows: the file's rows in its order, then who is missing from it."""
    rows = [_row(upload_id, position, row) for position, row in enumerate(comparison.rows)]
    rows += [
        {
            "upload_id": upload_id, "position": len(comparison.rows) + number, "sheet": None, "row_number": None,
            "status": RowStatus.MISSING.value, "shown_name": known.values["full_name"], "volunteer_id": known.id,
            "person": None, "changes": {}, "findings": [],
        }
        for number, known in enumerate(comparison.missing)
    ]  # fmt: skip
    return rows


def _row(upload_id: UUID, position: int, compared: ComparedRow) -> dict[str, Any]:
    row = compared.row
    year = {"year": row.person.year} if row.person else {}
    return {
        "upload_id": upload_id, "position": position, "sheet": row.sheet, "row_number": row.row,
        "status": compared.status.value, "shown_name": row.shown_name,
        "volunteer_id": compared.known.id if compared.known else None,
        "person": compared.values | year if row.person else None, "changes": compared.changes,
        "findings": [_finding(row.sheet, row.row, item) for item in row.findings],
    }  # fmt: skip


def _finding(sheet: str, row: int, item: CellFinding) -> dict[str, Any]:
    finding = item.finding
    words = {
        "code": finding.code, "sheet": sheet, "column": item.column, "cell": item.cell, "found": item.found,
        "vi": finding.vi, "en": finding.en, "mend_vi": finding.mend_vi, "mend_en": finding.mend_en,
    }  # fmt: skip
    shown = {name: without_hidden_characters(text) for name, text in words.items()}
    return {"severity": finding.severity.value, "row": row, **shown}


def read_upload(upload: RosterUpload, rows: Sequence[RosterUploadRow]) -> UploadRead:
    findings = [FindingRead.model_validate(finding) for row in rows for finding in row.findings]
    errors = [finding for finding in findings if finding.severity == "error"]
    repairs: dict[str, list[FindingRead]] = {}
    for finding in findings:
        if finding.severity == "warning":
            repairs.setdefault(finding.code, []).append(finding)
    summaries = [RepairSummary(code=code, rows=len(same), example=same[0]) for code, same in repairs.items()]
    values = {name: getattr(upload, name) for name in UploadRead.model_fields if name not in {"errors", "repairs"}}
    return UploadRead.model_validate(values | {"errors": errors[:ERRORS_SHOWN], "repairs": summaries})


def remarks(upload: RosterUpload, rows: Sequence[RosterUploadRow]) -> Remarks:
    """What the annotated file says beside each row: errors first, then repairs, Vietnamese then English."""
    words: Remarks = {sheet: {row: HEADER} for sheet, row in upload.header_rows.items()}
    for row in rows:
        if row.sheet is None or row.row_number is None or not row.findings:
            continue
        ordered = sorted(row.findings, key=lambda finding: finding["severity"] != "error")
        words.setdefault(row.sheet, {})[row.row_number] = "\n".join(_line(finding) for finding in ordered)
    return words


def _line(finding: dict[str, Any]) -> str:
    mark = "✗" if finding["severity"] == "error" else "ℹ"
    vi = " ".join(part for part in (finding["vi"], finding["mend_vi"]) if part)
    en = " ".join(part for part in (finding["en"], finding["mend_en"]) if part)
    return f"{mark} {finding['cell']}: {vi} / {en}"
