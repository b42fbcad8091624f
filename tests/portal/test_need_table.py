"""Needs from a table that is pasted: read as spreadsheets copy it, looked at before it is kept, wrong rows named."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_portal.need_tables import names_of_communes, names_of_duties, needs_of, read_table
from roster_api.needs.schemas import NeedsWrite

from tests.portal.test_editing import CAMPAIGN
from tests.portal.test_need_pages import DUTY, NEED
from tests.portal.test_records import COMMUNE, OTHER
from tests.portal.world import ADMIN, PortalWorld, portal_world

PAGE = "/campaigns/c1/needs-table"
COMMUNES = [COMMUNE | {"name": "Nha Trang"}, OTHER | {"name": "Ba Ngòi"}]
TABLE = "Xã\tNhiệm vụ\tSố người\tNgày\tThiếu CNTT\nnha trang\tSố Hóa\t4\t2\n\n22339\tscan\t1\t5\tx\n"
HOSTILE = "</textarea><script>alert(1)</script>"


def read(text: str) -> Any:
    return read_table(text, communes=names_of_communes(COMMUNES), duties=names_of_duties([DUTY]))


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/duties"): (200, {"items": [DUTY], "total": 1}),
            ("GET", "/v1/communes"): (200, {"items": COMMUNES, "total": 2}),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN | {"id": "c1", "province_code": "56"}),
            ("GET", "/v1/campaigns/c1/needs"): (200, {"items": [NEED], "total": 1}),
            ("PUT", "/v1/campaigns/c1/needs"): (200, {"created": 1, "updated": 1, "same": 0}),
        }
        yield made


def test_communes_and_duties_are_known_by_code_and_by_name_without_accents() -> None:
    table = read(TABLE)
    assert table.errors == []
    assert table.rows == [(2, "22366", "scan", 4, 2, None), (4, "22339", "scan", 1, 5, True)]
    assert read(TABLE.replace("\t", ";")).rows == table.rows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nha Trang\tscan\t2", "Dòng 1: cần 4 cột, chỉ có 3."),
        ("Nha Trangg\tscan\t2\t1", "Dòng 1: không rõ xã “Nha Trangg”; hãy ghi mã xã."),
        ("Nha Trang\tquét\t2\t1", "Dòng 1: không rõ nhiệm vụ “quét”."),
        ("Nha Trang\tscan\thai\t1", "Dòng 1: số người “hai” không phải số."),
        ("Nha Trang\tscan\t2\t-1", "Dòng 1: số ngày “-1” không phải số."),
        ("Nha Trang\tscan\t2\t1\n22366\tSố hóa\t1\t1", "Dòng 2: xã và nhiệm vụ này đã có ở dòng trên."),
        ("Xã\tNhiệm vụ", "Dòng 1: chưa có dòng nào."),
        ("a\n" * 3001, "Dòng 3001: nhiều nhất 3000 dòng một lần."),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_what_is_wrong(text: str, words: str) -> None:
    assert [error["vi"] for error in read(text).errors] == [words]


def test_a_name_that_two_communes_have_is_asked_for_by_code() -> None:
    twins = [COMMUNES[0], COMMUNES[1] | {"name": "Nha Trang", "full_name": "Xã Nha Trang"}]
    table = read_table("Nha Trang\tscan\t2\t1", communes=names_of_communes(twins), duties=names_of_duties([DUTY]))
    assert "hãy ghi mã xã" in table.errors[0]["vi"]


def test_what_the_table_does_not_say_stays_as_it_was_declared() -> None:
    needs = needs_of(read("Nha Trang\tscan\t0\t1"), {"22366": NEED})
    assert needs == [
        {"commune_code": "22366", "lacks_it_staff": True, "presence": [1, 0, 0, 0, 0], "min_people": 3, "note": "",
         "items": []},
    ]  # fmt: skip


async def test_a_table_is_looked_at_first_and_recorded_when_that_is_asked_for(world: PortalWorld) -> None:
    fields = await world.form_of(PAGE)
    looked = await world.post(PAGE, fields | {"table": TABLE, "then": "look"})
    assert "Số hóa: 4 người × 2 ngày" in looked.text
    assert "nha trang\tSố Hóa" in looked.text, "the table stands in the form still"
    assert [each for each in world.asked if each.method != "GET"] == []
    answer = await world.post(PAGE, fields | {"table": TABLE, "then": "keep"})
    assert answer.headers["location"] == "/campaigns/c1/needs"
    body = json.loads([each for each in world.asked if each.method == "PUT"][-1].content)
    assert [item.min_people for item in NeedsWrite.model_validate(body).items] == [3, None]


async def test_a_table_with_wrong_rows_comes_back_and_nothing_is_recorded(world: PortalWorld) -> None:
    text = f"{TABLE}{HOSTILE}\tscan\t2\t1"
    answer = await world.post(PAGE, await world.form_of(PAGE) | {"table": text, "then": "keep"})
    assert answer.status_code == 422
    assert "1 chỗ cần sửa; chưa ghi gì." in answer.text
    assert "nha trang\tSố Hóa" in answer.text
    assert HOSTILE not in answer.text
    assert [each for each in world.asked if each.method != "GET"] == []
