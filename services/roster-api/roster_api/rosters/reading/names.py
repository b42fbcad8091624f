"""People's names: one form for storing, old fonts and capitals put right, and nothing in them that is not a name."""

import re
import unicodedata
from functools import lru_cache

from roster_api.legacy_text.lookalikes import without_lookalikes
from roster_api.legacy_text.repair import judge
from roster_api.legacy_text.syllables import is_syllable
from roster_api.legacy_text.texts import RepairedText, repair_text
from roster_api.person_names import find_strange_part
from roster_api.rosters.reading.cells import Cell, has_hidden_characters, without_hidden_characters
from roster_api.rosters.reading.findings import Finding, Reading, error, refused, warning
from roster_api.rosters.reading.marks import plain_text
from roster_api.rosters.reading.titles import begins_with_title, split_numbering, split_titles
from roster_api.rosters.reading.typing_keys import VIQR, is_telex, without_telex
from roster_api.rosters.reading.words import word_key

MAXIMUM_LENGTH = 120
LONGEST_USUAL = 6
_SMALL = {"văn", "thị", "thi", "van"}
"""Middle names that people write with a small letter."""
_NOBODY = {"vang", "tong cong", "khong tham gia", "khong co", "chua xac dinh", "bch doan", "ban giam hieu", "dai dien"}
_UNNAMED = {"chua co", "khong co", "chua ro", "chua xac dinh", "dang cap nhat", "bo sung sau", "de trong", "trong"}
_CALLED = {"thầy", "cô", "bà", "chị", "ông", "bác", "chú", "bạn"}
_NOBODY |= {
    f"{who} {letter}"
    for who in ("nguyen van", "nguyen thi", "tran van", "tran thi", "le van", "le thi")
    for letter in "abcx"
}
"""What stands for a name in examples."""
MEND_VI = "Viết họ và tên bằng tiếng Việt có dấu (phông Unicode), ví dụ Nguyễn Văn An."
MEND_EN = "Write the full name in Vietnamese (a Unicode font), e.g. Nguyễn Văn An."


def read_name(cell: Cell) -> Reading[str]:
    """'NGUYỄN  VĂN AN' -> 'Nguyễn Văn An', NFC, without titles; digits and symbols are errors, each repair is named."""
    if type(cell) is str and is_usual_name(cell):
        return Reading(cell)
    return _read_unusual(repair_text(cell) if type(cell) is str else cell)


def _read_unusual(cell: Cell) -> Reading[str]:
    text, found = plain_text(cell)
    if type(cell) is str and "\n" in cell.strip():
        found = [*found, _over_lines(cell)]
    if not text or word_key(text) in _UNNAMED:
        return refused(
            "name.missing", vi="Thiếu họ và tên.", en="The name is missing.", mend_vi=MEND_VI, mend_en=MEND_EN
        )
    if any(finding.is_error for finding in found):
        return Reading(None, found)
    if has_hidden_characters(text):
        shown = without_hidden_characters(text)
        return refused(
            "name.hidden_characters", vi=f"“{shown}” có ký tự điều khiển.", en=f"“{shown}” has control characters.",
            mend_vi="Gõ lại họ và tên bằng bàn phím.", mend_en="Type the name again.",
        )  # fmt: skip
    name, more = _without_additions(text)
    found += more
    strange = find_strange_part(name) or _find_no_name(name)
    if strange:
        return Reading(None, [*found, _strange(name, strange)])
    if len(name) > MAXIMUM_LENGTH:
        return refused(
            "name.too_long", vi=f"Họ và tên dài {len(name)} ký tự, tối đa {MAXIMUM_LENGTH}.",
            en=f"The name has {len(name)} characters, at most {MAXIMUM_LENGTH}.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    name, more = _with_capitals(name, is_repaired=isinstance(cell, RepairedText))
    return Reading(name, found + more + _doubts(name))


_ADDED = re.compile(r"\s[-–]\s.*|^[-–]\s*|(?<=\w)\s(?:và|hoặc|cùng|với|thay|thay thế)\s.*|'$")
"""What is no part of a name: 'An - lớp trưởng', 'An và Bình', a quotation mark left over."""


def _find_no_name(name: str) -> str | None:
    match = _ADDED.search(name)
    if match is None:
        return None
    before = name[: match.start()].split()
    is_link = match.group().strip()[:1] in {"-", "–"}
    return None if is_link and before and len(before[-1]) == 1 else match.group().strip()


def _over_lines(cell: str) -> Finding:
    """A name broken over lines, or two people in one cell: each line then has more than one word."""
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    shown = " / ".join(lines)
    if len(lines) > 1 and all(" " in line for line in lines):
        return error(
            "name.several", vi=f"“{shown}”: có vẻ hai người trong một ô.", en=f"“{shown}”: two people in one cell?",
            mend_vi="Ghi mỗi người một dòng của bảng.", mend_en="Give each person a row of the table.",
        )  # fmt: skip
    return warning(
        "name.lines", vi=f"Họ tên viết trên nhiều dòng (“{shown}”), đọc là một người.",
        en=f"The name is broken over lines (“{shown}”) and read as one person's.",
    )  # fmt: skip


def is_usual_name(text: str) -> bool:
    """Nothing is to be said of it, word by word: names are made of few words, each of which is looked at once."""
    words = text.split(" ")
    is_short = 1 < len(words) <= LONGEST_USUAL and len(text) <= MAXIMUM_LENGTH
    return is_short and all(map(_is_settled, words)) and not begins_with_title(text) and not _is_called(words)


@lru_cache(16384)
def _is_settled(word: str) -> bool:
    """Letters with one capital in front, in the one form, that nobody could take for anything else."""
    has_one_capital = word.isalpha() and word[:1].isupper() and word[1:].islower()
    if not has_one_capital or unicodedata.normalize("NFC", word) != word or find_strange_part(word):
        return False
    verdict = judge(word)
    return verdict.is_good and not without_lookalikes(word)[1] and not is_telex(word)


def _without_additions(text: str) -> tuple[str, list[Finding]]:
    """The name without look-alikes and titles, and what is said of them."""
    found: list[Finding] = []
    plain, changed = without_lookalikes(text)
    if changed:
        signs = ", ".join(f"“{sign}”" for sign in changed)
        found.append(warning(
            "name.lookalikes", vi=f"Thay ký tự trông giống chữ Việt ({signs}): {plain}.",
            en=f"Signs that look like Vietnamese letters ({signs}) were replaced: {plain}.",
        ))  # fmt: skip
    plain, number = split_numbering(plain)
    if number:
        found.append(warning(
            "name.numbering", vi=f"Bỏ số thứ tự “{number}” trước họ tên: {plain}.",
            en=f"The running number “{number}” before the name was taken off: {plain}.",
        ))  # fmt: skip
    name, titles = split_titles(plain)
    if titles:
        found.append(warning(
            "name.title", vi=f"Tách học hàm, học vị “{titles}” khỏi họ tên: {name}.",
            en=f"The title “{titles}” is kept apart from the name: {name}.",
        ))  # fmt: skip
    return name, found


def _strange(text: str, strange: str) -> Finding:
    if VIQR.search(text):
        vi, en = f"“{text}” có vẻ gõ theo kiểu VIQR (^, (, +, ~).", f"“{text}” looks typed in VIQR (^, (, +, ~)."
    else:
        vi, en = (
            f"“{text}” có ký tự “{strange}” không thuộc tên người.",
            f"“{text}” has “{strange}”, not part of a name.",
        )
    return error("name.strange_character", vi=vi, en=en, mend_vi=MEND_VI, mend_en=MEND_EN)


def _with_capitals(text: str, *, is_repaired: bool) -> tuple[str, list[Finding]]:
    words = text.split()
    is_one_case = text == text.upper() or text == text.lower()
    has_caps_font = is_repaired and any(_is_shouted(word) for word in words)
    if is_one_case or has_caps_font:
        made = [_capitalised(word) for word in words]
    else:
        made = [
            _capitalised(word)
            if (_is_shouted(word) and is_syllable(word)) or (is_repaired and not word[:1].isascii())
            else word
            for word in words
        ]
    name = " ".join(made)
    if name == text:
        return text, []
    return name, [warning("name.capitals", vi=f"Đổi chữ hoa/thường: {name}.", en=f"Capitals put right: {name}.")]


@lru_cache(16384)
def _is_shouted(word: str) -> bool:
    """Two plain capitals at least, and no plain small letter: 'NGUYễN' too, whose ễ the font had no capital for."""
    letters = [char for char in word if char.isascii() and char.isalpha()]
    return len(letters) > 1 and all(char.isupper() for char in letters)


@lru_cache(16384)
def _capitalised(word: str) -> str:
    """Each part between hyphens and apostrophes with one capital: 'H'HEN' -> 'H'Hen'."""
    return re.sub(r"[^\-'’ʼ]+", lambda part: part.group()[:1].upper() + part.group()[1:].lower(), word)


def _is_short_form(word: str) -> bool:
    """Capitals without a vowel, three at least: 'CNTT', 'CTSV'."""
    return len(word) > 2 and word.isupper() and not set(word_key(word)) & set("aeiouy")


def _is_called(words: list[str]) -> bool:
    """'Thầy Bình', 'Cô Hoa': what somebody is called by, and no whole name behind it."""
    return len(words) == 2 and words[0].casefold() in _CALLED


def _doubts(name: str) -> list[Finding]:
    found: list[Finding] = []
    if " " not in name:
        found.append(warning(
            "name.one_word", vi="Chỉ có một từ; có thiếu họ không?", en="One word only; is the family name missing?"
        ))  # fmt: skip
    words = name.split()
    small = [word for word in words if word.islower() and word not in _SMALL]
    if (
        (small and len(small) < len(words))
        or len(words) > LONGEST_USUAL
        or word_key(name) in _NOBODY
        or _is_called(words)
        or any(map(_is_short_form, words))
    ):
        found.append(warning(
            "name.doubtful", vi=f"“{name}” có phải họ tên của một người không?", en=f"Is “{name}” one person's name?"
        ))  # fmt: skip
    telex = without_telex(name)
    if telex:
        found.append(warning(
            "name.telex", vi=f"Có vẻ gõ Telex khi chưa bật bộ gõ; có phải {telex}?",
            en=f"It looks typed in Telex without the keyboard switched on; is it {telex}?",
        ))  # fmt: skip
    verdict = judge(name)
    if not verdict.is_good and verdict.fits:
        guess = verdict.fits[0][1]
        found.append(warning(
            "name.old_font", vi=f"Giữ nguyên “{name}”; nếu gõ bằng phông cũ thì là {guess}.",
            en=f"“{name}” is kept; if it was typed in an old font, it is {guess}.",
        ))  # fmt: skip
    return found
