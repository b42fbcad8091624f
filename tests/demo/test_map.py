"""The map: both archipelagos named, every area labelled, letters really drawn."""

from pathlib import Path

import pytest
from commune_demo import case
from commune_demo.map import MapCommune, MapSchool, draw_map, render_png
from commune_demo.map.labels import spread
from commune_portal.map.labels import LabelBoard
from roster_api.boundaries.cells import commune_cells, load_outlines


def draw_case() -> str:
    schools = case.schools()
    communes = [
        MapCommune(c.code, c.name, c.latitude, c.longitude, c.is_remote, schools[number % len(schools)].code)
        for number, c in enumerate(case.communes())
    ]
    shown = [MapSchool(s.code, s.short_name, s.latitude, s.longitude, 20) for s in schools]
    return draw_map(
        province_code=case.PROVINCE_CODE, province_name="Khánh Hòa", communes=communes, schools=shown, title="Bản đồ"
    )


@pytest.fixture(scope="module")
def svg() -> str:
    return draw_case()


@pytest.mark.parametrize("name", ["QĐ. Hoàng Sa", "QĐ. Trường Sa", "Đặc khu Trường Sa", "không phải ranh giới pháp lý"])
def test_what_its_users_insist_on_is_on_the_map(svg: str, name: str) -> None:
    assert name in svg


def test_every_school_stands_in_the_legend(svg: str) -> None:
    assert [school.short_name for school in case.schools() if school.short_name not in svg] == []


def test_the_same_plan_gives_the_same_picture(svg: str) -> None:
    assert draw_case() == svg


def test_letters_are_really_drawn_in_the_picture(svg: str, tmp_path: Path) -> None:
    render_png(svg, tmp_path / "with.png", width=700)
    render_png(svg.replace("<text", "<desc").replace("</text", "</desc"), tmp_path / "without.png", width=700)
    assert (tmp_path / "with.png").stat().st_size > 1.2 * (tmp_path / "without.png").stat().st_size


def test_cells_of_communes_share_the_land_without_overlap() -> None:
    land = load_outlines()[0][case.PROVINCE_CODE]
    points = {c.code: (c.longitude, c.latitude) for c in case.communes() if not c.is_remote}
    cells = commune_cells(points, land)
    assert set(cells) == set(points)
    assert sum(cell.area for cell in cells.values()) == pytest.approx(land.area, rel=0.01)


def test_no_name_covers_another() -> None:
    board = LabelBoard([])
    assert board.place("Nha Trang", 100, 100, 10) == (100, 100)
    second = board.place("Nha Trang", 100, 100, 10)
    assert second is not None
    assert second != (100, 100)


def test_markers_at_one_place_are_moved_apart() -> None:
    moved = spread([(0, 0), (0, 0), (1, 0)], gap=10)
    distances = [
        ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 for number, (ax, ay) in enumerate(moved) for bx, by in moved[:number]
    ]
    assert min(distances) > 9.9
