"""RFC 9457 problem details, as every service answers them: what was wrong, where, what to do, in two languages."""

from typing import Any

from commune_schemas.base import Document


class FieldError(Document):
    pointer: str
    """JSON pointer into the body ('/needs/0/people'), or 'query:limit', 'header:If-Match', 'row:7/column:SĐT'."""
    code: str
    vi: str
    en: str


class Problem(Document):
    """Body of every error answer, media type application/problem+json."""

    type: str
    """'urn:commune-roster:problem:<code>'"""
    title: str
    status: int
    code: str
    """Stable machine name, e.g. 'roster.has_errors', 'precondition.stale'."""
    detail: str
    """English, one or two sentences: what was wrong and what to do."""
    detail_vi: str
    """The same in Vietnamese."""
    instance: str | None = None
    errors: list[FieldError] = []
    facts: dict[str, Any] = {}
    """What holds now, as data, where the next request needs it; each `code` says what is in it. Left out when empty."""
