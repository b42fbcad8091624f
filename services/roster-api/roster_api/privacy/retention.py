"""How long personal data is kept, table by table, and its taking away: the relay asks once a round.

What stays is what a sum is made of: how many rows a list had, who was placed where and when, that somebody
could not go.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.privacy.models import Purge
from roster_api.settings import Settings

log = structlog.get_logger(__name__)
PURGING_LOCK = 7_305_021
"""Advisory lock: of several relays one purges."""
EVERY = timedelta(minutes=10)
ROWS_AT_ONCE = 2000
"""Of one kind in one transaction; whatever is left goes in the next round."""


@dataclass(frozen=True)
class Retention:
    """One kind of data. `statement` takes :cutoff and :rows and returns a row for each that it took from."""

    name: str
    keeps_for: Callable[[Settings], timedelta]
    statement: str


RETENTIONS: Sequence[Retention] = (
    Retention(
        "answers kept for repetition",
        lambda settings: timedelta(hours=settings.replay_hours),
        """
        delete from roster.idempotency_keys k using (
            select owner, key from roster.idempotency_keys where created_at < :cutoff limit :rows
        ) old where k.owner = old.owner and k.key = old.key returning 1
        """,
    ),
    Retention(
        "sign-ins that were ended",
        lambda _settings: timedelta(),
        """
        delete from roster.ended_sign_ins e using (
            select token_sha256 from roster.ended_sign_ins where forgotten_at < :cutoff limit :rows
        ) old where e.token_sha256 = old.token_sha256 returning 1
        """,
    ),
    Retention(
        "lists as schools sent them",
        lambda settings: timedelta(days=settings.upload_days),
        """
        with old as (
            select id from roster.roster_uploads where created_at < :cutoff and purged_at is null
            order by created_at limit 20 for update skip locked
        ), rows_gone as (
            delete from roster.roster_upload_rows r using old where r.upload_id = old.id
        )
        update roster.roster_uploads u
        set content = null, undo = null, mapping = null, errors = null, repairs = null, doubts = null,
            refusal = null, mapping_asked = null,
            file_name = '', purged_at = now()
        from old where u.id = old.id returning 1
        """,
    ),
    Retention(
        "registers as they were sent",
        lambda settings: timedelta(days=settings.upload_days),
        """
        update roster.register_uploads u
        set content = null, rows = null, undo = null, mapping = null, refusal = null, mapping_asked = null,
            file_name = '', purged_at = now()
        from (
            select id from roster.register_uploads where created_at < :cutoff and purged_at is null limit 20
        ) old where u.id = old.id returning 1
        """,
    ),
    Retention(
        "links of campaigns that are over",
        lambda settings: timedelta(days=settings.link_days),
        """
        delete from roster.personal_links l using (
            select l.id from roster.personal_links l join roster.campaigns c on c.id = l.campaign_id
            where c.ends_on < (:cutoff at time zone 'Asia/Ho_Chi_Minh')::date limit :rows
        ) old where l.id = old.id returning 1
        """,
    ),
    Retention(
        "reasons why people could not go",
        lambda settings: timedelta(days=settings.reason_days),
        """
        update roster.placement_answers a set reason = null from (
            select a.id from roster.placement_answers a join roster.campaigns c on c.id = a.campaign_id
            where a.reason is not null and c.ends_on < (:cutoff at time zone 'Asia/Ho_Chi_Minh')::date limit :rows
        ) old where a.id = old.id returning 1
        """,
    ),
    Retention(
        "reasons why people were absent",
        lambda settings: timedelta(days=settings.reason_days),
        """
        update roster.attendance_ticks t set reason = null from (
            select t.number from roster.attendance_ticks t join roster.campaigns c on c.id = t.campaign_id
            where t.reason is not null and c.ends_on < (:cutoff at time zone 'Asia/Ho_Chi_Minh')::date limit :rows
        ) old where t.number = old.number returning 1
        """,
    ),
    Retention(
        "words of evaluations",
        lambda settings: timedelta(days=settings.reason_days),
        """
        update roster.evaluations e set words = '' from (
            select e.id from roster.evaluations e join roster.campaigns c on c.id = e.campaign_id
            where e.words <> '' and c.ends_on < (:cutoff at time zone 'Asia/Ho_Chi_Minh')::date limit :rows
        ) old where e.id = old.id returning 1
        """,
    ),
    Retention(
        "words and contacts of starting points",
        lambda settings: timedelta(days=settings.reason_days),
        """
        update roster.starting_point_steps s
        set words = '', commune_contact_sealed = null, school_contact_sealed = null from (
            select s.id from roster.starting_point_steps s join roster.campaigns c on c.id = s.campaign_id
            where (s.words <> '' or s.commune_contact_sealed is not null or s.school_contact_sealed is not null)
            and c.ends_on < (:cutoff at time zone 'Asia/Ho_Chi_Minh')::date limit :rows
        ) old where s.id = old.id returning 1
        """,
    ),
    Retention(
        "names of stand-ins",
        lambda settings: timedelta(days=settings.reason_days),
        """
        update roster.vacancies v set stand_ins = '[]' from (
            select v.answer_id from roster.vacancies v join roster.placement_answers a on a.id = v.answer_id
            join roster.campaigns c on c.id = a.campaign_id
            where v.stand_ins is not null and v.stand_ins <> '[]'
            and c.ends_on < (:cutoff at time zone 'Asia/Ho_Chi_Minh')::date limit :rows
        ) old where v.answer_id = old.answer_id returning 1
        """,
    ),
)


def purging(settings: Settings) -> Callable[[AsyncSession], Awaitable[None]]:
    """What the relay does once a round: nothing, until EVERY has passed since the last time."""

    async def purge_when_due(session: AsyncSession) -> None:
        recent = await session.scalar(sa.select(sa.func.min(Purge.purged_at) > sa.func.now() - EVERY))
        if recent:
            return
        if await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(PURGING_LOCK))):
            await purge(session, settings)

    return purge_when_due


async def purge(session: AsyncSession, settings: Settings) -> dict[str, int]:
    """Takes away what was kept long enough, up to ROWS_AT_ONCE of a kind; how much, by kind."""
    taken: dict[str, int] = {}
    for kind in RETENTIONS:
        cutoff = await session.scalar(sa.select(sa.func.now() - kind.keeps_for(settings)))
        rows = await session.execute(sa.text(kind.statement), {"cutoff": cutoff, "rows": ROWS_AT_ONCE})
        taken[kind.name] = len(rows.all())
        new = insert(Purge).values(name=kind.name, rows_last=taken[kind.name], rows_ever=taken[kind.name])
        await session.execute(
            new.on_conflict_do_update(
                index_elements=[Purge.name],
                set_={
                    "purged_at": sa.func.now(),
                    "rows_last": new.excluded.rows_last,
                    "rows_ever": Purge.rows_ever + new.excluded.rows_ever,
                },
            )
        )
        if taken[kind.name]:
            log.info("privacy.purged", kind=kind.name, rows=taken[kind.name])
    return taken
