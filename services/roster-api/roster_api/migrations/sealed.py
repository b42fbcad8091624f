"""Every sealed column of this schema, and the sealing of what an earlier release left in clear."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.sealed_columns import SealedColumn, place_of
from commune_service.sealing import get_sealer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from roster_api.contacts import digest_email, digest_phone

SCHEMA = "roster"
OF_UPLOADS = ("content", "mapping", "errors", "repairs", "doubts", "undo")
LATER_OF_UPLOADS = ("refusal", "choices", "mapping_asked")
"""Sealed later than the others."""
OF_REGISTERS = ("content", "rows", "refusal", "mapping", "mapping_asked", "choices", "undo")
OF_UPLOAD_ROWS = ("person", "changes", "findings")
OFFICES = ("contact_name", "contact_phone", "contact_email")
SEALED_COLUMNS: Sequence[SealedColumn] = (
    SealedColumn(SCHEMA, "accounts", "email_sealed"),
    SealedColumn(SCHEMA, "volunteers", "phone_sealed"),
    SealedColumn(SCHEMA, "volunteers", "email_sealed"),
    SealedColumn(SCHEMA, "volunteers", "withdrawal_reason_sealed"),
    *(SealedColumn(SCHEMA, "schools", f"{name}_sealed") for name in OFFICES),
    *(SealedColumn(SCHEMA, "communes", f"{name}_sealed", key=("code",)) for name in OFFICES),
    *(SealedColumn(SCHEMA, "units", f"{name}_sealed") for name in OFFICES),
    *(SealedColumn(SCHEMA, "staff", f"{name}_sealed") for name in ("phone", "email", "conduct_note")),
    *(SealedColumn(SCHEMA, "overseers", f"{name}_sealed") for name in ("phone", "email")),
    SealedColumn(SCHEMA, "data_requests", "wanted_sealed"),
    SealedColumn(SCHEMA, "unsubscriptions", "email_sealed"),
    *(SealedColumn(SCHEMA, "starting_point_steps", f"{side}_contact_sealed") for side in ("commune", "school")),
    SealedColumn(SCHEMA, "frozen_contacts", "wrapped_key", name="contact"),
    *(SealedColumn(SCHEMA, "roster_uploads", name, knows_row=False) for name in (*OF_UPLOADS, *LATER_OF_UPLOADS)),
    *(
        SealedColumn(SCHEMA, "roster_upload_rows", name, key=("upload_id", "position"), knows_row=False)
        for name in OF_UPLOAD_ROWS
    ),
    *(SealedColumn(SCHEMA, "register_uploads", name, knows_row=False) for name in OF_REGISTERS),
    SealedColumn(SCHEMA, "idempotency_keys", "body_sealed", key=("owner", "key")),
)
"""A test holds them against the models. Of frozen contacts the keys alone: the contacts themselves stay as they are."""
ROWS_AT_ONCE = 500
Seal = Callable[[AsyncConnection], Awaitable[int]]


async def seal_what_is_clear(engine: AsyncEngine) -> None:
    """In batches, each a transaction: whoever is killed in the middle begins again and finds what is left."""
    for seal in SEALINGS:
        while True:
            async with engine.begin() as connection:
                if not await seal(connection):
                    break


def _sealing_of_text(table: str, key: str, names: Sequence[str]) -> Seal:
    digests = {"phone": digest_phone, "email": digest_email}

    async def seal(connection: AsyncConnection) -> int:
        left = " or ".join(f"({name} is not null and {name}_sealed is null)" for name in names)
        columns = ", ".join((key, *names))
        query = f"select {columns} from {SCHEMA}.{table} where {left} limit {ROWS_AT_ONCE} for update"  # noqa: S608
        rows = (await connection.execute(sa.text(query))).all()
        values = []
        for row in rows:
            value: dict[str, Any] = {"row": row[0]}
            for name, clear in zip(names, row[1:], strict=True):
                place = place_of(table, name, (row[0],))
                value[f"{name}_sealed"] = None if clear is None else get_sealer().seal(clear.encode(), place=place)
                if name in digests:
                    value[f"{name}_digest"] = None if clear is None else digests[name](clear)
            values.append(value)
        if values:
            changes = ", ".join(f"{name} = :{name}" for name in values[0] if name != "row")
            statement = f"update {SCHEMA}.{table} set {changes} where {key} = :row"  # noqa: S608
            await connection.execute(sa.text(statement), values)
        return len(values)

    return seal


async def _seal_uploads(connection: AsyncConnection) -> int:
    parts = "content, cast(mapping as text), cast(errors as text), cast(repairs as text), cast(doubts as text)"
    query = (
        f"select id, {parts}, cast(undo as text) from roster.roster_uploads"  # noqa: S608
        " where content_sealed is null and length(content) > 0 limit 10 for update"
    )
    rows = (await connection.execute(sa.text(query))).all()
    for row in rows:
        sealed = _seal_parts("roster_uploads", OF_UPLOADS, row[1:])
        changes = ", ".join(f"{name} = :{name}" for name in sealed)
        statement = f"update roster.roster_uploads set {changes} where id = :row"  # noqa: S608
        await connection.execute(sa.text(statement), {**sealed, "row": row[0]})
    return len(rows)


async def _seal_upload_rows(connection: AsyncConnection) -> int:
    query = (
        "select upload_id, position, cast(person as text), cast(changes as text), cast(findings as text)"
        " from roster.roster_upload_rows where changes_sealed is null limit :rows for update"
    )
    rows = (await connection.execute(sa.text(query), {"rows": ROWS_AT_ONCE})).all()
    values = [
        {"upload": row[0], "place": row[1], **_seal_parts("roster_upload_rows", OF_UPLOAD_ROWS, row[2:])}
        for row in rows
    ]
    if values:
        statement = (
            "update roster.roster_upload_rows set person_sealed = :person_sealed, changes_sealed = :changes_sealed,"
            " findings_sealed = :findings_sealed where upload_id = :upload and position = :place"
        )
        await connection.execute(sa.text(statement), values)
    return len(values)


def _seal_parts(table: str, names: Sequence[str], parts: Sequence[Any]) -> dict[str, bytes | None]:
    """As the column types seal them; a list of nothing is NULL, and that a row is done shows in its changes."""
    sealed: dict[str, bytes | None] = {}
    for name, part in zip(names, parts, strict=True):
        written = part.encode() if isinstance(part, str) else part
        is_empty = written is None or written == b"[]"
        sealed[f"{name}_sealed"] = None if is_empty else get_sealer().seal(bytes(written), place=f"{table}.{name}")
    return sealed


async def _seal_answers(connection: AsyncConnection) -> int:
    query = (
        "select owner, key, body from roster.idempotency_keys"
        " where body is not null and body_sealed is null limit 100 for update"
    )
    rows = (await connection.execute(sa.text(query))).all()
    for owner, key, body in rows:
        sealed = get_sealer().seal(bytes(body), place=place_of("idempotency_keys", "body", (owner, key)))
        await connection.execute(
            sa.text("update roster.idempotency_keys set body_sealed = :sealed where owner = :owner and key = :key"),
            {"sealed": sealed, "owner": owner, "key": key},
        )
    return len(rows)


async def _freeze_contacts(connection: AsyncConnection) -> int:
    """The contacts of what was told, plan by plan. The trigger that keeps published plans as they are is off meanwhile:
    not a word of what was told changes.
    """
    query = (
        "select plan_id from roster.placements where told ? 'commune_contact' and commune_contact_id is null"
        " order by plan_id limit 1"
    )
    plan_id = await connection.scalar(sa.text(query))
    if plan_id is None:
        return 0
    rows = await connection.execute(
        sa.text(
            "select distinct commune_code, school_id,"
            " cast(told->'commune_contact' as text), cast(told->'school_contact' as text)"
            " from roster.placements where plan_id = :plan and told is not null"
        ),
        {"plan": plan_id},
    )
    await connection.execute(sa.text("alter table roster.placements disable trigger keep_published"))
    for commune_code, school_id, *contacts in rows.all():
        owners = (("commune", commune_code), ("school", str(school_id)))
        for (kind, owner), contact in zip(owners, contacts, strict=True):
            await _freeze_contact(connection, plan_id, kind=kind, owner=owner, contact=contact)
    await connection.execute(sa.text("alter table roster.placements enable trigger keep_published"))
    return 1


async def _freeze_contact(connection: AsyncConnection, plan_id: object, *, kind: str, owner: str, contact: str) -> None:
    """Once for all placements of the plan that were told the same."""
    column = "commune_code" if kind == "commune" else "cast(school_id as text)"
    told = {"plan": plan_id, "owner": owner, "contact": contact}
    mine = (
        f"plan_id = :plan and {column} = :owner and {kind}_contact_id is null"
        f" and told->'{kind}_contact' = cast(:contact as jsonb)"
    )
    if not await connection.scalar(sa.text(f"select 1 from roster.placements where {mine} limit 1"), told):  # noqa: S608
        return
    contact_id = await _add_contact(connection, kind=kind, owner=owner, contact=contact)
    statement = f"update roster.placements set {kind}_contact_id = :id where {mine}"  # noqa: S608
    await connection.execute(sa.text(statement), {**told, "id": contact_id})


async def _freeze_contacts_of_reserves(connection: AsyncConnection) -> int:
    """As _freeze_contacts, of those who were told that they are held in reserve."""
    query = (
        "select plan_id, cast(told->'contact' as text) as contact, min(cast(v.school_id as text)) as school"
        " from roster.plan_reserves r join roster.volunteers v on v.id = r.volunteer_id"
        " where told ? 'contact' and school_contact_id is null group by 1, 2 limit 1"
    )
    row = (await connection.execute(sa.text(query))).one_or_none()
    if row is None:
        return 0
    contact_id = await _add_contact(connection, kind="school", owner=row.school, contact=row.contact)
    await connection.execute(sa.text("alter table roster.plan_reserves disable trigger keep_published"))
    await connection.execute(
        sa.text(
            "update roster.plan_reserves set school_contact_id = :id"
            " where plan_id = :plan and told->'contact' = cast(:contact as jsonb)"
        ),
        {"id": contact_id, "plan": row.plan_id, "contact": row.contact},
    )
    await connection.execute(sa.text("alter table roster.plan_reserves enable trigger keep_published"))
    return 1


async def _add_contact(connection: AsyncConnection, *, kind: str, owner: str, contact: str) -> UUID:
    contact_id = uuid4()
    place = place_of("frozen_contacts", "contact", (contact_id,))
    closed = get_sealer().seal_with_own_key(contact.encode(), place=place)
    await connection.execute(
        sa.text(
            "insert into roster.frozen_contacts (id, owner_kind, owner_id, sealed, wrapped_key)"
            " values (:id, :kind, :owner, :sealed, :wrapped_key)"
        ),
        {"id": contact_id, "kind": kind, "owner": owner, "sealed": closed.sealed, "wrapped_key": closed.wrapped_key},
    )
    return contact_id


SEALINGS: Sequence[Seal] = (
    _sealing_of_text("volunteers", "id", ("phone", "email")),
    _sealing_of_text("schools", "id", OFFICES),
    _sealing_of_text("communes", "code", OFFICES),
    _seal_uploads,
    _seal_upload_rows,
    _seal_answers,
    _freeze_contacts,
    _freeze_contacts_of_reserves,
)
