"""Query parameters that cannot be meant so: names nobody knows, with the one meant, and single values sent twice."""

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from commune_schemas.amounts import amount
from commune_schemas.problem import FieldError

NEAR = 0.8
"""Ratio of difflib from which a name counts as a slip of another."""
NAME_SHOWN = 60
ERRORS_IN_WORDS = 3


@dataclass(frozen=True)
class ParameterFault:
    """Why a query is refused: 422 with this code, these words, and an error for each parameter."""

    code: str
    vi: str
    en: str
    errors: list[FieldError]


def find_parameter_fault(sent: Sequence[str], *, known: Mapping[str, bool]) -> ParameterFault | None:
    """Of the names in a query; `known`: name -> whether it takes several values. None: all can be meant so."""
    errors = _explain_unknown(sent, known=list(known))
    code = "request.unknown_parameter" if errors else "request.repeated_parameter"
    errors = errors or _explain_repeated(sent, single=[name for name, is_list in known.items() if not is_list])
    if not errors:
        return None
    vi, en = (" ".join(words) for words in zip(*((one.vi, one.en) for one in errors[:ERRORS_IN_WORDS]), strict=True))
    return ParameterFault(code, vi, en, errors)


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one is a slip of: letters, hyphens, capitals; None when none is near."""
    by_letters = {_letters(candidate): candidate for candidate in known}
    near = difflib.get_close_matches(_letters(name), by_letters, n=1, cutoff=NEAR)
    return by_letters[near[0]] if near else None


def _explain_unknown(sent: Iterable[str], *, known: Sequence[str]) -> list[FieldError]:
    """An error for each query parameter that a route does not know, in the order sent, each once."""
    return [_explain(name, known) for name in dict.fromkeys(sent) if name not in known]


def _explain_repeated(sent: Sequence[str], *, single: Collection[str]) -> list[FieldError]:
    """An error for each query parameter that takes one value and was sent with several, whatever those are."""
    times = Counter(sent)
    return [
        FieldError(
            pointer=f"query:{name}",
            code="parameter.repeated",
            vi=f"Tham số '{name}' chỉ nhận một giá trị, nhưng được gửi {times[name]} lần.",
            en=f"The parameter '{name}' takes a single value, but was sent {amount(times[name], 'time')}.",
        )
        for name in times
        if name in single and times[name] > 1
    ]


def _explain(name: str, known: Sequence[str]) -> FieldError:
    shown = "".join(letter for letter in name if letter.isprintable())[:NAME_SHOWN]
    nearest = find_nearest(name, known)
    if nearest:
        vi, en = f"Có phải muốn viết '{nearest}'?", f"Was '{nearest}' meant?"
    elif known:
        listed = ", ".join(sorted(known))
        vi, en = f"Các tham số dùng được: {listed}.", f"The parameters are: {listed}."
    else:
        vi, en = "Địa chỉ này không nhận tham số nào.", "This address takes no parameters."
    return FieldError(
        pointer=f"query:{shown}",
        code="parameter.unknown",
        vi=f"Không có tham số '{shown}'. {vi}",
        en=f"There is no parameter '{shown}'. {en}",
    )


def _letters(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
