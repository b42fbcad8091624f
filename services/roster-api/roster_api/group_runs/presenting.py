"""What people read of runs of groups and of groupings."""

from collections.abc import Sequence
from uuid import UUID

from commune_schemas.documents import GroupsDocument, InfeasibleSolution
from commune_schemas.matching import RunStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import NotFoundError
from roster_api.group_runs import repository
from roster_api.group_runs.judging import judge
from roster_api.group_runs.schemas import (
    Clash,
    CommuneOfGroup,
    GroupEditRead,
    GroupFigures,
    GroupingRead,
    GroupingSummary,
    GroupRead,
    GroupRunFailure,
    GroupRunRead,
    OverseerRead,
)
from roster_api.groups.models import Grouping, GroupRun, Overseer


async def read_runs(session: AsyncSession, runs: Sequence[GroupRun]) -> list[GroupRunRead]:
    """The runs must be loaded with their solutions."""
    ids = [run.id for run in runs]
    overseers = await repository.list_overseers(session, ids)
    drafted = await repository.list_drafted(session, ids)
    return [_read_run(run, overseers[run.id], drafted.get(run.id)) for run in runs]


def _read_run(run: GroupRun, overseers: list[Overseer], grouping_id: UUID | None) -> GroupRunRead:
    failure = None
    if run.failure_kind is not None:
        failure = GroupRunFailure(kind=run.failure_kind, vi=run.failure_vi or "", en=run.failure_en or "")
    conflict: list[Clash] = []
    is_proved = None
    if run.status == RunStatus.INFEASIBLE and run.solution is not None:
        is_proved = bool(run.certificate and run.certificate["verified"])  # by this service: keep_result()
        clashing = InfeasibleSolution.model_validate(run.solution).conflict
        conflict = [Clash(rule=one["rule"], vi=one["vi"], en=one["en"]) for one in clashing]
    read = [OverseerRead.model_validate(one) for one in overseers]
    made: dict[str, object] = {"failure": failure, "conflict": conflict, "is_conflict_proved": is_proved}
    made |= {"grouping_id": grouping_id, "overseers": read}
    names = set(GroupRunRead.model_fields) - set(made)
    return GroupRunRead.model_validate({name: getattr(run, name) for name in names} | made)


def summarise(row: Grouping) -> GroupingSummary:
    names = set(GroupingSummary.model_fields) - {"edits"}
    return GroupingSummary.model_validate({name: getattr(row, name) for name in names} | {"edits": row.last_edit})


async def read_grouping(session: AsyncSession, row: Grouping, *, principal: Principal) -> GroupingRead:
    """Who is bound to a group reads the own one alone."""
    run = await repository.find_run(session, row.run_id, with_documents=True)
    if run is None:
        raise NotFoundError
    document = GroupsDocument.model_validate(run.document)
    owner = await repository.list_owner(session, row.id)
    seats = await repository.list_seats(session, row.id)
    judgement = judge(document, owner)
    moved = {move["commune_code"] for one in await repository.list_edits(session, row.id) for move in one.moves}
    reasons = {code: why for code, why in (run.explanations or {}).items() if code not in moved}
    groups = [
        _read_group(document, figures, seats[figures.number], owner, reasons)
        for figures in judgement.groups
        if not principal.is_of_group or seats[figures.number].account_id == principal.account_id
    ]
    edits = [] if principal.is_of_group else await repository.list_edits(session, row.id)
    return GroupingRead(
        **summarise(row).model_dump(),
        groups=groups,
        judgement=None if principal.is_of_group else judgement,
        history=[GroupEditRead.model_validate(one) for one in edits],
    )


def _read_group(
    document: GroupsDocument, figures: GroupFigures, overseer: Overseer, owner: dict[str, int],
    reasons: dict[str, dict[str, str]],
) -> GroupRead:  # fmt: skip
    return GroupRead(
        number=figures.number,
        overseer=OverseerRead.model_validate(overseer),
        weight=figures.weight,
        km=figures.km,
        is_connected=figures.is_connected,
        communes=[
            CommuneOfGroup(
                commune_code=one.id,
                commune_name=one.name,
                weight=one.weight,
                why_vi=reasons.get(one.id, {}).get("vi"),
                why_en=reasons.get(one.id, {}).get("en"),
            )
            for one in document.communes
            if owner.get(one.id) == figures.number
        ],
    )
