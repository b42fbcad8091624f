"""The month's files against what was said in it: read back by other libraries, every number reckoned anew.

Nothing here asks a service; who came is known from the words alone, money from words and rates.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
from commune_schemas.amounts import amount
from docx import Document

from commune_demo import case
from commune_demo.sinks import address_of

FIGURES = {
    "people_planned": "Người được phân công",
    "people_came": "Người đã đến xã, đã xác nhận",
    "days_planned": "Ngày công theo kế hoạch",
    "days_served": "Ngày công đã xác nhận",
    "days_absent": "Ngày vắng",
    "days_unconfirmed": "Ngày chưa xác nhận",
    "blockers_raised": "Vướng mắc đã nêu",
    "blockers_solved": "Vướng mắc đã xử lý",
    "blockers_at_secretary": "Vướng mắc đã lên Văn phòng Bí thư",
    "blocker_hours": "Số giờ xử lý một vướng mắc, trung bình",
    "blocker_working_hours": "Trong đó giờ làm việc, trung bình",
    "evaluations_given": "Phiếu đánh giá đã nhận",
    "duties_done": "Lượt nhiệm vụ đã thực hiện",
    "allowances_vnd": "Kinh phí hỗ trợ (đồng)",
}
BLOCKER = {"blocker_hours": 161, "blocker_working_hours": 32}
"""By hand, from Friday 11 December 16:50 to Friday the 18th 10:00: 10 minutes, 4 days of 7.5 hours, two and a half."""
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
SECRETARY = "vanphong.tinhuy@example.vn"
QUESTION = "Xin cho biết ai đã đến xã"


def reckon_pay(kept: Mapping[str, Any]) -> dict[tuple[str, str], Counter[str]]:
    """By (month, person): days paid, and whole đồng."""
    roles = {row["volunteer_id"]: row["role"] for row in kept["placements"]}
    remote = {commune.code for commune in case.communes() if commune.is_remote}
    paid: dict[tuple[str, str], Counter[str]] = {}
    for word in kept["words"]:
        if word["outcome"] == "absent":
            continue
        who, day = word["replaced_by_volunteer_id"] or word["volunteer_id"], word["serves_on"]
        hold = [r for r in kept["rates"] if r["valid_from"] <= day and (r["valid_until"] or day) >= day]
        own = {r["component"]: r["amount_vnd"] for r in hold if r["role"] is None}
        own |= {r["component"]: r["amount_vnd"] for r in hold if r["role"] == roles[who]}
        amount = own["service_day"] + (own["remote_day"] if word["commune_code"] in remote else 0)
        paid.setdefault((day[:7], who), Counter()).update(days=1, vnd=amount)
    return paid


def reckon_figures(kept: Mapping[str, Any]) -> dict[str, int]:
    words = kept["words"]
    came = [word for word in words if word["outcome"] != "absent"]
    return {
        "people_planned": len({word["volunteer_id"] for word in words}),
        "people_came": len({word["replaced_by_volunteer_id"] or word["volunteer_id"] for word in came}),
        "days_planned": sum(len(row["dates"]) for row in kept["placements"]),
        "days_served": len(came),
        "days_absent": len(words) - len(came),
        "days_unconfirmed": 0,
        "blockers_raised": 1,
        "blockers_solved": 1,
        "blockers_at_secretary": 1,
        **BLOCKER,
        "evaluations_given": kept["marks"],
        "duties_done": kept["counted"],
        "allowances_vnd": sum(pay["vnd"] for pay in reckon_pay(kept).values()),
    }


def list_month_faults(folder: Path, mails: Sequence[EmailMessage]) -> list[str]:
    """Every number that is not what was reckoned, every paper that does not open or lacks what it must say."""
    kept = json.loads((folder / "month.json").read_text(encoding="utf-8"))
    faults = _hold_review(folder, kept)
    for name, month in (("allowances.xlsx", "2026-12"), ("allowances-2.xlsx", "2027-01")):
        faults += _hold_allowances(folder / name, kept, month)
    faults += _hold_reports(folder / "activity-reports", kept)
    if MOTTO not in read_docx(folder / "decision.docx"):
        faults.append("decision.docx lacks the national motto")
    faults += _hold_wave(kept["wave"], kept["placements"])
    asked, wanted = list_asked(mails), list_silent_schools(kept)
    if asked != wanted:
        faults.append(f"schools asked about silent communes: {sorted(asked)} instead of {sorted(wanted)}")
    if not is_secretary_told(mails):
        faults.append("the Secretary's office got no mail about the blocker")
    return [f"month: {fault}" for fault in faults]


def list_silent_schools(kept: Mapping[str, Any]) -> set[str]:
    """Addresses of the schools whose people served the communes that were late."""
    schools = {row["school_code"] for row in kept["placements"] if row["commune_code"] in kept["late"]}
    return {school.contact_email for school in case.schools() if school.code in schools}


def list_asked(mails: Sequence[EmailMessage]) -> set[str]:
    """Addresses that were asked who came."""
    return {address_of(mail) for mail in mails if QUESTION in str(mail["Subject"])}


def is_secretary_told(mails: Sequence[EmailMessage]) -> bool:
    return any(address_of(mail) == SECRETARY for mail in mails)


def _hold_review(folder: Path, kept: Mapping[str, Any]) -> list[str]:
    wanted = reckon_figures(kept)
    shown = {figure["key"]: figure["value"] for figure in json.loads((folder / "review.json").read_text())["figures"]}
    book = openpyxl.load_workbook(folder / "review.xlsx", read_only=True)
    written = {row[0]: row[1] for row in book["Chỉ tiêu"].iter_rows(min_row=2, values_only=True)}
    text = read_docx(folder / "review.docx")
    faults = []
    for key, label in FIGURES.items():
        number = f"{wanted[key]:,}".replace(",", ".")
        if (shown[key], written[label]) != (wanted[key], wanted[key]) or number not in text:
            faults.append(f"review: {key} is {shown[key]}, in xlsx {written[label]}; reckoned {wanted[key]}")
    served = Counter(word["commune_code"] for word in kept["words"] if word["outcome"] != "absent")
    heads, *rows = book["Theo xã"].iter_rows(values_only=True)
    column = heads.index("Ngày xác nhận")
    if {row[0]: row[column] for row in rows if row[column]} != dict(served):
        faults.append("review.xlsx: days served by commune are not those of the words")
    return faults


def _hold_allowances(file: Path, kept: Mapping[str, Any], month: str) -> list[str]:
    names = {row["volunteer_id"]: row["full_name"] for row in kept["placements"]}
    wanted = Counter(
        (names[who], pay["days"], pay["vnd"]) for (when, who), pay in reckon_pay(kept).items() if when == month
    )
    book = openpyxl.load_workbook(file, read_only=True)
    rows = [row for row in book["Danh sách chi"].iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    paid = Counter((row[1], row[4], row[5]) for row in rows)
    by_school = sum(
        row[7] for row in book["Theo trường"].iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)
    )
    total = sum(vnd * times for (_, _, vnd), times in wanted.items())
    faults = (
        []
        if paid == wanted
        else [f"{file.name}: {amount(sum((paid - wanted).values()), 'person is', 'people are')} paid otherwise"]
    )
    return faults + ([] if by_school == total else [f"{file.name}: {by_school} đồng by school, reckoned {total}"])


def _hold_reports(folder: Path, kept: Mapping[str, Any]) -> list[str]:
    names = {row["volunteer_id"]: row["full_name"] for row in kept["placements"]}
    days = Counter(
        word["replaced_by_volunteer_id"] or word["volunteer_id"]
        for word in kept["words"]
        if word["outcome"] != "absent"
    )
    faults = []
    for report in kept["reports"]:
        text, person = read_docx(folder / report["file"]), report["volunteer_id"]
        sentence = f"Ngày công đã được xác nhận: {days[person]} ngày"
        if not (report["is_valid"] and all(part in text for part in (names[person], sentence, report["code"]))):
            faults.append(f"activity report {report['file']} lacks name, days or a code that holds")
    return faults


def _hold_wave(wave: Mapping[str, Any], placements: Sequence[Mapping[str, Any]]) -> list[str]:
    """Everybody of the first wave is accounted for, and no more changes than the least and those who waited."""
    if not wave["people_told"]:
        return ["second wave: nobody was told of it"]
    changes = wave["other_days"] + wave["moves"] + wave["leaves"] + wave["joins"]
    known = wave["stays"] + wave["other_days"] + wave["moves"] + wave["leaves"]
    is_right = known == len(placements) and changes <= wave["allowed"]
    return [] if is_right else [f"second wave: {known} of {len(placements)} are known, {changes} change"]


def read_docx(file: Path) -> str:
    """Paragraphs, tables, footers."""
    paper = Document(str(file))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    lines += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    for section in paper.sections:
        lines += [paragraph.text for paragraph in section.footer.paragraphs]
        lines += [cell.text for table in section.footer.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)
