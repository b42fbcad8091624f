"""E-mail addresses and phone numbers: which can be sent to, and how they may be shown."""

import re

from commune_schemas.notices import Channel
from commune_schemas.reaching import ContactCard

EMAIL = re.compile(r"[!-;=?-~]+@[!-;=?A-~]+")
"""Printable ASCII around one @: what SMTP without extensions carries, and no way out of a command or header."""
MOBILE = re.compile(r"\+84[35789]\d{8}")
"""Vietnam's mobile numbers since 2018. A school's or office's contact may be a landline: it is called, never texted."""
SHOWN_DIGITS = 3


def find_fault(channel: Channel, address: str | None) -> str | None:
    """Why nothing can be sent there, as a code of reasons.py; None when it can."""
    if not address:
        return "recipient.no_address"
    if channel is Channel.EMAIL:
        return None if EMAIL.fullmatch(address) else "recipient.unreadable"
    return None if MOBILE.fullmatch(address) else "recipient.not_mobile"


def address_of(card: ContactCard | None, channel: str) -> str | None:
    """Where this channel reaches them now."""
    if card is None:
        return None
    return card.email if channel == Channel.EMAIL else card.phone


def mask_address(address: str) -> str:
    """'nguyet@truong.example' -> 'n***@truong.example'; '+84950000123' -> '+84 *** *** 123'. Enough to recognise one's
    own, too little to write to."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if at else f"{address[:3]} *** *** {address[-SHOWN_DIGITS:]}"
