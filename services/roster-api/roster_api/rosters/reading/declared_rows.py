"""What a row under a declared header is, when it is none of the register's, and what stands beside one that is."""

import re

from roster_api.rosters.reading.beside import is_withdrawn
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.declared_headers import DeclaredHeader
from roster_api.rosters.reading.findings import Finding, error
from roster_api.rosters.reading.words import word_key

FEWEST_CELLS = 3
"""A row with fewer filled cells and nothing of what is required is a heading, a total or a remark."""
OWN_COLUMN = "loi can sua"
NUMBERING = re.compile(r"^(stt|tt|so tt|so thu tu)$")
END = re.compile(
    r"^(tong|cong|nguoi (lap|ky|duyet)|lap (bang|bieu)|thu truong|noi nhan|xac nhan|ky (ten|ghi)|(pho )?giam doc"
    r"|(pho )?chu tich|t ?m|k ?t|t ?l)\b|\bngay\b.*\bthang\b.*\bnam\b"
)
"""How totals and signatures begin."""
_TOTAL = re.compile(r"(tong|cong)( cong| so)?\b")
_NUMERAL = re.compile(r"(?:[IVX]{1,5}|[A-H])[.)]?")
_FIGURE = re.compile(r"[\d\s.,()]+(người)?")
REMARKS_SHOWN = 20

Texts = dict[int, str]
"""{column: text} of the filled cells of a row."""


def is_no_row(texts: Texts, header: DeclaredHeader) -> bool:
    """A heading, a total, a remark, the end, a numbering row, or the header on a new page."""
    required = [index for index, column in header.columns.items() if column.is_required]
    is_bare = len(set(texts.values())) < FEWEST_CELLS and (
        not any(index in texts for index in required) or any(END.search(word_key(text)) for text in texts.values())
    )
    return (
        is_bare or _is_group(texts) or _is_total(texts, required) or _is_numbering(texts)
        or _is_header_again(texts, header)
    )  # fmt: skip


def _is_group(texts: Texts) -> bool:
    """'II' in one cell and 'SỞ Y TẾ' in the next, and nothing else."""
    values = list(texts.values())
    return len(values) == FEWEST_CELLS - 1 and bool(_NUMERAL.fullmatch(values[0])) and not values[1].isdecimal()


def _is_total(texts: Texts, required: list[int]) -> bool:
    """'Tổng cộng' with figures beside it, and nothing else of what is required."""
    place, first = next(iter(texts.items()))
    others = {index: text for index, text in texts.items() if index != place}
    return (
        bool(_TOTAL.match(word_key(first)))
        and len(required) > sum(index in others for index in required) + 1
        and all(_FIGURE.fullmatch(text) for text in others.values())
    ) or (bool(_TOTAL.fullmatch(word_key(first))) and all(_FIGURE.fullmatch(text) for text in others.values()))


def _is_numbering(texts: Texts) -> bool:
    """'(1) (2) (3)' under the header."""
    figures = [text.strip("()") for text in texts.values()]
    if len(figures) < FEWEST_CELLS or not all(figure.isdigit() and len(figure) < FEWEST_CELLS for figure in figures):
        return False
    numbers = [int(figure) for figure in figures]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_header_again(texts: Texts, header: DeclaredHeader) -> bool:
    same = [index for index in header.columns if texts.get(index) and header.labels[index].endswith(texts[index])]
    return len(same) == len(header.columns)


def unread_columns(header: DeclaredHeader) -> dict[int, str]:
    """{column: label} of those with a header that nothing is read from."""
    return {
        index: label for index, label in enumerate(header.labels)
        if label and index not in header.columns and index not in header.left_out
        and not NUMBERING.search(word_key(label)) and not word_key(label).startswith(OWN_COLUMN)
    }  # fmt: skip


def judge_beside(text: str, label: str) -> Finding | None:
    """An error where a cell that nothing is read from says that its row holds no longer: 'đã chuyển công tác'."""
    if not is_withdrawn(text):
        return None
    shown = without_hidden_characters(text)[:80]
    return error(
        "row.not_taking_part", vi=f"Cột “{label}” ghi “{shown}”: có vẻ dòng này không còn đúng.",
        en=f"Column “{label}” says “{shown}”: it seems that the row holds no longer.",
        mend_vi="Xóa dòng này; nếu vẫn đúng, xóa ghi chú (hay bỏ qua cột).",
        mend_en="Delete the row; else delete the remark (or leave the column out).",
    )  # fmt: skip
