"""E-mail addresses: tidied where that is safe, refused where a message would not arrive."""

import re
from difflib import get_close_matches

from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.rosters.reading.marks import plain_lines
from roster_api.rosters.reading.words import NOTHING, word_key
from roster_api.text import search_key

SHAPE = re.compile(
    r"^(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/?^_`{|}~][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*"
    r"(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
)
USUAL = re.compile(
    r"(?=.{8,60}$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,20}"
)
"""What needs no closer look."""
FORMS_NOBODY = "anonymous"
"""What a form writes for an address that it did not ask for."""
ADDRESSED = re.compile(r"^[^<>@]*<\s*([^<>\s]+@[^<>\s]+)\s*>$")
COMMON = ("gmail.com", "yahoo.com", "yahoo.com.vn", "outlook.com", "hotmail.com", "icloud.com")
TYPING_SLIPS = {"gmail.con", "gmail.co", "gmail.cm", "gmai.com", "gmal.com", "gmial.com", "gamil.com", "yahoo.con"}


def read_email(cell: Cell) -> Reading[str]:
    """The address in lower case. An empty cell, or one that says 'không có', is a warning: an SMS only."""
    if type(cell) is str and is_usual_email(cell):
        return Reading(cell.lower())
    text, found = plain_lines(cell)
    if word_key(text) in NOTHING or text.lower() == FORMS_NOBODY:
        return Reading(None, [*found, warning(
            "email.missing", vi="Không có email; người này chỉ nhận được tin nhắn SMS.",
            en="No e-mail address; this person gets an SMS only.",
        )])  # fmt: skip
    first, several = _first_of(text)
    address = _address_in(first).lower()
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
    if not several and address != first.lower():
        found.append(warning(
            "email.tidied", vi=f"Chỉ giữ địa chỉ: {address}.", en=f"Only the address is kept: {address}."
        ))  # fmt: skip
    return Reading(address, found + several)


def is_usual_email(text: str) -> bool:
    """An address and nothing else, of a domain that is no slip."""
    return USUAL.fullmatch(text) is not None and text.rpartition("@")[2].lower() not in TYPING_SLIPS


def _first_of(text: str) -> tuple[str, list[Finding]]:
    parts = [part for part in re.split(r"[;/|]+|,(?=.*@)|\s+(?=[^<>]*@)", text) if "@" in part]
    if len(parts) < 2 or text.count("@") < 2:
        return text, []
    return parts[0].strip(), [warning(
        "email.several", vi="Ô có nhiều địa chỉ; chỉ dùng địa chỉ đầu tiên.",
        en="Several addresses; only the first is used.",
    )]  # fmt: skip


def _address_in(text: str) -> str:
    """The bare address of 'mailto:a@b', '="a@b"', 'Email: a@b', 'An Nguyễn <a@b>' or 'a@b,'."""
    named = ADDRESSED.match(text)
    if named:
        text = named.group(1)
    text = re.sub(r"^(?:mailto:|e-?mail *:)\s*", "", text.removeprefix('="').removesuffix('"'), flags=re.IGNORECASE)
    return text.strip("<>.,;:\"' ")


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
