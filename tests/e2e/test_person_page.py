"""The pages behind the links in a person's mails, without a sign-in: a placement, one's own data, an invitation."""

from pathlib import Path

import httpx
import pytest
from commune_demo.officer import find_answer_link
from commune_demo.sinks import read_inbox
from playwright.sync_api import Browser

from tests.e2e.acting import EACH_WAY, WAYS, Way
from tests.e2e.conftest import AXE, PHONE, MakeVisitor, Visitor
from tests.e2e.test_school_journey import read_links
from tests.e2e.world import PortalStack
from tests.support.deadlines import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
PAGE_BYTES = 30_000
REFUSED = "status of 422"
"""The answer to the form in which something lacks, on purpose."""


@pytest.fixture
def links(running: PortalStack) -> list[str]:
    """Of everybody who was told, once all of it is out."""
    running.loop.do(running.campaign.wait_for_messages(running.published))
    return [link for mail in read_inbox(running.stack.inbox) if (link := find_answer_link(mail))]


@EACH_WAY
def test_a_person_reads_answers_keeps_the_own_data_right_and_says_the_rest(
    visit: MakeVisitor, running: PortalStack, links: list[str], way: Way
) -> None:
    number = WAYS.index(way)
    person = visit("", way)
    person.base = running.stack.addresses.roster_api
    read_and_answer(person, links[number])
    look_after_own_data(person)
    say_the_rest(person, running.loop.do(invite(running, number)))
    assert [words for words in person.complaints if REFUSED not in words] == []


def read_and_answer(person: Visitor, link: str) -> None:
    """Where, when, whom to call; goes, and then cannot."""
    person.page.goto(link)
    assert all(part in person.text() for part in ("Nơi đến", "Các ngày", "Liên hệ xã", "Liên hệ trường"))
    assert person.page.locator("a[href^='tel:']").count() >= 2
    person.unfold("Hướng dẫn")
    person.page.locator(".guidance").first.wait_for()
    with person.page.expect_download() as download:
        person.follow("Thêm vào lịch")
    assert "BEGIN:VEVENT" in Path(download.value.path()).read_text(encoding="utf-8")
    person.press("Tôi xác nhận sẽ đi")
    person.see("Bạn đã xác nhận sẽ đi")
    person.unfold("Tôi không đi được")
    person.write("Lý do", "Trùng lịch thi")
    person.press("Báo không đi được")
    person.see("Bạn đã báo không đi được")


def look_after_own_data(person: Visitor) -> None:
    person.follow("Dữ liệu cá nhân và sự đồng ý")
    person.press("Tôi không đồng ý")
    person.see("Bạn đã rút lại")
    person.press("Tôi đồng ý")
    person.page.get_by_text("Bạn đã rút lại").wait_for(state="detached")
    person.unfold("Đề nghị đính chính")
    person.write("Nội dung khác", "Tên đệm của tôi viết có dấu")
    person.press("Gửi")
    person.see("Rút yêu cầu này")


def say_the_rest(person: Visitor, link: str) -> None:
    """The page of whoever a list knows by name alone; what was typed stays where something lacks."""
    person.page.goto(link)
    person.tick("Thứ Ba")
    person.press("Gửi")
    person.see("Chưa ghi được")
    assert person.page.get_by_label("Thứ Ba").is_checked()
    person.choose("Số hóa", "Làm được")
    person.hand.choose(person.page.locator("#transport"), "áy")
    person.tick("Tôi đồng ý để trường")
    person.press("Gửi")
    person.see("Đã ghi nhận những điều bạn khai")


async def invite(running: PortalStack, number: int) -> str:
    """The link that came to somebody of whom a name and an address are known."""
    address = f"rieng{number}@example.vn"
    somebody = {"school_id": running.school_id, "full_name": "Lê Thị Riêng", "role": "student", "email": address}
    volunteer = await running.campaign.post("/v1/volunteers", somebody)
    body = {"volunteer_ids": [volunteer["id"]]}
    await running.campaign.post(f"/v1/schools/{running.school_id}/invitations", body)

    async def has_come() -> bool:
        return bool(read_links(running, address))

    await until(has_come, seconds=60)
    return read_links(running, address)[0]


def test_the_page_is_light_and_axe_finds_nothing(browser: Browser, links: list[str]) -> None:
    assert len(httpx.get(links[len(WAYS)]).content) <= PAGE_BYTES
    context = browser.new_context(viewport=PHONE, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(links[len(WAYS)])
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    context.close()
