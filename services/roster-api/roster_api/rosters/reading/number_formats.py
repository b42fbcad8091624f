"""Numbers as a cell's format shows them, where the eye sees other figures than the file holds: 00101, 0950 000 123."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_TOKENS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.|([0#?])|(.)', re.DOTALL)
_NOT_PLAIN = re.compile(r"[.,%Ee/@ymdhsYMDHS]|General|Standard", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`pattern`: one of '0' or '#' for each figure, other text as it stands (None: shown as it is)."""

    pattern: tuple[tuple[bool, str], ...] | None
    """(is it a place for a figure, text)."""
    hides_zero: bool

    def show(self, value: str) -> str | None:
        """The whole number `value` as shown; None when the format does not change what is seen."""
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return None
        if number == 0 and self.hides_zero:
            return ""
        if self.pattern is None or number < 0 or number != int(number):
            return None
        return self._fill(str(int(number)))

    def _fill(self, figures: str) -> str:
        shown: list[str] = []
        left = list(figures)
        places = sum(is_place for is_place, _ in self.pattern or ())
        for is_place, text in reversed(self.pattern or ()):
            if not is_place:
                shown.append(text)
                continue
            places -= 1
            if places == 0:
                shown.append("".join(left) or (text if text == "0" else ""))
            elif left:
                shown.append(left.pop())
            elif text == "0":
                shown.append("0")
        return "".join(reversed(shown)).strip()


def find_format(code: str) -> NumberFormat | None:
    """What of a format code changes the figures seen; None for one that does not, or for dates, decimals, percents."""
    if not code or len(code) > 200:
        return None
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    hides_zero = len(sections) >= 3 and not re.sub(r"\[[^\]]*\]|_.|\s", "", sections[2])
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", sections[0])
    pattern: list[tuple[bool, str]] | None = None
    if not _NOT_PLAIN.search(bare) and re.search(r"[0#?]", bare):
        pattern = [
            (bool(figure), literal or escaped or figure or other or "")
            for literal, escaped, figure, other in (match.groups() for match in _TOKENS.finditer(sections[0]))
        ]
        is_plain = all(is_place or not text for is_place, text in pattern) and sum(f for f, _ in pattern) == 1
        pattern = None if is_plain or sum(is_place for is_place, _ in pattern) < 1 else pattern
    return NumberFormat(tuple(pattern) if pattern else None, hides_zero) if pattern or hides_zero else None
