"""Pages of lists: of what the API pages itself, and of what is filtered here."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

ROWS = 50


@dataclass(frozen=True)
class Rows:
    """One page of a list; `number` counts from 1."""

    items: Sequence[Any]
    total: int
    number: int
    rows: int = ROWS
    """On a page."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.rows))


def page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return max(1, min(int(given), 10_000)) if given.isdecimal() else 1


def as_query(request: Request, rows: int = ROWS) -> dict[str, int]:
    """limit and offset, as the API wants them."""
    return {"limit": rows, "offset": (page_number(request) - 1) * rows}


def of_answer(request: Request, answer: dict[str, Any], rows: int = ROWS) -> Rows:
    """A page as the API gave it."""
    return Rows(answer["items"], answer["total"], page_number(request), rows)


def cut(request: Request, items: Sequence[Any], rows: int = ROWS) -> Rows:
    """The wanted page of a whole list."""
    start = (page_number(request) - 1) * rows
    return Rows(items[start : start + rows], len(items), page_number(request), rows)


def fold(text: str) -> str:
    """Without accents and case: 'Nguyễn Đức' and 'nguyen duc' are the same."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def holds(wanted: str, *texts: str | None) -> bool:
    """Every word of `wanted` stands in one of the texts, accents aside."""
    whole = " ".join(fold(text) for text in texts if text)
    return all(part in whole for part in fold(wanted).split())


def sort_key(text: str) -> tuple[str, str]:
    """By given name, as a Vietnamese list is sorted: the last word first, then the whole."""
    words = text.split()
    return (vietnamese_order(words[-1]) if words else "", vietnamese_order(text))


ALPHABET = {letter: index for index, letter in enumerate("aăâbcdđeêghiklmnoôơpqrstuưvxyzfjw")}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def vietnamese_order(text: str) -> str:
    """A key that sorts by Vietnam's alphabet (a ă â b ... d đ ...), tones last: ngang huyền hỏi ngã sắc nặng."""
    letters, tones = [], []
    for sign in text.casefold():
        parts = unicodedata.normalize("NFD", sign)
        tone = next((TONES[part] for part in parts if part in TONES), 0)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        letters.append(chr(ALPHABET.get(letter, 0) + 64) if letter in ALPHABET else letter)
        tones.append(chr(tone + 48))
    return "".join(letters) + "\x00" + "".join(tones)


def sort_people(items: Iterable[dict[str, Any]], *, name: str = "full_name") -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: sort_key(item[name]))
