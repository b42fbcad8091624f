"""What people said of themselves stands against a list that says otherwise: kept, and shown beside the cell. Pure."""

from datetime import datetime, timedelta, timezone
from typing import Any

from roster_api.rosters.identity import Known
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.findings import warning
from roster_api.rosters.reading.people import CellFinding, RosterRow

LOCAL = timezone(timedelta(hours=7))
NAMES: dict[str, tuple[str, str, tuple[Kind, ...]]] = {
    "free_weekdays": ("ngày rảnh", "free days", (Kind.DAYS, Kind.DAY_MARK)),
    "max_days": ("số ngày mỗi tuần", "days a week", (Kind.MAX_DAYS,)),
    "skills": ("lĩnh vực", "fields", (Kind.FIELDS, Kind.FIELD_MARK)),
    "max_distance_m": ("quãng đường", "distance", (Kind.DISTANCE,)),
    "absences": ("ngày bận", "absences", (Kind.ABSENCES,)),
}
"""By column: its name in two languages, and under which headers a list says it."""


def keep_own_words(row: RosterRow, known: Known, values: dict[str, Any]) -> dict[str, Any]:
    """{column: value} that stays as the person said it; each is a warning of the row, which the preview shows."""
    own: dict[str, dict[str, str]] = known.values.get("own_words") or {}
    kept = {name: known.values[name] for name in own if name in NAMES and values[name] != known.values[name]}
    for name in kept:
        vi, en, kinds = NAMES[name]
        header, cell = row.place(*kinds)
        day = f"{datetime.fromisoformat(own[name]['at']).astimezone(LOCAL):%d/%m/%Y}"
        said = warning(
            "own_words.kept",
            vi=f"Danh sách ghi khác với {vi} mà người này đã tự khai ngày {day}: giữ điều đã khai. Nếu danh sách đúng,"
            " hãy sửa trong hồ sơ người đó.",
            en=f"The list differs from the {en} that this person gave on {day}: what they gave is kept. If the list is"
            " right, change it on the person.",
        )
        row.findings.append(CellFinding(said, header, cell, ""))
    return kept
