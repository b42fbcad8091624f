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
from tests.support.reading import work_off

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


async def send(world: World, register: str, content: bytes, name: str = "x.csv") -> dict[str, Any]:
    """What the upload came to, once the reader is done with it."""
    files = {"file": (name, content, "application/octet-stream")}
    sent = await world.as_("admin").post(f"/v1/provinces/{PROVINCE}/registers/{register}", files=files)
    assert (sent.status_code, sent.json()["status"], sent.headers["Retry-After"]) == (202, "uploaded", "1")
    return await read(world, sent)


async def read(world: World, sent: httpx.Response) -> dict[str, Any]:
    assert sent.status_code == 202, sent.text
    await work_off(world.app)
    body: dict[str, Any] = (await world.as_("admin").get(f"/v1/register-uploads/{sent.json()['id']}")).json()
    return body


async def change_mapping(world: World, upload: dict[str, Any], **body: Any) -> httpx.Response:
    headers = {"If-Match": str(upload["row_version"])}
    return await world.as_("admin").put(f"/v1/register-uploads/{upload['id']}/mapping", json=body, headers=headers)


async def undo(world: World, upload: dict[str, Any]) -> httpx.Response:
    return await world.as_("admin").post(f"/v1/register-uploads/{upload['id']}/undo")


async def commit(world: World, upload: dict[str, Any], **body: Any) -> httpx.Response:
    return await world.as_("admin").post(f"/v1/register-uploads/{upload['id']}/commit", json=body)


async def test_registers_are_read_previewed_committed_and_given_back_with_what_is_to_be_mended(world: World) -> None:
    admin = world.as_("admin")
    units = await send(world, "units", UNITS.encode())
    assert units["counts"] == {"new": 2, "changed": 0, "same": 0, "error": 0}
    assert (await commit(world, units)).json()["counts"]["conflict"] == 0
    upload = await send(world, "staff", workbook(STAFF), "ds.xlsx")
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
    assert (await send(world, "staff", workbook(STAFF), "ds.xlsx"))["counts"]["same"] == 2
    posts = await send(world, "posts", POSTS.encode())
    assert (await commit(world, posts)).json()["counts"] == posts["counts"] | {"conflict": 0}
    assert (await admin.get("/v1/posts", params={"vacant": True})).json()["total"] == 1


async def test_what_somebody_changed_since_the_preview_is_left_and_counted(world: World) -> None:
    first = await send(world, "units", UNITS.encode())
    await commit(world, first)
    again = await send(world, "units", UNITS.replace(";20;", ";25;").encode())
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
    ("content", "code", "tables"),
    [
        (b"a,b\n1,2\n", "register.no_header", 0),
        ("Mã số,Họ và tên\nA,Trần Văn Bé\n".encode(), "register.columns_missing", 1),
        (b"", "file.empty", None),
    ],
)
async def test_a_sheet_without_what_a_register_needs_is_refused_with_words(
    world: World, content: bytes, code: str, tables: int | None
) -> None:
    upload = await send(world, "staff", content)
    assert (upload["status"], upload["refusal"]["code"]) == ("failed", code)
    assert (await commit(world, upload)).json()["code"] == "roster.failed"
    assert [table["header_row"] for table in upload["mapping"]] == ([] if code == "file.empty" else [tables])


async def test_the_columns_of_a_register_may_be_said_and_are_remembered(world: World) -> None:
    await commit(world, await send(world, "units", UNITS.encode()))
    content = "Danh sách\nSố thẻ,Người,Ô ba\nCB1,Lê Thị Hoa,0950000701\nCB2,Trần Văn Bình,0950000702\n".encode()
    upload = await send(world, "staff", content)
    assert upload["refusal"]["code"] == "register.no_header"
    [table] = upload["mapping"]
    assert [(one["letters"], one["meaning"]) for one in table["unmapped"]] == [("A", None), ("B", None), ("C", None)]
    sheet = table["sheet"]
    unknown = await change_mapping(world, upload, sheets=[{"sheet": sheet, "columns": {"A": "salary"}}])
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/sheets/0/columns/A")
    columns = {"A": "code", "B": "full_name", "C": "phone"}
    body: dict[str, Any] = {"sheets": [{"sheet": sheet, "header_row": 2, "columns": columns}]}
    body["values"] = {"unit": "SKHCN", "side": "Chính quyền"}
    mapped = await read(world, await change_mapping(world, upload, **body))
    assert (mapped["status"], mapped["counts"]["new"]) == ("in_review", 2), mapped
    assert mapped["mapping"][0]["values"] == {"unit": "SKHCN", "side": "Chính quyền"}
    assert (await change_mapping(world, upload, **body)).status_code == 412, "somebody read it again meanwhile"
    await commit(world, mapped)
    assert (await change_mapping(world, mapped, **body)).status_code == 409
    staff = (await world.as_("admin").get("/v1/staff")).json()["items"]
    assert [(one["code"], one["side"], one["phone"]) for one in staff] == [
        ("CB2", "government", "+84950000702"),
        ("CB1", "government", "+84950000701"),
    ]
    again = await send(world, "staff", content.replace(b"0950000702", b"0950000703"))
    assert again["counts"] == {"new": 0, "changed": 1, "same": 1, "error": 0}
    assert any("cách đã chọn" in note["vi"] for note in again["notes"])


async def test_a_commit_is_taken_back_while_nobody_changed_what_it_wrote(world: World) -> None:
    admin = world.as_("admin")
    units = await send(world, "units", UNITS.encode())
    assert (await undo(world, units)).json()["code"] == "register.undo_too_late"
    await commit(world, units)
    staff = await send(world, "staff", workbook(STAFF[:7]), "ds.xlsx")
    await commit(world, staff)
    assert (await undo(world, units)).json()["code"] == "register.undo_in_use", "its people are of these units"
    changed = await send(world, "staff", workbook([*STAFF[:6], (1, "CB01", "Nguyễn Văn Anh", *STAFF[6][3:])]), "b.xlsx")
    await commit(world, changed)
    assert (await undo(world, staff)).json()["code"] == "register.undo_too_late", "a later sheet changed them"
    assert (await undo(world, changed)).json()["status"] == "undone"
    assert (await undo(world, changed)).status_code == 200, "again, nothing more is taken back"
    people = (await admin.get("/v1/staff")).json()["items"]
    assert [(one["full_name"], one["phone"]) for one in people] == [("Nguyễn Văn An", "+84950000701")]
    assert (await admin.get("/v1/staff", params={"q": "van anh"})).json()["total"] == 0
    await world.patch(f"/v1/staff/{people[0]['id']}", {"position": "Văn thư"})
    posts = await send(world, "posts", POSTS.encode())
    await commit(world, posts)
    assert (await undo(world, posts)).json()["status"] == "undone"
    assert (await admin.get("/v1/posts")).json()["total"] == 0
