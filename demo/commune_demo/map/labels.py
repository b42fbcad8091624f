"""Keeping markers apart, in page coordinates. Where a name has room, the portal's map knows."""

from collections.abc import Sequence


def spread(points: Sequence[tuple[float, float]], *, gap: float, rounds: int = 200) -> list[tuple[float, float]]:
    """The points moved apart until neighbours are `gap` away, each staying as near its own place as it can."""
    moved = [(x + 0.01 * index, y) for index, (x, y) in enumerate(points)]
    for _ in range(rounds):
        crowded = False
        for i in range(len(moved)):
            for j in range(i):
                dx, dy = moved[i][0] - moved[j][0], moved[i][1] - moved[j][1]
                distance = max((dx * dx + dy * dy) ** 0.5, 0.01)
                if distance < gap:
                    crowded = True
                    push = (gap - distance) / 2 / distance
                    moved[i] = (moved[i][0] + dx * push, moved[i][1] + dy * push)
                    moved[j] = (moved[j][0] - dx * push, moved[j][1] - dy * push)
        if not crowded:
            break
    return moved
