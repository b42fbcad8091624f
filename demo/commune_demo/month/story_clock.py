"""The clock of the story: the whole system believes it, people and papers too."""

import math
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class StoryClock:
    """Moves the clock of all services at once, by the file that they read."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def move_to(self, day: str, at: str) -> datetime:
        """It is that time in Vietnam from now on, and time goes on."""
        moment = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=VIETNAM)
        beside = self._file.with_suffix(".new")
        ahead = math.ceil((moment.timestamp() - time.time()) * 1000)  # upwards: nobody reads a time before that one
        beside.write_text(f"{ahead / 1000}\n", encoding="ascii")
        beside.replace(self._file)  # nobody reads half a number
        return moment
