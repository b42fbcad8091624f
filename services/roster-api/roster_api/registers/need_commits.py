"""What committing a sheet of needs writes, by the rules of declaring them; and taking it back."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns.service import get_changeable_campaign
from roster_api.needs.repository import list_versions, lock_needs
from roster_api.needs.schemas import CommuneNeedWrite
from roster_api.needs.service import declare_needs
from roster_api.needs.taking_back import describe_whole, put_back
from roster_api.registers.commits import too_late
from roster_api.registers.models import RegisterUpload


async def write_needs(
    session: AsyncSession, upload: RegisterUpload, rows: list[dict[str, Any]], *, principal: Principal
) -> int:
    """How many needs were changed by somebody else since they were compared, and are left. Keeps what undoing needs."""
    campaign_id = _campaign_of(upload)
    await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    known = await lock_needs(session, campaign_id=campaign_id, commune_codes={row["code"] for row in rows})
    versions = {code: need.row_version for code, need in known.items()}
    fresh = [row for row in rows if versions.get(row["code"]) == row["seen_version"]]
    codes = {row["code"] for row in fresh}
    before = {code: describe_whole(need) for code, need in known.items() if code in codes}
    items = [CommuneNeedWrite(commune_code=row["code"], **row["values"]) for row in fresh]
    await declare_needs(session, principal=principal, campaign_id=campaign_id, items=items)
    upload.undo = {"left": await list_versions(session, campaign_id, codes), "before": before}
    return len(rows) - len(fresh)


async def revert_needs(session: AsyncSession, upload: RegisterUpload, *, principal: Principal) -> None:
    """The needs as they were; 409 once a need it wrote was changed, or the campaign is closed."""
    campaign_id = _campaign_of(upload)
    await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    undo: dict[str, Any] = upload.undo or {}
    rows = await lock_needs(session, campaign_id=campaign_id, commune_codes=undo["left"].keys())
    if {code: row.row_version for code, row in rows.items()} != undo["left"]:
        raise too_late()
    await put_back(session, rows, undo["before"], by=principal.label)


def _campaign_of(upload: RegisterUpload) -> UUID:
    if upload.campaign_id is None:
        raise AssertionError("needs are of a campaign; the table has a check for it")
    return upload.campaign_id
