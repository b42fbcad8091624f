"""The grammar of free weekdays: what a row of tokens says, or the first place where it is not understood."""

from roster_api.rosters.reading.weekday_statements import (
    JOINTS,
    SKIPPED_IN_LISTS,
    WEEK,
    Cursor,
    NotUnderstoodError,
    Statement,
)
from roster_api.rosters.reading.weekday_words import Token, Word, tokens_of

BULLETS = {"-", "–", "—", "→", "->"}
OF_WHICH = {"trong", "các", "cac", "những", "nhung"}
DAY_STARTS = {Word.MARK, Word.DAY, Word.NUMBER, Word.FROM}


def parse(text: str) -> Statement:
    """NotUnderstoodError where any token has no place; nothing is passed over that could change the days."""
    parser = _Parser(tokens_of(text), text)
    parser.run()
    return parser.statement


class _Parser(Cursor):
    def __init__(self, tokens: list[Token], text: str) -> None:
        super().__init__(tokens)
        self.text = text
        self.statement = Statement()
        self.bare: list[Token] = []
        self.is_negated = False

    def run(self) -> None:
        steps = {
            Word.ALL: self._all, Word.EXCEPT: self._exception, Word.NOT: self._exception, Word.HOURS: self._hours,
            Word.HALF: self._half, Word.LIMIT: self._limit, Word.UNIT: self._unit,
            Word.SLASH: self._slash,
        }  # fmt: skip
        while self.at < len(self.tokens):
            kind = self.tokens[self.at].kind
            if kind in DAY_STARTS:
                self._days()
            elif kind in steps:
                steps[kind]()
            elif kind is Word.FREE and self.is_negated:
                raise self.refuse("unknown")
            elif kind is Word.DASH and self._is_bullet():
                self.at += 1  # a bullet
            elif kind in {Word.BREAK, Word.AND, Word.WEEKLY, Word.EMPTY, Word.WHOLE_DAY, Word.FREE}:
                self.at += 1
            else:
                raise self._no_place()
        self._check_whole()

    def _is_bullet(self) -> bool:
        return self.tokens[self.at].text in BULLETS and (self.at == 0 or self.kind(-1) is Word.BREAK)

    def _no_place(self) -> NotUnderstoodError:
        token = self.tokens[self.at]
        reasons = {Word.OR: "either", Word.EVENING: "evening", Word.WEEKS: "weeks", Word.DATE: "dated"}
        if token.kind is Word.WEEKS and self.kind(1) is Word.NUMBER:
            while self.kind(1) in {Word.NUMBER, Word.AND, Word.BREAK, Word.SLASH} and self.at + 2 < len(self.tokens):
                self.at += 1
            return self.refuse("weeks", start=self.tokens.index(token))
        return self.refuse(reasons.get(token.kind, "unknown"))

    def _check_whole(self) -> None:
        said = self.statement
        if self.bare and len(said.days) < 2:
            raise NotUnderstoodError("ambiguous", self.bare[0].text)
        if said.is_whole_week and said.days and said.days != WEEK:
            raise NotUnderstoodError("contradiction", self.text)
        if not said.days and not said.is_whole_week and not said.is_complement:
            if said.counts:
                raise NotUnderstoodError("count", said.counts[0][1])
            raise NotUnderstoodError("negation" if said.excepted else "none", self.text)
        for count, text in said.counts:
            if count < len(said.free()):
                raise NotUnderstoodError("count", text)

    def _all(self) -> None:
        self.take()
        self.statement.is_whole_week = True
        self.is_listing = False

    def _half(self) -> None:
        """'sáng', 'sáng, chiều': both together are the whole day, unless each may belong to a day of its own."""
        if self.is_negated:
            raise self.refuse("half_exception")
        is_after_day = self.kind(-1) in {Word.NUMBER, Word.DAY}
        group = [self.take()]
        while self.kind(1) is Word.HALF and self.kind() in {*SKIPPED_IN_LISTS, Word.DASH}:
            self.at += 1
            group.append(self.take())
        is_both = {token.key.split()[-1] for token in group} == {"sang", "chieu"}
        if not is_both or (is_after_day and self.kind() in DAY_STARTS):
            self.statement.halves += [token.text for token in group]

    def _slash(self) -> None:
        """Between days it parts them; of bare numbers only from three on, for two may be a date."""
        is_bare = not self.is_listing and self.kind(1) is Word.NUMBER
        if self._is_every_week(1) and self.statement.days:
            self.at += 2
        elif not self.statement.days or self.kind(1) not in DAY_STARTS or (is_bare and self.bare_numbers(self.at) < 3):
            self.at += is_bare
            raise self.refuse("dated" if is_bare else "unknown", start=max(self.at - 1 - is_bare, 0))
        else:
            self.at += 1
            if is_bare:
                self.statement.guesses.append(self.text)

    def _is_every_week(self, ahead: int) -> bool:
        """'tuần' in 'T2/tuần'; not 'tuần lẻ', 'tuần 3'."""
        is_week = self.kind(ahead) is Word.WEEKS and self.tokens[self.at + ahead].key in {"tuan", "week", "weeks"}
        return is_week and self.kind(ahead + 1) is not Word.NUMBER

    def _hours(self) -> None:
        token = self.take()
        first = int("".join(char if char.isdigit() else " " for char in token.text).split()[0])
        if self.is_negated or first >= 17 or (first >= 16 and token.text.startswith("sau")):
            self.at -= 1
            raise self.refuse("evening" if first >= 16 else "half_exception")
        self.statement.hours.append(token.text)

    def _limit(self) -> None:
        start = self.at
        self.take()
        if self.kind() is not Word.NUMBER or not self._count(start=start):
            raise self.refuse("unknown", start=start)

    def _unit(self) -> None:
        """'ngày', 'buổi' before what they name; 'ngày 3' would be a date."""
        token = self.take()
        if self.kind() in {Word.NUMBER, None} and not (self.is_listing or self.bare_numbers(self.at) > 1):
            is_date = self.kind() is Word.NUMBER
            self.at -= not is_date
            raise self.refuse("dated" if is_date else "unknown", start=self.at - is_date)
        if token.key in {"ca", "lan", "tiet"}:
            self.at -= 1
            raise self.refuse("unknown")
        if self.kind() is Word.NUMBER and not self.is_listing:
            self.statement.guesses.append(self.text)  # 'ngày 2, 4, 6': of the week, or of a month

    def _exception(self) -> None:
        """'trừ T4', 'không thứ 2': the days must follow at once, and what follows them is excepted too."""
        start = self.at
        token = self.take()
        while self.kind() in {Word.EMPTY, Word.UNIT}:
            self.at += 1
        if self.kind() is Word.HALF:
            raise self.refuse("half_exception", start=start)
        if self.is_negated or self.kind() not in DAY_STARTS:
            raise self.refuse("negation", start=start)
        if not self.statement.days and not self.statement.is_whole_week and not self.statement.counts:
            self.statement.is_complement = token.kind is Word.EXCEPT
        self.is_negated = True
        self._days()

    def _days(self) -> None:
        if self.kind() is Word.NUMBER and self._count(start=self.at):
            return
        start = self.at
        is_from = self.kind() is Word.FROM and not self._is_four()
        if is_from:
            self.take()
            if self.kind() not in DAY_STARTS - {Word.FROM}:
                raise self.refuse("dated" if self.kind() is Word.DATE else "from", start=start)
        chain, joints, is_marked = self._chain()
        if self._counts_what_follows():
            raise NotUnderstoodError("count", f"{self.tokens[self.at - 1].text} {self.tokens[self.at].text}")
        days = self._days_of_chain(chain, joints, start=start, is_from=is_from)
        if not is_marked and not self.is_listing:
            self.bare += [self.tokens[start]]
        elif is_marked:
            self.is_listing = True
        (self.statement.excepted if self.is_negated else self.statement.days).update(days)

    def _counts_what_follows(self) -> bool:
        """'3 trong các ngày T2, T4, T6': three of them, not Tuesday."""
        is_bare = self.kind(-1) is Word.NUMBER and self.kind() is Word.EMPTY and self.tokens[self.at].text in OF_WHICH
        ahead = 0
        while self.kind(ahead) in {Word.EMPTY, Word.UNIT} or (
            self.kind(ahead) is Word.BREAK and self.tokens[self.at + ahead].text in {":", "("}
        ):
            ahead += 1
        return is_bare and self.kind(ahead) in DAY_STARTS

    def _is_four(self) -> bool:
        """'tu' without accents is four where no day follows it, and 'from' where one does."""
        return self.tokens[self.at].text == "tu" and self.kind(1) not in DAY_STARTS

    def _chain(self) -> tuple[list[list[int]], list[Token], bool]:
        """Days joined by dashes or 'đến', the joints, and whether the first is marked as a day."""
        first, is_marked = self._day()
        chain, joints = [first], []
        while self.kind() in {Word.DASH, Word.TO} and self.kind(1) in DAY_STARTS:
            if self.kind(1) is Word.NUMBER and not is_marked and self.is_counted(self.at + 1):
                break
            joints.append(self.take())
            chain.append(self._day()[0])
        if self.kind() in {Word.DASH, Word.TO}:
            raise self.refuse("unknown")
        return chain, joints, is_marked

    def _days_of_chain(self, chain: list[list[int]], joints: list[Token], *, start: int, is_from: bool) -> list[int]:
        has_to = any(joint.kind is Word.TO for joint in joints)
        self.at -= 1
        if is_from and len(chain) != 2:
            raise self.refuse("from", start=start)
        if has_to and len(chain) != 2:
            raise self.refuse("unknown", start=start)
        written = self.refuse("", start=start).text
        self.at += 1
        if len(chain) != 2:
            return [day for days in chain for day in days]
        (first, last) = (chain[0][-1], chain[1][0])
        if len(chain[0]) > 1 or len(chain[1]) > 1 or first > last:
            raise NotUnderstoodError("range", written)
        may_be_a_pair = joints[0].text in {"-", "–"} and last - first == 2  # 'T2-T4': or T2 and T4?
        if may_be_a_pair or (self.tokens[start + is_from].kind is Word.NUMBER and not self.is_listing):
            self.statement.guesses.append(written)
        return list(range(first, last + 1))

    def _is_no_day(self, token: Token) -> bool:
        """'sau T3' is after Tuesday, not six; 'năm 4' is the fourth year, not Thursday and Wednesday."""
        is_after = token.text == "sau" and (self.kind() in {Word.MARK, Word.DAY} or not self.text.isascii())
        return is_after or (bool(token.key) and self.kind() is Word.NUMBER and not self.tokens[self.at].key)

    def _day(self) -> tuple[list[int], bool]:
        """(days, is it marked as a day) at this place: 'T2', 'thứ hai', 'CN', 'Monday', '4', '246'."""
        token = self.take()
        if token.kind is Word.NUMBER and self._is_no_day(token):
            self.at -= 1
            raise self.refuse("unknown")
        if token.kind is Word.DAY:
            return [token.value], True
        if token.kind is Word.NUMBER or (token.kind is Word.FROM and token.text == "tu"):
            return self._numbered(token), False
        if token.kind is not Word.MARK:
            self.at -= 1
            raise self._no_place()
        start = self.at - 1
        has_dot = self.kind() is Word.BREAK and self.tokens[self.at].text in {".", ":"} and self.kind(1) is Word.NUMBER
        self.at += has_dot
        if self.kind() is Word.NUMBER or (self.kind() is Word.FROM and self.tokens[self.at].text == "tu"):
            number = self.take()
            if token.text == "t" and number.key and not has_dot:
                self.at -= 1
                raise self.refuse("unknown", start=start)
            return self._numbered(number, mark=token.text), True
        if token.text == "thu":
            if not any(other.kind is Word.DAY and other.text.isascii() for other in self.tokens):
                self.statement.guesses.append(token.text)
            return [3], True
        self.at = start
        raise self.refuse("unknown")

    def _numbered(self, token: Token, *, mark: str = "") -> list[int]:
        value = 4 if token.kind is Word.FROM else token.value
        if 2 <= value <= 7:
            return [value - 2]
        figures = [int(char) for char in token.text if char.isdigit()]
        is_run = len(figures) > 1 and figures == sorted(set(figures)) and figures[0] >= 2 and figures[-1] <= 7
        if not is_run:
            joined = f"{mark}{token.text}" if len(mark) == 1 else f"{mark} {token.text}"
            raise NotUnderstoodError("unknown", joined.strip())
        self.statement.guesses.append(f"{mark}{token.text}")
        return [figure - 2 for figure in figures]

    def _count(self, *, start: int) -> bool:
        """Takes '3 ngày/tuần', '2-3 buổi', 'cả hai ngày'; False, and nothing taken, where no count stands here."""
        if not self.is_counted(self.at):
            return False
        if self.is_negated:
            self.at += 1
            raise self.refuse("negation", start=start)
        value, is_all = 0, start > 0 and self.tokens[start - 1].text == "cả"
        while self.kind() in {Word.NUMBER, *JOINTS}:
            value = max(value, self.take().value)
        unit = self.take()
        if unit.kind is Word.WEEKS or unit.key in {"lan", "tiet", "ca"}:
            self.at -= 1
            raise self.refuse("weeks" if unit.kind is Word.WEEKS else "count", start=start)
        if self.kind() in {Word.SLASH, Word.NUMBER} and self._is_every_week(1):
            self.at += 2
        elif self.kind() is Word.WEEKLY:
            self.at += 1
        if self.kind() is Word.WEEKS:
            raise self.refuse("weeks", start=start)
        self.at -= 1
        text = self.refuse("", start=start).text
        self.at += 1
        if is_all and value == len(WEEK) and unit.key == "ngay":
            self.statement.is_whole_week = True
        else:
            self.statement.counts.append((value, text))
        return True
