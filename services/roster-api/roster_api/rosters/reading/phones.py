"""Vietnamese mobile numbers: the lost zero, +84, the 2018 change from 11 digits to 10, and what no SMS can reach."""

import re

import phonenumbers

from roster_api.rosters.reading.cells import Cell, text_of
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning

PREFIXES_2018 = {
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
"""Old 4-digit prefix -> the 3 digits it became (Ministry of Information and Communications, September 2018)."""

ALLOWED = re.compile(r"^[+\d\s().\-–]*$")
MEND_VI = "Viết số di động 10 chữ số, ví dụ 0950 000 123 (định dạng ô là Văn bản để không mất số 0)."
MEND_EN = "Write a mobile number of 10 digits, e.g. 0950 000 123 (format the cell as Text so the 0 stays)."


def read_phone(cell: Cell) -> Reading[str]:
    """E.164, e.g. '+84950000123'. Repairs are named; anything that is not a Vietnamese mobile number is an error."""
    text = text_of(cell)
    if not text:
        return refused(
            "phone.missing", vi="Thiếu số điện thoại; tin nhắn không gửi được.",
            en="The phone number is missing; no SMS could be sent.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    found: list[Finding] = []
    first, *others = [part for part in re.split(r"[/;,|]|\bhoặc\b|\s-\s", text) if part.strip()] or [text]
    if others:
        found.append(warning(
            "phone.several", vi="Ô có nhiều số; chỉ dùng số đầu tiên.", en="Several numbers; only the first is used."
        ))  # fmt: skip
    if not ALLOWED.match(first):
        return _malformed(text)
    digits, repairs = _national(re.sub(r"[^\d+]", "", first))
    number = f"+84{digits[1:]}" if digits.startswith("0") else ""
    if not number or not _is_possible(digits):
        return _malformed(text)
    if not _is_mobile(number):
        return _unreachable(text, digits)
    return Reading(number, found + repairs)


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


def _is_possible(digits: str) -> bool:
    return len(digits) == 10 or digits.startswith("02")


def _is_mobile(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE)


def _malformed(text: str) -> Reading[str]:
    count = sum(char.isdigit() for char in text)
    if text.startswith(("+", "00")) and not text.startswith(("+84", "0084")):
        vi, en = (
            "Đây là số nước ngoài; hệ thống chỉ nhắn tin trong nước.",
            "A foreign number; SMS go within Vietnam only.",
        )
    elif any(char.isalpha() for char in text):
        vi, en = f"“{text}” có chữ cái, không phải số điện thoại.", f"“{text}” has letters; it is not a phone number."
    else:
        vi = f"“{text}” có {count} chữ số; số di động Việt Nam có 10 (hoặc 9 khi Excel bỏ số 0)."
        en = f"“{text}” has {count} digits; a Vietnamese mobile number has 10 (or 9 where Excel dropped the 0)."
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
