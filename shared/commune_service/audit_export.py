"""An audit as a file: CSV for a spreadsheet, or one JSON object a line; streamed, however long it is."""

import csv
import io
import json
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from commune_service.formulas import neutral

ROWS_AT_ONCE = 500


class ExportFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"

    @property
    def media_type(self) -> str:
        return "text/csv; charset=utf-8" if self is ExportFormat.CSV else "application/jsonl"


async def export_rows(
    sessions: async_sessionmaker[AsyncSession], query: Select[Any], *, form: ExportFormat
) -> AsyncIterator[str]:
    """The rows that `query` selects, in pieces; its entity's columns are the fields. Its own session, to the end."""
    async with sessions() as session:
        rows = await session.stream_scalars(query.execution_options(yield_per=ROWS_AT_ONCE))
        names: list[str] = []
        async for some in rows.partitions(ROWS_AT_ONCE):
            piece = io.StringIO()
            if not names:
                names = [column.key for column in type(some[0]).__mapper__.column_attrs]
                if form is ExportFormat.CSV:
                    csv.writer(piece).writerow(names)
            for row in some:
                fields = {name: getattr(row, name) for name in names}
                if form is ExportFormat.CSV:
                    csv.writer(piece).writerow([_cell(value) for value in fields.values()])
                else:
                    piece.write(json.dumps(fields, ensure_ascii=False, default=str) + "\n")
            yield piece.getvalue()


def _cell(value: object) -> str:
    """As text that a spreadsheet does not compute."""
    is_plain = value is None or isinstance(value, str)
    text = (value or "") if is_plain else json.dumps(value, ensure_ascii=False, default=str).strip('"')
    return neutral(str(text))
