"""Distances on the earth, in metres, and which communes are neighbours when nobody has said."""

import math
from collections.abc import Sequence

EARTH_RADIUS_M = 6_371_008.8

Point = tuple[float, float]
"""(latitude, longitude), degrees."""


def distance_m(a: Point, b: Point) -> int:
    """Great-circle distance (haversine), rounded to the metre."""
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*a, *b))
    chord = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord))))


def neighbours(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Pairs (i < j) with no third point inside the circle between them (the Gabriel graph): connected, and planar."""
    shrink = math.cos(math.radians(sum(latitude for latitude, _ in points) / max(1, len(points))))
    flat = [(longitude * shrink, latitude) for latitude, longitude in points]

    def squared(i: int, j: int) -> float:
        return (flat[i][0] - flat[j][0]) ** 2 + (flat[i][1] - flat[j][1]) ** 2

    count = len(flat)
    square = [[squared(i, j) for j in range(count)] for i in range(count)]
    return [
        (i, j)
        for i in range(count)
        for j in range(i + 1, count)
        if all(square[i][k] + square[k][j] >= square[i][j] for k in range(count) if k not in (i, j))
    ]
