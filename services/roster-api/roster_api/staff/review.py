"""The review of a province's staff: by unit and side who is beyond the norm, by unit and field what is empty."""

from collections import Counter
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from xlsxwriter import Workbook

from roster_api.staff.models import Availability, Post, Side, StaffMember, Unit, UnitKind
from roster_api.staff.repository import list_active
from roster_api.workbook_layout import height_of, print_on_a4

HEADER = (
    "Mã đơn vị", "Đơn vị", "Loại", "Định mức Đảng, đoàn thể", "Hiện có Đảng, đoàn thể", "Dôi dư Đảng, đoàn thể",
    "Định mức chính quyền", "Hiện có chính quyền", "Dôi dư chính quyền",
)  # fmt: skip
WIDTHS = (14, 40, 18)
NARROW = 13
KIND_WORDS = {
    UnitKind.PROVINCIAL_AGENCY: "Cơ quan cấp tỉnh",
    UnitKind.COMMUNE_OFFICE: "UBND cấp xã",
    UnitKind.SERVICE_CENTRE: "Trung tâm",
    UnitKind.SCHOOL: "Trường",
}


class SideReview(BaseModel):
    quota: int | None = Field(description="The norm; null: none was set, and nobody is beyond it")
    staff: int
    surplus: int


class UnitReview(BaseModel):
    unit_code: str
    unit_name: str
    kind: UnitKind
    party: SideReview
    government: SideReview
    vacancies: dict[str, int] = Field(description="By field; who is seconded there is not counted")


class StaffReview(BaseModel):
    """On one page: totals, then unit by unit, by code."""

    province_code: str
    staff: int
    surplus_party: int
    surplus_government: int
    named_surplus: int = Field(description="People who are marked as surplus")
    nominated: int
    vacancies: int
    vacancies_by_field: dict[str, int]
    movable_by_field: dict[str, int] = Field(description="People marked as surplus or nominated who know the field")
    units: list[UnitReview]


async def review(session: AsyncSession, *, province_code: str) -> StaffReview:
    query = sa.select(StaffMember.unit_id, StaffMember.side, sa.func.count()).where(
        StaffMember.province_code == province_code, StaffMember.archived_at.is_(None)
    )
    grouped = (await session.execute(query.group_by(StaffMember.unit_id, StaffMember.side))).all()
    heads = {(unit_id, side): count for unit_id, side, count in grouped}
    vacancies: dict[Any, Counter[str]] = {}
    for post in await list_active(session, Post, province_code=province_code):
        if post.quota > post.filled:
            vacancies.setdefault(post.unit_id, Counter())[post.field_code] += post.quota - post.filled
    units = [
        UnitReview(
            unit_code=unit.code,
            unit_name=unit.name,
            kind=UnitKind(unit.kind),
            party=_side(unit.quota_party, heads.get((unit.id, Side.PARTY.value), 0)),
            government=_side(unit.quota_government, heads.get((unit.id, Side.GOVERNMENT.value), 0)),
            vacancies=dict(sorted(vacancies.get(unit.id, Counter()).items())),
        )
        for unit in await list_active(session, Unit, province_code=province_code)
    ]
    fields = sum((Counter(unit.vacancies) for unit in units), Counter[str]())
    marked, known = await _count_movable(session, province_code)
    return StaffReview(
        province_code=province_code,
        staff=sum(heads.values()),
        surplus_party=sum(unit.party.surplus for unit in units),
        surplus_government=sum(unit.government.surplus for unit in units),
        named_surplus=marked[Availability.SURPLUS.value],
        nominated=marked[Availability.NOMINATED.value],
        vacancies=fields.total(),
        vacancies_by_field=dict(sorted(fields.items())),
        movable_by_field=dict(sorted(known.items())),
        units=units,
    )


def _side(quota: int | None, staff: int) -> SideReview:
    return SideReview(quota=quota, staff=staff, surplus=0 if quota is None else max(0, staff - quota))


async def _count_movable(session: AsyncSession, province_code: str) -> tuple[Counter[str], Counter[str]]:
    """(people by availability, those of them who may be moved by field)."""
    query = sa.select(StaffMember.availability, StaffMember.qualifications).where(
        StaffMember.province_code == province_code,
        StaffMember.archived_at.is_(None),
        StaffMember.availability != Availability.NONE.value,
    )
    marked: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for availability, qualifications in await session.execute(query):
        marked[availability] += 1
        known.update(one["field_code"] for one in qualifications)
    return marked, known


def write_review(reviewed: StaffReview, field_names: dict[str, str]) -> bytes:
    """One sheet: a line a unit, a column a field, totals below. Sums are written, not computed."""
    fields = list(reviewed.vacancies_by_field)
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDEDED", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Rà soát")
        print_on_a4(sheet)
        sheet.freeze_panes(1, 2)
        texts = [*HEADER, *(f"Trống: {field_names.get(field, field)}" for field in fields)]
        widths = [*WIDTHS, *[NARROW] * (len(texts) - len(WIDTHS))]
        sheet.set_row(0, height_of(texts, widths))
        for column, (text, width) in enumerate(zip(texts, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, head)
        for number, unit in enumerate(reviewed.units, start=1):
            for column, text in enumerate((unit.unit_code, unit.unit_name, KIND_WORDS[unit.kind])):
                sheet.write_string(number, column, text)
            sides = [
                value for side in (unit.party, unit.government) for value in (side.quota, side.staff, side.surplus)
            ]
            for column, value in enumerate([*sides, *(unit.vacancies.get(field) for field in fields)], start=3):
                if value is not None:
                    sheet.write_number(number, column, value)
        last = len(reviewed.units) + 1
        sheet.write_string(last, 1, "Tổng cộng", head)
        totals = {5: reviewed.surplus_party, 8: reviewed.surplus_government}
        totals |= {9 + at: reviewed.vacancies_by_field[field] for at, field in enumerate(fields)}
        for column, value in totals.items():
            sheet.write_number(last, column, value, head)
    return out.getvalue()
