"""Columns that hold sealed values, read and written as plain attributes of a row; and their sealing anew.

    phone_sealed: Mapped[bytes | None]
    phone_digest: Mapped[bytes | None]
    phone = SealedText(digest=same_phone)

`row.phone` opens, `row.phone = ...` seals for this row's place and keeps the digest beside it. In SQL there is no
phone: a query compares `phone_digest`.
"""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar, overload
from uuid import uuid4

import sqlalchemy as sa
from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import Mapper

from commune_service.sealing import PREFIX_BYTES, get_sealer

Value = TypeVar("Value")
Digest = Callable[[str], bytes]


def place_of(table: str, name: str, key: Sequence[object]) -> str:
    """What a value is sealed for: 'volunteers.phone:<id>'."""
    return f"{table}.{name}:{'/'.join(map(str, key))}"


class Sealed(ABC, Generic[Value]):
    """An attribute whose value is sealed in column `<name>_sealed`. None is None there, too."""

    def __init__(self, *, digest: Digest | None = None) -> None:
        self._digest = digest

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner = owner
        self.name = name
        self.column = f"{name}_sealed"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...

    @overload
    def __get__(self, row: object, owner: type) -> Value: ...

    def __get__(self, row: object | None, owner: type) -> Self | Value:
        if row is None:
            return self
        sealed: bytes | None = getattr(row, self.column)
        return self.read(None if sealed is None else get_sealer().open(sealed, place=self._place(row)))

    def of_columns(self, columns: Mapping[str, Any]) -> Value:
        """Of a row that was read as plain columns, its key among them."""
        sealed: bytes | None = columns[self.column]
        if sealed is None:
            return self.read(None)
        table, names = _key_of(self.owner)
        if len(names) == 1:  # of nearly every table, and of every row of a list
            place = f"{table}.{self.name}:{columns[names[0]]}"
        else:
            place = place_of(table, self.name, [columns[name] for name in names])
        return self.read(get_sealer().open(sealed, place=place))

    def __set__(self, row: object, value: Value) -> None:
        written = self.write(value)
        kept: bytes | None = getattr(row, self.column)
        if kept is not None and written is not None and get_sealer().open(kept, place=self._place(row)) == written:
            return  # sealed anew it would look like a change
        if kept is None and written is None:
            return
        sealed = None if written is None else get_sealer().seal(written, place=self._place(row))
        setattr(row, self.column, sealed)
        if self._digest is not None:
            setattr(row, f"{self.name}_digest", self._digest(str(value)) if value else None)

    @abstractmethod
    def read(self, opened: bytes | None) -> Value: ...

    @abstractmethod
    def write(self, value: Value) -> bytes | None: ...

    def _place(self, row: object) -> str:
        model: Any = type(row)
        table, names = _key_of(model)
        if names == ("id",) and getattr(row, "id", None) is None:
            row.id = uuid4()  # type: ignore[attr-defined]
        key = [getattr(row, name) for name in names]
        if None in key:
            raise ValueError(f"{self.name} of a row without its key: set the key first")
        return place_of(table, self.name, key)


@functools.cache
def _key_of(model: Any) -> tuple[str, tuple[str, ...]]:
    """(table, attributes of the key)."""
    mapper: Mapper[Any] = sa.inspect(model)
    table: Any = mapper.local_table
    return table.name, tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)


class SealedText(Sealed[str | None]):
    """One line of text."""

    def read(self, opened: bytes | None) -> str | None:
        return None if opened is None else opened.decode()

    def write(self, value: str | None) -> bytes | None:
        return None if value is None else value.encode()


class SealedBytes(Sealed[bytes | None]):
    """A file."""

    def read(self, opened: bytes | None) -> bytes | None:
        return opened

    def write(self, value: bytes | None) -> bytes | None:
        return value


class SealedJson(Sealed[Any]):
    """Whatever JSON can hold. `absent` makes the value of a row that holds none."""

    def __init__(self, *, absent: Callable[[], Any] = lambda: None) -> None:
        super().__init__()
        self._absent = absent

    def read(self, opened: bytes | None) -> Any:
        return self._absent() if opened is None else from_json(opened)

    def write(self, value: Any) -> bytes | None:
        return None if value is None else write_json(value)


def write_json(value: Any) -> bytes:
    """As a sealed column holds it."""
    return to_json(value)


@dataclass(frozen=True)
class SealedColumn:
    """A column to be sealed anew when the sealing key changed. `name`: of the place, without '_sealed'."""

    schema: str
    table: str
    column: str
    key: tuple[str, ...] = ("id",)
    name: str = ""
    knows_row: bool = True
    """False: sealed for the column alone (sealed_types)."""

    def place(self, key: Sequence[object]) -> str:
        name = self.name or self.column.removesuffix("_sealed")
        return place_of(self.table, name, key) if self.knows_row else f"{self.table}.{name}"


ROWS_AT_ONCE = 500


async def seal_anew(engine: AsyncEngine, columns: Sequence[SealedColumn]) -> dict[str, int]:
    """Everything that another key than the sealing one sealed; how many values, by table and column.

    In batches, each a transaction: services go on reading and writing meanwhile, and whoever is killed in the middle
    begins again and finds what is left. What a service changed in between it has sealed itself, and is let be.
    """
    done: dict[str, int] = {}
    for column in columns:
        name, last = f"{column.table}.{column.column}", None
        done[name] = 0
        while True:
            async with engine.begin() as connection:
                rows = await _list_old(connection, column, after=last)
                done[name] += await _seal_rows(connection, column, rows)
            if not rows:
                break
            last = rows[-1]
    return done


async def count_old(engine: AsyncEngine, columns: Sequence[SealedColumn]) -> dict[str, int]:
    """How many values another key than the sealing one sealed, by table and column."""
    counts: dict[str, int] = {}
    async with engine.connect() as connection:
        for column in columns:
            query = f"select count(*) from {column.schema}.{column.table} where {_is_old(column)}"  # noqa: S608
            found = await connection.scalar(sa.text(query), {"prefix": get_sealer().prefix})
            counts[f"{column.table}.{column.column}"] = found or 0
    return counts


def _is_old(column: SealedColumn) -> str:
    sealed = column.column
    return f"{sealed} is not null and length({sealed}) > 0 and substring({sealed} for {PREFIX_BYTES}) <> :prefix"


async def _list_old(
    connection: AsyncConnection, column: SealedColumn, *, after: sa.Row[Any] | None
) -> Sequence[sa.Row[Any]]:
    """By key, the next ROWS_AT_ONCE, locked."""
    keys = ", ".join(column.key)
    later = f"and ({keys}) > ({', '.join(f':k{n}' for n in range(len(column.key)))})" if after else ""
    query = (
        f"select {keys}, {column.column} from {column.schema}.{column.table}"  # noqa: S608 - names of our own tables
        f" where {_is_old(column)} {later} order by {keys} limit {ROWS_AT_ONCE} for update"
    )
    values = {f"k{n}": after[n] for n in range(len(column.key))} if after else {}
    return (await connection.execute(sa.text(query), {"prefix": get_sealer().prefix, **values})).all()


async def _seal_rows(connection: AsyncConnection, column: SealedColumn, rows: Sequence[sa.Row[Any]]) -> int:
    sealer = get_sealer()
    if not rows:
        return 0
    values = []
    for row in rows:
        key, sealed = tuple(row)[:-1], row[-1]
        place = column.place(key)
        anew = sealer.seal(sealer.open(sealed, place=place), place=place)
        values.append({"anew": anew, **{f"k{n}": part for n, part in enumerate(key)}})
    where = " and ".join(f"{name} = :k{n}" for n, name in enumerate(column.key))
    statement = f"update {column.schema}.{column.table} set {column.column} = :anew where {where}"  # noqa: S608
    await connection.execute(sa.text(statement), values)
    return len(rows)
