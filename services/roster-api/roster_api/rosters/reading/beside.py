"""What stands beside a person in columns that are not read: it may take back what the row says ('xin rút', 'không T4').

Nothing of it is stored; whoever sent the list is asked, or shown it.
"""

import re

from roster_api.rosters.reading.cells import Cell, Sheet, address, text_of, without_hidden_characters
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.header_labels import labels_of
from roster_api.rosters.reading.headers import OWN_COLUMN, Header
from roster_api.rosters.reading.people import CellFinding, RosterRow
from roster_api.rosters.reading.remembering import remembered
from roster_api.rosters.reading.repeats import find_above
from roster_api.rosters.reading.weekdays import read_weekdays
from roster_api.rosters.reading.words import is_ditto, word_key

TEXTS_KEPT = 200
REMARKS_SHOWN = 20
_NOT = r"(?:không|ko|kô)"
_WITHDRAWN = re.compile(
    rf"\b(?:(?:xin|đã|tự|được) rút|rút (?:tên|lui|khỏi|ra|đơn)|^rút\b(?! kinh)|xin thôi|thôi (?:học|việc|tham gia)"
    rf"|nghỉ (?:học|việc|ốm|thai sản|hưu|hẳn|luôn|không lương|phép dài)|bảo lưu|tạm (?:nghỉ|dừng|ngừng|hoãn)"
    rf"|(?:ngừng|ngưng|dừng) (?:học|tham gia|công tác)|{_NOT} còn (?:học|công tác|tham gia|làm)"
    rf"|{_NOT} (?:thể )?(?:tham gia|đăng ký|đồng ý|nhận|đủ điều kiện|đủ sức|còn nhu cầu|xếp)(?! xã| vùng)"
    r"|xin (?:không|ra khỏi)|ra khỏi danh sách|chấm dứt|bận (?:cả|suốt|hết)|^(?:hoãn|loại|bỏ)$"
    rf"|{_NOT} (?:được )?duyệt"
    rf"|{_NOT} đi(?: được| nữa)?(?=$|[.,;)])|từ chối|hủy|huỷ|đình chỉ"
    r"|chuyển (?:sang )?(?:trường|công tác|đơn vị|khoa khác)"
    r"|thai sản|nghĩa vụ quân sự|nhập ngũ"
    r"|đã mất|qua đời|bị loại|loại khỏi|xóa tên|xoá tên|gạch tên|du học|withdr[ae]wn?|cancell?ed)\b"
)
_WITHDRAWN_PLAIN = re.compile(
    r"\b(?:xin rut|da rut|rut ten|(?:khong|ko) (?:tham gia|dang ky|dong y)|bao luu|thoi hoc|nghi hoc|tu choi"
    r"|huy dang ky|withdr[ae]wn?|cancell?ed)\b"
)
_DENIES = re.compile(
    rf"\b(?:{_NOT}|trừ|bận|vắng|nghỉ|kẹt|mắc|chỉ|xin đổi|đổi sang|chuyển sang|dời|except|only|busy|khong"
    r"|chi co the)\b"
)
_TAKEN = re.compile(r"\b(?:có (?:tiết|giờ|lịch|lớp)|dạy|học|thi|họp|trực|lên lớp|thực tập|mới (?:đi|rảnh|được))\b")
"""Beside a weekday: on that day somebody does something else, or on no other is free."""
_WEEKDAY = re.compile(r"\bt ?[2-6]\b|\bthứ ?(?:[2-6]|hai|ba|tư|năm|sáu)\b")
_NUMBER = re.compile(r"(?<!\d)(?:\+?84|0)[\d .]{8,12}(?!\d)")
_FAR = re.compile(r"\bdi (?:duoc )?(?:bao )?xa\b")
_WAITS = re.compile(r"\b(?:chờ|chưa|đang)\b.{0,12}\b(?:duyệt|xác nhận|phản hồi|trả lời)\b")
_CHANGES = re.compile(r"\b(?:từ|đến|sau|trước|đổi|chuyển|hoãn|lùi|thay|tuần)\b")
_DOUBTS = re.compile(
    r"\b(?:trùng|nước ngoài|sai|nhầm|kiểm tra|xem lại|tạm thời|dự kiến|có thể|nếu|sửa"
    r"|mang thai|có thai|thai kỳ|ốm|bệnh|hết hợp đồng|ra trường|tốt nghiệp|chuyển (?:khoa|ngành|lớp|tổ))\b|[?]"
)
_TIME = re.compile(
    r"\bt ?[2-7]\b|\bthứ ?(?:[2-7]|hai|ba|tư|năm|sáu|bảy)\b|\bcn\b|chủ nhật|\bngày \d|\btháng\b|\b\d{1,2}[/.-]\d{1,2}\b"
    r"|\btuần\b|\bbuổi\b|\bsáng\b|\bchiều\b"
)
_PRIVATE = re.compile(
    r"\b(?:sinh|dia chi|que|cho o|noi o|thuong tru|ho khau|dan toc|ton giao|gioi tinh|cccd|cmnd|tai khoan|ngan hang|stk"
    r"|mst|thoi gian gui|dau thoi gian|timestamp|facebook|link|website)\b"
)
_TAKES_PART = re.compile(
    r"\b(?:tham gia|dong y|xac nhan|dang ky|san sang|tinh trang|trang thai|duyet|duoc chon|trung tuyen|ket qua"
    r"|con (?:hoc|cong tac|lam)|chinh thuc|kha nang|di khong di|suc khoe)\b"
)
_OF_THE_PAST = re.compile(r"\b(?:da|tung|so|kinh nghiem|ngay|nam|lan|truoc|hoat dong|ly do|(?<!dang )ky)\b")
_WHY = re.compile(r"\bly do\b.*\b(?:vang|nghi|khong|rut|tu choi|huy)\b")
_WHY_AWAY = re.compile(r"\bly do (?:xin )?(?:nghi|vang|ban)\b")
_REMARKS = re.compile(
    r"^$|\b(?:ghi chu|luu y|chu thich|notes?|y kien|de xuat|nguyen vong|khac|tinh trang|trang thai)\b"
)
_PERIOD = re.compile(r"^(?:ngay|thoi gian) (?:bat dau|ket thuc)\b|^(?:tu|den) ngay\b")
_PART_OF_TIME = re.compile(r"^(?:buoi|ca|khung gio|(?:cac )?tuan|tan suat)$")
"""Headers of what limits the free days: half of each, or some weeks."""
_WHOLE_TIME = re.compile(
    r"(?:ca (?:ngay|2|hai)|sang (?:va )?chieu|(?:ca|hang|moi|tat ca cac|cac) (?:buoi|tuan))(?: buoi)?"
)
_SCHEDULE = re.compile(
    r"\b(?:lich (?:day|hoc|giang|truc|thi|hop|cong tac)|thoi khoa bieu|tkb|ngay (?:di )?(?:day|hoc|truc|lam)"
    r"|(?:gio|khung gio|buoi|thoi gian|lich) ban)\b"
)
_AWAY = re.compile(
    r"\b(?:nghi|phep|vang|ban|cong tac|di (?:hoc|thi)|coi thi|thai san|absen(?:t|ces?)|leave|busy"
    r"|(?:lich|ngay|buoi) (?:thi|hoc|day|giang|len lop|truc|hop|thuc tap))\b"
)
_DATE = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/.-]\d{1,2}\b")
"""Dates under a header of what keeps people away, where no column of absences is read."""
_NO = {"khong", "ko", "k", "no", "n", "0", "chua", "false", "khong dong y", "chua dong y", "chua xac nhan"}
_NO |= {
    "khong dam bao",
    "khong du",
    "khong tot",
    "khong du suc khoe",
    "khong dat",
    "khong trung tuyen",
    "truot",
    "rot",
    "loai",
    "chua duyet",
}
_NO_SIGNS = {"✗", "✘", "☐", "✖", "×"}
_YES = {"x", "v", "co", "yes", "y", "1", "true", "dong y", "tham gia", "ok", "da xac nhan"}
_MEND_VI = "Xóa dòng nếu người này không tham gia; sửa ngày rảnh nếu khác; nếu không, xóa ghi chú này (hay bỏ qua cột)."
_MEND_EN = "Delete the row of who left; correct the days that differ; else delete the remark (or leave the column out)."


def is_withdrawn(text: str) -> bool:
    """Says that somebody does not take part (any more)."""
    lowered = text.casefold()
    return bool(_WITHDRAWN.search(lowered)) or (text.isascii() and bool(_WITHDRAWN_PLAIN.search(word_key(text))))


def is_of_remarks(header: str) -> bool:
    """'Ghi chú', 'Lưu ý' and the like."""
    return bool(_REMARKS.search(word_key(header)))


@remembered
def judge_remark(text: str, header: str, *, tells_why: bool = True) -> Finding | None:
    """What a cell under `header` says against its row; None when it says nothing of the kind.

    `tells_why`: a reason under 'Lý do nghỉ' is one not to take part; not where a column tells the days of it.
    """
    key, lowered = word_key(text), text.casefold()
    is_asked = bool(_TAKES_PART.search(word_key(header))) and not _OF_THE_PAST.search(word_key(header))
    is_remark = bool(_REMARKS.search(word_key(header)))
    names_day = bool(_WEEKDAY.search(lowered))
    denies = bool(_DENIES.search(lowered)) or (is_remark and names_day and bool(_TAKEN.search(lowered)))
    is_away = bool(_AWAY.search(word_key(header))) and bool(_DATE.search(lowered))
    if (denies and _TIME.search(lowered)) or is_away:
        return _against("row.remark_on_days", text, header, "đi được ngày khác", "is free on other days")
    is_why = tells_why and (is_withdrawn(header) or bool(_WHY.search(word_key(header)))) and key not in _NO
    if is_withdrawn(text) or is_why or (is_asked and (key in _NO or text in _NO_SIGNS)):
        return _against("row.not_taking_part", text, header, "không tham gia", "does not take part")
    if (
        _PERIOD.search(word_key(header))
        or (_PART_OF_TIME.search(word_key(header)) and not _WHOLE_TIME.fullmatch(key))
        or (is_remark and denies and len(key.split()) > 1)
        or (is_remark and (_DOUBTS.search(lowered) or names_day or _NUMBER.search(lowered)))
        or _WAITS.search(lowered)
        or (_FAR.search(word_key(header)) and key in _NO)
        or (_CHANGES.search(lowered) and _TIME.search(lowered))
    ):
        return warning(
            "row.remark", vi=f"“{header}” ghi “{text[:80]}”: không được đọc; xin xem có đổi gì ở dòng này không.",
            en=f"“{header}” says “{text[:80]}”, which is not read; please see whether it changes anything here.",
        )  # fmt: skip
    return None


def _against(code: str, text: str, header: str, vi: str, en: str) -> Finding:
    where_vi, where_en = (
        (f"Cột “{header}”", f"Column “{header}”") if header else ("Chú thích ở đây", "The comment here")
    )
    return error(
        code, vi=f"{where_vi} ghi “{text[:80]}”: có vẻ người này {vi}.",
        en=f"{where_en} says “{text[:80]}”: it seems that this person {en}.", mend_vi=_MEND_VI, mend_en=_MEND_EN,
    )  # fmt: skip


class BesideColumns:
    """The columns of a table that nothing is read from, and what their cells say against a person's row."""

    def __init__(self, header: Header, sheet: Sheet) -> None:
        self.sheet, self.first = sheet, header.first_data_row - 1
        depth = header.first_data_row - header.row if header.row else 0
        labels = labels_of(sheet, header.row - 1, depth) if depth else []
        data = sheet.rows[header.first_data_row - 1 :]
        width = max(len(labels), max((len(row) for row in data[:200]), default=0))
        read = {column.index for column in (*header.columns, *header.second) if _is_read(column, header)}
        self.labels: dict[int, str] = {}
        for index in range(header.first_column, min(width, header.last_column + 1)):
            label = labels[index] if index < len(labels) else ()
            key = word_key(label[-1]) if label else ""
            if index not in read | header.left_out and not key.startswith(OWN_COLUMN) and not _PRIVATE.search(key):
                self.labels[index] = without_hidden_characters(" / ".join(label))
        self.has_absences = bool(header.all(Kind.ABSENCES))
        self.numbering = {column.index for column in header.all(Kind.NUMBERING)}
        self.of_remarks = {index for index, label in self.labels.items() if label and _REMARKS.search(word_key(label))}
        self.comments: dict[int, list[tuple[int, str]]] = {}
        for (place, column), text in sorted(sheet.appearance.comments.items()):
            self.comments.setdefault(place, []).append((column, text))
        self.without_header: set[str] = set()
        """Texts beside the table, where a legend may stand."""
        self.remarks: dict[str, dict[str, None]] = {}
        """{header of remarks: texts that say nothing against their rows}: shown, for nobody reads them."""
        self.ticked = [index for index, label in self.labels.items() if _is_ticked(label, index, data[:200])]

    def look(self, number: int, row: RosterRow) -> None:
        """Adds what the cells of row `number` (from 0) say; the person is none while one of them is an error."""
        if not self.labels and not self.comments:
            return
        cells = self.sheet.rows[number]
        for index, label in self.labels.items():
            cell = cells[index] if index < len(cells) else None
            if cell is None or (index in self.numbering and _is_number(cell)):
                continue
            text = text_of(cell)
            if is_ditto(text):
                text = text_of(find_above(self.sheet, number, index, self.first)) or text
            if not label and len(self.without_header) < TEXTS_KEPT:
                self.without_header.add(text)
            finding = (_meets(text, label, row) or self._judge(text, label)) if text else None
            if finding is not None:
                self._add(finding, number, index, row, text)
            elif label and text and index in self.of_remarks:
                self._keep(label, text)
        for index in self.ticked:
            if index >= len(cells) or not text_of(cells[index]):
                self._add(_unticked(self.labels[index]), number, index, row, "")
        self._look_at_comments(number, row)
        if row.has_errors:
            row.person = None

    def _judge(self, text: str, label: str) -> Finding | None:
        is_of_leave = self.has_absences and bool(_WHY_AWAY.search(word_key(label)))
        return judge_remark(text, label, tells_why=not is_of_leave)

    def _keep(self, label: str, text: str) -> None:
        kept = self.remarks.setdefault(label, {})
        if len(kept) < REMARKS_SHOWN:
            kept[without_hidden_characters(text)[:80]] = None

    def notes(self, sheet: str) -> list[tuple[str, str]]:
        """What stands under 'Ghi chú' and the like, once each."""
        return [
            (f"Trang “{sheet}”: cột “{label}” không được đọc; trong đó có: {shown}.",
             f"Sheet “{sheet}”: column “{label}” is not read; it says: {shown}.")
            for label, texts in self.remarks.items() for shown in ["; ".join(f"“{text}”" for text in texts)]
        ]  # fmt: skip

    def _look_at_comments(self, number: int, row: RosterRow) -> None:
        for index, text in self.comments.get(number, ()):
            shown = without_hidden_characters(" ".join(text.split()))
            finding = judge_remark(shown, "") or _comment(shown)
            row.findings.append(CellFinding(finding, column="", cell=address(number, index), written=shown))

    def _add(self, finding: Finding, number: int, index: int, row: RosterRow, text: str) -> None:
        written = without_hidden_characters(text)
        row.findings.append(
            CellFinding(finding, column=self.labels[index], cell=address(number, index), written=written)
        )


def _meets(text: str, label: str, row: RosterRow) -> Finding | None:
    """Lessons on a day that is free by another column."""
    if not _SCHEDULE.search(word_key(label)) or row.person is None:
        return None
    taken = read_weekdays(text).value
    if taken is not None and set(taken) & set(row.person.free_weekdays):
        return _against("days.busy", text, label, "bận đúng ngày được ghi là rảnh", "is busy on a day told as free")
    return None


def _is_read(column: Column, header: Header) -> bool:
    """Its cells are read, or are only numbers and addresses: nothing is to be looked for in them."""
    is_second = column in header.second and column.kind not in {Kind.PHONE, Kind.EMAIL}
    return not is_second and column.kind is not Kind.NUMBERING


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or len(cell) < 6


def _is_ticked(label: str, index: int, rows: list[list[Cell]]) -> bool:
    """A column to tick whether somebody takes part: what is not ticked is a question."""
    key = word_key(label)
    if not _TAKES_PART.search(key) or _OF_THE_PAST.search(key):
        return False
    texts = [text_of(row[index]) for row in rows if index < len(row)]
    filled = [text for text in texts if text]
    answers = [word_key(text) in _YES or text in {"✓", "✔", "☑"} for text in filled if word_key(text) not in _NO]
    return bool(answers) and all(answers)


def _comment(text: str) -> Finding:
    return warning(
        "cell.comment", vi=f"Chú thích ở ô này không được đọc: “{text[:80]}”; xin xem có đổi gì không.",
        en=f"The comment at this cell is not read: “{text[:80]}”; please see whether it changes anything.",
    )  # fmt: skip


def _unticked(label: str) -> Finding:
    return warning(
        "row.not_ticked", vi=f"Cột “{label}” để trống ở dòng này, các dòng khác có đánh dấu; vẫn được đọc.",
        en=f"Column “{label}” is empty here and ticked in other rows; the row is read all the same.",
    )  # fmt: skip


def is_busy_elsewhere(text: str, free: list[int]) -> bool:
    """Whether a text under 'Lịch bận' is anything but weekdays that are not among the free ones."""
    taken = read_weekdays(text).value
    return taken is None or bool(set(taken) & set(free))
