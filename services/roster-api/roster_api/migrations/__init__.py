"""The schema "roster" over time: `roster-api migrate`, run as a step of its own, never at service start."""

import asyncio
from pathlib import Path

from commune_service.migrations import Migrations, service_role_of
from commune_service.sealing import use_sealer

from roster_api.database import SCHEMA, create_engine
from roster_api.migrations.sealed import seal_what_is_clear
from roster_api.settings import Settings

APPEND_ONLY = (
    "audit_entries",
    "audit_blocks",
    "need_versions",
    "consents",
    "duty_versions",
    "invitation_answers",
    "blocker_steps",
    "secondment_events",
    "data_request_news",
    "step_reminders",
    "group_edits",
    "phone_calls",
)
MIGRATIONS = Migrations(
    schema=SCHEMA,
    folder=Path(__file__).parent,
    advisory_lock=7_305_001,
    append_only=APPEND_ONLY,
    pauses={"0034": seal_what_is_clear},
)


async def upgrade(database_url: str, *, revision: str = "head", service_role: str | None = None) -> None:
    """All missing revisions; what an earlier release left in clear is sealed on the way. Killed, it goes on next time.

    `service_role`: who is to read and write rows; None leaves every right as it is.
    """
    engine = create_engine(database_url, timeout_seconds=None)
    await MIGRATIONS.upgrade(engine, revision=revision, service_role=service_role)


async def write_revision(database_url: str, *, name: str) -> None:
    """A new revision file in versions/, from what the models have and a migrated database has not."""
    await MIGRATIONS.write_revision(create_engine(database_url, timeout_seconds=None), name=name)


def migrate(settings: Settings) -> None:
    """`roster-api migrate`."""
    owner_url = settings.migration_database_url
    use_sealer(settings.make_sealer())
    role = service_role_of(service_url=settings.database_url, owner_url=owner_url)
    asyncio.run(upgrade(owner_url or settings.database_url, service_role=role))
