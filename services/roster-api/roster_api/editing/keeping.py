"""Edits kept as decisions, so that the next run keeps them: pins of people and of leads, and who was sent home."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.decisions.models import Decision, DecisionKind
from roster_api.editing import repository
from roster_api.editing.effects import Effect
from roster_api.editing.loading import Loaded
from roster_api.editing.models import PlanEdit
from roster_api.editing.schemas import Edit, MoveCommune, ReplacedPin, SwapCommunes
from roster_api.plans.models import Plan


def list_communes(edits: Sequence[Edit]) -> set[str]:
    """Whose lead the edits decide."""
    moved = {edit.commune_code for edit in edits if isinstance(edit, MoveCommune | SwapCommunes)}
    return moved | {edit.other_code for edit in edits if isinstance(edit, SwapCommunes)}


async def list_replaced(
    session: AsyncSession, loaded: Loaded, effect: Effect, edits: Sequence[Edit], *, campaign_id: UUID
) -> list[Decision]:
    """Pins that say something else than the edits, which are the later word."""
    people = {UUID(person) for person in effect.named}
    standing = await repository.list_standing(session, campaign_id, communes=list_communes(edits), people=people)
    wanted = {_subject(row) for row in _make(loaded, effect, edits, by="", reason="", campaign_id=campaign_id)}
    by_hand = [row for row in standing if row.edit_id is not None or not row.kind.endswith("forbid")]
    return [row for row in by_hand if _subject(row) not in wanted]


def describe_replaced(rows: Sequence[Decision]) -> list[ReplacedPin]:
    return [
        ReplacedPin(
            decision_id=row.id,
            kind=row.kind,
            commune_code=row.commune_code,
            decided_by=row.decided_by,
            reason=row.reason,
        )
        for row in rows
    ]


async def keep(
    session: AsyncSession, plan: Plan, edit: PlanEdit, loaded: Loaded, effect: Effect, edits: Sequence[Edit]
) -> None:
    """Decisions in the officer's name; what they replace is withdrawn. The campaign is locked."""
    replaced = await list_replaced(session, loaded, effect, edits, campaign_id=plan.campaign_id)
    _withdraw(replaced, by=edit.made_by)
    await session.flush()
    people = {UUID(person) for person in effect.named}
    standing = await repository.list_standing(session, plan.campaign_id, communes=list_communes(edits), people=people)
    there = {_subject(row) for row in standing}
    made = [
        row
        for row in _make(loaded, effect, edits, by=edit.made_by, reason=edit.reason, campaign_id=plan.campaign_id)
        if _subject(row) not in there
    ]
    for row in made:
        row.edit_id = edit.id
    session.add_all(made)
    await session.flush()
    edit.decision_changes = _note(made, replaced)


def _make(
    loaded: Loaded, effect: Effect, edits: Sequence[Edit], *, by: str, reason: str, campaign_id: UUID
) -> list[Decision]:
    made = []
    for commune in sorted(list_communes(edits)):
        school = loaded.schools[effect.after.leads[commune]]
        made.append(Decision(kind=DecisionKind.RESPONSIBILITY_PIN.value, commune_code=commune, school_id=school))
    for person in sorted(effect.named):
        place, before = effect.after.places.get(person), effect.before.places.get(person)
        if place is not None:
            weekdays = list(place.weekdays)
            made.append(Decision(kind=DecisionKind.PLACEMENT_PIN.value, commune_code=place.commune, weekdays=weekdays))
        elif before is not None:
            made.append(Decision(kind=DecisionKind.PLACEMENT_FORBID.value, commune_code=before.commune))
        else:
            continue
        made[-1].volunteer_id = UUID(person)
    for row in made:
        row.campaign_id, row.decided_by, row.reason = campaign_id, by, reason
    return made


def _subject(row: Decision) -> tuple[Any, ...]:
    return row.kind, row.commune_code, row.school_id, row.volunteer_id, tuple(row.weekdays or ())


async def take_back(session: AsyncSession, edit: PlanEdit, *, by: str) -> None:
    """The edit is undone: its decisions no longer hold; those it replaced hold again, as new ones that say the same."""
    await _exchange(session, edit, gone="made", back="withdrawn", by=by)


async def keep_again(session: AsyncSession, edit: PlanEdit, *, by: str) -> None:
    """The edit is done again."""
    await _exchange(session, edit, gone="withdrawn", back="made", by=by)


async def _exchange(session: AsyncSession, edit: PlanEdit, *, gone: str, back: str, by: str) -> None:
    going = await repository.list_decisions(session, [UUID(one) for one in edit.decision_changes[gone]])
    returning = await repository.list_decisions(session, [UUID(one) for one in edit.decision_changes[back]])
    _withdraw([row for row in going if row.withdrawn_at is None], by=by)
    await session.flush()
    standing = await repository.list_standing(
        session,
        returning[0].campaign_id if returning else UUID(int=0),
        communes={row.commune_code for row in returning if row.school_id},
        people={row.volunteer_id for row in returning if row.volunteer_id},
    )
    taken = {(row.kind, row.commune_code if row.school_id else row.volunteer_id) for row in standing}
    copies = [
        _copy(row)
        for row in returning
        if (row.kind, row.commune_code if row.school_id else row.volunteer_id) not in taken
    ]
    session.add_all(copies)
    await session.flush()
    edit.decision_changes = {gone: [str(row.id) for row in going], back: [str(row.id) for row in copies]}


def _copy(row: Decision) -> Decision:
    names = ("campaign_id", "kind", "commune_code", "school_id", "volunteer_id", "reason", "decided_by", "weekdays")
    return Decision(**{name: getattr(row, name) for name in names}, edit_id=row.edit_id)


def _withdraw(rows: Sequence[Decision], *, by: str) -> None:
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = clock.now(), by


def _note(made: Sequence[Decision], withdrawn: Sequence[Decision]) -> dict[str, list[str]]:
    return {"made": [str(row.id) for row in made], "withdrawn": [str(row.id) for row in withdrawn]}
