"""Starting points: school and commune agree the first visit, the first duties and whom to ask for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import ConflictError, InvalidError, NotFoundError, invalid_field, pointer_error
from roster_api.fields.models import Duty
from roster_api.outbox import service as outbox
from roster_api.paging import Page, Paging
from roster_api.schools.models import School
from roster_api.timeline import repository
from roster_api.timeline.models import Act, Side, StartingPointStep
from roster_api.timeline.schemas import (
    Agreement,
    Proposal,
    StartingPointDetails,
    StartingPointOut,
    StartingPointStepOut,
)

Pair = tuple[Commune, School]


async def list_points(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, paging: Paging
) -> Page[StartingPointOut]:
    """Of every commune with a lead school, as far as one has a part in it."""
    query = repository.select_pairs(campaign.id, principal)
    total = await session.scalar(query.with_only_columns(sa.func.count()).order_by(None))
    pairs: list[Pair] = [
        (row[0], row[1]) for row in await session.execute(query.limit(paging.limit).offset(paging.offset))
    ]
    items = await show_pairs(session, campaign.id, pairs)
    return Page(items=items, total=total or 0, limit=paging.limit, offset=paging.offset)


async def show_pairs(session: AsyncSession, campaign_id: UUID, pairs: Sequence[Pair]) -> list[StartingPointOut]:
    codes = [commune.code for commune, _ in pairs]
    steps = await repository.list_starting_steps(session, campaign_id, communes=codes)
    return [StartingPointOut(**_facts(pair, steps.get((pair[0].code, pair[1].id), []))) for pair in pairs]


async def describe_point(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, school_id: UUID
) -> StartingPointDetails:
    """404 for a pair that is none, or that one has no part in."""
    pair, steps = await _get(session, principal, campaign, commune_code, school_id)
    names = StartingPointStepOut.model_fields
    shown = [StartingPointStepOut.model_validate({name: getattr(step, name) for name in names}) for step in steps]
    return StartingPointDetails(**_facts(pair, steps), steps=shown)


async def propose(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, school_id: UUID,
    body: Proposal,
) -> StartingPointDetails:  # fmt: skip
    """A proposal takes the place of what stood; the other side is asked. The same as what stands agrees with it."""
    _, steps = await _get(session, principal, campaign, commune_code, school_id)
    side = _side(principal, body.side)
    await _check(session, campaign, body)
    standing = _standing(steps)
    if standing is not None and _is_same(standing, body):
        await _keep_agreement(session, standing, steps, side, by=principal.label)
    else:
        values = body.model_dump(include={"first_visit_on", "duties", "commune_contact", "school_contact", "words"})
        act = Act.CHANGED if steps else Act.PROPOSED
        row = _row(campaign.id, commune_code, school_id, steps, act=act, side=side, by=principal.label)
        await _add(session, row, values)
    return await describe_point(
        session, principal=principal, campaign=campaign, commune_code=commune_code, school_id=school_id
    )


async def agree(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, school_id: UUID,
    body: Agreement,
) -> StartingPointDetails:  # fmt: skip
    """Both words for the same proposal make it agreed. Again changes nothing; 409 when another proposal stands."""
    _, steps = await _get(session, principal, campaign, commune_code, school_id)
    side, standing = _side(principal, body.side), _standing(steps)
    if standing is None or standing.number != body.number:
        raise ConflictError(
            "starting_point.moved",
            vi="Đề xuất đã thay đổi. Hãy xem lại rồi đồng ý.",
            en="Another proposal stands now. Read it, then agree.",
            facts={"number": standing.number if standing else None},
        )
    await _keep_agreement(session, standing, steps, side, by=principal.label)
    return await describe_point(
        session, principal=principal, campaign=campaign, commune_code=commune_code, school_id=school_id
    )


async def _keep_agreement(
    session: AsyncSession, standing: StartingPointStep, steps: Sequence[StartingPointStep], side: Side, *, by: str
) -> None:
    if side in _agreed_by(steps):
        return
    names = ("first_visit_on", "duties", "commune_contact", "school_contact")
    row = _row(standing.campaign_id, standing.commune_code, standing.school_id, steps, act=Act.AGREED, side=side, by=by)
    await _add(session, row, {name: getattr(standing, name) for name in names} | {"words": ""})


def _row(
    campaign_id: UUID, commune_code: str, school_id: UUID, steps: Sequence[StartingPointStep], *, act: Act, side: Side,
    by: str,
) -> StartingPointStep:  # fmt: skip
    return StartingPointStep(
        id=uuid4(), campaign_id=campaign_id, commune_code=commune_code, school_id=school_id, number=len(steps) + 1,
        act=act.value, side=side.value, made_by=by,
    )  # fmt: skip


async def _add(session: AsyncSession, row: StartingPointStep, values: dict[str, Any]) -> None:
    """With the notice to the other side, in one transaction."""
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    await session.flush()
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.STARTING_POINT.value, "source_id": str(row.id)},
        id_argument="outbox_id",
    )


def _standing(steps: Sequence[StartingPointStep]) -> StartingPointStep | None:
    return next((step for step in reversed(steps) if step.act != Act.AGREED), None)


def _agreed_by(steps: Sequence[StartingPointStep]) -> list[Side]:
    """Whose word stands for the newest proposal: who made it, and who agreed since."""
    standing = _standing(steps)
    if standing is None:
        return []
    words = {step.side for step in steps if step.number >= standing.number}
    return [side for side in Side if side.value in words]


def is_agreed(steps: Sequence[StartingPointStep]) -> bool:
    return len(_agreed_by(steps)) == len(Side)


def _is_same(row: StartingPointStep, body: Proposal) -> bool:
    return all(
        getattr(row, name) == getattr(body, name)
        for name in ("first_visit_on", "duties", "commune_contact", "school_contact", "words")
    )


def _facts(pair: Pair, steps: Sequence[StartingPointStep]) -> dict[str, Any]:
    commune, school = pair
    row, agreed = _standing(steps), _agreed_by(steps)
    return {
        "commune_code": commune.code, "commune_name": commune.full_name, "school_id": school.id,
        "school_name": school.name, "agreed_by": agreed,
        "state": "none" if row is None else "agreed" if is_agreed(steps) else "proposed",
        "number": row.number if row else None, "first_visit_on": row.first_visit_on if row else None,
        "duties": row.duties if row else [], "commune_contact": row.commune_contact if row else None,
        "school_contact": row.school_contact if row else None, "words": row.words if row else "",
        "changed_at": steps[-1].made_at if steps else None,
    }  # fmt: skip


def _side(principal: Principal, named: Side | None) -> Side:
    """A school and a commune speak for themselves; Home Affairs says on whose word it writes."""
    own = {Role.SCHOOL_COORDINATOR: Side.SCHOOL, Role.COMMUNE_OFFICER: Side.COMMUNE}.get(principal.role)
    if (own is None) == (named is None) or (own and named and own is not named):
        raise invalid_field(
            "/side",
            code="starting_point.side",
            vi="Sở Nội vụ ghi rõ theo lời trường hay xã; trường và xã không ghi.",
            en="Home Affairs says whether it is the school's word or the commune's; those two leave it out.",
        )
    side = own or named
    assert side is not None  # noqa: S101 - one of them is
    return side


async def _get(
    session: AsyncSession, principal: Principal, campaign: Campaign, commune_code: str, school_id: UUID
) -> tuple[Pair, list[StartingPointStep]]:
    query = repository.select_pairs(campaign.id, principal)
    found = (await session.execute(query.where(Commune.code == commune_code, School.id == school_id))).one_or_none()
    if found is None:
        raise NotFoundError
    steps = await repository.list_starting_steps(session, campaign.id, communes=[commune_code])
    return (found[0], found[1]), steps.get((commune_code, school_id), [])


async def _check(session: AsyncSession, campaign: Campaign, body: Proposal) -> None:
    if body.first_visit_on > campaign.ends_on:
        raise invalid_field(
            "/first_visit_on", code="starting_point.too_late", vi="Ngày này sau khi đợt kết thúc.",
            en="That is after the campaign's end.",
        )  # fmt: skip
    known = set(await session.scalars(sa.select(Duty.code).where(Duty.code.in_(body.duties))))
    errors = [
        pointer_error(f"/duties/{place}", code="duty.unknown", vi="Không có nhiệm vụ này.", en="No such duty.")
        for place, code in enumerate(body.duties)
        if code not in known
    ]
    if errors:
        raise InvalidError(
            "duty.unknown", vi="Có mã nhiệm vụ không đúng.", en="Some duty codes are unknown.", errors=errors
        )
