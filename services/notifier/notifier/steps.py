"""The usual steps of a message in a sender's hands: it is begun; the provider took it, and the next is begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.outbound import Claimed
from notifier.sent_to import SentTo

STEP = text(
    "with attempt as (update notifier.attempts set finished_at = now(), outcome = 'sent', provider_code = :code"
    " where message_id = :taken_id and number = :taken_number and finished_at is null),"
    " settled as (update notifier.messages set status = 'sent', sent_at = now(), provider_message_id = :provider_id,"
    " reason_code = null, reason_vi = null, reason_en = null"
    " where id = :taken_id and claim_version = :taken_version and status = 'sending' returning id),"
    " begun as (update notifier.messages set status = 'sending', attempts = attempts + 1,"
    " claimed_at = now(), provider = :provider, told_kind = :kind, template = :template,"
    " address_key_sealed = coalesce(address_key_sealed, :key), address_digest = coalesce(:digest, address_digest),"
    " reference = case when address_digest <> :digest then"
    " replace(id::text, '-', '') || '.' || (attempts + 1) || '@notifier.commune-roster' else reference end"
    " where id = :id and claim_version = :version and status = 'claimed' and superseded_at is null"
    " returning id, attempts, claim_version, reference, address_digest),"
    " tried as (insert into notifier.attempts"
    " (message_id, number, claim_version, reference, address_digest, provider, worker)"
    " select id, attempts, claim_version, coalesce(cast(:carried_by as text), reference), address_digest,"
    " cast(:provider as text), :worker from begun returning number, reference)"
    " select (select id from settled) is not null as settled, (select number from tried) as number,"
    " (select reference from tried) as reference"
).bindparams(bindparam("key", type_=LargeBinary), bindparam("digest", type_=LargeBinary))
"""A message that the provider took is settled, and the next one is begun: in one statement, for that is the usual way.
Either part alone, where the other's id is null."""
NOTHING_TAKEN: dict[str, Any] = dict.fromkeys(("taken_id", "taken_number", "taken_version", "code", "provider_id"))
NOTHING_BEGUN: dict[str, Any] = dict.fromkeys(
    ("id", "version", "provider", "kind", "template", "worker", "key", "digest", "carried_by")
)


STEPS = text(
    "with taken as (select * from unnest((select cast(:taken_id as uuid[])), cast(:taken_number as int[]),"
    " cast(:taken_version as int[]), cast(:code as text[]), cast(:provider_id as text[]))"
    " as t(id, number, version, code, provider_id) where version between 1 and 2147483646),"
    " wanted as (select * from unnest((select cast(:id as uuid[])), cast(:version as int[]), cast(:provider as text[]),"
    " cast(:kind as text[]), cast(:template as text[]), cast(:worker as text[]), cast(:key as bytea[]),"
    " cast(:digest as bytea[])) as w(id, version, provider, kind, template, worker, key, digest)"
    " where version between 1 and 2147483646),"
    " attempt as (update notifier.attempts a set finished_at = now(), outcome = 'sent', provider_code = t.code"
    " from taken t where a.message_id = t.id and a.number = t.number and a.finished_at is null),"
    " settled as (update notifier.messages m set status = 'sent', sent_at = now(),"
    " provider_message_id = t.provider_id, reason_code = null, reason_vi = null, reason_en = null"
    " from taken t where m.id = t.id and m.claim_version = t.version and m.status = 'sending' returning m.id),"
    " begun as (update notifier.messages m set status = 'sending', attempts = m.attempts + 1, claimed_at = now(),"
    " provider = w.provider, told_kind = w.kind, template = w.template, address_key_sealed ="
    " coalesce(m.address_key_sealed, w.key), address_digest = coalesce(m.address_digest, w.digest)"
    " from wanted w where m.id = w.id and m.claim_version = w.version and m.status = 'claimed'"
    " and m.superseded_at is null and (m.address_digest is null or m.address_digest = w.digest)"
    " returning m.id, m.attempts, m.claim_version, m.reference, m.address_digest, m.provider, w.worker),"
    " tried as (insert into notifier.attempts"
    " (message_id, number, claim_version, reference, address_digest, provider, worker)"
    " select id, attempts, claim_version, reference, address_digest, provider, worker from begun"
    " returning message_id, number, reference)"
    " select message_id as id, number, reference from tried union all select id, null, null from settled"
)
"""The same of several at once, none of which goes to another address than before: a row of each that is begun, and one
without a number of each that is settled.

Postgres shall plan it once, and right for tables that were empty then and are large now: so it is not shown how many
there are (`select cast`), and expects one row where it reads that a version is within bounds, as each is.
"""


@dataclass(frozen=True)
class Taken:
    """What the provider took, and said of it."""

    message: Claimed
    number: int
    provider_message_id: str | None
    provider_code: str | None

    def as_values(self) -> dict[str, Any]:
        return {
            "taken_id": self.message.id,
            "taken_number": self.number,
            "taken_version": self.message.claim_version,
            "code": self.provider_code,
            "provider_id": self.provider_message_id,
        }


@dataclass(frozen=True)
class Beginning:
    """What is written of a message before its provider is touched."""

    message: Claimed
    told_kind: str
    provider: str
    worker: str
    template: str | None = None
    sent_to: SentTo | None = None
    carried_by: str | None = None
    """The reference of the mail that brings it along with another; None: its own."""

    def as_values(self) -> dict[str, Any]:
        return {
            "id": self.message.id,
            "version": self.message.claim_version,
            "provider": self.provider,
            "kind": self.told_kind,
            "template": self.template,
            "worker": self.worker,
            "key": self.sent_to.key_sealed if self.sent_to else None,
            "digest": self.sent_to.digest if self.sent_to else None,
            "carried_by": self.carried_by,
        }


@dataclass(frozen=True)
class Begun:
    """A try, committed before the provider is touched; the provider knows the message by its reference."""

    number: int
    reference: str


def in_columns(taken: Sequence[Taken], beginnings: Sequence[Beginning]) -> dict[str, Any]:
    """The values of STEPS."""
    columns: dict[str, Any] = {}
    rows: tuple[tuple[Mapping[str, Any], Sequence[Taken | Beginning]], ...] = (
        (NOTHING_TAKEN, taken),
        (NOTHING_BEGUN, beginnings),
    )
    for names, steps in rows:
        values = [step.as_values() for step in steps]
        columns |= {name: [row[name] for row in values] for name in names}
    return columns


async def begin_handing_over(session: AsyncSession, beginning: Beginning) -> Begun | None:
    """None when the message is ours no longer. To be committed before the provider is touched."""
    row = (await session.execute(STEP, NOTHING_TAKEN | beginning.as_values())).one()
    return None if row.number is None else Begun(row.number, row.reference)


async def settle_sent(session: AsyncSession, taken: Taken) -> bool:
    """Of a message the provider took: attempt and message. False: it was ours no longer."""
    row = (await session.execute(STEP, NOTHING_BEGUN | taken.as_values())).one()
    return bool(row.settled)
