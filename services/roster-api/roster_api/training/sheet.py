"""A course's attendance as a sheet: down with whoever is nominated, up with who was there and how it went."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.problem import FieldError
from commune_service import clock
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from xlsxwriter import Workbook

from roster_api.access.principal import Principal
from roster_api.errors import InvalidError, pointer_error
from roster_api.rosters.reading.declared import DeclaredReading, DeclaredRow
from roster_api.rosters.reading.declared_cells import DeclaredColumn as Column
from roster_api.rosters.reading.declared_names import NAME_PARTS
from roster_api.staff.models import StaffMember
from roster_api.training import repository
from roster_api.training.models import Course, CourseAttendance, CourseResult
from roster_api.training.schemas import Participant, SheetAnswer
from roster_api.training.service import add_rows, own_commune
from roster_api.workbook_layout import height_of, print_on_a4

ERRORS_NAMED = 100
PRESENCE = (
    ("co", "yes"), ("x", "yes"), ("co mat", "yes"), ("du", "yes"), ("yes", "yes"), ("vang", "no"), ("khong", "no"),
    ("vang mat", "no"), ("no", "no"),
)  # fmt: skip
RESULTS = (
    ("dat", "passed"), ("passed", "passed"), ("khong dat", "failed"), ("chua dat", "failed"), ("failed", "failed"),
)  # fmt: skip
COLUMNS = (
    Column("code", "Mã cán bộ", r"^ma( so)?( (can bo|cong chuc|vien chuc|cbcc|hoc vien))*$|^code$", "code", True),
    Column("full_name", "Họ và tên", r"^ho( va)? ten( can bo| hoc vien)?$|^full name$", "text"),
    Column("session", "Buổi", r"^(buoi|buoi so|session)$", "number", True),
    Column("presence", "Có mặt", r"^(co mat|diem danh|present)$", "option", options=PRESENCE),
    Column("result", "Kết quả", r"^(ket qua|xep loai|result)$", "option", options=RESULTS),
    *NAME_PARTS,
)
HEADER = ("Mã cán bộ", "Họ và tên", "Đơn vị", "Buổi", "Có mặt", "Kết quả")
WIDTHS = (14, 30, 40, 8, 10, 12)
WORDS = {"passed": "Đạt", "failed": "Không đạt"}


def write_sheet(topic: str, people: Sequence[Participant], numbers: Sequence[int]) -> bytes:
    """A line a person and session, in the order of names; what is known is filled in."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        usual = {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True, "valign": "vcenter", "border": 1}
        head = book.add_format({**usual, "bold": True, "bg_color": "#EDEDED", "align": "center"})
        title = book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True})
        plain, centred = book.add_format(usual), book.add_format({**usual, "align": "center"})
        sheet = book.add_worksheet("Điểm danh")
        print_on_a4(sheet, header_row=1)
        sheet.write_string(0, 0, f"ĐIỂM DANH KHÓA HỌC: {topic}"[:200], title)
        for column, text in enumerate(HEADER):
            sheet.set_column(column, column, WIDTHS[column])
            sheet.write_string(1, column, text, head)
        row = 2
        for person in people:
            for number in numbers:
                known = (person.code, person.full_name, person.unit_name)
                sheet.set_row(row, height_of(known, WIDTHS))
                for column, text in enumerate(known):
                    sheet.write_string(row, column, text, plain)
                sheet.write_number(row, 3, number, centred)
                sheet.write_string(row, 4, "Có" if number in person.sessions else "", centred)
                result = WORDS[person.result] if person.result and number == numbers[-1] else ""
                sheet.write_string(row, 5, result, centred)
                row += 1
    return out.getvalue()


async def take_sheet(
    session: AsyncSession, *, principal: Principal, course: Course, reading: DeclaredReading
) -> SheetAnswer:
    """All of it or nothing: every line that is not understood is named. Sent again, nothing is counted twice."""
    held = (await repository.list_sessions(session, [course.id]))[course.id]
    sessions = {row.number: row.id for row in held}
    to_come = {row.number for row in held if row.held_on > clock.today()}
    query = repository.select_staff(course.province_code, own_commune(principal))
    people = {
        row[0]: row[1] for row in await session.execute(query.with_only_columns(StaffMember.code, StaffMember.id))
    }
    errors = [error for row in reading.rows for error in _errors(row, people, sessions, to_come)]
    errors += find_contradictions(reading.rows)
    if errors:
        raise InvalidError(
            "course_sheet.not_understood",
            vi=f"{len(errors)} chỗ chưa đọc được; chưa ghi gì.",
            en=f"{len(errors)} things are not understood; nothing was recorded.",
            errors=errors[:ERRORS_NAMED],
        )
    who: dict[str, Any] = {"recorded_by": principal.label, "recorded_by_id": principal.actor_id}
    there, absent = (
        {
            (sessions[row.values["session"]], people[row.values["code"]])
            for row in reading.rows
            if row.values.get("presence") == presence
        }
        for presence in ("yes", "no")
    )
    rows = [{"session_id": one, "staff_id": person} | who for one, person in sorted(there)]
    recorded = await add_rows(session, CourseAttendance, rows)
    results = {people[row.values["code"]]: row.values["result"] for row in reading.rows if row.values.get("result")}
    taken_back = await repository.list_attended(session, absent)
    await _keep_results(session, course.id, results, who, absent={person for _, person in taken_back})
    await repository.take_back(session, taken_back)
    return SheetAnswer(
        recorded=recorded, already=len(rows) - recorded, taken_back=len(taken_back), results=len(results)
    )


def find_contradictions(rows: Sequence[DeclaredRow]) -> list[FieldError]:
    """A line that says of a person's presence or result something else than a line above."""
    errors: list[FieldError] = []
    before: dict[tuple[Any, Any], str] = {}
    for row in rows:
        values = row.values
        for column, key, text in (
            ("Có mặt", (values.get("code"), values.get("session")), values.get("presence")),
            ("Kết quả", (values.get("code"), "result"), values.get("result")),
        ):
            if text and before.setdefault(key, text) != text:
                vi, en = "Dòng này nói khác một dòng ở trên.", "This line contradicts a line above."
                error = pointer_error(f"row:{row.row}/column:{column}", code="course_sheet.contradiction", vi=vi, en=en)
                errors.append(error)
    return errors


def _errors(
    row: DeclaredRow, people: dict[str, UUID], sessions: dict[int, UUID], to_come: set[int]
) -> list[FieldError]:
    errors = [
        pointer_error(f"row:{row.row}/column:{column}", code=finding.code, vi=finding.vi, en=finding.en)
        for finding, column, *_ in row.findings
        if finding.is_error
    ]
    code, number = row.values.get("code"), row.values.get("session")
    if code is not None and code not in people:
        vi, en = f"Không có cán bộ mang mã {code}.", f"Nobody of code {code}."
        errors.append(pointer_error(f"row:{row.row}/column:Mã cán bộ", code="staff.unknown", vi=vi, en=en))
    if number is not None and number not in sessions:
        vi, en = f"Khóa học không có buổi {number}.", f"The course has no session {number}."
        errors.append(pointer_error(f"row:{row.row}/column:Buổi", code="course.no_session", vi=vi, en=en))
    if number in to_come and (row.values.get("presence") or row.values.get("result")):
        vi, en = f"Buổi {number} chưa diễn ra.", f"Session {number} is still to come."
        errors.append(pointer_error(f"row:{row.row}/column:Buổi", code="course.too_early", vi=vi, en=en))
    return errors


async def _keep_results(
    session: AsyncSession, course_id: UUID, results: dict[UUID, str], who: dict[str, Any], *, absent: set[UUID]
) -> None:
    """The newer word holds, save where a certificate was issued upon the older one (named, and nothing is recorded).
    `absent`: whose attendance is taken back."""
    certified = sa.select(CourseResult.staff_id, StaffMember.code).join(StaffMember).where(
        CourseResult.course_id == course_id,
        CourseResult.certificate_code.is_not(None),
    )  # fmt: skip
    kept = dict((await session.execute(certified)).all())
    doubted = absent | {one for one, result in results.items() if result != "passed"}
    taken = sorted(kept[one] for one in doubted & kept.keys())
    if taken:
        raise InvalidError(
            "course.certified",
            vi=f"Đã cấp chứng nhận cho {', '.join(taken)}; không đổi kết quả được.",
            en=f"Certificates were issued to {', '.join(taken)}; their results stand.",
        )
    rows = [
        {"course_id": course_id, "staff_id": one, "result": result} | who for one, result in sorted(results.items())
    ]
    for start in range(0, len(rows), 2000):
        statement = insert(CourseResult).values(rows[start : start + 2000])
        newer = {name: statement.excluded[name] for name in ("result", "recorded_by", "recorded_by_id")}
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[CourseResult.course_id, CourseResult.staff_id],
                set_=newer,
                where=CourseResult.result != statement.excluded.result,
            )
        )
