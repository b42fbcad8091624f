"""Headers of an e-mail as bytes: Vietnamese text in encoded words (RFC 2047) that lose no space and no letter.

The standard library puts a space between two encoded words, where every reader has to drop it. Here the whole text is
in encoded words, spaces too, and what stands between two words is only the fold.
"""

import base64
from email.utils import parseaddr
from functools import cache

LONGEST_LINE = 78
"""Octets of a header's line (RFC 5322 section 2.1.1)."""
OPENING, CLOSING = "=?utf-8?b?", "?="
FOLD = "\r\n "


def encode_text(text: str, *, taken: int) -> str:
    """`text` as folded encoded words, ASCII alone as it is where it fits; `taken` octets of the first line are used."""
    if text.isascii() and text.isprintable() and taken + len(text) <= LONGEST_LINE and OPENING[:2] not in text:
        return text
    words: list[str] = []
    rest = text
    while rest:
        room = _payload_octets(LONGEST_LINE - (taken if not words else len(FOLD) - 2))
        part = _start_of(rest, octets=room)
        words.append(f"{OPENING}{base64.b64encode(part.encode()).decode()}{CLOSING}")
        rest = rest[len(part) :]
    return FOLD.join(words)


def _payload_octets(columns: int) -> int:
    """How many octets of text one encoded word of so many columns holds; base64 makes four of three."""
    return (columns - len(OPENING) - len(CLOSING)) // 4 * 3


def _start_of(text: str, *, octets: int) -> str:
    """As many whole characters as fit: a character cut in two would be unreadable (RFC 2047 section 5)."""
    used = 0
    for index, char in enumerate(text):
        used += len(char.encode())
        if used > octets:
            return text[:index]
    return text


@cache
def encode_mailbox(mailbox: str, *, taken: int) -> str:
    """'Điều phối <a@b.vn>' with its name in encoded words; an address alone stays as it is. Ours: few."""
    name, address = parseaddr(mailbox)
    if not name or mailbox.isascii():
        return mailbox
    words = encode_text(name, taken=taken)
    last_line = words.rpartition(FOLD)[2]
    column = len(last_line) + (1 if FOLD in words else taken)
    between = " " if column + len(address) + 3 <= LONGEST_LINE else FOLD
    return f"{words}{between}<{address}>"
