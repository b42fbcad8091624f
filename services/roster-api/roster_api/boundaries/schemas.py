"""Shapes of boundaries and measured travel. GeoJSON's own fields are checked; what else it holds is left aside."""

from typing import Annotated, Any, Literal

from commune_schemas.base import SchoolCode
from pydantic import BaseModel, ConfigDict, Field

from roster_api.shapes import Body, CommuneCodeField

MOST_COMMUNES = 500
MOST_PAIRS = 50_000


class _GeoJson(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class BoundaryProperties(_GeoJson):
    code: CommuneCodeField


class BoundaryGeometry(_GeoJson):
    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class BoundaryFeature(_GeoJson):
    type: Literal["Feature"]
    properties: BoundaryProperties
    geometry: BoundaryGeometry


class BoundaryCollection(_GeoJson):
    """A GeoJSON FeatureCollection in degrees (WGS 84): one feature a commune, `properties.code` its official code."""

    type: Literal["FeatureCollection"]
    features: Annotated[list[BoundaryFeature], Field(min_length=1, max_length=MOST_COMMUNES)]


class Overlap(BaseModel):
    """Two communes that both claim some land."""

    commune_code: str
    other_code: str
    km2: float


class BoundaryReport(BaseModel):
    """What an import found. Overlaps are told and kept; neighbours are communes that share a border."""

    province_code: str
    communes: int
    missing_remote: list[str]
    """Communes served at a distance that have no boundary; they are drawn at their place."""
    overlaps: list[Overlap]
    points_sent: int
    points_kept: int
    neighbours: int
    without_neighbours: list[str]
    content_sha256: str


class TravelPair(Body):
    """One of `km` and `minutes`."""

    commune_code: CommuneCodeField
    school_code: SchoolCode
    km: Annotated[float, Field(ge=0, le=5000)] | None = None
    minutes: Annotated[int, Field(ge=0, le=6000)] | None = None


class TravelTable(Body):
    """Replaces what was imported for the province before. Pairs that are not named go by the straight line and the
    commune's road factor."""

    items: Annotated[list[TravelPair], Field(max_length=MOST_PAIRS)]
    km_per_hour: Annotated[float, Field(ge=1, le=200, description="What minutes are turned into kilometres by")] = 40


class TravelAnswer(BaseModel):
    pairs: int
    communes: int
    schools: int
