"""A read file as rows to keep and show: the preview."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from roster_api.rosters.differences import ComparedRow, Comparison
from roster_api.rosters.doubts import Doubt
from roster_api.rosters.identity import Known
from roster_api.rosters.models import RosterUpload, RosterUploadRow, RowStatus, UploadStatus
from roster_api.rosters.reading.annotating import HEADER, Remarks
from roster_api.rosters.reading.cells import without_hidden_characters as _shown
from roster_api.rosters.reading.findings import Finding
from roster_api.rosters.reading.people import CellFinding, Person, RosterRow
from roster_api.rosters.readings import chosen_of
from roster_api.rosters.schemas import ProgressRead, UploadRead

ERRORS_SHOWN = DOUBTS_SHOWN = 200
AT_WORK = {UploadStatus.UPLOADED.value, UploadStatus.READING.value, UploadStatus.COMMITTING.value}
ROWS_A_SECOND = 4000
MOST_SECONDS = 10


def preview_rows(upload_id: UUID, comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Values of roster_upload_rows: the file's rows in its order, then who is missing from it."""
    for position, row in enumerate(comparison.rows):
        yield _row(upload_id, position, row)
    for position, known in enumerate(comparison.missing, start=len(comparison.rows)):
        yield {
            "upload_id": upload_id, "position": position, "sheet": None, "row_number": None,
            "status": RowStatus.MISSING.value, "shown_name": known.values["full_name"], "volunteer_id": known.id,
            "seen_version": known.row_version, "person": None, "changes": {}, "findings": [],
        }  # fmt: skip


def _row(upload_id: UUID, position: int, compared: ComparedRow) -> dict[str, Any]:
    row, known = compared.row, compared.known
    return {
        "upload_id": upload_id, "position": position, "sheet": row.sheet, "row_number": row.row,
        "status": compared.status.value, "shown_name": row.shown_name, "volunteer_id": known.id if known else None,
        "seen_version": known.row_version if known else None,
        "person": compared.values(), "changes": compared.changes or {},
        "findings": [_finding(row.sheet, row.row, item) for item in row.findings],
    }  # fmt: skip


def summarise(comparison: Comparison) -> dict[str, Any]:
    """The first errors, and each kind of repair with its first example: columns `errors` and `repairs`."""
    errors: list[dict[str, Any]] = []
    repairs: dict[str, dict[str, Any]] = {}
    for compared in comparison.rows:
        row = compared.row
        for item in row.findings:
            if item.finding.is_error and len(errors) < ERRORS_SHOWN:
                errors.append(_finding(row.sheet, row.row, item))
            elif not item.finding.is_error:
                kind = repairs.get(item.finding.code)
                if kind is None:
                    example = _finding(row.sheet, row.row, item)
                    repairs[item.finding.code] = kind = {"code": item.finding.code, "rows": 0, "example": example}
                kind["rows"] += 1
    return {"errors": errors, "repairs": list(repairs.values())}


def show_doubts(comparison: Comparison) -> list[dict[str, Any]]:
    """Column `doubts`: each row beside whom it may be."""
    return [_doubt(comparison, doubt) for doubt in comparison.doubts[:DOUBTS_SHOWN]]


def _doubt(comparison: Comparison, doubt: Doubt) -> dict[str, Any]:
    row = comparison.rows[doubt.place].row
    return {
        "code": doubt.code, "sheet": row.sheet, "row": row.row, "choices": list(doubt.choices),
        "listed": _side(row.person or row.withheld, sheet=row.sheet, row=row.row, name=row.shown_name),
        "beside": _known_side(doubt.known) if doubt.known else _row_side(doubt.other),
    }  # fmt: skip


def _row_side(row: RosterRow | None) -> dict[str, Any] | None:
    return _side(row.person or row.withheld, sheet=row.sheet, row=row.row, name=row.shown_name) if row else None


def _side(said: Person | None, *, sheet: str, row: int, name: str) -> dict[str, Any]:
    who = {"full_name": said.full_name if said else name, "external_ref": said.external_ref if said else None}
    contacts = {"phone": said.phone if said else None, "email": said.email if said else None}
    return {"volunteer_id": None, "sheet": sheet, "row": row, "status": None, **who, **contacts}


def _known_side(one: Known) -> dict[str, Any]:
    said = {name: one.values[name] for name in ("full_name", "external_ref", "phone", "email")}
    return {"volunteer_id": str(one.id), "sheet": None, "row": None, "status": one.status, **said}


def _finding(sheet: str, row: int, item: CellFinding) -> dict[str, Any]:
    return {
        "row": row, **_words(item.finding), "sheet": _shown(sheet), "column": _shown(item.column),
        "cell": _shown(item.cell), "found": _shown(item.written),
    }  # fmt: skip


@lru_cache(4096)
def _words(finding: Finding) -> dict[str, str]:
    """What is the same wherever it was found."""
    words = {"code": finding.code, "vi": finding.vi, "en": finding.en}
    words |= {"mend_vi": finding.mend_vi, "mend_en": finding.mend_en}
    return {"severity": finding.severity.value} | {name: _shown(text) for name, text in words.items()}


def read_upload(upload: RosterUpload) -> UploadRead:
    values = {name: getattr(upload, name) for name in UploadRead.model_fields if name not in {"progress", "chosen"}}
    progress = None
    if upload.status in AT_WORK:
        progress = ProgressRead(stage=upload.stage, rows_read=upload.rows_read or 0, rows_total=upload.rows_total)
    return UploadRead.model_validate(values | {"progress": progress, "chosen": chosen_of(upload)})


def seconds_to_wait(upload: UploadRead) -> int | None:
    """After how long to ask again; None when it has come to rest."""
    if upload.status.value not in AT_WORK:
        return None
    progress = upload.progress
    left = (progress.rows_total or 0) - progress.rows_read if progress else 0
    return max(1, min(MOST_SECONDS, left // ROWS_A_SECOND))


def remarks(upload: RosterUpload, rows: Sequence[RosterUploadRow]) -> Remarks:
    """What the annotated file says beside each row: errors first, then repairs, Vietnamese then English."""
    words: Remarks = {sheet: {row: HEADER} for sheet, row in upload.header_rows.items()}
    for row in rows:
        if row.sheet is None or row.row_number is None or not row.findings:
            continue
        ordered = sorted(row.findings, key=lambda finding: finding["severity"] != "error")
        words.setdefault(row.sheet, {})[row.row_number] = "\n".join(line_of(finding) for finding in ordered)
    return words


def line_of(finding: dict[str, Any]) -> str:
    """What the annotated file says of one finding."""
    mark = "✗" if finding["severity"] == "error" else "ℹ"
    vi = " ".join(part for part in (finding["vi"], finding["mend_vi"]) if part)
    en = " ".join(part for part in (finding["en"], finding["mend_en"]) if part)
    return f"{mark} {finding['cell']}: {vi} / {en}"
