"""The communes' shapes as the API has them: real boundaries where they were imported, schematic cells until then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from commune_portal.view import View

SECONDS = 60.0


@dataclass(frozen=True)
class Shapes:
    """`etag` names this very content; `remote` communes lie out at sea and have a frame of their own on the map."""

    etag: str
    is_schematic: bool
    cells: Mapping[str, BaseGeometry]
    """By commune, in degrees; none of the remote ones."""
    names: Mapping[str, str]
    remote: tuple[str, ...]


def read_shapes(content: dict[str, Any], etag: str) -> Shapes:
    """Of a GeoJSON FeatureCollection."""
    features = content["features"]
    facts = [feature["properties"] for feature in features]
    remote = tuple(fact["code"] for fact in facts if fact["is_remote"])
    cells = {
        feature["properties"]["code"]: shape(feature["geometry"])
        for feature in features
        if feature["geometry"] is not None and feature["properties"]["code"] not in remote
    }
    return Shapes(etag, bool(content["schematic"]), cells, {fact["code"]: fact["name"] for fact in facts}, remote)


async def load_shapes(view: View, province_code: str) -> Shapes:
    """Asked for once a minute as the person who looks; sent again by the API only when they changed."""
    kept: dict[str, Shapes] = view.request.app.state.shapes
    known = kept.get(province_code)
    if known is not None and view.api.has_asked("/v1/provinces/{code}/boundaries", code=province_code):
        return known
    found = await view.api.reread(
        "/v1/provinces/{code}/boundaries", etag=known.etag if known else None, code=province_code, seconds=SECONDS
    )
    if found is not None:
        known = kept[province_code] = read_shapes(found.content, found.etag)
    assert known is not None  # noqa: S101 - nothing is not modified
    return known
