"""A school's secretary, in a real browser on the real stack: from the list as it lies there to who has not answered."""

from pathlib import Path

import pytest
from commune_demo import case

from tests.e2e.conftest import MakeVisitor

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
