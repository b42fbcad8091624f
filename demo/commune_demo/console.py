"""What the demo prints: steps with their seconds, progress that overwrites itself on a terminal, plain tables."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

BOLD, GREEN, RED, SOFT, PLAIN = "\033[1m", "\033[32m", "\033[31m", "\033[2m", "\033[0m"


class Console:
    """Writes to a terminal or a file; colours and overwriting only where a person looks on."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.seconds: dict[str, float] = {}
        self._open_line = False

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        """Times one step; its seconds are kept under `name`."""
        print(self._dress(f"\n▸ {words}", BOLD), flush=True)
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started
        self.say(self._dress(f"  {self.seconds[name]:.1f} s", SOFT))

    def say(self, words: str) -> None:
        self._end_line()
        print(words, flush=True)

    def good(self, words: str) -> None:
        self.say(self._dress(f"  ✓ {words}", GREEN))

    def bad(self, words: str) -> None:
        self.say(self._dress(f"  ✗ {words}", RED))

    def progress(self, words: str) -> None:
        """A line that the next one replaces; without a terminal, a line of its own."""
        if self.live:
            print(f"\r\033[K  {words[:150]}", end="", flush=True)
            self._open_line = True
        else:
            print(f"  {words}", flush=True)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> None:
        """Columns as wide as their longest cell; those in `right` (indexes) stand to the right."""
        self._end_line()
        cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(len(line[index]) for line in [list(headers), *cells]) for index in range(len(headers))]

        def line(row: Sequence[str]) -> str:
            padded = [
                cell.rjust(width) if index in right else cell.ljust(width)
                for index, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            return "  " + "  ".join(padded).rstrip()

        print(self._dress(line(headers), BOLD))
        for row in cells:
            print(line(row))
        sys.stdout.flush()

    def _end_line(self) -> None:
        if self._open_line:
            print(flush=True)
            self._open_line = False

    def _dress(self, words: str, style: str) -> str:
        return f"{style}{words}{PLAIN}" if self.live else words
