"""What a cell says of the week, the place in its tokens, and the refusal of what has no place there."""

from dataclasses import dataclass, field

from roster_api.rosters.reading.weekday_words import Token, Word

WEEK = frozenset(range(5))
JOINTS = {Word.DASH, Word.TO, Word.SLASH}
SKIPPED_IN_LISTS = {Word.BREAK, Word.AND, Word.SLASH}


class NotUnderstoodError(Exception):
    """`reason` is the last part of the finding's code; `text` the words of the cell it is about."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason, text)
        self.reason, self.text = reason, text


@dataclass(slots=True)
class Statement:
    """What a cell says of the week; days 0 = Monday ... 6 = Sunday."""

    days: set[int] = field(default_factory=set)
    excepted: set[int] = field(default_factory=set)
    is_whole_week: bool = False
    is_complement: bool = False
    """Only exceptions were named: 'trừ T4'."""
    halves: list[str] = field(default_factory=list)
    """'sáng' and 'chiều' where they do not make a whole day together."""
    hours: list[str] = field(default_factory=list)
    counts: list[tuple[int, str]] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    """Readings that need a person's eye: days run together, or bare numbers taken for a span."""

    def free(self) -> set[int]:
        named = set(WEEK) if self.is_whole_week or self.is_complement else self.days
        return named - self.excepted


class Cursor:
    """A place in a row of tokens, with looks ahead of it."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.is_listing = False
        """A marked day stands before, so bare numbers go on naming days: 'Thứ 2, 4, 6'."""

    def kind(self, ahead: int = 0) -> Word | None:
        place = self.at + ahead
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else None

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def refuse(self, reason: str, *, start: int | None = None) -> NotUnderstoodError:
        first = self.at if start is None else start
        return NotUnderstoodError(reason, " ".join(token.text for token in self.tokens[first : self.at + 1]))

    def bare_numbers(self, place: int) -> int:
        """How many numbers stand in a row around `place`, with nothing but signs between."""
        count = 0
        while place and self.tokens[place - 1].kind in {Word.NUMBER, *SKIPPED_IN_LISTS, Word.DASH}:
            place -= 1
        while place < len(self.tokens) and self.tokens[place].kind in {Word.NUMBER, *SKIPPED_IN_LISTS, Word.DASH}:
            count += self.tokens[place].kind is Word.NUMBER
            place += 1
        return count

    def is_counted(self, place: int) -> bool:
        """A number, or numbers with dashes between, before 'ngày' or 'buổi': it counts, and names no day."""
        while place + 1 < len(self.tokens) and self.tokens[place].kind is Word.NUMBER:
            following = self.tokens[place + 1].kind
            if following is Word.UNIT:
                is_half_next = place + 2 < len(self.tokens) and self.tokens[place + 2].kind is Word.HALF
                return not (self.is_listing and is_half_next)
            if following is Word.WEEKS:
                return True
            if following not in JOINTS or place + 2 >= len(self.tokens):
                return False
            place += 2
        return False
