"""`notifier bounces`: reads the mails that come back from a Maildir, for ever, until SIGTERM.

A mail server delivers the envelope sender's mail there, one file a mail. Each is taken in a transaction and moved to
`cur` only then: killed between the two, it is read again and changes nothing. What cannot be read is moved, too, and
said; nothing is deleted.
"""

import asyncio
import signal
from pathlib import Path

import structlog
from commune_service.sealing import use_sealer

from notifier.bounce_reports import LONGEST_BYTES
from notifier.bounces import take_mail
from notifier.database import AWAY, Sessions, create_engine, create_sessions
from notifier.settings import Settings

log = structlog.get_logger(__name__)
POLL_SECONDS = 5.0
READ_ALREADY = ":2,S"
"""How the name of a mail ends that was seen (Maildir)."""


async def empty_box(sessions: Sessions, folder: Path) -> int:
    """How many new mails were taken, oldest first. Raises while Postgres is away; what is left is taken next time."""
    new, cur = folder / "new", folder / "cur"
    for each in (new, cur, folder / "tmp"):
        each.mkdir(parents=True, exist_ok=True)
    taken = 0
    for mail in sorted((path for path in new.iterdir() if path.is_file()), key=lambda path: path.name):
        with mail.open("rb") as file:
            content = file.read(LONGEST_BYTES)
        async with sessions.begin() as session:
            effect = await take_mail(session, content)
        if effect.startswith("ignored"):
            log.info("bounce.ignored", effect=effect)
        mail.rename(cur / f"{mail.name.partition(':')[0]}{READ_ALREADY}")
        taken += 1
    return taken


async def read_bounces(settings: Settings) -> None:
    """Until told to stop. ValueError where no box is named."""
    if settings.mail_bounce_folder is None:
        raise ValueError("MAIL_BOUNCE_FOLDER names no Maildir: there is nothing to read")
    use_sealer(settings.make_sealer())
    engine = create_engine(
        settings.notifier_database_url, pool_size=2, timeout_seconds=settings.notifier_database_timeout_seconds
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sessions = create_sessions(engine)
    while not stop.is_set():
        try:
            await empty_box(sessions, settings.mail_bounce_folder)
        except AWAY as error:  # Postgres, or the folder's disk
            log.warning("bounces.away", reason=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), POLL_SECONDS)
        except TimeoutError:
            continue
    await engine.dispose()
