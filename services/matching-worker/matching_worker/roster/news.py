"""What is told about a run while it works: where it stands, how far it is, in words for the people who wait."""

import time
from uuid import UUID

from commune_schemas.leases import RunProgress

from matching_worker.model.outcome import Progress
from matching_worker.model.words import LEVEL_WORDS

SHARE_OF_A = 40.0
SHARE_OF_B = 55.0


class RunNews:
    """The newest state of one run, kept up by the solving and read by the heartbeat."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._latest: Progress | None = None
        self._share_done = 0.0
        self.stage = "start"
        self._vi = "Đang đọc bài toán."
        self._en = "Reading the problem."

    def enter(self, stage: str, *, share_done: float, vi: str, en: str) -> None:
        """A new stretch of work begins; `share_done` in percent never falls."""
        self.stage = stage
        self._latest = None
        self._share_done = max(self._share_done, min(100.0, share_done))
        self._vi, self._en = vi, en

    def hear(self, stage: str, progress: Progress) -> None:
        """News from a solver child."""
        self.stage = stage
        self._latest = progress

    def progress(self, lease_token: UUID) -> RunProgress:
        latest = self._latest
        vi, en = self._words()
        return RunProgress(
            lease_token=lease_token,
            stage=self.stage[:64],
            level="" if latest is None else latest.level[:64],
            percent=self._share_done,
            objective=None if latest is None or latest.objective is None else dict(latest.objective),
            bound=None if latest is None or latest.bound is None else dict(latest.bound),
            gap=None if latest is None else latest.gap,
            seconds=round(time.monotonic() - self._started, 3),
            message_vi=vi[:500],
            message_en=en[:500],
        )

    def _words(self) -> tuple[str, str]:
        latest = self._latest
        if latest is None:
            return self._vi, self._en
        level_vi, level_en = LEVEL_WORDS.get(latest.level, (latest.level, latest.level))
        value = None if latest.objective is None else latest.objective.get(latest.level)
        if value is None:
            return f"{self._vi} Đang xét: {level_vi}.", f"{self._en} Working on: {level_en}."
        gap_vi = "" if latest.gap is None else f", còn cách cận dưới {latest.gap * 100:.1f} %".replace(".", ",")
        gap_en = "" if latest.gap is None else f", gap {latest.gap:.1%}"
        return f"{self._vi} {level_vi}: {value}{gap_vi}.", f"{self._en} {level_en}: {value}{gap_en}."
