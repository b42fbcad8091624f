"""Asking for a run of oversight groups."""

from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from commune_schemas.jobs import SOLVE_GROUP_RUN
from commune_schemas.matching import RunStatus
from commune_schemas.problem import FieldError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns.models import Campaign
from roster_api.errors import ConflictError, InvalidError, pointer_error
from roster_api.group_runs import repository
from roster_api.group_runs.freezing import freeze
from roster_api.group_runs.schemas import GroupRunRequest, Weights
from roster_api.groups.models import GroupRun, Overseer
from roster_api.outbox import service as outbox
from roster_api.text import search_key
from roster_api.work import handing_out as work
from roster_api.work.solving import refuse_more_live_runs

log = structlog.get_logger(__name__)
WAITING_ALLOWED = timedelta(hours=2)
SOLVES_ALLOWED = 8


async def request_run(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, request: GroupRunRequest
) -> GroupRun:
    """Freezes the problem and asks for it to be solved. 422 for who is no overseer of the province, or named
    twice; 429 while several of the campaign are not done."""
    names = await _check_overseers(session, campaign, request)
    await refuse_more_live_runs(session, GroupRun.campaign_id, campaign.id)
    run_id = uuid4()
    frozen = await freeze(session, campaign=campaign, run_id=run_id, request=request)
    document = frozen.document
    _refuse_pointless(request, communes=len(document.communes), weight=sum(one.weight for one in document.communes))
    now, _ = await work.now_and_later(session)
    run = GroupRun(
        id=run_id,
        campaign_id=campaign.id,
        outbox_id=await outbox.append(session, topic=SOLVE_GROUP_RUN, args={"run_id": str(run_id)}),
        status=RunStatus.QUEUED,
        terms=request.model_dump(mode="json", exclude={"overseers"}),
        joined=[list(pair) for pair in frozen.joined],
        document=document.model_dump(mode="json", by_alias=True),
        requested_by=principal.label,
        requested_at=now,
        deadline_at=now + WAITING_ALLOWED + timedelta(seconds=SOLVES_ALLOWED * request.time_limit_seconds),
        attempts=0,
    )
    session.add(run)
    await session.flush()
    for position, body in enumerate(request.overseers):
        row = Overseer(id=uuid4(), run_id=run_id, position=position, account_id=body.account_id, name=names[position])
        row.email, row.phone = body.email, body.phone
        session.add(row)
    await session.flush()
    log.info("groups.requested", run_id=str(run_id), communes=len(document.communes), groups=document.k)
    return run


def _refuse_pointless(request: GroupRunRequest, *, communes: int, weight: int) -> None:
    if len(request.overseers) > communes:
        raise ConflictError(
            "group.too_many",
            vi=f"Có {len(request.overseers)} người theo dõi mà chỉ có {communes} xã.",
            en=f"There are more overseers ({len(request.overseers)}) than communes ({communes}).",
        )
    if request.weights is Weights.BLOCKERS and weight == communes:
        raise ConflictError(
            "group.no_blockers",
            vi="Đợt này chưa có vướng mắc nào; hãy chia theo nhu cầu hoặc chia đều.",
            en="The campaign has no blockers yet; weigh by need, or equally.",
        )


async def _check_overseers(session: AsyncSession, campaign: Campaign, request: GroupRunRequest) -> list[str]:
    """Their names, in the request's order."""
    accounts = {one.account_id for one in request.overseers if one.account_id is not None}
    held = await repository.list_overseer_roles(session, province_code=campaign.province_code, account_ids=accounts)
    of_role = {row.account_id for row in held}
    known = await repository.name_accounts(session, of_role)
    names, errors = [], []
    seen: set[UUID | str] = set()
    for place, body in enumerate(request.overseers):
        name = known.get(body.account_id, "") if body.account_id is not None else body.name or ""
        who = body.account_id or search_key(name)
        if body.account_id is not None and body.account_id not in of_role:
            errors.append(_no_overseer(place))
        elif who in seen:
            vi, en = "Người này được nêu hai lần.", "Named twice."
            errors.append(pointer_error(f"/overseers/{place}", code="group.overseer_twice", vi=vi, en=en))
        seen.add(who)
        names.append(name)
    if errors:
        raise InvalidError("group.overseers", vi=errors[0].vi, en=errors[0].en, errors=errors)
    return names


def _no_overseer(place: int) -> FieldError:
    return pointer_error(
        f"/overseers/{place}/account_id",
        code="group.no_overseer",
        vi="Tài khoản này không có vai trò người theo dõi (overseer) trong tỉnh; hãy cấp vai trò trước.",
        en="This account is no overseer in the province; give it the role first.",
    )
