"""The outline of the country, and how a rectangle of it is put on the page."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import shapely
from numpy.typing import NDArray
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


def label_point(geometry: BaseGeometry) -> tuple[float, float, float]:
    """(x, y, radius) of the largest circle inside the geometry: where a name has most room."""
    largest = max(shapely.get_parts(geometry), key=lambda part: float(part.area))
    circle = shapely.maximum_inscribed_circle(largest, tolerance=1.0)
    (x, y), _ = circle.coords
    return x, y, circle.length
