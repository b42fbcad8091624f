"""What may be wrong, as exceptions: raise one anywhere, and error_answers.py makes the RFC 9457 answer of it.

Words for a broken constraint stand beside its table: `explain_constraint(...)` in the folder's models.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from commune_schemas.problem import FieldError

PROBLEM_MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An answer other than success: what was wrong (vi, en), where (`errors`), and a stable `code`.

    `facts`: what holds now, as JSON, for the client's next request.
    """

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"

    def __init__(
        self,
        code: str,
        *,
        vi: str,
        en: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.vi = vi
        self.en = en
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.facts = dict(facts or {})


class BadRequestError(ProblemError):
    """400."""


class UnauthenticatedError(ProblemError):
    """401: no key, or one we do not know."""

    status = 401
    title = "Not authenticated"


class ForbiddenError(ProblemError):
    """403: known, but this role may never do this."""

    status = 403
    title = "Forbidden"


class NotFoundError(ProblemError):
    """404: missing, or someone else's: nobody learns which."""

    status = 404
    title = "Not found"

    def __init__(self, code: str = "not_found", *, vi: str = "Không tìm thấy.", en: str = "Not found.") -> None:
        super().__init__(code, vi=vi, en=en)


class ConflictError(ProblemError):
    """409: the request is sound, the present state does not allow it."""

    status = 409
    title = "Conflict"


class PreconditionFailedError(ProblemError):
    """412: changed by someone else since it was read."""

    status = 412
    title = "Precondition failed"


class TooLargeError(ProblemError):
    """413."""

    status = 413
    title = "Too large"


class InvalidError(ProblemError):
    """422: understood, but not acceptable; `errors` point at what."""

    status = 422
    title = "Not acceptable as it is"


class PreconditionRequiredError(ProblemError):
    """428: If-Match is missing."""

    status = 428
    title = "Precondition required"


class TooManyError(ProblemError):
    """429: this holder has as much going on as it may, or asked too often; later is fine."""

    status = 429
    title = "Too many requests"


class UnavailableError(ProblemError):
    """503: something we need is away; try again."""

    status = 503
    title = "Temporarily unavailable"


@dataclass(frozen=True)
class ConstraintWords:
    status: int
    code: str
    vi: str
    en: str


CONSTRAINTS: dict[str, ConstraintWords] = {}


def explain_constraint(name: str, *, code: str, vi: str, en: str, status: int = 409) -> None:
    """What to answer when the database refuses because of constraint `name`."""
    CONSTRAINTS[name] = ConstraintWords(status=status, code=code, vi=vi, en=en)


def pointer_error(pointer: str, *, code: str, vi: str, en: str) -> FieldError:
    return FieldError(pointer=pointer, code=code, vi=vi, en=en)


def invalid_field(pointer: str, *, code: str, vi: str, en: str) -> InvalidError:
    """422 about one field."""
    return InvalidError(code, vi=vi, en=en, errors=[pointer_error(pointer, code=code, vi=vi, en=en)])
