"""Messages of before a change of the schema are kept, can be found by what they were known by, and go on."""

import json
from uuid import UUID, uuid4

import asyncpg
from commune_schemas.notices import PersonNotice
from notifier.migrations import upgrade
from notifier.outbound import open_notice
from notifier.settings import Settings

from tests.notifier.people import make_placement

PLAN, PERSON = UUID(int=1), UUID(int=2)
OLD_NOTICE = {
    "plan_id": str(PLAN),
    "plan_version": 3,
    "volunteer_id": str(PERSON),
    "kind": "placement_assigned",
    "full_name": "Nguyễn Thị Ánh Nguyệt",
    "role": "lecturer",
    "email": "nguyet@example.vn",
    "phone": "+84912345678",
    "school_name": "Trường Đại học Khánh Hòa",
    "campaign_name": "Đợt 1",
    "placement": make_placement().model_dump(mode="json"),
    "previous": None,
    "answer_url": "https://vidu.example/a/Kho4Ma",
    "calendar_uid": "x@commune-roster",
    "calendar_sequence": 3,
}


async def test_messages_of_before_sources_and_recipients_keep_id_reference_and_words_and_lose_contacts(
    postgres_url: str,
) -> None:
    url = Settings(notifier_database_url=postgres_url).notifier_database_url
    await upgrade(url, revision="0001")
    connection = await asyncpg.connect(postgres_url)
    message_id = uuid4()
    try:
        await write_old_rows(connection, message_id)
        await upgrade(url)
        row = await connection.fetchrow("select * from notifier.messages")
        answer = json.loads(await connection.fetchval("select answer from notifier.resends"))
    finally:
        await connection.close()
    kept = {name: row[name] for name in ("id", "reference", "source_kind", "source_id", "source_version")}
    assert kept == {
        "id": message_id,
        "reference": "ref",
        "source_kind": "plan",
        "source_id": PLAN,
        "source_version": 3,
    }
    assert (row["recipient_kind"], row["recipient_id"], row["thread"]) == (
        "volunteer",
        str(PERSON),
        "x@commune-roster",
    )
    notice = open_notice(row["id"], row["notice_sealed"])
    assert isinstance(notice, PersonNotice)
    assert (notice.source.id, notice.recipient.id, notice.thread) == (PLAN, str(PERSON), "x@commune-roster")
    assert notice.placement == make_placement()
    assert not any(secret in notice.model_dump_json() for secret in ("nguyet@", "912345678", "Kho4Ma"))
    assert (answer["source"]["id"], answer["recipient"]["id"]) == (str(PLAN), str(PERSON))


async def write_old_rows(connection: asyncpg.Connection, message_id: UUID) -> None:
    """A message and its resend as revision 0001 kept them."""
    await connection.execute(
        "insert into notifier.messages (id, reference, plan_id, plan_version, volunteer_id, channel, kind,"
        " calendar_uid, school_name, commune_code, notice, priority, expires_at)"
        " values ($1, 'ref', $2, 3, $3, 'email', 'placement_assigned', 'x@commune-roster', 'Trường', '22615', $4,"
        " 1, now())",
        message_id,
        PLAN,
        PERSON,
        json.dumps(OLD_NOTICE),
    )
    await connection.execute(
        "insert into notifier.resends (message_id, reason, status_before, answer) values ($1, 'why', 'failed', $2)",
        message_id,
        json.dumps({"id": str(message_id)}),
    )
