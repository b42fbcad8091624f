"""How far units are from where posts are: great circles, in metres."""

import math

EARTH_RADIUS_M = 6_371_008.8
Point = tuple[float, float]
"""(latitude, longitude), degrees."""


def metres_between(a: Point, b: Point) -> int:
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*a, *b))
    chord = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a) * math.cos(latitude_b) * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord))))
