"""Which rows of a plan are asked for, and which of them a principal may see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from roster_api.access.principal import Principal, Role
from roster_api.groups.scope import group_scope
from roster_api.plans.models import Plan


@dataclass(frozen=True)
class RowScope:
    """Bounds on the rows of a plan; None means any."""

    school_id: UUID | None = None
    commune_code: str | None = None
    volunteer_id: UUID | None = None
    overseer: Principal | None = None
    """Who is bound to an oversight group: its communes, of whatever campaign the row is."""

    def conditions(self, table: Any) -> list[sa.ColumnElement[bool]]:
        """For a table that has the columns this scope bounds."""
        bounds = {
            "school_id": self.school_id,
            "commune_code": self.commune_code,
            "volunteer_id": self.volunteer_id,
        }
        conditions = [getattr(table, name) == value for name, value in bounds.items() if value is not None]
        if self.overseer is None:
            return conditions
        campaign = getattr(table, "campaign_id", None)
        if campaign is None:
            campaign = sa.select(Plan.campaign_id).where(Plan.id == table.plan_id).correlate(table).scalar_subquery()
        return conditions + group_scope(self.overseer, campaign_id=campaign, commune_code=table.commune_code)


def row_scope(principal: Principal) -> RowScope:
    """Who is bound to a school sees its rows, a commune's officer the commune's, an overseer of a group the group's."""
    return RowScope(
        school_id=principal.school_id if principal.role.is_of_school else None,
        commune_code=principal.commune_code if principal.role is Role.COMMUNE_OFFICER else None,
        overseer=principal if principal.is_of_group else None,
    )
