"""Putting names where they fit and keeping markers apart. Page coordinates throughout."""

from dataclasses import dataclass

NEARBY = ((0, 0), (0, -9), (0, 9), (0, -19), (0, 19), (-14, 0), (14, 0), (-14, -10), (14, 10), (-24, 0), (24, 0))

Box = tuple[float, float, float, float]
"""left, top, right, bottom"""

GLYPH_WIDTH = 0.6
"""Mean advance of the typeface, in ems."""


def text_width(text: str, size: float) -> float:
    return GLYPH_WIDTH * size * len(text)


def overlaps(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@dataclass
class LabelBoard:
    """Remembers what is taken, so that no two names cover one another."""

    taken: list[Box]

    def place(self, text: str, x: float, y: float, size: float) -> tuple[float, float] | None:
        """Where the text may stand (centre), trying the point itself and a little around it; None = no room."""
        return self.place_box(x, y, width=text_width(text, size), height=size * 1.15)

    def place_box(self, x: float, y: float, *, width: float, height: float) -> tuple[float, float] | None:
        """The same for anything of this size."""
        for dx, dy in NEARBY:
            box = (x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2)
            if not any(overlaps(box, other) for other in self.taken):
                self.taken.append(box)
                return x + dx, y + dy
        return None
