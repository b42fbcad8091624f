"""Imported boundaries, checked and simplified as a coverage, and who is whose neighbour. Pure; for a thread."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from commune_schemas.problem import FieldError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from roster_api.boundaries.cells import commune_cells, load_outlines
from roster_api.boundaries.schemas import BoundaryCollection, BoundaryFeature, Overlap
from roster_api.errors import pointer_error

MOST_POINTS = 1_000_000
COUNTRY = (101.0, 6.0, 118.5, 24.0)
"""West, south, east, north: what lies outside is no commune of Vietnam (or latitude and longitude are exchanged)."""
TOLERANCE = 0.0008
"""Degrees: about 90 m, less than a line's width on a screen."""
TOUCH = 0.0002
"""Degrees, about 20 m: borders drawn apart by less meet."""
SHORTEST_BORDER = 0.0005
OVERLAP_SHARE = 0.001
"""Of the smaller commune's area; less is the noise of drawing."""
KM2 = 111.32 * 111.32
DIGITS = 5


class BadBoundaries(Exception):  # noqa: N818 - an answer, not a fault
    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors[0].en)
        self.errors = errors


@dataclass(frozen=True)
class Boundaries:
    shapes: Mapping[str, BaseGeometry]
    overlaps: list[Overlap]
    neighbours: list[tuple[str, str]]
    points_sent: int
    points_kept: int


def read_boundaries(collection: BoundaryCollection, *, wanted: set[str], optional: set[str]) -> Boundaries:
    """BadBoundaries with every fault: a code that is unknown, doubled or missing, a shape that cannot be."""
    errors: list[FieldError] = []
    found: dict[str, BaseGeometry] = {}
    points = 0
    for index, feature in enumerate(collection.features):
        points += _count(feature.geometry.coordinates)
        if points > MOST_POINTS:
            vi, en = (
                f"Quá {MOST_POINTS} điểm, hoặc lồng quá sâu.",
                f"More than {MOST_POINTS} points, or nested too deep.",
            )
            raise BadBoundaries([_error(f"/features/{index}", "boundary.too_large", vi, en)])
        errors += _take(found, index, feature, known=wanted | optional)
    named = {feature.properties.code for feature in collection.features}
    errors += [
        _error(
            "/features", "boundary.missing", f"Thiếu ranh giới của xã {code}.", f"The boundary of {code} is missing."
        )
        for code in sorted(wanted - named)
    ]
    if errors:
        raise BadBoundaries(errors)
    return _finish(found, points)


def _take(
    found: dict[str, BaseGeometry], index: int, feature: BoundaryFeature, *, known: set[str]
) -> Iterator[FieldError]:
    """The feature's shape goes to what was found, or its fault is told."""
    code, pointer = feature.properties.code, f"/features/{index}"
    if code not in known:
        vi, en = f"Tỉnh không có xã {code}.", f"The province has no commune {code}."
        yield _error(f"{pointer}/properties/code", "commune.unknown", vi, en)
        return
    if code in found:
        vi, en = f"Xã {code} có hai ranh giới.", f"Commune {code} comes twice."
        yield _error(f"{pointer}/properties/code", "boundary.twice", vi, en)
        return
    geometry, fault = _read_shape(feature.geometry.model_dump())
    if fault is None:
        found[code] = geometry
        return
    vi, en = f"Ranh giới xã {code} không hợp lệ: {fault}.", f"The boundary of {code} is not valid: {fault}."
    yield _error(f"{pointer}/geometry", "boundary.invalid", vi, en)


def _error(pointer: str, code: str, vi: str, en: str) -> FieldError:
    return pointer_error(pointer, code=code, vi=vi, en=en)


def _count(coordinates: Any, depth: int = 0) -> int:
    """Points; a nesting no geometry has counts as too many."""
    if depth > 4 or not isinstance(coordinates, list):
        return MOST_POINTS + 1 if depth > 4 else 0
    if coordinates and not isinstance(coordinates[0], list):
        return 1
    return sum(_count(part, depth + 1) for part in coordinates)


def _read_shape(content: dict[str, Any]) -> tuple[BaseGeometry, str | None]:
    """(shape, what is wrong with it)."""
    empty = shapely.Polygon()
    try:
        geometry = shape(content)
    except (ValueError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError):
        return empty, "không đọc được / unreadable"
    if geometry.is_empty:
        return empty, "rỗng / empty"
    west, south, east, north = geometry.bounds
    if not (COUNTRY[0] <= west and east <= COUNTRY[2] and COUNTRY[1] <= south and north <= COUNTRY[3]):
        return empty, "ngoài Việt Nam / outside Vietnam"
    if not geometry.is_valid:
        return empty, str(shapely.is_valid_reason(geometry))
    return shapely.force_2d(geometry), None


def _finish(found: dict[str, BaseGeometry], points: int) -> Boundaries:
    codes = sorted(found)
    shapes = np.array([found[code] for code in codes], dtype=object)
    simple = shapely.coverage_simplify(shapes, TOLERANCE, simplify_boundary=True)
    kept = {
        code: simplified if simplified.is_valid and not simplified.is_empty else whole
        for code, simplified, whole in zip(codes, simple, shapes, strict=True)
    }
    return Boundaries(
        shapes=kept,
        overlaps=list(_list_overlaps(codes, shapes)),
        neighbours=list(_list_neighbours(codes, shapes)),
        points_sent=points,
        points_kept=int(sum(shapely.get_num_coordinates(one) for one in kept.values())),
    )


def _pairs(shapes: Any, distance: float) -> Iterator[tuple[int, int]]:
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=distance)
    yield from sorted((int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b)


def _list_overlaps(codes: list[str], shapes: Any) -> Iterator[Overlap]:
    for a, b in _pairs(shapes, TOUCH):
        shared = shapely.intersection(shapes[a], shapes[b]).area
        if shared > OVERLAP_SHARE * min(shapes[a].area, shapes[b].area):
            yield Overlap(commune_code=codes[a], other_code=codes[b], km2=round(shared * KM2, 3))


def _list_neighbours(codes: list[str], shapes: Any) -> Iterator[tuple[str, str]]:
    """Who shares a border, not a mere corner."""
    for a, b in _pairs(shapes, TOUCH):
        border = shapely.boundary(shapes[a]).intersection(shapes[b].buffer(TOUCH))
        if border.length > SHORTEST_BORDER + 2 * TOUCH:
            yield codes[a], codes[b]


def list_neighbours(shapes: Mapping[str, BaseGeometry]) -> list[tuple[str, str]]:
    """Pairs of codes that share a border, the lower code first."""
    codes = sorted(shapes)
    return list(_list_neighbours(codes, np.array([shapes[code] for code in codes], dtype=object)))


def make_cells(province_code: str, points: Mapping[str, tuple[float, float]]) -> Mapping[str, BaseGeometry]:
    """Schematic: by (longitude, latitude) of each commune."""
    provinces, _ = load_outlines()
    return commune_cells(dict(points), provinces[province_code])


def write_geojson(
    shapes: Mapping[str, BaseGeometry], names: Mapping[str, Mapping[str, Any]], *, is_schematic: bool
) -> tuple[str, str]:
    """(GeoJSON, its SHA-256), the same bytes for the same communes. `names`: further properties by code."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, **names[code]},
            "geometry": mapping(shapely.set_precision(shapes[code], 10**-DIGITS, mode="pointwise"))
            if code in shapes
            else None,
        }
        for code in sorted(names)
    ]
    content = {"type": "FeatureCollection", "schematic": is_schematic, "features": features}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()
