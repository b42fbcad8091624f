"""The plan's picture as one SVG: areas by school, names, the country with its archipelagos, and links to communes.

A map of Khánh Hòa without Hoàng Sa and Trường Sa is not acceptable to its users, so both are always drawn and named.
Presentation attributes alone: the page's policy allows no style of its own, and print and PNG draw it the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from commune_portal.map.geography import Frame, label_point, load_outlines
from commune_portal.map.labels import LabelBoard
from commune_portal.map.shapes import Shapes

WIDTH, HEIGHT = 860, 1000
MAIN = (8, 8, 560, 984)
INK, SEA, LAND, RED = "#1f2a3c", "#eaf2fa", "#dfe3e8", "#b3152b"
PALETTE = (
    "#9dbbdc", "#f8c58d", "#bfe3b4", "#f0a3a5", "#b0d6d3", "#f5e08f",
    "#d2b3cc", "#ffc9cd", "#d3bea8", "#93c78f", "#e3c9dd", "#dedb9f",
)  # fmt: skip
NOBODY = "#f3f0ea"
KEPT_GROUNDS = 40
"""Of provinces, as they were drawn last."""
KEPT_PICTURES = 64


@dataclass(frozen=True)
class Ground:
    """What no plan changes: each commune's cell in page coordinates, by code; the neighbours; the locator."""

    cells: dict[str, BaseGeometry]
    spots: dict[str, tuple[float, float]]
    """Where a commune's name has most room."""
    paths: dict[str, str]
    around: str
    country: str


def path_data(geometry: BaseGeometry) -> str:
    """Whole units: the picture is drawn at about one pixel a unit."""
    parts = []
    for polygon in shapely.get_parts(shapely.simplify(geometry, 0.6)):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [*dict.fromkeys((round(x), round(y)) for x, y in shapely.get_coordinates(ring))]
            if len(points) > 2:
                parts.append(_ring_data(points))
    return "".join(parts)


def _ring_data(points: Sequence[tuple[int, int]]) -> str:
    """From point to point by how far it is: half as long, on its way, as where each point stands."""
    (x, y), steps = points[0], []
    for (x_before, y_before), (x_now, y_now) in pairwise(points):
        steps += [x_now - x_before, y_now - y_before]
    return f"M{x} {y}l" + " ".join(map(str, steps)).replace(" -", "-") + "Z"


_grounds: dict[tuple[str, str], Ground] = {}


def survey(province_code: str, shapes: Shapes) -> Ground:
    """The ground of a province; kept as long as its shapes are the same, for it costs a tenth of a second."""
    key = (province_code, shapes.etag)
    if key not in _grounds:
        while len(_grounds) >= KEPT_GROUNDS:
            _grounds.pop(next(iter(_grounds)))
        _grounds[key] = _survey(province_code, shapes)
    return _grounds[key]


def _survey(province_code: str, shapes: Shapes) -> Ground:
    provinces, _ = load_outlines()
    land = provinces[province_code]
    west, south, east, north = shapely.union_all([land, *shapes.cells.values()]).bounds
    frame = Frame(*MAIN, (west - 0.02, south - 0.02, east + 0.02, north + 0.02))
    cells = {code: frame.project(cell) for code, cell in shapes.cells.items()}
    window = shapely.box(0, 0, MAIN[2] + 8, HEIGHT)
    around = "".join(
        path_data(frame.project(outline).intersection(window))
        for code, outline in provinces.items()
        if code != province_code and outline.distance(land) < 1
    )
    paths = {code: path_data(cell) for code, cell in cells.items()}
    spots = {code: label_point(cell)[:2] for code, cell in cells.items()}
    return Ground(cells, spots, paths, around, draw_country(province_code))


def draw_country(province_code: str) -> str:
    """The locator: every province, this one marked, and both archipelagos by name."""
    provinces, archipelagos = load_outlines()
    frame = Frame(590, 14, 262, 300, (101.8, 7.2, 117.6, 23.5))
    drawn = [f'<rect x="586" y="8" width="268" height="312" fill="{SEA}" stroke="{INK}"/>']
    others = "".join(path_data(frame.project(outline)) for code, outline in provinces.items() if code != province_code)
    drawn.append(f'<path d="{others}" fill="#f7f4ee" stroke="#a9b1bc" stroke-width=".5"/>')
    drawn.append(f'<path d="{path_data(frame.project(provinces[province_code]))}" fill="{RED}"/>')
    for name, islands in archipelagos.items():
        points = [frame.place(p.centroid.x, p.centroid.y) for p in shapely.get_parts(islands)]
        dots = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in points)
        drawn.append(f'<path d="{dots}" stroke="{RED}" stroke-width="2.4" stroke-linecap="round"/>')
        middle, top = sum(x for x, _ in points) / len(points), min(y for _, y in points)
        words = name.replace("Quần đảo", "QĐ.")
        drawn.append(
            f'<text x="{min(middle, 806):.0f}" y="{top - 6:.0f}" font-size="13" font-weight="600" fill="{RED}" '
            f'text-anchor="middle">{escape(words)}</text>'
        )
    return "".join(drawn)


def colours_of(school_codes: Sequence[str]) -> dict[str, str]:
    return {code: PALETTE[index % len(PALETTE)] for index, code in enumerate(school_codes)}


Sharing = Literal["", "defines", "uses"]


@dataclass(frozen=True)
class Picture:
    """What a map shows beside the leads.

    `address`: where a commune's page is, with {code} in it. `marked` communes carry a ring: what the page is about (too
    few people, or a difference). `titles`: what a commune is called under the pointer, its name unless given. Of two
    maps on one page the first `defines` the outlines, the second `uses` them.
    """

    school_codes: tuple[str, ...]
    address: str
    label: str
    marked: frozenset[str] = frozenset()
    titles: tuple[tuple[str, str], ...] = ()
    sharing: Sharing = ""


_drawn: dict[tuple[object, ...], str] = {}


def draw_map(province_code: str, shapes: Shapes, leads: Mapping[str, str], picture: Picture) -> str:
    """`leads`: the school of each commune. The pictures drawn last are kept: what is drawn follows from what is given,
    and costs a tenth of a second."""
    key = (province_code, shapes.etag, tuple(sorted(leads.items())), picture)
    if key not in _drawn:
        while len(_drawn) >= KEPT_PICTURES:
            _drawn.pop(next(iter(_drawn)))
        _drawn[key] = _draw(survey(province_code, shapes), shapes, leads, picture)
    return _drawn[key]


def _draw(ground: Ground, shapes: Shapes, leads: Mapping[str, str], picture: Picture) -> str:
    school_codes, address, sharing = picture.school_codes, picture.address, picture.sharing
    titles = {**shapes.names, **dict(picture.titles)}
    colours = colours_of(school_codes)
    role = f'role="group" aria-label="{escape(picture.label)}" font-family="Be Vietnam Pro, Segoe UI, sans-serif"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {role}>',
        _share("around", f'<path d="{ground.around}" fill="{LAND}" stroke="#fff"/>', sharing),
    ]
    names = shapes.names
    drawn += [
        _link(
            code,
            titles[code],
            address,
            _share(code, f'<path d="{path}"/>', sharing),
            fill=colours.get(leads.get(code, ""), NOBODY),
        )
        for code, path in ground.paths.items()
    ]
    areas = _areas(ground, leads, school_codes)
    drawn += _draw_areas(areas)
    drawn += _draw_names(ground, names, areas, picture.marked)
    drawn.append(_share("country", f"<g>{ground.country}</g>", sharing))
    if shapes.remote:
        drawn += _draw_islands(shapes.remote, names, leads, school_codes, address, titles)
    drawn.append("</svg>")
    return "".join(drawn)


def _link(code: str, title: str, address: str, content: str, *, fill: str = "") -> str:
    filled = f' fill="{fill}"' if fill else ""
    where = escape(address.format(code=code))
    return f'<a href="{where}" stroke="#fff"{filled}><title>{escape(title)}</title>{content}</a>'


def _share(name: str, element: str, sharing: Sharing) -> str:
    """The element; with an id where another map of the page uses it; where this is that other one, a use of it."""
    if sharing == "uses":
        return f'<use href="#map-{name}"/>'
    tag, _, rest = element.partition(" ") if element.startswith("<path ") else element.partition(">")
    named = f'{tag} id="map-{name}"'
    return f"{named}{' ' if tag == '<path' else '>'}{rest}" if sharing else element


def _areas(ground: Ground, leads: Mapping[str, str], school_codes: Sequence[str]) -> dict[str, BaseGeometry]:
    return {
        school: shapely.union_all([cell for code, cell in ground.cells.items() if leads.get(code) == school])
        for school in school_codes
    }


def _draw_areas(areas: Mapping[str, BaseGeometry]) -> list[str]:
    outlines = "".join(path_data(area) for area in areas.values() if not area.is_empty)
    line = f'fill="none" stroke="{INK}" stroke-width="2.2" stroke-linejoin="round" pointer-events="none"'
    return [f'<path d="{outlines}" {line}/>']


def _draw_names(
    ground: Ground, names: Mapping[str, str], areas: Mapping[str, BaseGeometry], marked: frozenset[str]
) -> list[str]:
    """School numbers first, then as many communes' names as fit without covering one another."""
    board = LabelBoard([])
    badges, words, rings = [], [], []
    for number, area in enumerate(areas.values(), start=1):
        for part in shapely.get_parts(area):
            if part.area < 900:
                continue
            x, y, _ = label_point(part)
            spot = board.place_box(x, y, width=26, height=26)
            if spot is not None:
                badges.append(_badge(*spot, number))
    for code in sorted(ground.cells, key=lambda each: -ground.cells[each].area):
        x, y = ground.spots[code]
        if code in marked:
            rings.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="17" fill="none" stroke="{RED}" stroke-width="3"/>')
        spot = board.place(names[code].split(" ", 1)[-1], x, y, 12)
        if spot is not None:
            words.append(
                f'<text x="{spot[0]:.0f}" y="{spot[1] + 4:.0f}">{escape(names[code].split(" ", 1)[-1])}</text>'
            )
    group = (
        f'<g font-size="12" fill="{INK}" text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-width="3" '
        'stroke-opacity=".75" stroke-linejoin="round" pointer-events="none" aria-hidden="true">'
    )
    return [group, *words, "</g>", '<g pointer-events="none" aria-hidden="true">', *rings, *badges, "</g>"]


def _badge(x: float, y: float, number: int) -> str:
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="12" fill="{INK}" stroke="#fff" stroke-width="1.5"/>'
        f'<text x="{x:.0f}" y="{y + 4.5:.0f}" font-size="13" font-weight="600" fill="#fff" '
        f'text-anchor="middle">{number}</text>'
    )


def _draw_islands(
    offshore: Sequence[str],
    names: Mapping[str, str],
    leads: Mapping[str, str],
    school_codes: Sequence[str],
    address: str,
    titles: Mapping[str, str],
) -> list[str]:
    """A frame of its own for the communes out at sea, drawn on the archipelago they belong to."""
    _, archipelagos = load_outlines()
    code = offshore[0]
    name = names[code]
    islands = next(
        (found for known, found in archipelagos.items() if name.split(" ")[-2:] == known.split(" ")[-2:]), None
    )
    if islands is None:
        islands = next(iter(archipelagos.values()))
    colours = colours_of(school_codes)
    frame = Frame(598, 376, 244, 176, islands.buffer(0.15).bounds)
    fill = colours.get(leads.get(code, ""), NOBODY)
    dots = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4"/>'
        for x, y in (frame.place(p.centroid.x, p.centroid.y) for p in shapely.get_parts(islands))
    )
    content = (
        f'<path d="M586 332h268v232h-268z" fill="{SEA}" stroke="{INK}"/>'
        f'<text x="600" y="356" font-size="14" font-weight="600" fill="{INK}" stroke="none">{escape(name)}</text>'
        f'<g fill="{fill}" stroke="{INK}" stroke-width=".8">{dots}</g>'
    )
    drawn = [_link(code, titles[code], address, content)]
    if leads.get(code) in school_codes:
        drawn.append(_badge(836, 352, list(school_codes).index(leads[code]) + 1))
    return drawn
