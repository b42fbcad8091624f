"""Ways to reach a person or an office: phones as E.164, e-mail addresses.

A volunteer's own phone gets text messages, so it is a Vietnamese mobile. An office's is called, and may be a landline.
"""

import re
import unicodedata
from typing import Annotated

import phonenumbers
from commune_service.sealing import get_sealer
from pydantic import AfterValidator, Field

from roster_api.text import Line


def normalise_phone(text: str) -> str:
    """'0950 000 456' or '+84 950 000 456' -> '+84950000456'. ValueError when it is no number that exists."""
    wrong = ValueError("Số điện thoại không hợp lệ, ví dụ 0950000456. | Not a phone number; for example 0950000456.")
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not phonenumbers.is_valid_number(number):
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


PREFIXES_2018 = {
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
"""Old 4-digit prefix -> the 3 digits it became (Ministry of Information and Communications, September 2018)."""
COUNTRY = re.compile(r"(?:\+84|0084|84(?=0?\d{9,10}$))0?")
LOST_ZERO = re.compile(r"[35789]\d{8}|1[2689]\d{8}")


def is_mobile(number: str) -> bool:
    """Whether an E.164 number is a Vietnamese mobile: the only kind that text messages are sent to."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return bool(parsed.country_code == 84 and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE)


def normalise_mobile(text: str) -> str:
    """'0950 000 456', '+84 950...', '950000456' (lost zero) or '0162...' (before 2018) -> '+84950000456'.

    ValueError in words for landlines, foreign numbers and what no operator gives out.
    """
    # Wide digits become plain ones; a digit of any other script is refused, or one phone would have two spellings.
    digits = re.sub(r"[\s().\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise ValueError(
            "Số điện thoại có ký tự lạ; viết số di động 10 chữ số, ví dụ 0950000456."
            " | Not a phone number; write a mobile number of 10 digits, for example 0950000456."
        )
    if digits.startswith(("+", "00")) and not digits.startswith(("+84", "0084")):
        raise ValueError(
            "Đây là số nước ngoài; tin nhắn chỉ gửi trong nước. Ghi số di động Việt Nam của người này."
            " | A foreign number; text messages go within Vietnam only. Give the person's Vietnamese mobile."
        )
    national = COUNTRY.sub("0", digits, count=1) if COUNTRY.match(digits) else digits
    national = f"0{national}" if LOST_ZERO.fullmatch(national) else national
    if len(national) == 11 and national[:4] in PREFIXES_2018:
        national = PREFIXES_2018[national[:4]] + national[4:]
    if national.startswith("02"):
        raise ValueError(
            "Đây là số cố định, tin nhắn không đến được. Ghi số di động của người này."
            " | A landline: no text message would arrive. Give the person's own mobile."
        )
    if len(national) != 10 or not is_mobile(f"+84{national[1:]}"):
        raise ValueError(
            "Không phải số di động Việt Nam (10 chữ số), ví dụ 0950000456."
            " | Not a Vietnamese mobile number (10 digits), for example 0950000456."
        )
    return f"+84{national[1:]}"


def mask_address(address: str) -> str:
    """'nguyet@truong.example' -> 'n***@truong.example'; '+84950000123' -> '+84 *** *** 123': as the notifier does."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if at else f"{address[:3]} *** *** {address[-3:]}"


def digest_phone(phone: str) -> bytes:
    """By which an E.164 number is looked up: the number itself stands sealed."""
    return get_sealer().digest(phone, kind="phone")


def digest_email(email: str) -> bytes:
    """As digest_phone, of an address in any case."""
    return get_sealer().digest(email.lower(), kind="email")


Phone = Annotated[Line, Field(max_length=32, examples=["0258 3822 222"]), AfterValidator(normalise_phone)]
"""An office's or a school's: landlines too."""
Mobile = Annotated[Line, Field(max_length=32, examples=["0950000456"]), AfterValidator(normalise_mobile)]
"""A person's own."""
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,63}$",
        examples=["nguyen.an@example.edu.vn"],
    ),
]
