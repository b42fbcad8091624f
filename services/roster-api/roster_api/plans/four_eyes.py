"""Four eyes, where a province wants them: who approves a plan is not who publishes it, and neither is a key."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account
from roster_api.access.principal import Principal
from roster_api.actors import find_actor
from roster_api.campaigns.models import Campaign
from roster_api.errors import ForbiddenError
from roster_api.plans.models import Plan
from roster_api.provinces.models import Province


async def wants_four_eyes(session: AsyncSession, plan: Plan) -> bool:
    query = sa.select(Province.four_eyes).join(Campaign, Campaign.province_code == Province.code)
    return bool(await session.scalar(query.where(Campaign.id == plan.campaign_id)))


async def refuse_key(session: AsyncSession, plan: Plan) -> Principal | None:
    """Who asks, where the province wants four eyes (None where it does not). 403 for a key: nobody sees through one."""
    if not await wants_four_eyes(session, plan):
        return None
    actor = find_actor(session)
    if actor is None or actor.account_id is None:
        raise ForbiddenError(
            "plan.four_eyes_key",
            vi="Tỉnh này quy định hai người: duyệt và ban hành phải do người đăng nhập, không dùng khóa.",
            en="This province wants four eyes: approving and publishing are for people signed in, not for keys.",
        )
    return actor


async def is_approved_by_person(session: AsyncSession, plan: Plan) -> bool:
    """Whether somebody signed in approved it; what a key approved before the rule began has to be approved again."""
    return await session.scalar(sa.select(Account.id).where(Account.id == plan.approved_by_id)) is not None


async def refuse_same_eyes(session: AsyncSession, plan: Plan) -> None:
    """403 for who approved the plan themselves, and while nobody signed in has approved it."""
    actor = await refuse_key(session, plan)
    if actor is None or (await is_approved_by_person(session, plan) and plan.approved_by_id != actor.account_id):
        return
    raise ForbiddenError(
        "plan.four_eyes",
        vi=f"Tỉnh này quy định hai người: phương án do {plan.approved_by} duyệt, người khác phải ban hành.",
        en=f"This province wants four eyes: {plan.approved_by} approved the plan, somebody else has to publish it.",
    )
