"""Units, staff and posts by sheet: the same reader, the preview, the commit once, and the workbook back."""

from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from roster_api.privacy.retention import purge
from xlsxwriter import Workbook

from tests.roster_api.reference_world import PROVINCE, World, reference_world

UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Xã, phường;Định mức khối Đảng;Định mức khối chính quyền;Email\n"
UNITS += "SKHCN;Sở Khoa học và Công nghệ;Sở, ban, ngành;;;;so@example.vn\n"
UNITS += "UBNT;UBND phường Nha Trang;UBND xã;Nha Trang;20;30;\n"
STAFF_HEAD = (
    "STT",
    "Mã số",
    "HỌ VÀ TÊN",
    "Đơn vị công tác",
    "Khối",
    "Chuyên môn",
    "Trình độ",
    "Ngày tuyển dụng",
    "SĐT",
    "Diện",
)
STAFF: list[Sequence[Any]] = [
    ("UBND TỈNH KHÁNH HÒA",),
    ("DANH SÁCH CÁN BỘ, CÔNG CHỨC",),
    (),
    STAFF_HEAD,
    ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"),
    ("Khối chính quyền",),
    (1, "CB01", "NGUYỄN VĂN AN", "UBNT", "Chính quyền", "Số hóa hồ sơ", "Đại học", "01/09/2015", "0950000701", "dư"),
    (2, "CB02", "Trần Thị Bình", "Sở Khoa học và Công nghệ", "Đảng", "Kế toán, Số hóa hồ sơ", "Thạc sĩ", 2010),
    (3, "CB03", "Lê Văn Cường", "UBKHONGCO", "Chính quyền", None, "Cao học giả", "31/02/2020", "12", None),
    (4, "CB01", "Phạm Văn Dũng", "UBNT", "Chính quyền", None, None, None, None, None),
    ("", "", "Tổng cộng: 4 người"),
]  # fmt: skip
POSTS = "Mã vị trí,Vị trí việc làm,Đơn vị,Lĩnh vực,Định mức,Hiện có\nVT01,Công chức số hóa,UBNT,Số hóa hồ sơ,2,1\n"


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    out = BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet("DS")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


async def send(world: World, register: str, content: bytes, name: str = "x.csv") -> httpx.Response:
    files = {"file": (name, content, "application/octet-stream")}
    return await world.as_("admin").post(f"/v1/provinces/{PROVINCE}/registers/{register}", files=files)


async def commit(world: World, upload: dict[str, Any], **body: Any) -> httpx.Response:
    return await world.as_("admin").post(f"/v1/register-uploads/{upload['id']}/commit", json=body)


async def test_registers_are_read_previewed_committed_and_given_back_with_what_is_to_be_mended(world: World) -> None:
    admin = world.as_("admin")
    units = await send(world, "units", UNITS.encode())
    assert (units.status_code, units.json()["counts"]) == (201, {"new": 2, "changed": 0, "same": 0, "error": 0})
    assert (await commit(world, units.json())).json()["counts"]["conflict"] == 0
    sent = await send(world, "staff", workbook(STAFF), "ds.xlsx")
    upload = sent.json()
    assert upload["counts"] == {"new": 2, "changed": 0, "same": 0, "error": 2}, upload
    notes = " ".join(note["vi"] for note in upload["notes"])
    assert "5 “(1) | (2) | (3)”" in notes
    assert "Khối chính quyền" in notes
    assert "Tổng cộng" in notes
    rows = (await admin.get(f"/v1/register-uploads/{upload['id']}/rows")).json()["items"]
    wrong = {finding["code"] for finding in rows[2]["findings"] if finding["severity"] == "error"}
    assert wrong == {"unit.unknown", "level.unreadable", "serving_since.unreadable", "phone.malformed"}
    assert [finding["code"] for finding in rows[3]["findings"]] == ["code.twice"]
    assert "field.not_listed" in {finding["code"] for finding in rows[1]["findings"]}
    refused = await commit(world, upload)
    assert (refused.status_code, refused.json()["code"]) == (422, "register.has_errors")
    back = await admin.get(f"/v1/register-uploads/{upload['id']}/annotated")
    cells = CalamineWorkbook.from_filelike(BytesIO(back.content)).get_sheet_by_index(0).to_python()
    assert any("✗" in str(cell) and "UBKHONGCO" in str(cell) for cell in cells[8])
    assert (await commit(world, upload, only_good_rows=True)).json()["status"] == "committed"
    staff = (await admin.get("/v1/staff")).json()["items"]
    assert [(row["code"], row["full_name"], row["availability"]) for row in staff] == [
        ("CB01", "Nguyễn Văn An", "surplus"),
        ("CB02", "Trần Thị Bình", "none"),
    ]
    assert staff[1]["qualifications"] == [{"field_code": "digitise", "level": 3, "evidence": None, "since": None}]
    assert (staff[0]["serving_since"], staff[1]["serving_since"]) == ("2015-09-01", "2010-01-01")
    assert (await send(world, "staff", workbook(STAFF), "ds.xlsx")).json()["counts"]["same"] == 2
    posts = (await send(world, "posts", POSTS.encode())).json()
    assert (await commit(world, posts)).json()["counts"] == posts["counts"] | {"conflict": 0}
    assert (await admin.get("/v1/posts", params={"vacant": True})).json()["total"] == 1


async def test_what_somebody_changed_since_the_preview_is_left_and_counted(world: World) -> None:
    first = (await send(world, "units", UNITS.encode())).json()
    await commit(world, first)
    again = (await send(world, "units", UNITS.replace(";20;", ";25;").encode())).json()
    assert again["counts"]["changed"] == 1
    units = (await world.as_("admin").get("/v1/units", params={"q": "nha trang"})).json()["items"]
    await world.patch(f"/v1/units/{units[0]['id']}", {"quota_party": 7})
    assert (await commit(world, again)).json()["counts"]["conflict"] == 1
    assert (await commit(world, again)).json()["counts"]["conflict"] == 1, "committing again changes nothing"
    async with world.session() as session:
        await session.execute(sa.text("update roster.register_uploads set created_at = created_at - interval '1 year'"))
        assert (await purge(session, world.app.state.settings))["registers as they were sent"] == 2
    gone = await world.as_("admin").get(f"/v1/register-uploads/{first['id']}/rows")
    assert (gone.status_code, gone.json()["code"]) == (409, "roster.purged")
    assert (await world.as_("admin").get(f"/v1/units/{units[0]['id']}")).json()["quota_party"] == 7


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,2\n", "register.no_header"),
        ("Mã số,Họ và tên\nA,Trần Văn Bé\n".encode(), "register.columns_missing"),
        (b"", "file.empty"),
    ],
)
async def test_a_sheet_without_what_a_register_needs_is_refused_with_words(
    world: World, content: bytes, code: str
) -> None:
    answer = await send(world, "staff", content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
