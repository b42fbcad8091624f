"""A province begins with nothing, in the portal alone: from its communes to an opened campaign, without scripts.

In a province of its own, on the stack that the others use; the portal runs here, in front of the real API.
"""

import re
from typing import Any

import httpx
import pytest
from commune_portal.app import make_app
from commune_portal.sessions import SessionCipher

from tests.e2e.form_reading import fill_in
from tests.e2e.test_role_matrix import SECRET, settings_for, signed_in
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
HUE = "46"
OFFICER, EMAIL = "admin_two", "noivu2@example.vn"
OFFICE = {"office_address": "1 Lê Lợi", "contact_name": "Lê Thị Mẫu", "contact_phone": "0950000111"}
SCHOOL = {
    "code": "DHMAU", "name": "Trường Đại học Mẫu", "kind": "university", "place": "16.4637, 107.5909",
    "contact_phone": "0950000112", "is_location_approximate": "yes",
}  # fmt: skip
COORDINATOR = {"email": "dieuphoi.mau@example.vn", "display_name": "Người Điều Phối"}
STUDENT = {
    "full_name": "Trần Văn Mẫu",
    "role": "student",
    "phone": "0950000113",
    "free_weekdays-0": "yes",
    "max_days": "1",
}


async def choose_province(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/role")).text
    labels = re.findall(r'name="assignment" value="([^"]+)"[^>]*>([^<]+)', page)
    (wanted,) = [value for value, words in labels if "Huế" in words]
    await fill_in(browser, "/role", {"assignment": wanted}, having="form_token")


def state_of(page: str, number: int) -> str:
    """The tag of a step on the first day's list."""
    return page.partition(f"<h3>{number}. ")[2].partition('<span class="tag')[2].partition("<")[0].partition(">")[2]


def code_in(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


async def begin(running: PortalStack) -> dict[str, Any]:
    """As Home Affairs of the other province: a further role of somebody who has one."""
    invitation = {"email": EMAIL, "display_name": "Lý Nội Vụ", "role": "admin", "province_code": HUE}
    await running.campaign.post("/v1/accounts", invitation)
    app, cipher = make_app(settings_for(running)), SessionCipher(SECRET)
    async with app.router.lifespan_context(app), signed_in(running, app, cipher, OFFICER) as person:
        browser = person.browser
        await choose_province(browser)
        seen = {"before": (await browser.get("/")).text}
        communes = (await fill_in(browser, "/first-day/communes", {})).text
        code = code_in(r'href="/communes/(\d{5})/edit"', communes)
        seen["commune"] = (await fill_in(browser, f"/communes/{code}/edit", OFFICE, having="office_address")).text
        school = await fill_in(browser, "/schools/new", SCHOOL, having="code")
        school_path = school.url.path
        invite = code_in(r'href="(/settings/people\?give=[^"]+)"', school.text).replace("&amp;", "&")
        seen["invited"] = (await fill_in(browser, invite, COORDINATOR, having="email")).text
        seen["person"] = (await fill_in(browser, f"{school_path}/volunteers/new", STUDENT, having="full_name")).text
        campaign = await fill_in(browser, "/campaigns/new", {}, having="starts_on")
        own = campaign.url.path
        await declare(browser, own, communes)
        seen["silent"] = (await browser.get(f"{own}/declare-alike")).text
        seen["opened"] = (await fill_in(browser, f"{own}/settings", {"then": "open"})).text
        seen["steps"] = (await browser.get("/first-day")).text
        return seen


async def declare(browser: httpx.AsyncClient, own: str, communes: str) -> None:
    """For two communes alike, for a third from a table."""
    codes = list(dict.fromkeys(re.findall(r'href="/communes/(\d{5})/edit"', communes)))[:3]
    page = (await browser.get(f"{own}/declare-alike")).text
    duty = code_in(r'name="people-([^"]+)"', page)
    need = {"commune": codes[:2], f"people-{duty}": "2", f"days-{duty}": "3"}
    await fill_in(browser, f"{own}/declare-alike", need, having="note")
    table = f"Xã\tNhiệm vụ\tSố người\tNgày\n{codes[2]}\t{duty}\t1\t5"
    await fill_in(browser, f"{own}/needs-table", {"table": table, "then": "keep"}, having="table")


def test_a_province_begins_with_nothing_and_ends_with_an_open_campaign(running: PortalStack) -> None:
    seen = running.loop.do(begin(running), seconds=280)
    assert state_of(seen["before"], 1) == "Chưa làm"
    assert '<a class="button" href="/first-day/communes">' in seen["before"]
    assert "1 Lê Lợi" in seen["commune"]
    assert COORDINATOR["display_name"] in seen["invited"]
    assert STUDENT["full_name"] in seen["person"]
    assert len(re.findall(r'type="checkbox" name="commune"', seen["silent"])) > 30
    assert "Đóng chiến dịch" in seen["opened"]
    states = {number: state_of(seen["steps"], number) for number in range(1, 15)}
    assert [states[number] for number in (1, 4, 5, 8, 11, 14)] == ["Xong"] * 6, states
    assert (states[3], states[13]) == ("Còn thiếu", "Còn thiếu"), states
