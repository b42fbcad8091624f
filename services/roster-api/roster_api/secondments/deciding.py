"""Decisions: drafted of a run or by hand, approved, published. Two people, where the province wants four eyes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, ForbiddenError, NotFoundError, invalid_field
from roster_api.etags import check_version
from roster_api.provinces.models import Province
from roster_api.secondments import repository
from roster_api.secondments.models import Secondment, SecondmentRun, SecondmentStatus
from roster_api.secondments.presenting import check_finished
from roster_api.secondments.schemas import (
    Chosen,
    Decided,
    DecideRun,
    Moved,
    SecondmentCreate,
    SecondmentPatch,
)
from roster_api.secondments.taken import check_terms, refuse_taken
from roster_api.secondments.telling import Occasion, tell
from roster_api.staff.models import Post, StaffMember, Unit, UnitKind
from roster_api.staff.repository import find_row, list_by_id
from roster_api.state_words import refuse_state

log = structlog.get_logger(__name__)


async def decide_run(session: AsyncSession, *, principal: Principal, run_id: UUID, body: DecideRun) -> Decided:
    """A draft for each move of a finished run. Again: only for whom there is none."""
    run = check_finished(await repository.find_run(session, run_id, principal=principal, with_documents=True))
    for name, until_on in (("until_on", body.until_on), ("internal_until_on", body.internal_until_on)):
        if until_on is not None and until_on < body.from_on:
            vi, en = "Ngày kết thúc phải sau ngày bắt đầu.", "The last day must not be before the first."
            raise invalid_field(f"/{name}", code="secondment.dates", vi=vi, en=en)
    decided = await repository.lock_chosen(session, principal=principal, run_id=run.id, ids=())
    known = {row.staff_id for row in decided}
    considered = {one["code"]: one for one in run.considered}
    moves = [(considered[code], vacancy) for code, vacancy in (run.solution or {})["moves"]]
    posts = await list_by_id(session, Post, {UUID(run.vacancies[vacancy]) for _, vacancy in moves})
    staff = await list_by_id(session, StaffMember, {UUID(one["staff_id"]) for one, _ in moves})
    drafted = 0
    for person, vacancy in moves:
        row, post = staff[UUID(person["staff_id"])], posts[UUID(run.vacancies[vacancy])]
        if row.id in known:
            continue
        drafted += 1
        is_internal = person["kind"] == "internal"
        terms = {"from_on": body.from_on, "until_on": body.internal_until_on if is_internal else body.until_on}
        session.add(_draft(run, row, post, kind=person["kind"], body=body, why=_why(run, vacancy), terms=terms))
    await session.flush()
    log.info("secondment.drafted", run_id=str(run.id), drafted=drafted)
    return Decided(drafted=drafted, already=len(moves) - drafted)


def _why(run: SecondmentRun, vacancy: str) -> tuple[str, str]:
    reasons = (run.explanations or {}).get(vacancy)
    return (reasons["vi"], reasons["en"]) if reasons else ("Theo kết quả lần chọn.", "As the run found.")


def _draft(
    run: SecondmentRun | None, person: StaffMember, post: Post, *, kind: str, body: DecideRun | SecondmentCreate,
    why: tuple[str, str], terms: dict[str, Any],
) -> Secondment:  # fmt: skip
    return Secondment(
        province_code=person.province_code, run_id=run.id if run else None, staff_id=person.id, post_id=post.id,
        from_unit_id=person.unit_id, to_unit_id=post.unit_id, kind=kind, legal_basis=body.legal_basis,
        signer=body.signer, number=body.number, reason_vi=why[0], reason_en=why[1], **terms,
    )  # fmt: skip


async def create_secondment(session: AsyncSession, *, principal: Principal, body: SecondmentCreate) -> Secondment:
    """A draft that no run proposed."""
    person = await find_row(session, StaffMember, body.staff_id, principal=principal)
    post = await find_row(session, Post, body.post_id, principal=principal)
    for name, row in (("staff_id", person), ("post_id", post)):
        if row is None or row.archived_at is not None:
            vi, en = "Không có người hoặc vị trí này.", "No such person or post."
            raise invalid_field(f"/{name}", code="secondment.unknown", vi=vi, en=en)
    if person is None or post is None or person.province_code != post.province_code:
        vi, en = "Người và vị trí phải cùng tỉnh.", "Person and post must be of one province."
        raise invalid_field("/post_id", code="secondment.other_province", vi=vi, en=en)
    unit = (await list_by_id(session, Unit, {person.unit_id}))[person.unit_id]
    kind = "province" if unit.kind == UnitKind.PROVINCIAL_AGENCY.value else "internal"
    terms = {name: getattr(body, name) for name in ("from_on", "until_on", "weekdays", "review_on")}
    made = _draft(None, person, post, kind=kind, body=body, why=(body.reason, body.reason), terms=terms)
    check_terms(made)
    session.add(made)
    await session.flush()
    return made


async def lock_secondment(session: AsyncSession, secondment_id: UUID, *, principal: Principal) -> Secondment:
    """404 for a decision that is missing, or another's."""
    rows = await repository.lock_chosen(session, principal=principal, run_id=None, ids=[secondment_id])
    if not rows:
        raise NotFoundError
    return rows[0]


async def change_draft(
    session: AsyncSession, secondment_id: UUID, *, principal: Principal, if_match: str, patch: SecondmentPatch
) -> Secondment:
    row = await lock_secondment(session, secondment_id, principal=principal)
    check_version(row, if_match)
    if row.status != SecondmentStatus.DRAFT.value:
        raise wrong_status(row, SecondmentStatus.DRAFT)
    for name, value in patch.changes().items():
        setattr(row, name, value)
    check_terms(row)
    await session.flush()
    return row


async def approve(session: AsyncSession, *, principal: Principal, body: Chosen) -> Moved:
    """draft -> approved: from now on person and post are taken for that time. 409 names whom that cannot be said of."""
    rows = await _lock_all(session, principal=principal, body=body)
    await _province_of(session, rows, principal=principal)
    drafts = _in_state(rows, wanted=SecondmentStatus.DRAFT, done=("approved", "published", "started"))
    await refuse_taken(session, drafts)
    for row in drafts:
        row.status, row.approved_by, row.approved_at = SecondmentStatus.APPROVED.value, principal.label, _now()
    await session.flush()
    return Moved(changed=len(drafts), already=len(rows) - len(drafts))


async def publish(session: AsyncSession, *, principal: Principal, body: Chosen) -> Moved:
    """approved -> published: the person and both units are told once, by one act. Again changes nothing."""
    rows = await _lock_all(session, principal=principal, body=body)
    four_eyes = await _province_of(session, rows, principal=principal)
    ready = _in_state(rows, wanted=SecondmentStatus.APPROVED, done=("published", "started"))
    if four_eyes and any(row.approved_by_id == principal.actor_id for row in ready):
        raise ForbiddenError(
            "secondment.four_eyes",
            vi="Tỉnh này quy định hai người: người khác phải ban hành những gì bạn đã duyệt.",
            en="This province wants four eyes: somebody else has to publish what you approved.",
        )
    await refuse_taken(session, ready)
    for row in ready:
        row.status, row.published_by, row.published_at = SecondmentStatus.PUBLISHED.value, principal.label, _now()
    await tell(session, Occasion.PUBLISHED, ready, by=principal.label)
    log.info("secondment.published", decisions=len(ready))
    return Moved(changed=len(ready), already=len(rows) - len(ready))


async def discard(session: AsyncSession, *, principal: Principal, body: Chosen) -> Moved:
    """What is not published yet is given up; nobody was told."""
    rows = await _lock_all(session, principal=principal, body=body)
    open_states = {SecondmentStatus.DRAFT.value, SecondmentStatus.APPROVED.value}
    wrong = [row for row in rows if row.status not in open_states | {SecondmentStatus.DISCARDED.value}]
    if wrong:
        raise wrong_status(wrong[0], SecondmentStatus.DRAFT, SecondmentStatus.APPROVED)
    changed = [row for row in rows if row.status in open_states]
    for row in changed:
        row.status = SecondmentStatus.DISCARDED.value
    await session.flush()
    return Moved(changed=len(changed), already=len(rows) - len(changed))


async def _lock_all(session: AsyncSession, *, principal: Principal, body: Chosen) -> list[Secondment]:
    """404 unless all that were named are there."""
    ids = set(body.secondment_ids)
    rows = await repository.lock_chosen(session, principal=principal, run_id=body.run_id, ids=ids)
    if not rows or (ids and len(rows) < len(ids)):
        raise NotFoundError
    return rows


async def _province_of(session: AsyncSession, rows: Sequence[Secondment], *, principal: Principal) -> bool:
    """Whether four eyes are wanted. 409 for decisions of several provinces; 403 for a key where people must decide."""
    codes = {row.province_code for row in rows}
    if len(codes) > 1:
        vi, en = "Các quyết định phải thuộc cùng một tỉnh.", "The decisions must be of one province."
        raise ConflictError("secondment.several_provinces", vi=vi, en=en)
    province = await session.get_one(Province, next(iter(codes)))
    if province.four_eyes and principal.account_id is None:
        raise ForbiddenError(
            "secondment.four_eyes_key",
            vi="Tỉnh này quy định hai người: duyệt và ban hành phải do người đăng nhập, không dùng khóa.",
            en="This province wants four eyes: approving and publishing are for people signed in, not for keys.",
        )
    return province.four_eyes


def _in_state(rows: Sequence[Secondment], *, wanted: SecondmentStatus, done: Sequence[str]) -> list[Secondment]:
    """Those that wait; those done already are passed over; 409 for any other."""
    wrong = [row for row in rows if row.status != wanted.value and row.status not in done]
    if wrong:
        raise wrong_status(wrong[0], wanted)
    return [row for row in rows if row.status == wanted.value]


def wrong_status(row: Secondment, *wanted: SecondmentStatus) -> ConflictError:
    return refuse_state("secondment.status", thing=("Quyết định", "The decision"), state=row.status, wanted=wanted)


def _now() -> datetime:
    return clock.now()
