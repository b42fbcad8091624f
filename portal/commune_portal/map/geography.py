"""The outline of the country, its projection, and the cell of land each commune stands for.

Communes have no free polygons of their own, so a commune is drawn as its Voronoi cell clipped to the province: near
enough to see whose area is where, and marked on the map as schematic.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, Point
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry


@cache
def load_outlines() -> tuple[dict[str, BaseGeometry], dict[str, BaseGeometry]]:
    """(provinces by code, archipelagos by name), longitude and latitude in degrees."""
    text = resources.files("commune_portal.map").joinpath("data/vietnam-outline.geojson").read_text("utf-8")
    provinces: dict[str, BaseGeometry] = {}
    archipelagos: dict[str, BaseGeometry] = {}
    for feature in json.loads(text)["features"]:
        properties = feature["properties"]
        if properties["kind"] == "province":
            provinces[properties["code"]] = shape(feature["geometry"])
        else:
            archipelagos[properties["name"]] = shape(feature["geometry"])
    return provinces, archipelagos


@dataclass(frozen=True)
class Frame:
    """A rectangle of the page that shows a rectangle of the country, in true proportion."""

    x: float
    y: float
    width: float
    height: float
    bounds: tuple[float, float, float, float]
    """west, south, east, north in degrees."""

    @property
    def stretch(self) -> float:
        _, south, _, north = self.bounds
        return math.cos(math.radians((south + north) / 2))

    @property
    def scale(self) -> float:
        """Page units per degree of latitude."""
        west, south, east, north = self.bounds
        return min(self.width / ((east - west) * self.stretch), self.height / (north - south))

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Page coordinates of a point; the shown rectangle is centred in the frame."""
        west, south, east, north = self.bounds
        spare_x = self.width - (east - west) * self.stretch * self.scale
        spare_y = self.height - (north - south) * self.scale
        return (
            self.x + spare_x / 2 + (longitude - west) * self.stretch * self.scale,
            self.y + spare_y / 2 + (north - latitude) * self.scale,
        )

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in page coordinates."""
        return shapely.transform(geometry, self._place_all)

    def _place_all(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        west, _, _, north = self.bounds
        left, top = self.place(west, north)
        return np.column_stack(
            (
                left + (coordinates[:, 0] - west) * self.stretch * self.scale,
                top + (north - coordinates[:, 1]) * self.scale,
            )
        )


def commune_cells(points: dict[str, tuple[float, float]], land: BaseGeometry) -> dict[str, BaseGeometry]:
    """Each commune's share of the land: its Voronoi cell (on a true-to-shape plane), clipped.

    `points` are (longitude, latitude) by commune. A commune whose cell has no land gets a small disc at its point.
    """
    _, south, _, north = land.bounds
    stretch = math.cos(math.radians((south + north) / 2))

    def flatten(geometry: BaseGeometry, factor: float) -> BaseGeometry:
        return shapely.transform(geometry, lambda xy: xy * [factor, 1.0])

    flat_land = flatten(land, stretch)
    flat_points = {code: Point(lon * stretch, lat) for code, (lon, lat) in points.items()}
    sites = MultiPoint(list(flat_points.values()))
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=shapely.box(*flat_land.bounds).buffer(0.2)))
    tree = shapely.STRtree(cells)
    result = {}
    for code, point in flat_points.items():
        own = [cells[index] for index in tree.query(point, predicate="intersects")]
        share = shapely.union_all(own).intersection(flat_land)
        result[code] = flatten(point.buffer(0.01) if share.is_empty else share, 1 / stretch)
    return result


def label_point(geometry: BaseGeometry) -> tuple[float, float, float]:
    """(x, y, radius) of the largest circle inside the geometry: where a name has most room."""
    largest = max(shapely.get_parts(geometry), key=lambda part: float(part.area))
    circle = shapely.maximum_inscribed_circle(largest, tolerance=1.0)
    (x, y), _ = circle.coords
    return x, y, circle.length
