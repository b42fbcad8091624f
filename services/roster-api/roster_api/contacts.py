"""Ways to reach a person or an office: phones as E.164, e-mail addresses."""

from typing import Annotated

import phonenumbers
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


Phone = Annotated[Line, Field(max_length=32, examples=["0950000456"]), AfterValidator(normalise_phone)]
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,63}$",
        examples=["nguyen.an@example.edu.vn"],
    ),
]
