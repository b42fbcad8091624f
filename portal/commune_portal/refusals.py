"""What the API may refuse of a form: the page comes back with its words, and with what was typed."""

from collections.abc import Awaitable
from typing import Any

from commune_portal.client import ApiError

REFUSED = frozenset({403, 409, 412, 413, 422, 428, 429})
"""Answers to a form that its own page explains best; anything else has a page of its own."""


async def attempt(deed: Awaitable[Any]) -> tuple[Any, ApiError | None]:
    """(what the API answered, None), or (None, its refusal). Raises what no form can mend."""
    try:
        return await deed, None
    except ApiError as refusal:
        if refusal.status not in REFUSED or refusal.wants_a_role or refusal.wants_a_second_factor:
            raise
        return None, refusal


def not_sure() -> ApiError:
    """A deed that cannot be taken back was sent without its box ticked."""
    words = {
        "code": "portal.not_sure",
        "detail_vi": "Chưa có gì thay đổi: hãy đánh dấu vào ô xác nhận trước.",
        "detail": "Nothing has changed: tick the box that confirms it first.",
    }
    return ApiError(422, words)
