"""Vietnamese text: keys to search without accents and to sort by the alphabet, and the string types bodies use."""

import re
import unicodedata
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: they make another letter, not another tone
HIDDEN = frozenset({"Cf", "Zl", "Zp"})
TOP_LEVEL = (
    "com|net|org|edu|gov|info|biz|mobi|pro|vn|ly|me|xyz|top|site|online|link|io|cc|tk|ml|cf|gq|gg|ws|cn|ru|us|eu|uk|app|dev"
    "|shop|store|live|club|vip|win|icu|asia|click|life|space|website|tech|cfd|sbs|buzz|fun|work|world|today|cloud|page|web"
    "|bid|loan|cyou|bond|lol|quest|digital|support|services|center|group|email|news|blog|wiki|art|ink|one|zone|plus|bet|casino"
)
LINK = re.compile(
    rf"(?i:://|\bwww\.)|(?<![\w@.-])(?:[A-Za-z0-9-]+\.)+(?:[a-z]{{2,63}}/|(?i:{TOP_LEVEL})(?![\w-]))"
    r"|(?<![\w.])[1-9]\d{0,2}(?:\.\d{1,3}){3}(?![\w.])"
)
"""What a telephone makes clickable, with or without 'https://'. 'TP.HCM', '12.5/3' and 'a@truong.vn' are none."""
RANKS = {letter: chr(0x41 + rank) for rank, letter in enumerate(ALPHABET)}


def search_key(text: str) -> str:
    """Lower case, no accents, đ as d, single spaces: 'Tây  Khánh Vĩnh' -> 'tay khanh vinh'."""
    return " ".join(filter(None, map(_search_word, text.split())))


@lru_cache(16384)
def _search_word(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def sort_key(text: str) -> str:
    """A key whose byte order (collation "C") is the Vietnamese alphabet's: letters first, tones break ties.

    'An' < 'Ân' < 'Đào' and, of one spelling, ngang < huyền < hỏi < ngã < sắc < nặng.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in " ".join(unicodedata.normalize("NFC", text.lower()).split()):
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((TONES[mark] for mark in decomposed if mark in TONES), 0)
        letter = unicodedata.normalize("NFC", decomposed[0] + "".join(mark for mark in decomposed if mark in SHAPES))
        if letter in RANKS:
            letters.append(RANKS[letter])
            tones.append(str(tone))
        elif letter.isdigit() and letter.isascii():
            letters.append(letter)
        elif letter == " ":
            letters.append('"')  # above the separator, below digits and letters: 'An' < 'An Bình' < 'Anh'
    return "".join(letters) + "!" + "".join(tones)


def name_sort_key(full_name: str) -> str:
    """People are listed by given name, then family name, then what is between: 'Lê Thị An' before 'Bùi Bình'."""
    words = full_name.split()
    ordered = [words[-1], *words[:-1]] if words else []
    return "!".join(map(_sort_word, ordered))


@lru_cache(16384)
def _sort_word(word: str) -> str:
    return sort_key(word)


def _refuse_control_characters(text: str) -> str:
    for char in text:
        category = unicodedata.category(char)
        if category in {"Cc", "Cs"}:
            raise ValueError(
                f"ký tự điều khiển U+{ord(char):04X} không được phép | control character U+{ord(char):04X} not allowed"
            )
    return unicodedata.normalize("NFC", text)


def _refuse_hidden_characters(text: str) -> str:
    """What reads one way and is another: marks of direction, of no width, of lines."""
    for char in text:
        if unicodedata.category(char) in HIDDEN:
            raise ValueError(
                f"ký tự ẩn U+{ord(char):04X} không được phép; hãy gõ lại bằng bàn phím"
                f" | hidden character U+{ord(char):04X} not allowed; type the text again"
            )
    return _refuse_control_characters(text)


def holds_link(text: str) -> bool:
    return (
        LINK.search(unicodedata.normalize("NFKC", text).replace("\u3002", ".")) is not None
    )  # as a telephone reads it


def _refuse_links(text: str) -> str:
    if holds_link(text):
        raise ValueError("không ghi đường dẫn ở đây | no links here")
    return text


def _refuse_hidden_characters_of_lines(text: str) -> str:
    for line in text.replace("\r\n", "\n").replace("\t", " ").split("\n"):
        _refuse_hidden_characters(line)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_refuse_hidden_characters)
]
"""One line of text, NFC; no control characters (NUL, CR, LF, lone surrogates), no marks of direction or of no width."""

LineWithoutLinks = Annotated[Line, AfterValidator(_refuse_links)]
"""A line, empty or not, that holds no link."""
Address = LineWithoutLinks
"""A postal address: it is sent to people."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_refuse_hidden_characters),
    AfterValidator(_refuse_links),
]
"""What a thing is called: a line that is not empty and holds no link."""
CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=CODE_PATTERN, description="A short stable code")]
Paragraphs = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=5000),
    AfterValidator(_refuse_hidden_characters_of_lines),
]
"""Text of several lines, NFC; no control characters, no marks of direction or of no width."""

ParagraphsWithoutLinks = Annotated[Paragraphs, AfterValidator(_refuse_links)]
"""Several lines that are shown or sent to other people: they hold no link."""
