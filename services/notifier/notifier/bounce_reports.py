"""Mail that comes back, read: delivery status notifications (RFC 3464), complaints (ARF, RFC 5965), and what older
servers write for people to read (flufl.bounce knows their forms).

Whose message it is about is told by our Message-ID in what it returns: nobody but the mail's own servers and reader
knows it. Anything else (an out-of-office reply, spam, a report without our Message-ID) says nothing.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum

REFERENCE = re.compile(rb"<([0-9a-f]{32}(?:\.\d{1,4})?@notifier\.commune-roster)>")
LONGEST_BYTES = 1_000_000
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
ADDRESS_LENGTH = 320


class ReportKind(StrEnum):
    RETURNED = "returned"  # it reached nobody, and nobody tries any more
    DELIVERED = "delivered"
    COMPLAINT = "complaint"  # its reader called it unwanted


@dataclass(frozen=True)
class MailReport:
    """`address`: where it was to go, as the report says it; `status`: '5.1.1', empty in a complaint."""

    kind: ReportKind
    reference: str
    address: str | None
    status: str = ""

    @property
    def is_dead_address(self) -> bool:
        """The address is wrong or gone, and the next message there would end alike. A full mailbox is not."""
        return self.status.startswith("5.1.") or self.status in {"5.2.1", "5.4.4", "5.0.0"}


def read_report(content: bytes) -> MailReport | None:
    """What it says; None where it says nothing of a message of ours. Never raises for what somebody sent."""
    references = {match.decode() for match in REFERENCE.findall(content[:LONGEST_BYTES])}
    if len(references) != 1:
        return None
    (reference,) = references
    try:
        mail = message_from_bytes(content[:LONGEST_BYTES])
        return _read_parts(list(mail.walk()), reference)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # a mail broken on purpose
        return None


def _read_parts(parts: list[Message], reference: str) -> MailReport | None:
    for part in parts:
        match part.get_content_type():
            case "message/delivery-status":
                return _read_status([block for block in part.get_payload() if isinstance(block, Message)], reference)
            case "message/feedback-report":
                return _read_complaint(part, reference)
    return _read_prose(parts[0], reference)


def _read_prose(mail: Message, reference: str) -> MailReport | None:
    """Returned for good, by a server that says so in words. Without a status nothing is held against the address."""
    from flufl.bounce import all_failures  # noqa: PLC0415 - few mails need it, and the API starts sooner without it

    _, permanent = all_failures(mail)
    if not permanent:
        return None
    address = min(permanent).decode("ascii", "replace").strip().lower()
    is_readable = address.isprintable() and len(address) <= ADDRESS_LENGTH
    return MailReport(ReportKind.RETURNED, reference, address if is_readable else None)


def _read_status(blocks: list[Message], reference: str) -> MailReport | None:
    for block in blocks:
        action = str(block.get("Action", "")).strip().lower()
        found = STATUS.search(str(block.get("Status", "")))
        if action not in {"failed", "delivered"} or found is None:
            continue
        kind = ReportKind.RETURNED if action == "failed" else ReportKind.DELIVERED
        address = _read_address(block, "Original-Recipient", "Final-Recipient")
        return MailReport(kind, reference, address, found.group())
    return None


def _read_complaint(part: Message, reference: str) -> MailReport | None:
    payload = part.get_payload()
    fields = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else part
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    if kind not in {"abuse", "fraud", "opt-out"}:
        return None
    return MailReport(ReportKind.COMPLAINT, reference, _read_address(fields, "Original-Rcpt-To"))


def _read_address(fields: Message, *names: str) -> str | None:
    """'rfc822; nguyet@truong.example' or '<nguyet@truong.example>', as an address alone."""
    for name in names:
        address = str(fields.get(name, "")).rpartition(";")[2].strip().strip("<>").lower()
        if "@" in address and len(address) <= ADDRESS_LENGTH and address.isprintable():
            return address
    return None
