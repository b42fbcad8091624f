"""A database of an earlier release, with all it held, comes to today's schema and keeps what it knew."""

import json
from typing import Any

import notifier.audit.models
import notifier.migrations
import notifier.webhooks.models
import pytest
import roster_api.migrations
from commune_schemas.notices import PersonNotice
from commune_schemas.placement_details import PlacementDetails
from commune_service.addresses import for_sqlalchemy
from commune_service.sealing import get_sealer
from notifier.models import Message
from notifier.outbound import open_notice
from roster_api.migrations.tables import metadata as roster_metadata
from roster_api.plans.frozen import contact_place
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.schema_drift import list_drift
from tests.system.earlier_release import FACTS, SCHEMAS, read_rows, restore

pytestmark = pytest.mark.long

MIGRATIONS = {"roster": roster_api.migrations, "notifier": notifier.migrations}
METADATA = {"roster": roster_metadata, "notifier": Message.metadata}
MESSAGES = "select * from notifier.messages order by id"
KEPT = (
    "id", "reference", "channel", "kind", "status", "attempts", "provider", "provider_message_id", "superseded_at",
    "sent_at", "delivered_at", "failed_at", "next_attempt_at", "expires_at", "reason_code", "told_kind",
)  # fmt: skip
"""Of each message what must be as it was: a provider, a receipt or an officer may ask for it at any time."""


def read(placement: dict[str, Any] | None) -> PlacementDetails | None:
    return PlacementDetails.model_validate(placement) if placement else None


async def upgrade(url: str, schema: str) -> None:
    await MIGRATIONS[schema].upgrade(for_sqlalchemy(url))


async def tell_whole(url: str, row: dict[str, Any]) -> tuple[dict[str, Any] | None, str | None]:
    """A placement's words with the contacts that stand apart."""
    if row["told"] is None:
        return None, None
    told = json.loads(row["told"])
    for name in ("commune_contact", "school_contact"):
        query = f"select wrapped_key, sealed from roster.frozen_contacts where id = '{row[f'{name}_id']}'"  # noqa: S608
        (kept,) = await read_rows(url, query)
        place = contact_place(row[f"{name}_id"])
        told[name] = json.loads(get_sealer().open_with_own_key(kept["wrapped_key"], kept["sealed"], place=place))
    return told, row["told_sha256"]


def only(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_a_filled_database_of_an_earlier_release_becomes_what_the_models_say(
    postgres_url: str, schema: str
) -> None:
    await restore(postgres_url, schema)
    await upgrade(postgres_url, schema)
    engine = create_async_engine(for_sqlalchemy(postgres_url))
    async with engine.connect() as connection:
        drift = await connection.run_sync(list_drift, schema=schema, metadata=METADATA[schema])
    await engine.dispose()
    assert drift == []


async def test_every_message_keeps_its_reference_and_state_and_its_words_can_be_read(postgres_url: str) -> None:
    await restore(postgres_url, "notifier")
    before = await read_rows(postgres_url, MESSAGES)
    attempts = await read_rows(postgres_url, "select * from notifier.attempts order by id")
    receipts = await read_rows(postgres_url, "select * from notifier.receipts order by webhook_id")
    await upgrade(postgres_url, "notifier")
    after = await read_rows(postgres_url, MESSAGES)
    assert {row["status"] for row in before} == {
        *("pending", "claimed", "sending", "sent"),
        *("delivered", "failed", "unknown", "cancelled"),
    }
    assert [only(row, KEPT) for row in after] == [only(row, KEPT) for row in before]
    tries = await read_rows(postgres_url, "select * from notifier.attempts order by id")
    assert [{**each, "address_digest": None} for each in attempts] == tries != [], "nobody knows where those went"
    assert await read_rows(postgres_url, "select * from notifier.receipts order by webhook_id") == receipts != []
    for old, new in zip(before, after, strict=True):
        notice, told = open_notice(new["id"], new["notice_sealed"]), json.loads(old["notice"])
        assert (notice.source.id, notice.source.version) == (old["plan_id"], old["plan_version"])
        assert (notice.recipient.id, notice.thread) == (str(old["volunteer_id"]), old["calendar_uid"])
        assert isinstance(notice, PersonNotice)
        assert (notice.placement, notice.previous) == (read(told["placement"]), read(told["previous"]))
        secrets = [told[name] for name in ("email", "phone", "answer_url") if told[name]]
        assert not any(secret in notice.model_dump_json() for secret in secrets)


async def test_what_was_told_keeps_its_version_and_what_was_not_has_none(postgres_url: str) -> None:
    await restore(postgres_url, "roster")
    before = {row["id"]: row for row in await read_rows(postgres_url, "select * from roster.plans")}
    told = await read_rows(postgres_url, "select * from roster.placements order by plan_id, volunteer_id")
    await upgrade(postgres_url, "roster")
    after = {row["id"]: row for row in await read_rows(postgres_url, "select * from roster.plans")}
    assert {row["status"] for row in after.values()} == {"published", "superseded", "approved", "draft", "discarded"}
    for plan_id, plan in after.items():
        was_told = plan["status"] in ("published", "superseded")
        assert plan["status"] == before[plan_id]["status"]
        assert plan["draft_number"] == before[plan_id]["version"]
        assert plan["version"] == (before[plan_id]["version"] if was_told else None)
    now = await read_rows(postgres_url, "select * from roster.placements order by plan_id, volunteer_id")
    whole = [await tell_whole(postgres_url, row) for row in now]
    assert whole == [(json.loads(row["told"]) if row["told"] else None, row["told_sha256"]) for row in told]
    digests = {digest: PlacementDetails.model_validate(words) for words, digest in whole if words}
    assert digests, "answers are given to these"
    assert all(details.digest() == digest for digest, details in digests.items())


async def test_keys_of_the_role_that_services_shared_are_revoked_and_no_other(postgres_url: str) -> None:
    await restore(postgres_url, "roster")
    query = "select id, role, revoked_at is not null as is_revoked from roster.api_keys"
    before = {row["id"]: row for row in await read_rows(postgres_url, query)}
    await upgrade(postgres_url, "roster")
    after = {row["id"]: row for row in await read_rows(postgres_url, query)}
    assert {row["role"] for row in before.values()} >= {"service", *(FACTS["keys"]["made"].keys() & {"finance"})}
    for key_id, key in before.items():
        assert after[key_id]["is_revoked"] == (key["is_revoked"] or key["role"] == "service")
        assert key["role"] == "service" or after[key_id]["role"] == key["role"]
