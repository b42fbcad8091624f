"""Who has a blocker at a level, by name: whoever is told of it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account
from roster_api.access.principal import Role
from roster_api.blockers.models import Blocker, BlockerState, Level
from roster_api.campaigns.models import Campaign
from roster_api.groups.models import Overseer
from roster_api.groups.scope import find_overseer, list_role_holders


async def find_owners(
    session: AsyncSession, blocker: Blocker, campaign: Campaign, level: Level
) -> Overseer | Sequence[Account]:
    """Whoever follows the commune's group; while nobody does, everybody who holds the level's role in the province.

    Where nobody holds it, or every overseer is bound to other communes, those of the next level hear at once, Home
    Affairs last: a blocker that reaches nobody would look as if it were in hand.
    """
    if level is Level.OVERSEER:
        overseer = await find_overseer(session, campaign_id=campaign.id, commune_code=blocker.commune_code)
        if overseer is not None:
            return overseer
    levels = list(Level)
    for role in [*(Role(each.value) for each in levels[levels.index(level) :]), Role.ADMIN]:
        owners = await list_role_holders(session, province_code=campaign.province_code, role=role)
        if owners:
            return owners
    return []


async def name_owners(session: AsyncSession, blocker: Blocker, campaign: Campaign) -> list[str]:
    """Nobody has what is closed."""
    if blocker.state == BlockerState.CLOSED:
        return []
    owners = await find_owners(session, blocker, campaign, Level(blocker.level))
    return [owners.name] if isinstance(owners, Overseer) else [each.display_name for each in owners]
