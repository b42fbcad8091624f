"""Drafts: of a finished run, or begun from another grouping; who follows which group at first."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.group_runs import repository
from roster_api.groups.models import Grouping, GroupingStatus, GroupRun, Overseer
from roster_api.groups.scope import find_published
from roster_api.text import search_key


async def draft_of_run(session: AsyncSession, run: GroupRun, *, owner: Mapping[str, int]) -> Grouping:
    """Whoever follows communes by now keeps as many of them as can be."""
    overseers = (await repository.list_overseers(session, [run.id]))[run.id]
    published = await find_published(session, run.campaign_id)
    follows: dict[str, str] = {}
    if published is not None:
        seats = await repository.list_seats(session, published.id)
        before = await repository.list_owner(session, published.id)
        follows = {commune: same_person(seats[number]) for commune, number in before.items()}
    draft = Grouping(id=uuid4(), campaign_id=run.campaign_id, run_id=run.id, status=GroupingStatus.DRAFT.value)
    session.add(draft)
    await session.flush()
    await repository.write_groups(session, draft.id, owner=dict(owner), seats=seat(overseers, owner, follows))
    return draft


async def draft_from(session: AsyncSession, source: Grouping) -> Grouping:
    """A copy to be changed."""
    draft = Grouping(
        id=uuid4(), campaign_id=source.campaign_id, run_id=source.run_id, from_id=source.id,
        status=GroupingStatus.DRAFT.value,
    )  # fmt: skip
    session.add(draft)
    await session.flush()
    seats = await repository.list_seats(session, source.id)
    await repository.write_groups(
        session,
        draft.id,
        owner=await repository.list_owner(session, source.id),
        seats={number: overseer.id for number, overseer in seats.items()},
    )
    return draft


def same_person(overseer: Overseer) -> str:
    """The same over runs: the account, else the name."""
    return str(overseer.account_id) if overseer.account_id is not None else search_key(overseer.name)


def seat(overseers: Sequence[Overseer], owner: Mapping[str, int], follows: Mapping[str, str]) -> dict[int, UUID]:
    """Groups to overseers: the most communes kept first; the rest in the order of their lowest commune."""
    numbers = sorted(set(owner.values()), key=lambda number: min(one for one in owner if owner[one] == number))
    kept = sorted(
        (
            (-sum(follows.get(one) == same_person(overseer) for one in owner if owner[one] == number), place, turn)
            for place, number in enumerate(numbers)
            for turn, overseer in enumerate(overseers)
        ),
    )
    seats: dict[int, UUID] = {}
    taken: set[UUID] = set()
    for _, place, turn in kept:
        if numbers[place] not in seats and overseers[turn].id not in taken:
            seats[numbers[place]] = overseers[turn].id
            taken.add(overseers[turn].id)
    return seats
