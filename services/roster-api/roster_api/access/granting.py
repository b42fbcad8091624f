"""Who may let whom in: nobody gives a role, a bound or a time that is more than their own."""

from datetime import datetime

from roster_api.access.bounds import Bounds
from roster_api.access.principal import Principal, Role
from roster_api.errors import ForbiddenError, invalid_field

GIVES: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - {Role.VOLUNTEER, Role.SOLVER, Role.NOTIFIER},
    Role.DIRECTOR: frozenset({Role.OVERSEER}),
    Role.SCHOOL_COORDINATOR: frozenset({Role.SCHOOL_COORDINATOR, Role.SCHOOL_VIEWER}),
}
"""What a role includes, and may therefore give. Whoever is not named gives nothing."""


def given_by(principal: Principal) -> frozenset[Role]:
    return GIVES.get(principal.role, frozenset())


def refuse_more_than_own(principal: Principal, *, role: Role, bounds: Bounds, until: datetime | None) -> None:
    """403 for a role or a place that is not the giver's to give; 422 for a time that is longer than theirs."""
    is_inside = (
        principal.province_code in (None, bounds.province_code)
        and principal.school_id in (None, bounds.school_id)
        and principal.commune_code in (None, bounds.commune_code)
    )
    if role not in given_by(principal) or not is_inside:
        raise ForbiddenError(
            "grant.more_than_own",
            vi="Không thể cấp vai trò hoặc phạm vi rộng hơn của chính mình.",
            en="Nobody gives a role, or a place, that is more than their own.",
        )
    if principal.valid_until is not None and (until is None or until > principal.valid_until):
        raise invalid_field(
            "/until",
            code="grant.longer_than_own",
            vi=f"Vai trò của bạn hết hạn lúc {principal.valid_until:%d/%m/%Y %H:%M} (UTC): không thể cấp lâu hơn.",
            en=f"Your own role ends at {principal.valid_until:%Y-%m-%d %H:%M} (UTC): nothing longer can be given.",
        )
