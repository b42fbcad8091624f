"""The plan's map: every commune leads to its page, both archipelagos are named, hostile names stay words."""

import gzip
from xml.etree import ElementTree as ET

import shapely
from commune_portal.map.drawing import Picture, Sharing, draw_map
from commune_portal.map.shapes import Shapes

PROVINCE = "56"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'Xã "><script>alert(1)</script>'


def shapes(*, count: int = 64) -> Shapes:
    """A grid of communes over Khánh Hòa, and one out at sea."""
    columns = 8
    cells = {
        f"22{index:03}": shapely.box(108.6 + 0.09 * (index % columns), 11.4 + 0.19 * (index // columns),
                                     108.69 + 0.09 * (index % columns), 11.59 + 0.19 * (index // columns))
        for index in range(count)
    }  # fmt: skip
    names = {code: f"Xã Mẫu {code}" for code in cells} | {"22000": HOSTILE, "22736": "Đặc khu Trường Sa"}
    return Shapes(etag=f"of {count}", is_schematic=True, cells=cells, names=names, remote=("22736",))


def drawn(*, sharing: Sharing = "") -> str:
    ground = shapes()
    schools = [f"S{number}" for number in range(12)]
    leads = {code: schools[index % 12] for index, code in enumerate(ground.names)}
    return draw_map(
        PROVINCE, ground, leads, Picture(tuple(schools), "/plans/p/communes/{code}", "Bản đồ", sharing=sharing)
    )


def test_every_commune_is_a_link_to_its_page() -> None:
    links = ET.fromstring(drawn()).iter(f"{SVG}a")  # noqa: S314 - of our own making
    assert {link.attrib["href"] for link in links} == {f"/plans/p/communes/{code}" for code in shapes().names}


def test_the_archipelagos_are_drawn_with_their_names() -> None:
    texts = [text.text for text in ET.fromstring(drawn()).iter(f"{SVG}text")]  # noqa: S314
    assert {"QĐ. Hoàng Sa", "QĐ. Trường Sa", "Đặc khu Trường Sa"} <= set(texts)


def test_a_hostile_name_is_words_and_nothing_else() -> None:
    root = ET.fromstring(drawn())  # noqa: S314
    assert HOSTILE in [title.text for title in root.iter(f"{SVG}title")]
    assert list(root.iter(f"{SVG}script")) == []


def test_the_map_is_a_group_with_a_name_and_light_enough() -> None:
    root = ET.fromstring(drawn())  # noqa: S314
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("group", "Bản đồ")
    assert len(gzip.compress(drawn().encode())) <= 25_000


def test_the_second_map_of_a_page_uses_the_outlines_of_the_first() -> None:
    first, second = (ET.fromstring(drawn(sharing=each)) for each in ("defines", "uses"))  # noqa: S314
    known = {each.attrib["id"] for each in first.iter() if "id" in each.attrib}
    used = [each.attrib["href"].removeprefix("#") for each in second.iter(f"{SVG}use")]
    assert len(used) > len(shapes().cells)
    assert set(used) <= known
    assert len(drawn(sharing="uses")) < len(drawn()) * 0.8
    assert all(link.attrib.get("fill") for link in list(second.iter(f"{SVG}a"))[:-1]), "each has its own colour"
