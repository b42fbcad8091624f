"""Provinces and communes: the official list, imported as often as one likes, found without accents."""

from collections.abc import AsyncIterator

import pytest
from roster_api.provinces.source import dataset_path, read_communes, split_full_name
from roster_api.text import sort_key

from tests.roster_api.reference_world import NHA_TRANG, TRUONG_SA, World, bare_world


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with bare_world(module_roster_database_url) as made:
        yield made


async def test_all_34_provinces_and_3321_communes_come_in_and_a_second_time_nothing_changes(world: World) -> None:
    admin = world.as_("admin")
    provinces = (await admin.get("/v1/provinces?limit=200")).json()["items"]
    names = [province["name"] for province in provinces]
    assert len(names) == 34
    assert names == sorted(names, key=sort_key)
    for again in (False, True):
        answers = [(await admin.post(f"/v1/provinces/{p['code']}/communes/import")).json() for p in provinces]
        assert sum(answer["total"] for answer in answers) == 3321
        assert sum(answer["same" if again else "created"] for answer in answers) == 3321
        assert sum(answer["updated"] for answer in answers) == 0
        assert [answer["not_in_source"] for answer in answers] == [[]] * 34
    kinds = {
        kind: (await admin.get(f"/v1/communes?kind={kind}&limit=1")).json()["total"]
        for kind in ("commune", "ward", "special_zone")
    }
    assert kinds == {"commune": 2621, "ward": 687, "special_zone": 13}
    remote = (await admin.get("/v1/communes?is_remote=true")).json()["items"]
    assert [commune["full_name"] for commune in remote] == ["Đặc khu Hoàng Sa", "Đặc khu Trường Sa"]


async def test_communes_are_found_without_accents_in_alphabetical_order(world: World) -> None:
    admin = world.as_("admin")
    await admin.post("/v1/provinces/56/communes/import")
    found = (await admin.get("/v1/communes", params={"q": "TAY KHANH", "province_code": "56"})).json()["items"]
    assert [commune["name"] for commune in found] == ["Tây Khánh Sơn", "Tây Khánh Vĩnh"]
    assert (await admin.get("/v1/communes?q=%25&province_code=56")).json()["total"] == 0  # no wildcards
    first = (await admin.get("/v1/communes?province_code=56&limit=40")).json()
    second = (await admin.get("/v1/communes?province_code=56&limit=40&offset=40")).json()
    codes = [commune["code"] for commune in first["items"] + second["items"]]
    assert (first["total"], len(set(codes))) == (65, 65)
    names = [commune["name"] for commune in first["items"]]
    assert names == sorted(names, key=sort_key)
    one = (await admin.get("/v1/provinces/56")).json()
    assert (one["full_name"], one["communes"]) == ("Tỉnh Khánh Hòa", 65)


async def test_what_people_decided_survives_another_import(world: World) -> None:
    admin = world.as_("admin")
    await admin.post("/v1/provinces/56/communes/import")
    assert (await world.patch(f"/v1/communes/{TRUONG_SA}", {"is_remote": False})).status_code == 200
    contact = {"contact_name": "Lê Văn Chánh", "contact_phone": "0258 3822 222", "office_address": "1 Trần Phú"}
    assert (await world.patch(f"/v1/communes/{NHA_TRANG}", contact)).json()["contact_phone"] == "+842583822222"
    answer = (await admin.post("/v1/provinces/56/communes/import")).json()
    assert (answer["same"], answer["updated"]) == (65, 0)
    assert (await admin.get(f"/v1/communes/{TRUONG_SA}")).json()["is_remote"] is False
    kept = (await admin.get(f"/v1/communes/{NHA_TRANG}")).json()
    assert kept["office_address"] == "1 Trần Phú"
    cleared = await world.patch(f"/v1/communes/{NHA_TRANG}", {"contact_phone": None})
    assert cleared.json()["contact_phone"] is None
    await world.patch(f"/v1/communes/{TRUONG_SA}", {"is_remote": True})


async def test_an_archived_commune_leaves_the_list_and_comes_back(world: World) -> None:
    admin, path = world.as_("admin"), f"/v1/communes/{NHA_TRANG}"
    await admin.post("/v1/provinces/56/communes/import")
    archived = await admin.post(f"{path}/archive")
    assert archived.json()["archived_at"]
    assert (await admin.post(f"{path}/archive")).json() == archived.json()
    assert (await admin.get("/v1/communes?province_code=56")).json()["total"] == 64
    hidden = (await admin.get("/v1/communes?province_code=56&archived=true")).json()
    assert [commune["code"] for commune in hidden["items"]] == [NHA_TRANG]
    assert (await admin.post(f"{path}/restore")).json()["archived_at"] is None


async def test_the_catalogue_has_seven_fields_with_one_duty_each_and_guidance(world: World) -> None:
    admin = world.as_("admin")
    fields = [field["code"] for field in (await admin.get("/v1/fields")).json()["items"]]
    assert fields == ["software", "pasc", "digitise", "dvc_guide", "kpi", "training", "sysadmin"]
    duties = (await admin.get("/v1/duties")).json()["items"]
    assert [(duty["code"], duty["field_code"]) for duty in duties] == [(code, code) for code in fields]
    assert all(len(duty["guidance_vi"]) > 100 for duty in duties)
    assert [d["code"] for d in (await admin.get("/v1/duties?q=so hoa ho so")).json()["items"]] == ["digitise"]
    changed = await world.patch("/v1/duties/kpi", {"guidance_vi": "1. Việc thứ nhất\n2. Việc thứ hai"}, if_match='"1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (await admin.get("/v1/duties/kpi")).json()["guidance_vi"].endswith("thứ hai")


def test_the_list_is_read_without_importing_its_package() -> None:
    assert dataset_path().is_file()
    khanh_hoa = read_communes("56")
    assert len(khanh_hoa) == 65
    assert all(8 < commune.latitude < 14 and 108 < commune.longitude < 116 for commune in khanh_hoa)
    assert read_communes("99") == ()
    with pytest.raises(ValueError, match="Thị trấn"):
        split_full_name("Thị trấn Diên Khánh")
