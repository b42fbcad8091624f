"""report.html: one page an officer can read on a screen or print, and map.svg / map.png beside it."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from commune_demo.map import MapCommune, MapSchool, draw_map, render_png
from commune_demo.results import CampaignResult


def write_report(result: CampaignResult, folder: Path, *, province_code: str) -> None:
    """Writes map.svg, map.png and report.html into the folder."""
    svg = draw_map(
        province_code=province_code,
        province_name=result.province_name,
        communes=[
            MapCommune(c.code, _without_kind(c.name), c.latitude, c.longitude, c.is_remote, c.lead_code)
            for c in result.communes
        ],
        schools=[MapSchool(s.code, s.short_name, s.latitude, s.longitude, s.people_placed) for s in result.schools],
        title=f"Trường phụ trách xã — tỉnh {result.province_name}",
    )
    (folder / "map.svg").write_text(svg, encoding="utf-8")
    render_png(svg, folder / "map.png")
    environment = Environment(loader=PackageLoader("commune_demo"), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("report.html.j2").render(
        result=result,
        map_svg=svg,
        led=sum(commune.lead_code is not None for commune in result.communes),
        unmet=sum(commune.unmet_days for commune in result.communes),
        gap_a=max(result.stage_a["gap"].values(), default=0.0),
        short={school.code: school.short_name for school in result.schools},
    )
    (folder / "report.html").write_text(page, encoding="utf-8")


def _without_kind(name: str) -> str:
    for kind in ("Xã ", "Phường ", "Đặc khu "):
        if name.startswith(kind):
            return name.removeprefix(kind)
    return name
