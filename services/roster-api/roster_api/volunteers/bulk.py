"""Many volunteers at once: a school's roster read as plain rows, written by COPY and by statements, never one by one.

Every value goes through its column's own type; phones and e-mails are sealed for their row, as the model seals them.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.contacts import digest_email, digest_phone
from roster_api.copying import copy_records, makers_of
from roster_api.text import name_sort_key, search_key
from roster_api.volunteers.models import Volunteer

TABLE: sa.Table = Volunteer.__table__  # type: ignore[assignment]
AT_ONCE = 1000
_ALIKE = frozenset({"role", "skills", "free_weekdays", "absences", "team", "own_words"})
"""What many people have alike: held once, for a roster may have a hundred thousand. Nobody changes it in place."""
CONTACTS = {"phone": digest_phone, "email": digest_email}
_PLACES = {name: place_of(TABLE.name, name, ("",)) for name in CONTACTS}
"""How the places begin that contacts are sealed for; the row's id follows."""
_CONTACT_COLUMNS = tuple(f"{name}_{kind}" for name in CONTACTS for kind in ("sealed", "digest"))
_VARIANT = {figure: "89ab"[int(figure, 16) % 4] for figure in "0123456789abcdef"}
"""What stands for a drawn figure where an id says of which kind it is."""
Values = dict[str, Any]


def name_keys(full_name: str) -> dict[str, str]:
    """The columns that follow from a name: what it is searched and sorted by."""
    return {"search_key": search_key(full_name), "sort_key": name_sort_key(full_name)}


def _seal(volunteer_id: object, values: Values) -> Values:
    """The values of a row with its phone and e-mail as they stand there."""
    sealed, sealer = dict(values), get_sealer()
    for name, place in _PLACES.items():
        if name in sealed:
            value = sealed.pop(name)
            sealed[f"{name}_sealed"] = sealer.seal(value.encode(), place=f"{place}{volunteer_id}") if value else None
            sealed[f"{name}_digest"] = CONTACTS[name](value) if value else None
    return sealed


def _open(volunteer_id: UUID, values: Values) -> Values:
    """`values` by plain names, of which phone and e-mail are opened."""
    for name, place in _PLACES.items():
        if values.get(name) is not None:
            values[name] = get_sealer().open(values[name], place=f"{place}{volunteer_id}").decode()
    return values


async def list_roster(
    session: AsyncSession, *, school_id: UUID, columns: Sequence[str], for_update: bool = False
) -> list[tuple[UUID, int, str, Values]]:
    """(id, version, status, {column: value}) of everyone the school ever listed, the archived too.

    Equal values may be one object.
    """
    asked = [TABLE.c[f"{name}_sealed" if name in CONTACTS else name] for name in columns]
    query = sa.select(TABLE.c.id, TABLE.c.row_version, TABLE.c.status, *asked).where(TABLE.c.school_id == school_id)
    query = query.order_by(TABLE.c.id)
    query = query.execution_options(yield_per=AT_ONCE)
    people: list[tuple[UUID, int, str, Values]] = []
    same: dict[str, Any] = {}
    async for row in await session.stream(query.with_for_update() if for_update else query):
        values = _open(row[0], dict(zip(columns, row[3:], strict=True)))
        for name in _ALIKE & values.keys():
            values[name] = same.setdefault(f"{name} {values[name]}", values[name])
        people.append((row[0], row[1], str(row[2]), values))
    return people


async def fingerprint(session: AsyncSession, *, school_id: UUID) -> str:
    """Changes whenever anyone on the school's roster does."""
    line = sa.func.concat(TABLE.c.id, ":", TABLE.c.row_version)
    query = sa.select(sa.func.md5(sa.func.coalesce(sa.func.string_agg(line, sa.text("',' order by id")), "")))
    return str((await session.execute(query.where(TABLE.c.school_id == school_id))).scalar_one())


@dataclass(frozen=True, slots=True)
class SealedPeople:
    """New volunteers as the table holds them; `ids` in the order in which they were given."""

    ids: list[str]
    columns: tuple[str, ...]
    records: list[tuple[Any, ...]]


def seal_people(*, school_id: UUID, people: Sequence[Values]) -> SealedPeople:
    """New volunteers of a school, who all have values for the same columns, phone and e-mail among them."""
    ids, sealer = _new_ids(len(people)), get_sealer()
    plain = tuple(name for name in people[0] if name not in CONTACTS)
    makers = makers_of(TABLE, plain)
    values_of, phone_place, email_place = itemgetter(*plain), _PLACES["phone"], _PLACES["email"]
    records = []
    for new_id, person in zip(ids, people, strict=True):
        values = list(values_of(person))
        for place, make in makers:
            values[place] = make(values[place])
        name, phone, email = person["full_name"], person["phone"], person["email"]
        records.append((
            new_id, school_id, *values, search_key(name), name_sort_key(name),
            sealer.seal(phone.encode(), place=f"{phone_place}{new_id}") if phone else None,
            digest_phone(phone) if phone else None,
            sealer.seal(email.encode(), place=f"{email_place}{new_id}") if email else None,
            digest_email(email) if email else None,
        ))  # fmt: skip
    columns = ("id", "school_id", *plain, "search_key", "sort_key", *_CONTACT_COLUMNS)
    return SealedPeople(ids, columns, records)


async def store_people(session: AsyncSession, people: SealedPeople) -> None:
    """By COPY, in the session's transaction, which has begun."""
    await copy_records(session, TABLE, people.columns, people.records)


def _new_ids(count: int) -> list[str]:
    """As many random ids, by asking the system once."""
    drawn = os.urandom(16 * count).hex()
    numbers = (drawn[at : at + 32] for at in range(0, len(drawn), 32))
    return [f"{n[:8]}-{n[8:12]}-4{n[13:16]}-{_VARIANT[n[16]]}{n[17:20]}-{n[20:]}" for n in numbers]


async def give_up_codes(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Before codes are taken, so that two people may change codes with each other."""
    for some in _slices(sorted(ids)):
        query = sa.update(TABLE).where(TABLE.c.id.in_(some)).values(external_ref=None, updated_at=sa.func.now())
        await session.execute(query)


async def change_people(session: AsyncSession, changes: Mapping[UUID, Values]) -> None:
    """{id: {column: value}}; every row's version goes up by one."""
    by_columns: dict[tuple[str, ...], list[Values]] = defaultdict(list)
    for volunteer_id, values in changes.items():
        keys = name_keys(values["full_name"]) if "full_name" in values else {}
        whole = _seal(volunteer_id, values) | keys
        columns = tuple(sorted(whole))
        by_columns[columns].append({f"new_{name}": whole[name] for name in columns} | {"volunteer": volunteer_id})
    for columns, rows in by_columns.items():
        query = sa.update(TABLE).where(TABLE.c.id == sa.bindparam("volunteer")).values(
            {TABLE.c[name]: sa.bindparam(f"new_{name}", type_=TABLE.c[name].type) for name in columns}
            | {TABLE.c.row_version: TABLE.c.row_version + 1, TABLE.c.updated_at: sa.func.now()}
        )  # fmt: skip
        for some in _slices(rows):
            await session.execute(query, some)


async def remove_people(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """IntegrityError when one of them is named elsewhere."""
    for some in _slices(ids):
        await session.execute(sa.delete(TABLE).where(TABLE.c.id.in_(some)))


def _slices(rows: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some
