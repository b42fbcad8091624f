"""Making the files that tests upload."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

HEADER = ["STT", "Mã số", "Họ và tên", "Vai trò", "Số điện thoại", "Email", "Ngày rảnh", "Số ngày/tuần", "Lĩnh vực"]
Row = Sequence[Any]


def person(number: int, **other: Any) -> list[Any]:
    """A good row; `other` replaces cells by header: person(1, Email='x')."""
    row: dict[str, Any] = dict(
        zip(
            HEADER,
            [number, f"SV{number:03d}", f"Nguyễn Văn {'ABCDEFGHIKLMNOPQRSTUVXY'[number % 23]}nh", "SV năm 4",
             f"095000{number:04d}", f"sv{number}@truong.example", "T2, T4", 2, "Số hóa hồ sơ"],
            strict=True,
        )
    )  # fmt: skip
    row |= other
    return list(row.values())


def xlsx(rows: Sequence[Row], *, sheet: str = "Danh sách") -> bytes:
    """A workbook of one sheet; None leaves a cell empty."""
    return xlsx_of({sheet: rows})


def xlsx_of(sheets: dict[str, Sequence[Row]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                elif value is not None:
                    page.write(number, column, value)
    book.close()
    return out.getvalue()


def roster(*rows: Row) -> bytes:
    return xlsx([HEADER, *rows])
