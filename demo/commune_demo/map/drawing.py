"""The picture itself: areas by school, names, insets of the country and of Trường Sa, legend.

A map of Khánh Hòa without Hoàng Sa and Trường Sa is not acceptable to its users, so both are always drawn and named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import fontpkg
import resvg_py
import shapely
from commune_portal.map.geography import Frame, label_point
from commune_portal.map.labels import LabelBoard, text_width
from roster_api.boundaries.cells import commune_cells, load_outlines
from shapely.geometry.base import BaseGeometry

from commune_demo.map.labels import spread

TYPEFACE = "Be Vietnam Pro"
TYPEFACES = f"{TYPEFACE}, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
"""In a browser that has not the first, a near one; the picture is always drawn with the first."""
PAGE = (1000, 1180)
INK, SEA, LAND, RED = "#1f2a3c", "#eaf2fa", "#dfe3e8", "#b3152b"
PALETTE = (
    "#4e79a7", "#f28e2b", "#8cd17d", "#e15759", "#76b7b2", "#edc948",
    "#b07aa1", "#ff9da7", "#b08d6e", "#59a14f", "#d4a6c8", "#c9c46a",
)  # fmt: skip


@dataclass(frozen=True)
class MapCommune:
    code: str
    name: str
    latitude: float
    longitude: float
    is_remote: bool
    school_code: str | None


@dataclass(frozen=True)
class MapSchool:
    code: str
    short_name: str
    latitude: float
    longitude: float
    people: int


class Canvas:
    """Collects SVG elements; every text is escaped here and nowhere else."""

    def __init__(self) -> None:
        self.elements: list[str] = []

    def path(
        self, geometry: BaseGeometry, *, fill: str, stroke: str = "none", width: float = 0, title: str = ""
    ) -> None:
        tooltip = f"<title>{escape(title)}</title>" if title else ""
        self.elements.append(
            f'<path d="{_path_data(geometry)}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" '
            f'stroke-linejoin="round" fill-rule="evenodd">{tooltip}</path>'
        )

    def text(
        self, x: float, y: float, text: str, *, size: float, weight: int = 500, fill: str = INK,
        anchor: str = "start", halo: bool = False,
    ) -> None:  # fmt: skip
        style = f'font-family="{TYPEFACES}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
        if halo:
            self.elements.append(
                f'<text x="{x:.1f}" y="{y:.1f}" {style} fill="none" stroke="#ffffff" stroke-width="3" '
                f'stroke-linejoin="round" stroke-opacity="0.85">{escape(text)}</text>'
            )
        self.elements.append(f'<text x="{x:.1f}" y="{y:.1f}" {style} fill="{fill}">{escape(text)}</text>')

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = INK, line: float = 1
    ) -> None:
        self.elements.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{line}"/>'
        )

    def circle(self, x: float, y: float, radius: float, *, fill: str, stroke: str = "none", line: float = 0) -> None:
        self.elements.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="{line}"/>'
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], *, width: float = 1) -> None:
        (x1, y1), (x2, y2) = start, end
        self.elements.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{INK}" stroke-width="{width}"/>'
        )


def _path_data(geometry: BaseGeometry) -> str:
    parts = []
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)]
            parts.append("M" + "L".join(points) + "Z")
    return "".join(parts)


def draw_map(
    *,
    province_code: str,
    province_name: str,
    communes: Sequence[MapCommune],
    schools: Sequence[MapSchool],
    title: str,
) -> str:
    """One self-contained SVG, 1000 units wide: communes coloured by school, with both archipelagos."""
    canvas = Canvas()
    canvas.rect(0, 0, *PAGE, fill=SEA, stroke="none", line=0)
    numbers = {school.code: index for index, school in enumerate(schools, start=1)}
    colours = {
        school.code: PALETTE[(number - 1) % len(PALETTE)]
        for school, number in zip(schools, numbers.values(), strict=True)
    }
    canvas.text(24, 42, title, size=22, weight=700)
    canvas.text(
        24, 64, "Sơ đồ, không phải ranh giới pháp lý · Schematic, not legal boundaries", size=12, fill="#44526a"
    )
    _draw_province(canvas, province_code, communes, schools, numbers, colours)
    _draw_country(canvas, province_code)
    _draw_truong_sa(canvas, communes, numbers, colours)
    _draw_legend(canvas, communes, schools, numbers, colours)
    canvas.text(
        24, PAGE[1] - 14, "Nền bản đồ: @svg-maps/vietnam, Stephen Truong, CC BY 4.0 · Vị trí các trường là gần đúng",
        size=10, fill="#5b687c",
    )  # fmt: skip
    label = escape(f"{title}. {province_name}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE[0]} {PAGE[1]}" role="group" '
        f'aria-label="{label}">' + "".join(canvas.elements) + "</svg>\n"
    )


def _draw_province(
    canvas: Canvas,
    province_code: str,
    communes: Sequence[MapCommune],
    schools: Sequence[MapSchool],
    numbers: Mapping[str, int],
    colours: Mapping[str, str],
) -> None:
    provinces, _ = load_outlines()
    land = provinces[province_code]
    west, south, east, north = land.bounds
    frame = Frame(24, 84, 600, PAGE[1] - 130, (west - 0.02, south - 0.02, east + 0.02, north + 0.02))
    window = shapely.box(0, 76, 632, PAGE[1] - 34)
    for code, outline in provinces.items():
        if code != province_code and outline.distance(land) < 1:
            canvas.path(frame.project(outline).intersection(window), fill=LAND, stroke="#ffffff", width=1)
    ashore = [commune for commune in communes if not commune.is_remote]
    cells = {
        code: frame.project(cell)
        for code, cell in commune_cells({c.code: (c.longitude, c.latitude) for c in ashore}, land).items()
    }
    for commune in ashore:
        fill = colours.get(commune.school_code or "", "#ffffff")
        canvas.path(cells[commune.code], fill=fill, stroke="#ffffff", width=1, title=commune.name)
    areas = {
        school.code: shapely.union_all([cells[c.code] for c in ashore if c.school_code == school.code])
        for school in schools
    }
    for area in areas.values():
        if not area.is_empty:
            canvas.path(area, fill="none", stroke=INK, width=2.2)
    _draw_names(canvas, frame, ashore, schools, cells, areas, numbers)


def _draw_names(
    canvas: Canvas,
    frame: Frame,
    ashore: Sequence[MapCommune],
    schools: Sequence[MapSchool],
    cells: Mapping[str, BaseGeometry],
    areas: Mapping[str, BaseGeometry],
    numbers: Mapping[str, int],
) -> None:
    board = LabelBoard([])
    spots = [frame.place(school.longitude, school.latitude) for school in schools]
    for school, spot, marker in zip(schools, spots, spread(spots, gap=17), strict=True):
        canvas.line(spot, marker)
        canvas.rect(marker[0] - 8, marker[1] - 8, 16, 16, fill="#ffffff", line=1.6)
        canvas.text(marker[0], marker[1] + 4, str(numbers[school.code]), size=10.5, weight=700, anchor="middle")
        board.taken.append((marker[0] - 9, marker[1] - 9, marker[0] + 9, marker[1] + 9))
    for commune in sorted(ashore, key=lambda c: -cells[c.code].area):
        x, y, _ = label_point(cells[commune.code])
        spot_or_none = board.place(commune.name, x, y, 10.5)
        if spot_or_none is None:
            dot = board.place_box(x, y, width=4, height=4) or (x, y)
            canvas.circle(*dot, 2, fill=INK)
        else:
            canvas.text(
                spot_or_none[0], spot_or_none[1] + 3.6, commune.name, size=10.5, weight=600, anchor="middle", halo=True
            )
    for school in schools:
        if areas[school.code].is_empty:
            continue
        for part in shapely.get_parts(areas[school.code]):
            if part.area < 900:
                continue
            x, y, _ = label_point(part)
            badge = board.place_box(x, y, width=24, height=24)
            if badge is not None:
                _draw_badge(canvas, *badge, numbers[school.code])


def _draw_badge(canvas: Canvas, x: float, y: float, number: int) -> None:
    """The number of the school whose area this is."""
    canvas.circle(x, y, 11, fill=INK, stroke="#ffffff", line=1.5)
    canvas.text(x, y + 4.3, str(number), size=12, weight=700, fill="#ffffff", anchor="middle")


def _draw_country(canvas: Canvas, province_code: str) -> None:
    provinces, archipelagos = load_outlines()
    canvas.rect(644, 84, 332, 366, fill="#dceaf6", line=1.2)
    frame = Frame(652, 90, 316, 352, (101.8, 7.2, 117.6, 23.5))
    for code, outline in provinces.items():
        fill = RED if code == province_code else "#f3f0ea"
        canvas.path(frame.project(outline), fill=fill, stroke="#a9b1bc", width=0.5)
    names = {"Quần đảo Hoàng Sa": "QĐ. Hoàng Sa", "Quần đảo Trường Sa": "QĐ. Trường Sa"}
    for name, islands in archipelagos.items():
        points = [frame.place(p.centroid.x, p.centroid.y) for p in shapely.get_parts(islands)]
        for x, y in points:
            canvas.circle(x, y, 1.3, fill=RED)
        top = min(y for _, y in points)
        middle = sum(x for x, _ in points) / len(points)
        canvas.text(middle, top - 7, names[name], size=11, weight=700, fill=RED, anchor="middle", halo=True)


def _draw_truong_sa(
    canvas: Canvas, communes: Sequence[MapCommune], numbers: Mapping[str, int], colours: Mapping[str, str]
) -> None:
    _, archipelagos = load_outlines()
    islands = archipelagos["Quần đảo Trường Sa"]
    remote = next((commune for commune in communes if commune.is_remote), None)
    school_code = remote.school_code if remote else None
    canvas.rect(644, 462, 332, 232, fill="#dceaf6", line=1.2)
    canvas.text(656, 484, "Đặc khu Trường Sa", size=13, weight=700)
    if school_code is not None:
        _draw_badge(canvas, 952, 482, numbers[school_code])
    frame = Frame(660, 496, 300, 186, islands.buffer(0.15).bounds)
    for island in shapely.get_parts(islands):
        x, y = frame.place(island.centroid.x, island.centroid.y)
        canvas.circle(x, y, 3.4, fill=colours.get(school_code or "", "#ffffff"), stroke=INK, line=0.8)


def _draw_legend(
    canvas: Canvas,
    communes: Sequence[MapCommune],
    schools: Sequence[MapSchool],
    numbers: Mapping[str, int],
    colours: Mapping[str, str],
) -> None:
    top = 720
    for school in schools:
        led = sum(commune.school_code == school.code for commune in communes)
        canvas.rect(644, top, 22, 18, fill=colours[school.code], line=0.8)
        canvas.text(655, top + 13.5, str(numbers[school.code]), size=11, weight=700, anchor="middle")
        numbers_of = f"{led} xã · {school.people} người"
        room = 976 - 676 - text_width(numbers_of, 12) - 14
        size = min(12.5, 12.5 * room / text_width(school.short_name, 12.5))
        canvas.text(676, top + 14, school.short_name, size=round(size, 1), weight=600)
        canvas.text(976, top + 14, numbers_of, size=12, anchor="end")
        top += 29
    canvas.rect(647, top + 6, 16, 16, fill="#ffffff", line=1.6)
    canvas.text(676, top + 18, "Trụ sở trường (số thứ tự như trên)", size=11.5, fill="#44526a")
    canvas.circle(655, top + 40, 2.4, fill=INK)
    canvas.text(676, top + 44, "Xã, phường không đủ chỗ ghi tên", size=11.5, fill="#44526a")


def render_png(svg: str, path: Path, *, width: int = 1400) -> None:
    """Writes the SVG as a picture. The typeface's whole files are given, so letters are really drawn."""
    fonts = [str(fontpkg.path(TYPEFACE, weight=weight)) for weight in (500, 600, 700)]
    picture = resvg_py.svg_to_bytes(svg_string=svg, width=width, font_files=fonts, skip_system_fonts=True)
    path.write_bytes(bytes(picture))
