"""Staff and secondment on the real stack: three sheets, a run for the vacancy, its decision approved and published."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from commune_portal.app import make_app
from commune_portal.sessions import SessionCipher

from tests.e2e.test_role_matrix import ORIGIN, SECRET, settings_for, signed_in
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
HOSTILE = "<img src=x onerror=alert(1)>"
UNITS = f"Mã đơn vị,Tên đơn vị,Loại đơn vị,Xã phường\nSOM1,Sở {HOSTILE},Sở ban ngành,\nXAM1,UBND xã mẫu,UBND xã,{{}}\n"
STAFF = """Mã cán bộ,Họ và tên,Mã đơn vị,Khối,Chuyên môn,Trình độ,Xếp loại,Diện điều động,Điện thoại
CBM1,Lường Văn Mẫu,SOM1,Chính quyền,{0},Đại học,Tốt,Cử biệt phái,0950000001
CBM2,Giàng Thị Thử,SOM1,Chính quyền,{0},Đại học,Khá,Cử biệt phái,0950000002
CBM3,Vàng A Thử,SOM1,Chính quyền,{0},Cao đẳng,Không hoàn thành,Cử biệt phái,0950000003
"""
POSTS = "Mã vị trí,Vị trí việc làm,Mã đơn vị,Lĩnh vực,Định mức,Hiện có\nVTM1,Chuyên viên CNTT,XAM1,{},1,0\n"


class Officer:
    """Home Affairs at the portal's pages, without scripts."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser

    async def read(self, path: str) -> str:
        answer = await self.browser.get(path)
        assert answer.status_code == httpx.codes.OK, path
        assert HOSTILE not in answer.text
        return answer.text

    async def send(self, path: str, **typed: str | list[str]) -> str:
        """A form of that page; where it leads."""
        return await self.post(path, await self.fields_of(path) | typed)

    async def fields_of(self, path: str) -> dict[str, str | list[str]]:
        page = await self.read(path)
        return {name: page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("form_token", "once")}

    async def send_sheet(self, kind: str, table: str) -> str:
        typed = await self.fields_of("/staff/sheets") | {"kind": kind}
        return await self.post("/staff/sheets", typed, files={"file": (f"{kind}.csv", table.encode())})

    async def post(self, path: str, data: dict[str, str | list[str]], **more: Any) -> str:
        answer = await self.browser.post(path, data=data, headers={"Origin": ORIGIN}, **more)
        assert answer.status_code == httpx.codes.SEE_OTHER, (path, re.sub(r"<[^>]+>", " ", answer.text)[-1500:])
        where = urlsplit(answer.headers["Location"])
        return where.path + (f"?{where.query}" if where.query else "")


async def bring_in(officer: Officer, commune_code: str, field: str) -> None:
    for kind, table in (
        ("units", UNITS.format(commune_code)),
        ("staff", STAFF.format(field)),
        ("posts", POSTS.format(field)),
    ):
        sheet = await officer.send_sheet(kind, table)
        page = await end_of(officer, sheet)
        assert ("G3" in page) == (kind == "staff"), "the cell that is wrong is named"
        assert "Đã ghi" in await officer.read(await officer.send(sheet, then="commit", only_good_rows="yes"))


async def end_of(officer: Officer, run: str) -> str:
    for _ in range(60):
        answer = await officer.browser.get(run)
        if "Refresh" not in answer.headers:
            return answer.text
        await asyncio.sleep(0.5)
    raise AssertionError(f"{run} did not come to rest")


async def second(running: PortalStack) -> None:
    app, cipher = make_app(settings_for(running)), SessionCipher(SECRET)
    async with app.router.lifespan_context(app), signed_in(running, app, cipher, "admin") as person:
        officer = Officer(person.browser)
        fields = await person.api.get("/v1/fields", params={"limit": 1})
        await bring_in(officer, running.commune_code, fields.json()["items"][0]["code"])
        assert "Giàng" not in await officer.read("/staff/people"), "a row that is wrong is not recorded"
        assert "Chuyên viên CNTT" in await officer.read("/staff/posts?vacant=true")
        run = await officer.send(
            "/staff/runs", from_on="01/01/2027", until_on="30/06/2027", **{"refuse-not_completed": "yes"}
        )
        assert "Lường Văn Mẫu" in await end_of(officer, run)
        assert "không đạt tiêu chí" in await officer.read(f"{run}?tab=people")
        drafts = await officer.send(
            run, then="draft", from_on="01/01/2027", until_on="30/06/2027", legal_basis="Nghị định", signer="Chủ tịch"
        )
        chosen = re.findall(r'name="chosen" value="([^"]+)"', await officer.read(drafts))
        assert len(chosen) == 1
        for then in ("approve", "publish"):
            await officer.send(drafts, then=then, chosen=chosen)
        assert "Ghi đã bắt đầu" in await officer.read(f"/staff/decisions/{chosen[0]}")


def test_a_vacancy_is_filled_by_a_published_decision(running: PortalStack) -> None:
    running.loop.do(second(running), seconds=260)
