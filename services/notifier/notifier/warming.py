"""What a process works out once is worked out before it says that it lives: nobody's message waits for it."""

import anyio
from commune_schemas.notices import NoticeKind
from commune_service.logging import log_fault

from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.sample import sample_notice
from notifier.settings import Settings
from notifier.sms_text import write_sms


def write_once(settings: Settings) -> None:
    """A made-up person's mail and text message, and thrown away: layouts, patterns and time zones are read by then."""
    anyio.Event()  # inside a loop: what httpx needs of it is loaded at the first use, for a tenth of a second
    notice = sample_notice(NoticeKind.PLACEMENT_ASSIGNED)
    try:
        write_message(Outgoing("made-up@notifier", "made-up@example.vn", notice), mail_from=settings.mail_from)
        write_sms(notice)
    except Exception as error:  # noqa: BLE001 - what cannot be written fails by itself, and all else goes
        log_fault("worker.not_warmed", error)
