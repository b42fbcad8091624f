"""A school's secretary, in a real browser on the real stack: from the list as it lies there to who has not answered."""

import re
from pathlib import Path

import pytest
from commune_demo import case
from commune_demo.sinks import read_inbox
from playwright.sync_api import Browser

from tests.e2e.acting import EACH_WAY, WAYS, Way
from tests.e2e.conftest import PHONE, MakeVisitor, Visitor
from tests.e2e.world import PortalStack
from tests.support.deadlines import until

pytestmark = pytest.mark.timeout(280)


def workbooks(folder: Path) -> tuple[Path, Path]:
    """A list with errors, and the same one mended."""
    wrong = next(book for book in case.write_workbooks(folder) if book.has_errors)
    mended = next(book for book in case.write_corrected_workbooks(folder) if book.school_code == wrong.school_code)
    return wrong.path, mended.path


def test_a_list_is_sent_mended_recorded_and_taken_back_and_who_is_silent_is_called(
    visit: MakeVisitor, tmp_path: Path
) -> None:
    wrong, mended = workbooks(tmp_path)
    school = visit("school_coordinator")
    assert "Việc cần làm và ai chịu trách nhiệm" in school.text()

    school.follow("Danh sách")
    school.page.set_input_files("#file", str(wrong))
    school.press("Gửi và xem trước")
    school.page.wait_for_url("**/lists/*")
    school.page.get_by_text("dòng cần sửa trước khi ghi").wait_for()
    assert "Lỗi theo loại" in school.text()
    assert school.page.get_by_label("Chỉ ghi các dòng đúng").count() == 1, "or nothing is recorded"
    with school.page.expect_download() as download:
        school.follow("Tải tệp có cột lỗi")
    assert Path(download.value.path()).stat().st_size > 1000

    school.follow("Gửi tệp đã sửa")
    school.page.set_input_files("#file", str(mended))
    school.press("Gửi và xem trước")
    school.page.wait_for_url("**/lists/*")
    school.page.get_by_role("heading", name="Cột nào là gì").wait_for()
    school.press("Xác nhận và ghi")
    school.page.get_by_role("status").get_by_text("Đã ghi vào danh sách của trường").wait_for()
    school.press("Hoàn tác")
    school.page.get_by_role("status").get_by_text("Đã hoàn tác").wait_for()

    school.follow("Việc của tôi")
    school.follow("Mở danh sách gọi")
    assert "chưa trả lời" in school.text()
    assert school.page.locator("a[href^='tel:']").count() > 0
    name = school.page.locator("tbody th").first.inner_text().split("\n")[0]
    school.page.get_by_role("searchbox").fill(name.split()[-1])
    school.page.wait_for_url("**q=*")
    assert name in school.text()
    assert school.complaints == []
    assert school.list_violations() == []


CONTACTS = """Họ và tên,Vai trò,Số điện thoại,Email
Hồ Thị Mời,Sinh viên năm 4,0950006101,moi@example.vn
Lý Văn Nhắc,Sinh viên năm 4,0950006102,nhac@example.vn
"""


def read_links(running: PortalStack, address: str) -> list[str]:
    """Of the invitations that arrived at an address, in the order of arrival."""
    mails = [mail for mail in read_inbox(running.stack.inbox) if address in str(mail["To"])]
    bodies = [part.get_content() for mail in mails if (part := mail.get_body(("plain",))) is not None]
    return [found[0] for body in bodies if (found := re.search(r"https?://\S+/i/[\w-]+", body))]


async def both_arrived(running: PortalStack, address: str, *, times: int) -> None:
    """The mail, and the text message with the same link."""

    async def have_come() -> bool:
        links = read_links(running, address)
        texts = (await running.campaign.sinks.get(f"{running.stack.addresses.sms_page}/texts")).json()
        return len(links) == times and sum(links[0] in text["text"] for text in texts) == times

    await until(have_come, seconds=60)


def answer_on_a_phone_without_scripts(browser: Browser, link: str) -> None:
    person = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    person.goto(link)
    person.get_by_label("Thứ Ba").check()
    person.get_by_role("button", name="Gửi").click()
    person.get_by_text("Chưa ghi được").wait_for()
    assert person.get_by_label("Thứ Ba").is_checked(), "what was typed is still there"
    person.get_by_label("Số hóa").select_option("2")
    person.locator("#transport").select_option("motorbike")
    person.get_by_label("Tôi đồng ý để trường").check()
    person.get_by_role("button", name="Gửi").click()
    person.get_by_text("Đã ghi nhận những điều bạn khai").wait_for()
    person.context.close()


def test_whoever_is_on_a_list_of_contacts_alone_is_invited_answers_is_reminded_or_filled_in_for(
    visit: MakeVisitor, running: PortalStack, browser: Browser, tmp_path: Path
) -> None:
    book = tmp_path / "lien-he.csv"
    book.write_text(CONTACTS, encoding="utf-8")
    school = visit("school_coordinator")
    school.follow("Danh sách")
    school.page.set_input_files("#file", str(book))
    school.press("Gửi và xem trước")
    school.page.wait_for_url("**/lists/*")
    school.press("Xác nhận và ghi")
    school.follow("Mời người chưa khai đủ")
    school.press("Mời 3 người tự khai")
    school.page.get_by_role("status").get_by_text("Đã mời 2 người bằng email và tin nhắn").wait_for()
    assert "Không mời được: Đinh Văn Thiếu" in school.page.get_by_role("status").inner_text()
    for address in ("moi@example.vn", "nhac@example.vn"):
        running.loop.do(both_arrived(running, address, times=1))

    answer_on_a_phone_without_scripts(browser, read_links(running, "moi@example.vn")[0])
    school.page.reload()
    assert "Đã khai" in school.page.get_by_role("row", name="Hồ Thị Mời").inner_text()
    school.press("Nhắc một lần")
    school.page.get_by_role("status").get_by_text("Đã nhắc 1 người").wait_for()
    running.loop.do(both_arrived(running, "nhac@example.vn", times=2))
    assert len(read_links(running, "moi@example.vn")) == 1, "who answered is left in peace"
    assert school.page.get_by_role("button", name="Nhắc một lần").count() == 0

    row = school.page.get_by_role("row", name="Lý Văn Nhắc")
    row.get_by_role("link", name="Khai thay").click()
    school.page.get_by_label("T5", exact=True).check()
    school.page.get_by_label("Số hóa").select_option("1")
    school.page.get_by_label("Khi nào, ở đâu").fill("Gọi điện 01/12/2026")
    school.press("Ghi điều người này khai")
    school.page.get_by_role("status").get_by_text("Đã khai thay Lý Văn Nhắc").wait_for()
    assert "khai thay:" in school.page.get_by_role("row", name="Lý Văn Nhắc").inner_text()
    assert school.complaints == []
    assert school.list_violations() == []


HEADER = "Họ và tên,Vai trò,Số điện thoại,Email"
BEFORE = f"{HEADER}\nVũ Thị Đôi,Sinh viên năm 4,0950006201,doi@example.vn\n"
AFTER = f"{HEADER}\nVũ Thị Đôi,Sinh viên năm 4,0950006202,doi.khac@example.vn\n"


def send(school: Visitor, path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    school.follow("Danh sách")
    school.page.set_input_files("#file", str(path))
    school.press("Gửi và xem trước")
    school.page.wait_for_url("**/lists/*")
    school.page.get_by_role("button", name="Xác nhận và ghi").wait_for()


def test_a_row_that_may_be_somebody_else_is_shown_beside_them_and_decided(visit: MakeVisitor, tmp_path: Path) -> None:
    school = visit("school_coordinator")
    send(school, tmp_path / "truoc.csv", BEFORE)
    school.press("Xác nhận và ghi")
    school.page.get_by_role("status").get_by_text("1 người mới").wait_for()
    send(school, tmp_path / "sau.csv", AFTER)
    assert "Có thể là cùng một người" in school.text()
    pair = school.page.locator("tr:has(select[name^='decision:'])")
    assert all(phone in pair.inner_text() for phone in ("0950 006 201", "0950 006 202"))
    pair.get_by_role("combobox").select_option("new")
    school.press("So lại theo lựa chọn này")
    school.page.get_by_text("so lại theo điều bạn đã chọn").wait_for()
    school.page.get_by_role("button", name="Xác nhận và ghi").wait_for()
    assert school.page.get_by_role("link", name="1 người mới").count() == 1
    assert school.complaints == []


MIXED = """Họ và tên,Vai trò,Số điện thoại,Email,Cột năm {n},Cột sáu {n}
{on_roster},Sinh viên năm 4,09500063{n}1,trung{n}@example.vn,T2,Số hóa
Lý Thị {name},Sinh viên năm 4,12,,T3,Số hóa
Trần Văn {name},Sinh viên năm 4,9500063{n}2,,"thu 3; T5",số hoá
"""
NAMES_ALONE = f"{HEADER}\nHồ Văn {{name}},Sinh viên năm 4,09500063{{n}}3,lien{{n}}@example.vn\n"


@pytest.mark.browser
@EACH_WAY
def test_a_school_goes_from_its_list_to_the_call_list(
    visit: MakeVisitor, running: PortalStack, tmp_path: Path, way: Way
) -> None:
    number = WAYS.index(way)
    school = visit("school_coordinator", way)
    facts = {"n": number, "name": ("Hợp", "Khớp", "Vừa")[number % 3], "on_roster": find_on_roster(running, number)}
    record_a_list_that_is_hard_to_read(school, write_list(tmp_path / "hon-hop.csv", MIXED.format(**facts)))
    invite_who_is_known_by_name_alone(school, write_list(tmp_path / "lien-he.csv", NAMES_ALONE.format(**facts)))

    school.follow("Việc của tôi")
    school.follow("Xem phương án đang có hiệu lực")
    school.follow("Ai về đâu")
    school.page.wait_for_url("**/people")
    school.see("Ngày")
    assert school.page.locator("tbody a[href*='/communes/']").count() > 0, "who goes to which commune"
    school.follow("Việc của tôi")
    school.follow("Mở danh sách gọi")
    school.see("Bấm số để gọi")
    assert school.page.locator("a[href^='tel:']").count() > 0
    assert school.complaints == []
    assert school.list_violations() == []


def find_on_roster(running: PortalStack, number: int) -> str:
    """Somebody's name."""
    query = {"school_id": running.school_id, "limit": "10"}
    answer = running.loop.do(running.campaign.roster.get("/v1/volunteers", params=query))
    name: str = answer.json()["items"][number]["full_name"]
    return name


def write_list(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def record_a_list_that_is_hard_to_read(school: Visitor, path: Path) -> None:
    """Columns nobody can guess, a row with errors, a number that was repaired, a name that is on the roster already."""
    school.follow("Danh sách")
    school.attach("Gửi danh sách mới", path)
    school.press("Gửi và xem trước")
    school.see("thiếu cột Ngày rảnh")
    school.choose("Cột E là", "Ngày rảnh")
    school.choose("Cột F là", "Lĩnh vực")
    school.press("Đọc lại theo các cột này")
    school.see("Lỗi theo loại")
    school.see("Đã tự sửa, xin bạn xem")
    school.see("trong danh sách của trường")
    school.choose("Dòng 2", "Là người khác")
    school.press("So lại theo lựa chọn này")
    school.see("so lại theo điều bạn đã chọn")
    school.tick("Chỉ ghi các dòng đúng")
    school.press("Xác nhận và ghi")
    school.see("Đã ghi vào danh sách của trường: 2 người mới, 0 người thay đổi")


def invite_who_is_known_by_name_alone(school: Visitor, path: Path) -> None:
    school.follow("Danh sách")
    school.attach("Gửi danh sách mới", path)
    school.press("Gửi và xem trước")
    school.press("Xác nhận và ghi")
    school.see("1 người mới")
    school.follow("Mời người chưa khai đủ")
    school.press("người tự khai")
    school.see("Đã mời 1 người bằng email và tin nhắn")
