"""Vietnamese mobile numbers: the lost zero, +84, the 2018 change from 11 digits to 10, and what no SMS can reach."""

import re
from functools import lru_cache

from commune_schemas.amounts import amount

from roster_api.contacts import PREFIXES_2018, is_mobile
from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.rosters.reading.marks import plain_lines
from roster_api.rosters.reading.words import NOTHING, word_key

NUMBER = re.compile(r"[+(]{0,2}\d[\d\s().\-–+]*\d|\d")
USUAL = re.compile(r"0[0-9]{9}")
EXPONENT = re.compile(r"\d[.,]?\d*e[+\-]?\d+", re.IGNORECASE)
DECIMAL = re.compile(r"(?<=\d)[.,]0+$")
_OLD = re.compile(r"\bcu\b")
_SIGN = re.compile(r"[*#]")
_BETWEEN = re.compile(r"[/;,|&]|\bhoặc\b|\bvà\b|\s[-–]\s|\((?=(?:số |sđt |đt )?(?:cũ|mới)\b)", re.IGNORECASE)
_LABELS = re.compile(
    r"so|sdt|dt|dtdd|dd|dien thoai|di dong|tel|phone|mobile|cell|zalo|viber|hotline|lh|lien he|ca nhan|rieng|chinh|phu"
    r"|moi|viettel|vina|vinaphone|mobi|mobifone|vietnamobile"
)
"""Words beside a number that change nothing about whose it is."""
_OTHERS = re.compile(
    r"\b(phu huynh|ph|bo|me|ba|cha|vo|chong|anh|chi|em|con|gia dinh|nha|co quan|cq|van phong|vp|may ban)\b"
)
_WHEN = re.compile(
    r"[\s,;(\-–]*\b(?:chỉ )?(?:gọi|nghe máy|nhắn tin|nhắn|liên hệ|lh|goi|nhan tin) "
    r"(?:sau|trước|từ|buổi|ngoài|trong|lúc|ban|sau|truoc|tu|buoi|ngoai|luc)\b[^()/;|&]*\)?$"
    r"|\s*\((?:sau|trước|từ|buổi|ngoài)\s(?![^()]*\d{4})[^()/;|&]+\)$",
    re.IGNORECASE,
)
"""When somebody may be called, behind the number: 'gọi sau 17h', 'nhắn tin buổi tối'."""
MEND_VI = "Viết số di động 10 chữ số, ví dụ 0950 000 123 (định dạng ô là Văn bản để không mất số 0)."
MEND_EN = "Write a mobile number of 10 digits, e.g. 0950 000 123 (format the cell as Text so the 0 stays)."


def read_phone(cell: Cell) -> Reading[str]:
    """E.164, e.g. '+84950000123'. Repairs are named; anything that is not a Vietnamese mobile number is an error.

    Of several numbers the first mobile one is taken, never one that is said to be a parent's or an office's.
    """
    if isinstance(cell, str) and is_usual_phone(cell):
        return Reading(f"+84{cell[1:]}")
    text, found = plain_lines(cell)
    if word_key(text) in NOTHING and not any(map(str.isdigit, text)):
        return refused(
            "phone.missing", vi="Thiếu số điện thoại; tin nhắn không gửi được.",
            en="The phone number is missing; no SMS could be sent.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    if EXPONENT.search(text) or (isinstance(cell, float) and not cell.is_integer()):
        return refused(
            "phone.exponent", vi=f"“{text}”: Excel đã rút gọn số này, một số chữ số có thể đã mất.",
            en=f"“{text}”: Excel has shortened this number, and digits may be lost.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    if "?" in text:
        return Reading(None, found + _malformed(text).findings)
    whole = DECIMAL.sub("", text)
    if whole != text:
        found.append(warning("phone.decimal", vi=f"Đã bỏ “{text[len(whole):]}” ở cuối số.",
                             en=f"“{text[len(whole):]}” at the end was taken off."))  # fmt: skip
    number = _WHEN.sub("", whole)
    reading = _best_of(_parts(number.removeprefix('="').removesuffix('"')), text)
    if number != whole and reading.value is not None and all(one.code != "phone.words" for one in reading.findings):
        found.append(_beside(text))
    return Reading(reading.value, found + reading.findings)


def is_usual_phone(text: str) -> bool:
    """A mobile number as it is written at home, and nothing else."""
    return USUAL.fullmatch(text) is not None and _is_of_operator(text[:6])


def _parts(text: str) -> list[tuple[str, str]]:
    """(number as written, the words beside it) for each number of the cell."""
    parts: list[tuple[str, str]] = []
    for piece in _BETWEEN.split(text):
        if piece.strip():
            numbers = [part for number in NUMBER.findall(piece) for part in _run_together(number)]
            words = word_key(NUMBER.sub(" ", piece))
            parts += [(number, words) for number in numbers] or [("", piece.strip())]
    return parts


def _run_together(number: str) -> list[str]:
    """'0950000123 0950000124' is two numbers, '0950 000 123' is one."""
    pieces = re.split(r"\s+|-", number.strip())
    is_two = len(pieces) > 1 and all(len(re.sub(r"\D", "", piece)) >= 9 for piece in pieces)
    return pieces if is_two else [number]


def _best_of(parts: list[tuple[str, str]], text: str) -> Reading[str]:
    held = [(number, words) for number, words in parts if not (number and _OLD.search(words))]
    held = held if any(number for number, _ in held) else parts  # 'cũ: ...' alone is nobody's number of today
    readings = [_read_part(number, words, text) for number, words in held] or [_malformed(text)]
    usable = [reading for reading in readings if reading.value is not None]
    if not usable:
        return readings[0]
    unclear = next((r for r in readings if any(f.code in {"phone.malformed", "phone.words"} for f in r.findings)), None)
    if unclear is not None and unclear.value is None:
        return unclear
    chosen = usable[0]
    stranger = next((r for r in readings[: readings.index(chosen)] if r.findings[0].code == "phone.of_another"), None)
    if stranger is not None:
        return stranger  # 'mẹ: ... / ...': whose the second is, nobody says
    if len(parts) == 1:
        return chosen
    shown = f"0{(chosen.value or '')[3:]}"
    return Reading(chosen.value, [*chosen.findings, warning(
        "phone.several", vi=f"Ô có nhiều số; chỉ dùng {shown}.", en=f"Several numbers; only {shown} is used.",
    )])  # fmt: skip


def _read_part(written: str, words: str, text: str) -> Reading[str]:
    """One number and the words beside it."""
    if not written:
        return _malformed(text)
    if _OTHERS.search(words):
        return refused(
            "phone.of_another", vi=f"“{text}” là số của người khác hoặc của cơ quan, không phải số riêng.",
            en=f"“{text}” is somebody else's number or an office's, not the person's own.",
            mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    if re.sub(rf"\b(?:{_LABELS.pattern})\b", "", words).strip():
        return _malformed(text)
    reading = _read_digits(re.sub(r"[^\d+]", "", written), text)
    if (words or _SIGN.search(text)) and reading.value is not None:
        reading.findings.append(_beside(text))
    return reading


def _beside(text: str) -> Finding:
    vi, en = f"Chữ bên cạnh số (“{text}”) không dùng đến.", f"Words beside the number: “{text}”."
    return warning("phone.words", vi=vi, en=en)


def _read_digits(written: str, text: str) -> Reading[str]:
    digits, repairs = _national(written)
    number = f"+84{digits[1:]}" if digits.startswith("0") else ""
    if not number or not (len(digits) == 10 or digits.startswith("02")):
        return _malformed(text)
    if not _is_of_operator(digits[:6]):
        return _unreachable(text, digits)
    return Reading(number, repairs)


def _national(digits: str) -> tuple[str, list[Finding]]:
    """(digits with the leading zero, the repairs made on the way); digits without the zero: not understood."""
    repairs: list[Finding] = []
    for prefix in ("+84", "0084", "84"):
        if digits.startswith(prefix) and len(digits.removeprefix(prefix).lstrip("0")) in (9, 10):
            digits = "0" + digits.removeprefix(prefix).lstrip("0")
            break
    else:
        if re.fullmatch(r"[35789]\d{8}|1[2689]\d{8}", digits):
            digits = f"0{digits}"
            repairs.append(warning(
                "phone.lost_zero", vi=f"Excel đã bỏ số 0 ở đầu; đọc là {digits}.",
                en=f"Excel dropped the leading 0; read as {digits}.",
            ))  # fmt: skip
    renewed = PREFIXES_2018.get(digits[:4]) if len(digits) == 11 else None
    if renewed:
        digits = renewed + digits[4:]
        repairs.append(warning(
            "phone.prefix_2018", vi=f"Đầu số 11 chữ số đã đổi từ năm 2018; đọc là {digits}.",
            en=f"11-digit prefixes changed in 2018; read as {digits}.",
        ))  # fmt: skip
    return digits, repairs


@lru_cache(maxsize=4096)
def _is_of_operator(prefix: str) -> bool:
    """Whether numbers of ten digits that begin so are mobile: an operator's block is told by fewer digits than six."""
    return is_mobile(f"+84{prefix[1:]}0000")


def _malformed(text: str) -> Reading[str]:
    count = sum(char.isdigit() for char in text)
    if text.startswith(("+", "00")) and not text.startswith(("+84", "0084")):
        vi, en = (
            "Đây là số nước ngoài; hệ thống chỉ nhắn tin trong nước.",
            "A foreign number; SMS go within Vietnam only.",
        )
    elif any(char.isalpha() for char in text):
        vi, en = (
            f"“{text}” có chữ, không phải chỉ số điện thoại.",
            f"“{text}” has words, not a number alone.",
        )
    else:
        vi = f"“{text}” có {count} chữ số; số di động Việt Nam có 10 (hoặc 9 khi Excel bỏ số 0)."
        en = f"“{text}” has {amount(count, 'digit')}; a Vietnamese mobile number has 10 (9 where Excel dropped the 0)."
        if count == 10:
            vi, en = f"“{text}” không phải số di động Việt Nam.", f"“{text}” is not a Vietnamese mobile number."
    return refused("phone.malformed", vi=vi, en=en, mend_vi=MEND_VI, mend_en=MEND_EN)


def _unreachable(text: str, digits: str) -> Reading[str]:
    if digits.startswith("02"):
        return refused(
            "phone.landline", vi=f"“{text}” là số cố định; tin nhắn không đến được.",
            en=f"“{text}” is a landline; no SMS would arrive.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    return refused(
        "phone.unknown_prefix", vi=f"“{text}”: không nhà mạng nào dùng đầu số {digits[:3]}.",
        en=f"“{text}”: no operator uses the prefix {digits[:3]}.", mend_vi=MEND_VI, mend_en=MEND_EN,
    )  # fmt: skip
