"""A campaign's needs by sheet: looked at against what is declared, recorded by the rules of declaring, taken back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.roster_api.reference_world import (
    CAMPAIGN,
    DIEN_BIEN_COMMUNE,
    NHA_TRANG,
    OTHER_PROVINCE,
    PROVINCE,
    TRUONG_SA,
    World,
    shared_reference_world,
)
from tests.roster_api.test_registers import change_mapping, commit, read, undo

HEADER = "STT;Mã xã;Xã, phường;Số hóa hồ sơ;kpi;Số người tối thiểu;T2;T3;Thiếu công chức CNTT;Tổng ngày công;Ghi chú"


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


def url(register: str = "needs", province: str = PROVINCE) -> str:
    return f"/v1/provinces/{province}/registers/{register}"


async def send(world: World, *rows: str, header: str = HEADER, campaign: str = "") -> dict[str, Any]:
    """What the upload came to, once the reader is done with it."""
    files = {"file": ("nhu-cau.csv", "\n".join((header, *rows)).encode(), "text/csv")}
    params = {"campaign_id": campaign or world.ids["campaign"]}
    return await read(world, await world.as_("admin").post(url(), files=files, params=params))


async def rows_of(world: World, upload: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await world.as_("admin").get(f"/v1/register-uploads/{upload['id']}/rows")).json()[
        "items"
    ]
    return rows


async def need_of(world: World, commune: str) -> dict[str, Any]:
    need: dict[str, Any] = (
        await world.as_("admin").get(f"/v1/campaigns/{world.ids['campaign']}/needs/{commune}")
    ).json()
    return need


def work(need: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {item["duty_code"]: (item["people"], item["days_per_week"]) for item in need["items"]}


async def test_needs_are_compared_recorded_and_taken_back(world: World) -> None:
    before = await need_of(world, NHA_TRANG)
    upload = await send(
        world,
        f"1;{NHA_TRANG};Nha Trang;6;2 x 5;3;1;2;x;16;Phòng một cửa",
        "2;;Cam Ranh;12;không;;;;;12;",
        f"3;{TRUONG_SA};Đặc khu Trường Sa;;;;;;;;",
        "Tổng cộng;;Tổng cộng;18;10;;;;;28;",
    )
    assert upload["counts"] == {"new": 1, "changed": 1, "same": 2, "error": 0}, await rows_of(world, upload)
    assert upload["campaign_id"] == world.ids["campaign"]
    changed, new, left, total = await rows_of(world, upload)
    assert changed["changes"]["items"][1] == [
        {"duty_code": "digitise", "people": 2, "days_per_week": 3},
        {"duty_code": "kpi", "people": 2, "days_per_week": 5},
    ], "six person-days stay as they were declared"
    assert changed["changes"]["presence"] == [[0] * 5, [1, 2, 0, 0, 0]]
    assert "12 ngày công mỗi tuần được ghi là 3 người x 4 ngày." in [each["vi"] for each in new["findings"]]
    assert [each["code"] for each in left["findings"] + total["findings"]] == ["need.nothing_told", "need.total_row"]
    assert (await commit(world, upload)).json()["counts"]["conflict"] == 0
    after, of_new = await need_of(world, NHA_TRANG), await need_of(world, new["code"])
    assert (work(after), after["min_people"], after["note"]) == (
        {"digitise": (2, 3), "kpi": (2, 5)},
        3,
        "Phòng một cửa",
    )
    assert (work(of_new), of_new["state"], of_new["lacks_it_staff"]) == ({"digitise": (3, 4)}, "accepted", False)
    assert (await undo(world, upload)).json()["status"] == "undone"
    back = await need_of(world, NHA_TRANG)
    assert {name: back[name] for name in back if name not in {"row_version", "updated_at"}} == {
        name: before[name] for name in before if name not in {"row_version", "updated_at"}
    }
    assert (await need_of(world, new["code"]))["state"] == "draft", "no run uses it"


async def test_what_is_not_clear_is_asked_about_and_an_old_name_is_told(world: World) -> None:
    upload = await send(
        world,
        f"1;{NHA_TRANG};Cam Ranh;1;;;;;;;",
        "2;;Xã Không Có;1;;;;;;;",
        f"3;{TRUONG_SA};;2 x 9;;;;;;;",
        "4;;Phường Nha Trang;1;;;;;có;;",
        "5;;Cam Ranh;4;;;;;;9;",
        f"6;{NHA_TRANG};;1;;2000;;;;;",
        "7;;Xã Vĩnh Thạnh;4;;;;;;;",
        f"8;{DIEN_BIEN_COMMUNE};;4;;;;;;;",
    )
    rows = await rows_of(world, upload)
    wrong = [[each["code"] for each in row["findings"] if each["severity"] == "error"] for row in rows]
    assert wrong == [
        ["commune.disagree"],
        ["commune.unknown"],
        ["duty.digitise.unreadable"],
        ["lacks_it_staff.unreadable"],
        ["need.total_differs"],
        ["code.twice", "need.too_many"],
        [],
        ["commune.unknown"],
    ]
    assert "commune.old_name" in [each["code"] for each in rows[6]["findings"]]
    refused = await commit(world, upload)
    assert (refused.status_code, refused.json()["code"]) == (422, "register.has_errors")


async def test_a_total_alone_does_not_say_of_which_duty_and_columns_may_be_said(world: World) -> None:
    upload = await send(world, "Cam Lâm;12;4", header="Xã;Tổng ngày công;Quét")
    assert [each["code"] for each in (await rows_of(world, upload))[0]["findings"]] == ["need.total_differs"]
    sheet = {"sheet": upload["mapping"][0]["sheet"], "columns": {"B": "left_out", "C": "duty.digitise"}}
    assert "duty.digitise" in [column["meaning"] for column in upload["columns"]]
    mapped = await read(world, await change_mapping(world, upload, sheets=[sheet]))
    assert mapped["counts"] == {"new": 1, "changed": 0, "same": 0, "error": 0}
    row = (await rows_of(world, mapped))[0]
    await world.as_("admin").put(
        f"/v1/campaigns/{world.ids['campaign']}/needs/{row['code']}", json={"lacks_it_staff": True, "items": []}
    )
    assert (await commit(world, mapped)).json()["counts"]["conflict"] == 1, "somebody declared it meanwhile"
    assert (await need_of(world, row["code"]))["lacks_it_staff"] is True


async def test_needs_are_of_a_campaign_of_the_province_that_may_still_change(world: World) -> None:
    file = {"file": ("x.csv", b"a;b\n", "text/csv")}
    own = await world.create("/v1/campaigns", CAMPAIGN)
    campaign, needs = {"campaign_id": own["id"]}, f"/v1/campaigns/{own['id']}/needs"
    admin, other = world.as_("admin"), world.as_("other_admin")
    for register, params in (("needs", {}), ("units", campaign)):
        refused = await admin.post(url(register), files=file, params=params)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "register.campaign")
    assert (await other.post(url(province=OTHER_PROVINCE), files=file, params=campaign)).status_code == 404
    upload = await send(world, f"{NHA_TRANG};4", header="Mã xã;KPI", campaign=own["id"])
    await commit(world, upload)
    await admin.put(f"{needs}/{NHA_TRANG}", json={"lacks_it_staff": False, "items": []})
    assert (await undo(world, upload)).json()["code"] == "register.undo_too_late"
    etag = (await admin.get(f"/v1/campaigns/{own['id']}")).headers["ETag"]
    closed = await admin.post(f"/v1/campaigns/{own['id']}/archive", headers={"If-Match": etag})
    assert closed.status_code == 200, closed.text
    refused = await admin.post(url(), files=file, params=campaign)
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign.closed")
