"""The selection to print: by what people were chosen, who fills what and why, who was considered, what stays empty."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from roster_api.secondments.schemas import VacancyRead
from roster_api.secondments.sheet_words import SheetNames, criteria_in_words
from roster_api.workbook_layout import height_of, print_on_a4

MOVES = ("Vị trí", "Chức danh", "Lĩnh vực", "Đơn vị nhận", "Mã cán bộ", "Họ và tên", "Đơn vị cử", "Lý do chọn")
CANDIDATES = ("Vị trí", "Mã cán bộ", "Họ và tên", "Đơn vị", "Quy tắc", "Vì sao không chọn")
LEFT_OUT = ("Mã cán bộ", "Đơn vị", "Lý do không xét")
EMPTY = ("Vị trí", "Chức danh", "Lĩnh vực", "Đơn vị", "Vì sao còn trống", "Cách bổ sung rẻ nhất")
UNEXPLAINED = "Lần chọn này chưa có giải thích; xem ghi chú của chứng nhận."
WIDTHS_OF_CRITERIA = (52, 60)
WIDTHS = (16, 16, 26, 28, 14, 26, 28, 70)


def write_selection(
    criteria: dict[str, Any], considered: Sequence[dict[str, Any]], vacancies: Sequence[VacancyRead], names: SheetNames
) -> bytes:
    """Five sheets; every cell is text, so nothing in it is computed. Fields and units stand in words."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDEDED", "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})

        def write(
            name: str, header: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int] = WIDTHS
        ) -> None:
            sheet = book.add_worksheet(name)
            print_on_a4(sheet)
            for column, width in enumerate(widths[: len(header)]):
                sheet.set_column(column, column, width)
            for column, text in enumerate(header):
                sheet.write_string(0, column, text, head)
            for number, row in enumerate(rows, start=1):
                sheet.set_row(number, height_of([value or "" for value in row], widths))
                for column, value in enumerate(row):
                    sheet.write_string(number, column, "" if value is None else str(value), body)

        write("Tiêu chí", ("Tiêu chí", "Giá trị"), criteria_in_words(criteria, names), WIDTHS_OF_CRITERIA)
        write("Người được chọn", MOVES, [_move(one, names) for one in vacancies if one.person])
        write("Đã xét", CANDIDATES, [row for one in vacancies for row in _candidates(one, names)])
        left_out = [one for one in considered if not one["is_candidate"]]
        write("Không xét", LEFT_OUT, [_left_out(one, names) for one in left_out])
        write("Còn trống", EMPTY, [_empty(one, names) for one in vacancies if not one.person])
    return out.getvalue()


def _left_out(one: dict[str, Any], names: SheetNames) -> Sequence[Any]:
    return one["code"], names.units.get(one["unit_code"], one["unit_code"]), one["reason_vi"]


def _move(one: VacancyRead, names: SheetNames) -> Sequence[Any]:
    code = one.person or ""
    person, why = one.people.get(code), one.explanation.vi if one.explanation else UNEXPLAINED
    unit = names.units.get(person.unit_code, person.unit_code) if person else ""
    field = names.fields.get(one.field_code, one.field_code)
    who = (code, person.full_name if person else "", unit)
    return (one.vacancy, one.title, field, one.unit_name, *who, names.in_words(why))


def _candidates(one: VacancyRead, names: SheetNames) -> Sequence[Sequence[Any]]:
    others = one.explanation.candidates if one.explanation else []
    named = [(each, one.people.get(each.person)) for each in others]
    return [
        (
            one.vacancy,
            each.person,
            who.full_name if who else "",
            names.units.get(who.unit_code, who.unit_code) if who else "",
            each.rule,
            names.in_words(each.vi),
        )
        for each, who in named
    ]


def _empty(one: VacancyRead, names: SheetNames) -> Sequence[Any]:
    reasons = one.explanation
    mends = [mend["vi"] for mend in reasons.alternatives[:1]] if reasons else []
    why = reasons.vi if reasons else UNEXPLAINED
    field = names.fields.get(one.field_code, one.field_code)
    cheapest = names.in_words(" ".join(mends)) or "Tuyển dụng hoặc hợp đồng."
    return (one.vacancy, one.title, field, one.unit_name, names.in_words(why), cheapest)
