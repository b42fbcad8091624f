"""E-mail addresses: tidied where that is safe, refused where a message would not arrive."""

import re
from difflib import get_close_matches

from roster_api.rosters.reading.cells import Cell, text_of
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.text import search_key

SHAPE = re.compile(
    r"^(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
)
COMMON = ("gmail.com", "yahoo.com", "yahoo.com.vn", "outlook.com", "hotmail.com", "icloud.com")
TYPING_SLIPS = {"gmail.con", "gmail.co", "gmail.cm", "gmai.com", "gmal.com", "gmial.com", "gamil.com", "yahoo.con"}


def read_email(cell: Cell) -> Reading[str]:
    """The address in lower case. An empty cell is a warning: such a person gets an SMS only."""
    text = text_of(cell)
    if not text:
        return Reading(None, [warning(
            "email.missing", vi="Không có email; người này chỉ nhận được tin nhắn SMS.",
            en="No e-mail address; this person gets an SMS only.",
        )])  # fmt: skip
    found: list[Finding] = []
    parts = [part for part in re.split(r"[;/|\s]+|,(?=.*@)", text.removeprefix("mailto:")) if part]
    if len(parts) > 1 and sum("@" in part for part in parts) > 1:
        found.append(warning(
            "email.several", vi="Ô có nhiều địa chỉ; chỉ dùng địa chỉ đầu tiên.",
            en="Several addresses; only the first is used.",
        ))  # fmt: skip
        text = parts[0]
    address = text.removeprefix("mailto:").strip("<>. ").lower()
    if not SHAPE.match(address):
        return _malformed(text, address)
    domain = address.rpartition("@")[2]
    if domain in TYPING_SLIPS:
        meant = f"{address.partition('@')[0]}@{get_close_matches(domain, COMMON, 1, 0)[0]}"
        return refused(
            "email.typing_slip", vi=f"“{text}”: tên miền {domain} có lẽ gõ nhầm; thư sẽ không đến.",
            en=f"“{text}”: the domain {domain} looks mistyped; mail would not arrive.",
            mend_vi=f"Có phải {meant}?", mend_en=f"Is it {meant}?",
        )  # fmt: skip
    return Reading(address, found)


def _malformed(text: str, address: str) -> Reading[str]:
    guess = search_key(address).replace(" ", "").replace(",", ".")
    guess = guess if SHAPE.match(guess) else "ten.ho@truong.edu.vn"
    if "@" not in address:
        vi, en = f"“{text}” thiếu dấu @.", f"“{text}” has no @."
    elif not address.isascii():
        vi, en = f"“{text}” có dấu tiếng Việt.", f"“{text}” has accented letters."
    elif " " in address or "," in address:
        vi, en = f"“{text}” có dấu cách hoặc dấu phẩy.", f"“{text}” has a space or a comma."
    elif "." not in address.rpartition("@")[2]:
        vi, en = f"“{text}”: sau dấu @ thiếu tên miền (ví dụ .edu.vn).", f"“{text}”: the domain after @ is incomplete."
    else:
        vi, en = f"“{text}” không phải địa chỉ email.", f"“{text}” is not an e-mail address."
    is_example = guess == "ten.ho@truong.edu.vn"
    mend_vi = f"Viết địa chỉ đầy đủ, ví dụ {guess}." if is_example else f"Có phải {guess}?"
    mend_en = f"Write the whole address, e.g. {guess}." if is_example else f"Is it {guess}?"
    return refused("email.malformed", vi=vi, en=en, mend_vi=mend_vi, mend_en=mend_en)
