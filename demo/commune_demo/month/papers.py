"""What the month leaves behind, as files: review, allowances, activity reports, and what was said in month.json."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from commune_demo import case
from commune_demo.api import Api
from commune_demo.month.playing import LEGAL_BASIS, RATES, Month, Playing

FIRST_MONTH, SECOND_MONTH = "2026-12-01", "2027-01-01"
REPORTS = 3


class MonthPapers:
    """`leave` asks for everything over the API and writes it under `output`; nothing is checked here."""

    def __init__(self, *, admin: Api, playing: Playing, output: Path) -> None:
        self._admin, self._playing, self._output = admin, playing, output

    def leave(self, month: Month) -> dict[str, Any]:
        """The content of month.json: what was done and said, for whoever checks the papers."""
        path = f"/v1/campaigns/{month.campaign_id}"
        with self._playing.key("finance") as finance:
            for rate in RATES:
                facts = {"province_code": case.PROVINCE_CODE, "valid_from": FIRST_MONTH, "legal_basis": LEGAL_BASIS}
                finance.post("/v1/allowance-rates", facts | rate)
            for first_day in (FIRST_MONTH, SECOND_MONTH):
                finance.post(f"{path}/allowance-statements", {"month": first_day})
            paid = self._pay_first(finance, path)
            for name, first_day in (("allowances.xlsx", FIRST_MONTH), ("allowances-2.xlsx", SECOND_MONTH)):
                (self._output / name).write_bytes(finance.get_bytes(f"{path}/allowances.xlsx?month={first_day}"))
        reports = self._issue_reports(path, month)
        for kind in ("docx", "xlsx"):
            (self._output / f"review.{kind}").write_bytes(self._admin.get_bytes(f"{path}/review.{kind}"))
        review = self._admin.get(f"{path}/review")
        return {
            "placements": [_show(row) for row in month.placements],
            "words": [asdict(word) | {"serves_on": word.serves_on.isoformat()} for word in month.words],
            "late": month.late,
            "leaver_id": month.replacement.leaver["volunteer_id"],
            "stand_in_id": month.replacement.stand_in["volunteer_id"],
            "rates": [{"valid_from": FIRST_MONTH, "valid_until": None} | rate for rate in RATES],
            "counted": month.counted,
            "marks": month.marks,
            "paid_school": paid,
            "reports": reports,
            "review": review,
            "wave": self._playing.end_wave(month),
        }

    def _pay_first(self, finance: Api, path: str) -> str:
        """One school's statement goes all the way: checked by the school, approved, paid. The school's name."""
        statements: Sequence[Mapping[str, Any]] = finance.get(f"{path}/allowance-statements", month=FIRST_MONTH)[
            "items"
        ]
        first = next(row for row in statements if row["total_vnd"])
        statement = f"/v1/allowance-statements/{first['id']}"
        with self._playing.key("school_coordinator", school_id=str(first["school_id"])) as school:
            school.move(statement, "check")
        finance.move(statement, "approve")
        finance.move(statement, "pay")
        return str(first["school_name"])

    def _issue_reports(self, path: str, month: Month) -> list[dict[str, Any]]:
        """Of who came instead of another, and of others; each code is asked about, as anybody may."""
        folder = self._output / "activity-reports"
        folder.mkdir(exist_ok=True)
        others = sorted({word.volunteer_id for word in month.words if word.outcome == "present"})
        reports = []
        for number, person in enumerate([str(month.replacement.stand_in["volunteer_id"]), *others][:REPORTS], start=1):
            request = {"kind": "activity_report", "volunteer_id": person}
            paper = self._admin.post(f"{path}/service-papers", request)
            file = folder / f"{number}.docx"
            file.write_bytes(self._admin.get_bytes(f"/v1/service-papers/{paper['id']}/paper.docx"))
            is_valid = self._admin.get(f"/v/{paper['code']}")["is_valid"]
            reports.append({"file": file.name, "volunteer_id": person, "code": paper["code"], "is_valid": is_valid})
        return reports


def _show(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("volunteer_id", "full_name", "role", "school_code", "commune_code", "dates")
    return {name: row[name] for name in kept}
