"""The words of free weekdays: text cut into tokens, each of a known kind or of none."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from roster_api.text import search_key


class Word(Enum):
    MARK = auto()  # 'T' or 'thứ', before a number
    NUMBER = auto()
    DAY = auto()  # a day with a name of its own: CN, Monday
    ALL = auto()
    EXCEPT = auto()  # 'trừ': of a whole week, unless days are named
    NOT = auto()  # 'không', 'bận', 'nghỉ'
    FREE = auto()  # 'rảnh'
    FROM = auto()
    TO = auto()
    DASH = auto()
    SLASH = auto()
    AND = auto()
    OR = auto()
    BREAK = auto()  # a comma and its like
    HALF = auto()
    WHOLE_DAY = auto()
    EVENING = auto()
    HOURS = auto()
    UNIT = auto()  # what is counted: days, half days
    WEEKS = auto()
    DATE = auto()
    WEEKLY = auto()
    LIMIT = auto()  # 'tối đa', before a count
    EMPTY = auto()  # says nothing in a column of free days
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` as it stands in the cell; `value`: the number, the day (0 = Monday) or the word's key."""

    kind: Word
    text: str
    value: int = 0
    key: str = ""


NUMBER_WORDS = {"hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "một": 1}
ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_LONG = re.compile(
    r"mon(days?)?|tue(s|sdays?)?|wed(s|nesdays?)?|thu(rs?|rsdays?)|fri(days?)?|sat(urdays?)?|sun(days?)?"
)
_PHRASES: dict[Word, str] = {
    Word.ALL: "cả tuần|nguyên tuần|suốt tuần|trọn tuần|toàn tuần|tất cả|tất cả các ngày|tất cả các ngày trong tuần"
    "|tất cả các thứ|tất cả các buổi|toàn bộ|toàn bộ các ngày"
    "|full|full tuần|rảnh hết|cả tuần đều được|ngày nào trong tuần cũng được"
    "|mọi ngày|hàng ngày|hằng ngày|mỗi ngày|ngày nào cũng được|ngày nào cũng rảnh"
    "|bất kỳ ngày nào|bất kì ngày nào|các ngày trong tuần|các ngày thường|ngày thường|toàn thời gian|full time"
    "|fulltime|all|all week|all days|every day|everyday|whole week|weekdays|any day",
    Word.EXCEPT: "trừ|ngoại trừ|loại trừ|trừ ra|except|all but",
    Word.NOT: "không|ko|k|kg|hok|bận|nghỉ|kẹt|vướng|không rảnh|không đi được|không tham gia|không kể|ngoài|not|no"
    "|busy|off",
    Word.FREE: "rảnh|trống|free|available|rỗi",
    Word.FROM: "từ|from",
    Word.TO: "đến|tới|đến hết|to|till|until|through",
    Word.AND: "và|and|cùng|với",
    Word.OR: "hoặc|hay|or",
    Word.HALF: "sáng|chiều|morning|mornings|afternoon|afternoons|buổi sáng|buổi chiều|am|pm",
    Word.WHOLE_DAY: "cả ngày|nguyên ngày|trọn ngày|suốt ngày|all day|sáng chiều|sáng và chiều|cả sáng và chiều"
    "|cả sáng lẫn chiều|giờ hành chính|trong giờ hành chính|hành chính|cả hai buổi",
    Word.EVENING: "tối|buổi tối|đêm|trưa|evening|evenings|night|ngoài giờ|ngoài giờ hành chính|sau giờ"
    "|sau giờ hành chính",
    Word.DAY: "cn|chủ nhật|chúa nhật",
    Word.UNIT: "ngày|buổi|tiết|ca|lần|days|day|sessions",
    Word.WEEKS: "tuần|tuần lẻ|tuần chẵn|cách tuần|week|weeks|tuần đầu|tuần cuối",
    Word.DATE: "tháng|month",
    Word.WEEKLY: "hàng tuần|hằng tuần|mỗi tuần|các tuần|trong tuần|weekly|every week|per week|tuần nào cũng được",
    Word.LIMIT: "tối đa|tối thiểu|ít nhất|nhiều nhất|khoảng|chỉ được|max|at most|at least",
    Word.EMPTY: "mỗi|ưu tiên|các|vào|vào các|vào ngày|vào các ngày|lịch|lịch rảnh|ngày rảnh|các ngày rảnh"
    "|có thể|có thể đi|đi được|tham gia|tham gia được|có thể tham gia|được|đăng ký|trong|on|only|chỉ|chỉ có|cả|both"
    "|trừ lễ|trừ ngày lễ|trừ các ngày lễ|trừ lễ tết|trừ ngày nghỉ lễ|không kể ngày lễ"
    "|every|each|duy nhất|thời gian|những|những ngày|gồm|là",
}  # fmt: skip
_BY_WORDS = {tuple(phrase.split()): kind for kind, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_PLAIN = {tuple(search_key(word) for word in words): kind for words, kind in _BY_WORDS.items()}
"""The same phrases without accents."""
_LONGEST = max(map(len, _BY_WORDS))
_OF_DATE = r" ?/ ?\d{1,2}(?! ?[hg:\d])"
_HOUR = (
    rf"\d{{1,2}} ?(?:h|giờ|gio|g)(?![^\W\d_]| hành| hanh) ?(?:\d{{2}}(?!\d|{_OF_DATE}))?"
    r"|\d{1,2}h\d{2}|\d{1,2}:\d{2}"
)
_HOUR_OR_DATE = rf"(?<!\d)\d{{1,2}}[hg:]\d{{2}}{_OF_DATE}"
"""'8h 24/3' is the 24th of March after the hour; of '8h24/3' nobody knows."""
_HOURS_BEFORE = r"(?:(?:lúc|luc|từ|tu|sau|trước|truoc) )?"
_HOURS = (
    rf"{_HOURS_BEFORE}(?:\b(?:[6-9]|1\d) ?[-–] ?)?(?<!\w)(?:{_HOUR})"
    rf"(?: ?(?:[-–—~]|->|đến|den|tới|toi) ?(?:{_HOUR}))*"
)
_DATE = (
    r"(?<![\w/.])\d{1,4}(?: ?[/.-] ?\d{1,2})[/.-]\d{2,4}(?!\d)|(?<![\w/.])(?:[089]|1\d?|[2-9]\d)/\d{1,2}(?![\d/])"
    r"|(?<![\w/.])\d{1,2}/(?:[01]|[89]|\d\d)(?![\d/])"
)
"""Figures with a slash between are a date where one of them is no day of the week, or there is a year."""
_LEX = re.compile(
    rf"(?P<unclear>{_HOUR_OR_DATE})|(?P<hours>{_HOURS})|(?P<date>{_DATE})"
    r"|(?P<mark>[(\[] ?[-+–—] ?[)\]]|[-+–—](?=\s*(?:[,;)]|$)))"
    r"|(?P<word>[^\W\d_]+)|(?P<number>[0-9]+)|(?P<dash>=>|->|[-–—→~…]|\.{2,})|(?P<slash>/)"
    r"|(?P<and>[&+])|(?P<break>(?:[,;:()\[\]|_•·\"“”]|\.(?!\.))+)|(?P<other>\S)"
)
_SIGNS = {
    "dash": Word.DASH, "slash": Word.SLASH, "and": Word.AND, "break": Word.BREAK, "hours": Word.HOURS,
    "date": Word.DATE, "mark": Word.UNKNOWN, "other": Word.UNKNOWN,
    "unclear": Word.UNKNOWN,
}  # fmt: skip


def tokens_of(text: str) -> list[Token]:
    """Every sign of `text` but blanks stands in one token; what is in no phrase is UNKNOWN."""
    raw = [
        (match.lastgroup or "", match.group(), match)
        for match in _LEX.finditer(unicodedata.normalize("NFC", text.casefold()))
    ]
    tokens: list[Token] = []
    at = 0
    while at < len(raw):
        group, word, _ = raw[at]
        if group == "word":
            words = [item[1] for item in raw[at : at + _LONGEST] if item[0] == "word"]
            run = next((n for n, item in enumerate(raw[at : at + _LONGEST]) if item[0] != "word"), len(words))
            token, taken = _phrase(words[:run])
            tokens.append(token)
            at += taken
            continue
        tokens.append(_sign(group, word))
        at += 1
    return tokens


def _sign(group: str, text: str) -> Token:
    if group == "number":
        return Token(Word.NUMBER, text, value=int(text) if len(text) < 9 else 0)
    return Token(_SIGNS[group], text)


def _phrase(words: list[str]) -> tuple[Token, int]:
    """The longest phrase that `words` begin with, and how many words it has."""
    for size in range(len(words), 0, -1):
        kind = _kind_of(tuple(words[:size]))
        if kind is not None:
            text = " ".join(words[:size])
            return Token(kind, text, value=6 if kind is Word.DAY else 0, key=search_key(text)), size
    word = words[0]
    key = search_key(word)
    if word in {"thứ", "thư", "thú", "thu", "t", "th"}:
        return Token(Word.MARK, word, key=key), 1
    for name, value in NUMBER_WORDS.items():
        if word == name or (word == key and key == search_key(name)):
            return Token(Word.NUMBER, word, value=value, key=key), 1
    if _ENGLISH_LONG.fullmatch(word):
        return Token(Word.DAY, word, value=ENGLISH.index(word[:3])), 1
    return Token(Word.UNKNOWN, word), 1


def _kind_of(words: tuple[str, ...]) -> Word | None:
    kind = _BY_WORDS.get(words)
    if kind is not None:
        return kind
    keys = tuple(search_key(word) for word in words)
    return _PLAIN.get(keys) if keys == words else None
