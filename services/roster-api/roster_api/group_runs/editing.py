"""Groups changed by hand: first the cost, then the edit with a reason and a name. What was published stays."""

from uuid import UUID

from commune_schemas.documents import GroupsDocument
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, InvalidError, NotFoundError, pointer_error
from roster_api.etags import check_version
from roster_api.group_runs import repository
from roster_api.group_runs.drafting import draft_from
from roster_api.group_runs.judging import compare
from roster_api.group_runs.schemas import BrokenGroupRule, ChangeBody, ChangePreview, EditBody
from roster_api.groups.models import GroupEdit, Grouping, GroupingStatus
from roster_api.state_words import refuse_state


async def get_grouping(
    session: AsyncSession, grouping_id: UUID, *, principal: Principal, for_update: bool = False
) -> Grouping:
    """404 for one of another province; drafts are for who is bound to no group."""
    row = await repository.find_grouping(session, grouping_id, principal=principal, for_update=for_update)
    if row is None or (principal.is_of_group and row.status != GroupingStatus.PUBLISHED.value):
        raise NotFoundError
    return row


async def load_document(session: AsyncSession, run_id: UUID) -> GroupsDocument:
    run = await repository.find_run(session, run_id, with_documents=True)
    if run is None:
        raise NotFoundError
    return GroupsDocument.model_validate(run.document)


async def preview(session: AsyncSession, grouping_id: UUID, *, principal: Principal, body: ChangeBody) -> ChangePreview:
    """What it would cost. 422 names what makes no sense."""
    row = await get_grouping(session, grouping_id, principal=principal)
    document = await load_document(session, row.run_id)
    before = await repository.list_owner(session, row.id)
    after = _apply(document, before, body)
    return compare(document, before, after, version=row.row_version)


async def edit(
    session: AsyncSession, grouping_id: UUID, *, principal: Principal, if_match: str, body: EditBody
) -> Grouping:
    """The draft with the change; of any other grouping a new draft. 409 for a rule broken that `despite` leaves out."""
    row = await get_grouping(session, grouping_id, principal=principal, for_update=True)
    check_version(row, if_match)
    document = await load_document(session, row.run_id)
    before = await repository.list_owner(session, row.id)
    after = _apply(document, before, body)
    effect = compare(document, before, after, version=row.row_version)
    _refuse_broken(effect.newly_broken, body)
    draft = row if row.status == GroupingStatus.DRAFT.value else await draft_from(session, row)
    seats = {number: one.id for number, one in (await repository.list_seats(session, row.id)).items()}
    for a, b in body.exchanges:
        seats[a], seats[b] = seats[b], seats[a]
    await repository.write_groups(session, draft.id, owner=after, seats=seats)
    draft.last_edit += 1
    session.add(
        GroupEdit(
            grouping_id=draft.id,
            number=draft.last_edit,
            moves=[move.model_dump() for move in body.moves],
            exchanges=[list(pair) for pair in body.exchanges],
            effect=effect.model_dump(mode="json", include={"km_more", "newly_broken", "summary_vi", "summary_en"}),
            reason=body.reason,
            edited_by=principal.label,
        )
    )
    await session.flush()
    return draft


def _apply(document: GroupsDocument, before: dict[str, int], body: ChangeBody) -> dict[str, int]:
    """The groups as they would be."""
    after, errors = dict(before), []
    for place, move in enumerate(body.moves):
        if move.commune_code not in before or move.to >= document.k:
            vi, en = "Không có xã hoặc nhóm này.", "No such commune or group."
            errors.append(pointer_error(f"/moves/{place}", code="group.unknown", vi=vi, en=en))
        elif after[move.commune_code] == move.to:
            vi, en = "Xã đã ở nhóm này.", "The commune is in that group already."
            errors.append(pointer_error(f"/moves/{place}", code="group.no_change", vi=vi, en=en))
        else:
            after[move.commune_code] = move.to
    for place, (a, b) in enumerate(body.exchanges):
        if a == b or max(a, b) >= document.k:
            vi, en = "Nêu hai nhóm khác nhau đang có.", "Name two different groups that there are."
            errors.append(pointer_error(f"/exchanges/{place}", code="group.unknown", vi=vi, en=en))
    if errors:
        raise InvalidError("group.change", vi=errors[0].vi, en=errors[0].en, errors=errors)
    return after


def _refuse_broken(broken: list[BrokenGroupRule], body: EditBody) -> None:
    refused = [one for one in broken if one.rule not in body.despite]
    if refused:
        raise ConflictError(
            "edit.breaks_rule",
            vi=" ".join(one.vi for one in refused),
            en="; ".join(one.en for one in refused),
            errors=[
                pointer_error(f"/groups/{one.number}", code=f"rule.{one.rule}", vi=one.vi, en=one.en) for one in refused
            ],
        )


async def discard(session: AsyncSession, grouping_id: UUID, *, principal: Principal) -> Grouping:
    """A draft is given up; nobody was told. Again changes nothing."""
    row = await get_grouping(session, grouping_id, principal=principal, for_update=True)
    if row.status not in {GroupingStatus.DRAFT.value, GroupingStatus.DISCARDED.value}:
        raise wrong_status(row)
    row.status = GroupingStatus.DISCARDED.value
    await session.flush()
    return row


def wrong_status(row: Grouping) -> ConflictError:
    thing, wanted = ("Bản chia nhóm", "The grouping"), (GroupingStatus.DRAFT,)
    return refuse_state("grouping.status", thing=thing, state=row.status, wanted=wanted)
