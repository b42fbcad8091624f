"""One human on several rows of the roster: known by the same phone and a similar name, or by name and e-mail together.

A phone alone makes nobody the same: parents and departments share one. Nor does an e-mail that several names use.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.text import search_key
from roster_api.volunteers.models import Volunteer, VolunteerStatus

TITLES = frozenset({"gs", "pgs", "ts", "tskh", "ths", "bs", "cn", "ks", "ds", "kts", "ncs", "cv", "ngut", "ngnd"})
"""Without accents. None is a syllable of a name."""
LONG = r"pho giao su|giao su|tien si khoa hoc|tien si|thac si|cu nhan|ky su|bac si|duoc si|kien truc su"
LONG_TITLES = re.compile(rf"^(?:(?:{LONG}) )+(?=\w+ \w+)")
FEWEST_WORDS = 2
MOST_IDS = 5000
"""In one query: Postgres takes no more than 32,767 parameters."""


@dataclass(frozen=True)
class Listed:
    """What a row says of who it is. `phone` and `email` are compared, never read: their digests do."""

    id: UUID
    full_name: str
    phone: str | None
    email: str | None


def name_words(full_name: str) -> tuple[str, ...]:
    """Without accents, titles, case and width of letters: 'PGS.TS. Lê Thị Hoa' -> ('le', 'thi', 'hoa')."""
    plain = search_key(unicodedata.normalize("NFKC", full_name))
    words = [word for word in re.split(r"[\s.,()\-]+", plain) if word and word not in TITLES]
    return tuple(LONG_TITLES.sub("", " ".join(words)).split())


def are_similar(name: Sequence[str], other: Sequence[str]) -> bool:
    """The same words; or the same first and last, with a middle name left out of one of them, or its initial alone."""
    short, long = sorted((name, other), key=len)
    if tuple(short) == tuple(long):
        return bool(short)
    if len(short) < FEWEST_WORDS or (short[0], short[-1]) != (long[0], long[-1]):
        return False
    rest = iter(long[1:-1])
    return all(any(_is_same_word(word, other) for other in rest) for word in short[1:-1])


def _is_same_word(word: str, other: str) -> bool:
    return word == other or (word[0] == other[0] and 1 in (len(word), len(other)))


def group_humans(rows: Iterable[Listed]) -> list[list[UUID]]:
    """Rows that are one human, two or more each; sorted, groups and all, by id."""
    listed = sorted(rows, key=lambda row: row.id)
    names = {row.id: name_words(row.full_name) for row in listed}
    leader = {row.id: row.id for row in listed}

    def find(row: UUID) -> UUID:
        while leader[row] != row:
            row = leader[row]
        return row

    def join(one: UUID, other: UUID) -> None:
        first, second = sorted((find(one), find(other)))
        leader[second] = first

    for bucket in _buckets((row.phone, row.id) for row in listed):
        for place, one in enumerate(bucket):
            for other in bucket[place + 1 :]:
                if are_similar(names[one], names[other]):
                    join(one, other)
    for bucket in _buckets((row.email and row.email.lower(), row.id) for row in listed):
        if len({names[row] for row in bucket}) == 1:
            for other in bucket[1:]:
                join(bucket[0], other)
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    for row in listed:
        groups[find(row.id)].append(row.id)
    return [group for group in groups.values() if len(group) > 1]


def _buckets(keys: Iterable[tuple[str | None, UUID]]) -> list[list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for key, row in keys:
        if key:
            found[key].append(row)
    return [rows for rows in found.values() if len(rows) > 1]


def _select() -> sa.Select[UUID, str, str | None, str | None]:
    return sa.select(
        Volunteer.id,
        Volunteer.full_name,
        sa.func.encode(Volunteer.phone_digest, "hex"),
        sa.func.encode(Volunteer.email_digest, "hex"),
    )


async def list_humans(
    session: AsyncSession, *, school_ids: Collection[UUID], taking_part: Collection[UUID]
) -> list[list[UUID]]:
    """Of the active people of these schools who take part: the rows that are one human."""
    query = _select().where(Volunteer.school_id.in_(school_ids), Volunteer.status == VolunteerStatus.ACTIVE.value)
    rows = [Listed(*row) for row in await session.execute(query)]
    return group_humans(row for row in rows if row.id in taking_part)


async def list_twins(session: AsyncSession, volunteer_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these people the other rows, of any school and state, that are the same human; only who has some."""
    ids = sorted(volunteer_ids)
    rows: dict[UUID, Listed] = {}
    for start in range(0, len(ids), MOST_IDS):
        mine = sa.select(Volunteer.phone_digest, Volunteer.email_digest).where(
            Volunteer.id.in_(ids[start : start + MOST_IDS])
        )
        contacts = (await session.execute(mine)).all()
        phones = {phone for phone, _ in contacts if phone}
        emails = {email for _, email in contacts if email}
        shared = sa.or_(Volunteer.phone_digest.in_(phones), Volunteer.email_digest.in_(emails))
        rows |= {row[0]: Listed(*row) for row in await session.execute(_select().where(shared))}
    wanted = set(ids)
    return {row: set(group) - {row} for group in group_humans(rows.values()) for row in group if row in wanted}
