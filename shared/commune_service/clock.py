"""The clock of every rule about today, what is late and what is due; in development it may be moved.

`CLOCK_FILE` names a file that holds how many seconds the clock is ahead (behind, where negative); without the file it
is right. It is read whenever the clock is asked, so that all processes move at once. Production refuses the setting.
Leases, queues, keys, tokens and roles keep the machine's time, and so does what only records when a row was written.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
REFUSED = "CLOCK_FILE moves the clock: in development alone (take it out)"
_places: dict[str, Path] = {}
_given: dict[str, timedelta] = {}


def follow_file(file: Path | None) -> None:
    """Of this process, from now on. None: the clock is right."""
    _places.clear()
    _given.clear()
    if file is not None:
        _places["file"] = file


def shift_by(seconds: float) -> None:
    """Of a child that reads one file and ends: as its parent's clock stood when it was asked."""
    _places.clear()
    _given["shift"] = timedelta(seconds=seconds)


def read_shift() -> timedelta:
    """How far ahead the clock is now. ValueError where the file holds no number."""
    file = _places.get("file")
    if file is None:
        return _given.get("shift", timedelta())
    try:
        text = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return timedelta()
    try:
        return timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        raise ValueError(f"CLOCK_FILE {file} holds no number of seconds: {text[:40]!r}") from None


def now() -> datetime:
    """Aware, in UTC."""
    return datetime.now(UTC) + read_shift()


def today() -> date:
    """In Vietnam."""
    return now().astimezone(LOCAL).date()


def refuse_in_production(file: Path | None, *, is_production: bool) -> None:
    """ValueError: nobody's deadline moves by an environment variable."""
    if file is not None and is_production:
        raise ValueError(REFUSED)
