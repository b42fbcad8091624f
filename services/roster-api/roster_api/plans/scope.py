"""Which rows of a plan are asked for, and which of them a principal may see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from roster_api.access.principal import Principal, Role


@dataclass(frozen=True)
class RowScope:
    """Bounds on the rows of a plan; None means any."""

    school_id: UUID | None = None
    commune_code: str | None = None
    volunteer_id: UUID | None = None

    def conditions(self, table: Any) -> list[sa.ColumnElement[bool]]:
        """For a table that has the columns this scope bounds."""
        bounds = {
            "school_id": self.school_id,
            "commune_code": self.commune_code,
            "volunteer_id": self.volunteer_id,
        }
        return [getattr(table, name) == value for name, value in bounds.items() if value is not None]


def row_scope(principal: Principal) -> RowScope:
    """Who is bound to a school sees the rows of the school, a commune's officer those of the commune."""
    return RowScope(
        school_id=principal.school_id if principal.role.is_of_school else None,
        commune_code=principal.commune_code if principal.role is Role.COMMUNE_OFFICER else None,
    )
