"""The outline of the country, and the cell of land a commune stands for while nobody has imported its boundary. Pure.

A commune without a boundary is its Voronoi cell clipped to the province: near enough to see whose area is where, and
named as schematic wherever it is given out.
"""

import json
import math
from functools import cache
from importlib import resources

import shapely
from shapely import MultiPoint, Point
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry


@cache
def load_outlines() -> tuple[dict[str, BaseGeometry], dict[str, BaseGeometry]]:
    """(provinces by code, archipelagos by name), longitude and latitude in degrees."""
    text = resources.files("roster_api.boundaries").joinpath("data/vietnam-outline.geojson").read_text("utf-8")
    provinces: dict[str, BaseGeometry] = {}
    archipelagos: dict[str, BaseGeometry] = {}
    for feature in json.loads(text)["features"]:
        properties = feature["properties"]
        if properties["kind"] == "province":
            provinces[properties["code"]] = shape(feature["geometry"])
        else:
            archipelagos[properties["name"]] = shape(feature["geometry"])
    return provinces, archipelagos


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
