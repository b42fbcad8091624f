"""Which province a page of Home Affairs is about: an officer's own, or the one the nation's administrator names."""

from typing import Any

from commune_portal.campaign_view import NAMES_SECONDS
from commune_portal.client import ApiError
from commune_portal.menu import ADMIN
from commune_portal.view import View


class NoProvinceError(Exception):
    """The nation's administrator opened a page of a single province, and named none, or none that there is."""


async def list_provinces(view: View) -> list[dict[str, Any]]:
    return await view.api.list_kept("/v1/provinces", seconds=NAMES_SECONDS)


def province_of_admin(view: View) -> str | None:
    """Of an officer of Home Affairs; None for everybody else, and for the nation's administrator."""
    is_of_province = view.role == ADMIN and view.assignment.get("scope_kind") == "province"
    return str(view.assignment["scope_id"]) if is_of_province else None


async def choose_province(view: View) -> str:
    """Whom it is not for, for them the page is not there."""
    own = province_of_admin(view)
    if own is not None:
        return own
    if not view.is_of_nation:
        raise ApiError(404, {})
    view.province = next((each for each in await list_provinces(view) if each["code"] == view.named_province), None)
    if view.province is None:
        raise NoProvinceError
    return str(view.province["code"])
