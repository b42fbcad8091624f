"""The decision of a published plan as a docx: its layout, its annexes, and that it is made again to the byte."""

import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from docx2python import docx2python
from lxml import etree
from roster_api.papers.tables import Column, Group, make_table
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)), (5, "C3", (4,)))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: opened.read(name) for name in opened.namelist()}


def sections_of(parts: dict[str, bytes]) -> list[Any]:
    return list(etree.fromstring(parts["word/document.xml"]).iter(f"{W}sectPr"))


OF_THE_LAYOUT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 07/QĐ-UBND",
    "Khánh Hòa, ngày 05 tháng 02 năm 2026",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA",
    "Điều 4. Quyết định này có hiệu lực kể từ ngày ký.",
    "Nơi nhận:",
    "Nguyễn Thị Mẫu",
    "(Kèm theo Quyết định số 07/QĐ-UBND ngày 05 tháng 02 năm 2026 của Chủ tịch Ủy ban nhân dân tỉnh Khánh Hòa)",
)


async def test_the_decision_is_read_back_by_another_library_and_made_again_to_the_byte(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    admin, path = world.as_("admin"), f"/v1/plans/{plan_id}"
    assert (await admin.get(f"{path}/decision.docx")).json()["code"] == "decision.not_written"
    begun = (await admin.get(f"{path}/decision")).json()
    assert (begun["is_written"], begun["schools"], begun["communes"], begun["people"]) == (False, 2, 3, 4)
    facts = begun["facts"] | {"number": 7, "signed_on": "2026-02-05", "signer_name": "Nguyễn Thị Mẫu"}
    stated = await admin.put(f"{path}/decision", json=facts)
    assert (stated.status_code, stated.headers["ETag"], stated.json()["written_by"]) == (200, '"1"', "admin")

    first = await admin.get(f"{path}/decision.docx")
    assert first.headers["content-disposition"] == 'attachment; filename="quyet-dinh-phuong-an-1.docx"'
    with docx2python(io.BytesIO(first.content)) as opened:
        text = opened.text
        rows = [["\n".join(cell).strip() for cell in row] for table in opened.body for row in table]
    for words in OF_THE_LAYOUT:
        assert words in text
    assert "TM. ỦY BAN" not in text, "the chairperson decides, and not the committee"
    assert ["2", "Xã Ninh Phước", "Trường Cao đẳng Y tế", "1"] in rows
    named = [row[1] for row in rows if len(row) == 9 and row[0].isdigit()]
    assert named == ["Phạm Dũng", "Đỗ Giang", "Nguyễn Văn An", "Trần Thị Bình"]  # Y tế, then Khánh Hòa

    async with world.session() as session:
        await session.execute(sa.update(Volunteer).values(full_name="Tên Khác"))
        await session.execute(sa.update(School).values(name="Trường khác"))
    assert (await admin.get(f"{path}/decision.docx")).content == first.content
    renumbered = await admin.put(f"{path}/decision", json=facts | {"number": 12}, headers={"If-Match": '"1"'})
    assert renumbered.headers["ETag"] == '"2"'
    stale = await admin.put(f"{path}/decision", json=facts, headers={"If-Match": '"1"'})
    assert stale.json()["code"] == "precondition.stale"
    second = (await admin.get(f"{path}/decision.docx")).content
    with docx2python(io.BytesIO(second)) as opened:
        assert "Số: 12/QĐ-UBND" in opened.text
        assert "Tên Khác" not in opened.text


async def test_the_pages_are_laid_out_and_numbered_as_the_decree_wants(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    admin, path = world.as_("admin"), f"/v1/plans/{plan_id}"
    facts = (await admin.get(f"{path}/decision")).json()["facts"]
    await admin.put(f"{path}/decision", json=facts)
    parts = parts_of((await admin.get(f"{path}/decision.docx")).content)
    plan = (await admin.get(path)).json()
    footers = [content.decode() for name, content in parts.items() if "footer" in name]
    assert footers
    assert all(plan_id in footer and plan["content_sha256"] in footer for footer in footers)
    assert any(b"PAGE" in content for name, content in parts.items() if "header" in name)
    assert b'w:ascii="Times New Roman"' in parts["word/styles.xml"]
    sides = []
    for section in sections_of(parts):
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        assert size is not None
        assert margins is not None
        millimetres = {side: round(int(margins.get(f"{W}{side}", "0")) * 25.4 / 1440)
                       for side in ("top", "bottom", "left", "right")}  # fmt: skip
        assert millimetres == {"top": 20, "bottom": 20, "left": 30, "right": 20}
        assert section.find(f"{W}titlePg") is not None  # no number on its first page
        number = section.find(f"{W}pgNumType")
        assert number is not None
        assert number.get(f"{W}start") == "1"  # each annex counts its own pages
        sides.append(size.get(f"{W}orient", "portrait"))
    assert sides == ["portrait", "portrait", "landscape"]
    text = "".join(etree.fromstring(parts["word/document.xml"]).itertext())
    assert "Số:         /QĐ-UBND" in text  # not numbered yet: room is left


async def test_a_decision_is_made_of_published_plans_for_home_affairs_alone(world: World) -> None:
    draft = await world.make_plan(PLACES)
    admin = world.as_("admin")
    assert (await admin.get(f"/v1/plans/{draft}/decision")).json()["code"] == "decision.not_published"
    assert (await world.publish(draft)).status_code == 200
    facts = (await admin.get(f"/v1/plans/{draft}/decision")).json()["facts"]
    for who in ("overseer", "finance", "s1", "c1"):
        assert (await world.as_(who).put(f"/v1/plans/{draft}/decision", json=facts)).status_code == 403
    wrong = await admin.put(f"/v1/plans/{draft}/decision", json=facts | {"symbol": "qđ", "legal_bases": []})
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/symbol", "/legal_bases"}


def test_a_table_holds_any_text_and_repeats_its_head_on_each_page() -> None:
    table = make_table([Column("A", 10, centred=True), Column("B", 20)], [Group("<&>"), (1, "x\x00\ufffey")])
    assert [part.text for part in table.iter(f"{W}t")] == ["A", "B", "<&>", "1", "x\ufffd\ufffdy"]
    assert len(table.findall(f".//{W}tblHeader")) == 1
