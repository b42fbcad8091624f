"""Which rows a principal sees, as conditions for WHERE clauses; each folder's repository has its own, built on these.

What is outside answers like what does not exist.
"""

from typing import Any

from sqlalchemy import ColumnElement

from roster_api.access.principal import Principal
from roster_api.errors import ForbiddenError

Conditions = list[ColumnElement[bool]]


def province_scope(principal: Principal, column: Any) -> Conditions:
    """A key bound to a province sees that province only."""
    return [column == principal.province_code] if principal.province_code else []


def refuse_fields_of_admin(principal: Principal, *, changed: set[str], open_fields: frozenset[str]) -> None:
    """403 when someone other than an admin changes more than `open_fields`."""
    closed = sorted(changed - open_fields)
    if closed and not principal.is_admin:
        raise ForbiddenError(
            "access.fields",
            vi=f"Chỉ Sở Nội vụ được sửa: {', '.join(closed)}.",
            en=f"Only Home Affairs may change: {', '.join(closed)}.",
        )
