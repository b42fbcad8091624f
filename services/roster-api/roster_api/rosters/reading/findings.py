"""What the reader has to say about a cell: an error that must be mended, or a repair that a person should approve."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class Severity(StrEnum):
    ERROR = "error"  # the list is not taken in until this is mended
    WARNING = "warning"  # read otherwise than written; shown, so that a person can object


@dataclass(frozen=True, slots=True)
class Finding:
    """`vi`/`en`: what is wrong and why. `mend_vi`/`mend_en`: what to write instead."""

    code: str
    severity: Severity
    vi: str
    en: str
    mend_vi: str = ""
    mend_en: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Reading(Generic[ValueT]):
    """A cell's value as understood (None: nothing usable) and what there is to say about it."""

    value: ValueT | None
    findings: list[Finding] = field(default_factory=list)


def error(code: str, *, vi: str, en: str, mend_vi: str, mend_en: str) -> Finding:
    return Finding(code, Severity.ERROR, vi, en, mend_vi, mend_en)


def warning(code: str, *, vi: str, en: str) -> Finding:
    return Finding(code, Severity.WARNING, vi, en)


def refused(code: str, *, vi: str, en: str, mend_vi: str, mend_en: str) -> Reading[ValueT]:
    """A reading with no value and one error."""
    return Reading(None, [error(code, vi=vi, en=en, mend_vi=mend_vi, mend_en=mend_en)])
