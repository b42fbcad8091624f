"""A read register against the province's: what each cell names is looked up, and each row is new, changed or same."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from roster_api.registers.declarations import Register
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.declared import DeclaredReading, DeclaredRow
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.words import word_key

COPIED: dict[Register, tuple[str, ...]] = {
    Register.UNITS: (
        "code", "name", "kind", "commune_code", "quota_party", "quota_government", "contact_name", "contact_phone",
        "contact_email",
    ),
    Register.STAFF: (
        "code", "full_name", "unit_id", "side", "position", "qualifications", "serving_since", "conduct",
        "conduct_note", "home_commune_code", "availability", "phone", "email",
    ),
    Register.POSTS: ("code", "title", "unit_id", "field_code", "quota", "filled", "priority"),
}  # fmt: skip
"""The columns that a register writes. One that its sheet has no column for is left as it is."""
LEAST_LEVEL = 2
WHEN_NEW: dict[Register, dict[str, Any]] = {
    Register.UNITS: {}, Register.STAFF: {"availability": "none"},
    Register.POSTS: {"quota": 1, "filled": 0, "priority": 1},
}  # fmt: skip
"""What an empty cell means where a row must have something."""


@dataclass(frozen=True)
class Names:
    """By word key of a code or a name what it stands for; a name that several have stands for none."""

    units: dict[str, UUID]
    fields: dict[str, str]
    communes: dict[str, str]
    old_communes: dict[str, str]
    """By a name of before the merger: the code of what it became part of, where that is a single one."""
    of_communes: dict[str, str]
    """By code the full name of today."""


def index_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """{word key: value} of all that is named once."""
    values: dict[str, set[Any]] = {}
    for text, value in pairs:
        values.setdefault(word_key(text), set()).add(value)
    return {key: next(iter(named)) for key, named in values.items() if len(named) == 1}


@dataclass(frozen=True)
class Kept:
    """A row of the register as it is."""

    row_version: int
    values: dict[str, Any]
    is_archived: bool


def compare(register: Register, reading: DeclaredReading, names: Names, kept: dict[str, Kept]) -> list[dict[str, Any]]:
    """The preview's rows, in the file's order. A code that comes twice is an error on the later row."""
    first_row: dict[str, int] = {}
    rows = []
    for row in reading.rows:
        _look_up(register, row, names)
        code = str(row.values.get("code") or "")
        if code:
            refuse_twice(row, code, first_row, meaning="code")
        rows.append(_preview(register, row, kept.get(code)))
    return rows


def refuse_twice(row: DeclaredRow, code: str, first_row: dict[str, int], *, meaning: str) -> None:
    """An error where an earlier row has the code; else the row is the first."""
    if first_row.setdefault(code, row.row) != row.row:
        vi, en = f"Mã {code} đã có ở dòng {first_row[code]}.", f"Code {code} stands in row {first_row[code]} already."
        wrong = error("code.twice", vi=vi, en=en, mend_vi="Xóa một dòng.", mend_en="Delete one row.")
        add_finding(row, meaning, wrong)


def count(rows: list[dict[str, Any]]) -> dict[str, int]:
    counted = Counter(row["status"] for row in rows)
    return {status: counted[status] for status in ("new", "changed", "same", "error")}


def _preview(register: Register, row: DeclaredRow, known: Kept | None) -> dict[str, Any]:
    values = {name: row.values[name] for name in COPIED[register] if name in row.values}
    for name, usual in WHEN_NEW[register].items():
        if values.get(name) is None and (known is None or name in values):
            values[name] = usual
    if register is Register.POSTS and (values.get("quota") or 1) < (values.get("filled") or 0):
        vi, en = "Số người hiện có lớn hơn định mức.", "More people than the quota."
        add_finding(
            row, "filled", error("post.filled_within_quota", vi=vi, en=en, mend_vi="Sửa số.", mend_en="Correct it.")
        )
    if register is Register.POSTS and not 1 <= (values.get("priority") or 1) <= 9:
        vi, en = "Mức ưu tiên phải từ 1 đến 9.", "The priority must be from 1 to 9."
        add_finding(
            row, "priority", error("post.priority", vi=vi, en=en, mend_vi="Ghi 1 đến 9.", mend_en="Write 1 to 9.")
        )
    changes = {}
    if known is not None:
        changes = {name: [known.values.get(name), new] for name, new in values.items() if known.values.get(name) != new}
    return preview_of(
        row, status="new" if known is None else "changed" if changes or known.is_archived else "same",
        code=str(row.values.get("code") or ""),
        name=str(row.values.get("full_name") or row.values.get("name") or row.values.get("title") or ""),
        values=values, changes=changes, seen_version=known.row_version if known else None,
    )  # fmt: skip


def preview_of(
    row: DeclaredRow, *, status: str, code: str, name: str, values: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None, seen_version: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A row of the preview. `status`: unless there is an error."""
    return {
        "sheet": row.sheet, "row": row.row, "code": code, "name": name,
        "status": "error" if any(finding.is_error for finding, *_ in row.findings) else status,
        "values": values or {}, "changes": changes or {}, "seen_version": seen_version,
        "findings": [_shown(row, item) for item in row.findings],
    }  # fmt: skip


def _shown(row: DeclaredRow, item: tuple[Finding, str, str, str]) -> dict[str, Any]:
    finding, column, cell, text = item
    words = {"code": finding.code, "sheet": row.sheet, "column": column, "cell": cell, "written": text}
    words |= {"vi": finding.vi, "en": finding.en, "mend_vi": finding.mend_vi, "mend_en": finding.mend_en}
    shown = {name: without_hidden_characters(word) for name, word in words.items()}
    return {"severity": finding.severity.value, "row": row.row, **shown}


def add_finding(row: DeclaredRow, meaning: str, finding: Finding) -> None:
    """At the cell that holds the meaning."""
    column, cell = row.cells.get(meaning, ("", f"A{row.row}"))
    row.findings.append((finding, column, cell, str(row.values.get(meaning) or "")))


def _look_up(register: Register, row: DeclaredRow, names: Names) -> None:
    """Words become ids and codes; what nothing is called is an error."""
    values = row.values
    if register is not Register.UNITS and values.get("unit"):
        values["unit_id"] = _find(row, "unit", values["unit"], names.units, vi="đơn vị", en="unit")
    for meaning in ("commune_code", "home_commune_code"):
        if values.get(meaning):
            values[meaning] = find_commune(row, meaning, values[meaning], names)
    if register is Register.POSTS and values.get("field_code"):
        values["field_code"] = _find(row, "field_code", values["field_code"], names.fields, vi="lĩnh vực", en="field")
    if register is Register.STAFF and "fields" in values:
        values["qualifications"] = _qualifications(row, names)


def find_commune(row: DeclaredRow, meaning: str, text: str, names: Names) -> str | None:
    """By code, by today's name, else by a name of before the merger, which is told."""
    key = word_key(text)
    now, then = names.communes.get(key), names.old_communes.get(key)
    if then is None or now == then:
        found: str | None = _find(row, meaning, text, names.communes, vi="xã", en="commune")
        return found
    vi, en = f"“{text}” là tên cũ; nay thuộc {names.of_communes[then]}", f"“{text}” is an old name of {then}"
    if now is not None:
        vi, en = f"{vi}. Được hiểu là {names.of_communes[now]} ({now}) ngày nay", f"{en}. Read as today's {now}"
    add_finding(row, meaning, warning("commune.old_name", vi=f"{vi}.", en=f"{en}."))
    return now or then


def _find(row: DeclaredRow, meaning: str, text: str, known: dict[str, Any], *, vi: str, en: str) -> Any:
    found = known.get(word_key(text))
    if found is None:
        wrong = error(
            f"{en}.unknown", vi=f"Không có {vi} “{text}”, hoặc có nhiều.", en=f"No {en} “{text}”, or several.",
            mend_vi=f"Ghi mã {vi} đã có trong hệ thống.", mend_en=f"Write the code of a {en} of the system.",
        )  # fmt: skip
        add_finding(row, meaning, wrong)
        return None
    return str(found)


def _qualifications(row: DeclaredRow, names: Names) -> list[dict[str, Any]]:
    """One a field. What is no field of the catalogue is kept out, and said: it may be a subject nobody asks for."""
    level = int(row.values.get("level") or LEAST_LEVEL)
    more = {"level": level, "evidence": row.values.get("evidence"), "since": row.values.get("since")}
    codes = []
    for text in [part for whole in row.values.get("fields") or [] for part in split_at_commas(whole, names.fields)]:
        code = names.fields.get(word_key(text))
        if code is None:
            vi = f"“{text}” không có trong danh mục lĩnh vực; không tính là chuyên môn."
            en = f"“{text}” is no field of the catalogue; it does not count."
            add_finding(row, "fields", warning("field.not_listed", vi=vi, en=en))
        elif code not in codes:
            codes.append(code)
    return [{"field_code": code, **more} for code in codes]


def split_at_commas(text: str, known: dict[str, str]) -> list[str]:
    """'Số hóa, Địa chính, đất đai' -> ['Số hóa', 'Địa chính, đất đai']: the longest stretches that are known."""
    pieces = [piece.strip() for piece in text.split(",")]
    parts: list[str] = []
    while pieces:
        lengths = range(len(pieces), 0, -1)
        length = next((n for n in lengths if word_key(", ".join(pieces[:n])) in known), 1)
        parts.append(", ".join(pieces[:length]))
        pieces = pieces[length:]
    return [part for part in parts if part]
