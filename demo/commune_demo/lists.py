"""The schools send their lists, several at the same time. Each mends what its list is refused for, as people would."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from commune_demo import case, officer, two_lists
from commune_demo.api import Api
from commune_demo.case import SchoolWorkbook
from commune_demo.console import Console

AT_ONCE = 4
ERRORS_SHOWN = 4


class Lists:
    """`send_all` uploads, mends and commits; what each school reads is printed school by school."""

    def __init__(self, *, admin: Api, address: str, school_ids: Mapping[str, str], folder: Path) -> None:
        """`address`: of roster-api, which each school asks with a key of its own. `folder`: for the workbooks."""
        self._admin, self._address, self._school_ids, self._folder = admin, address, school_ids, folder

    def send_all(self, console: Console) -> None:
        """Raises what a school's upload raised."""
        corrected = {book.school_code: book for book in case.write_corrected_workbooks(self._folder)}
        with ThreadPoolExecutor(AT_ONCE) as schools:
            for lines in schools.map(lambda book: self._send(book, corrected), case.write_workbooks(self._folder)):
                for show, words in lines:
                    getattr(console, show)(words)

    def _send(self, book: SchoolWorkbook, corrected: Mapping[str, SchoolWorkbook]) -> list[tuple[str, str]]:
        """The lines to print: how (a method of Console), and what."""
        lines = []
        school_id = self._school_ids[book.school_code]
        key = officer.give_coordinator_key(self._admin, school_id=school_id, label=f"Điều phối {book.school_code}")
        with Api(self._address, key) as coordinator:
            upload = officer.preview_upload(coordinator, school_id=school_id, workbook=book)
            if book.has_errors:
                lines += list_errors(coordinator, upload)
                book = corrected[book.school_code]
                upload = officer.preview_upload(coordinator, school_id=school_id, workbook=book)
            officer.commit_upload(coordinator, upload["id"])
            repairs = sum(repair["rows"] for repair in upload["repairs"])
            new = upload["counts"]["new"]
            lines.append(("good", f"{book.path.name}: {new} người mới, {repairs} chỗ được sửa tự động"))
            if book.school_code == two_lists.SECOND_SCHOOL:
                two_lists.list_again(coordinator, self._school_ids)
                lines.append(("good", "và một giảng viên thỉnh giảng đã có trong danh sách của trường khác"))
        return lines


def list_errors(coordinator: Api, upload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The list is refused as a whole; what the school reads."""
    refusal = officer.expect_refusal(lambda: officer.commit_upload(coordinator, upload["id"]))
    lines = [("bad", f"{upload['file_name']}: {refusal.problem.get('detail_vi', refusal)}")]
    for error in upload["errors"][:ERRORS_SHOWN]:
        lines.append(("say", f"      {error['cell']} ({error['column']}): {error['vi']} → {error['mend_vi']}"))
        lines.append(("say", f"        {error['en']} → {error['mend_en']}"))
    return lines
