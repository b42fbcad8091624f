"""A legend, a title, a footnote or a text box that turns a table's marks or days round: then the list is not read."""

import re

from roster_api.rosters.reading.cells import Sheet
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.refusals import FileFault
from roster_api.rosters.reading.words import word_key

_COLOUR = re.compile(
    r"\b(?:tô|bôi|màu|mầu|nền|chữ|in|dòng|hàng|ô)\b.{0,20}\b(?:đỏ|vàng|xanh|xám|cam|hồng|tím|nâu|đậm|nghiêng)\b"
)
_COLOUR_SAYS = re.compile(r"\b(?:rút|không|ko|nghỉ|hủy|huỷ|dự bị|dự phòng|bận|chưa|thôi|vắng|loại|bỏ|thay)\b")
_X_IS_BUSY = re.compile(
    r"\b(x|v|dau|danh dau|tick|tich)\b.{0,40}\b(ban|khong ranh|khong tham gia|khong di|nghi|co tiet|day)\b"
    r"|\b1( nghia)?( la)?( ngay)? (ban|khong ranh|nghi|co tiet)\b"
    r"|\b(0|trong|khong danh dau)( nghia)?( la)?( ngay)?( co)? (ranh|the tham gia|the di|di duoc)\b"
)
_X_IS_FREE = re.compile(r"\b(x|v|dau|danh dau|tick|tich)\b.{0,25}\b(ranh|co the|tham gia)\b")
_BUSY_TITLE = re.compile(r"\b(lich ban|ngay ban|lich day|lich giang|thoi khoa bieu|khong ranh|lich thi|lich nghi)\b")
_OTHER_TITLE = re.compile(
    r"^(?:(?:bang|danh sach|so|phieu|ke hoach) )?(?:(?:theo doi|tong hop|phan cong) )*"
    r"(?:(?:ngay )?nghi|vang|lich (?:hoc|truc|lam viec|cong tac|hop|coi thi)|tkb|diem danh|cham cong|truc|coi thi)\b"
)
"""How a table of ticks for something else is called, over it or on its sheet: 'BẢNG ĐIỂM DANH', 'TKB HK1'."""
_OF_FREE_DAYS = re.compile(r"\b(ranh|trong|co the|tham gia|ho tro|dang ky|khong)\b")
_DAYS_TO_WRITE = re.compile(
    r"\b(?:ghi|điền|nhập|liệt kê|khai|nêu|là|viết|chọn|tick|đánh dấu|kê)\b[^.;]{0,30}\b(?:ngày|thứ|buổi|lịch|thời gian)"
    r"\b[^.;]{0,25}\b(?:không|ko|bận|vắng|nghỉ|kẹt|có tiết|có giờ|lên lớp|dạy|đi học|đi làm|trực|coi thi)\b"
)
"""'Ghi các ngày KHÔNG tham gia được': the opposite of what stands under 'Ngày rảnh'."""
_NOT_BUSY = re.compile(
    r"\b(?:không|ko) (?:có |bị |phải )?(?:tiết|giờ|lịch|bận|dạy|lên lớp|đi học|đi làm|học|trực|vướng|kẹt|vắng|nghỉ)\b"
)
_DAYS_NOT_TO_WRITE = re.compile(r"\b(?:không|đừng|chớ) (?:cần )?(?:ghi|điền|nhập|khai|viết|chọn|đánh dấu|kê)\b")


def find_legend_fault(header: Header, sheet: Sheet, texts: list[str]) -> FileFault | None:
    """The first of the texts around a table by which its marks, days or colours mean the opposite; None: none does."""
    colours = _find_colour_fault(header, sheet, texts)
    if colours is not None:
        return colours
    for text in texts:
        if header.all(Kind.DAY_MARK) and _says_ticks_are_busy(word_key(text)):
            return FileFault(
                pointer=f"row:{header.row}/column:T2-T6", code="days.doubtful",
                vi=f"Trang “{sheet.name}”: “{text[:100]}” cho thấy dấu ở các cột thứ có thể là ngày bận. "
                "Hãy đánh dấu ngày RẢNH và xóa câu đó.",
                en=f"Sheet “{sheet.name}”: “{text[:100]}” says that the marks under the weekdays may be busy "
                "days. Mark the FREE days, and delete that sentence.",
            )  # fmt: skip
        if header.has(Kind.DAYS) and _asks_for_busy_days(header, text):
            return FileFault(
                pointer=f"row:{header.row}/column:{header.places[Kind.DAYS][0]}", code="days.doubtful",
                vi=f"Trang “{sheet.name}”: “{text[:100]}” cho thấy cột ngày rảnh có thể ghi ngày bận. "
                "Hãy ghi ngày RẢNH và xóa câu đó.",
                en=f"Sheet “{sheet.name}”: “{text[:100]}” says that the column of free days may hold busy days. "
                "Write the FREE days, and delete that sentence.",
            )  # fmt: skip
    return None


def find_title_fault(header: Header, sheet: Sheet, titles: list[str]) -> FileFault | None:
    """A title, or the sheet's name, by which the ticks under weekdays are lessons, leave or attendance."""
    if not header.all(Kind.DAY_MARK):
        return None
    for title in titles:
        key = word_key(title)
        if _says_ticks_are_busy(key) or (_OTHER_TITLE.search(key) and not _OF_FREE_DAYS.search(key)):
            return FileFault(
                pointer=f"row:{header.row}/column:T2-T6", code="days.doubtful",
                vi=f"Trang “{sheet.name}”: tên “{title[:100]}” cho thấy dấu ở các cột thứ có thể không phải ngày rảnh. "
                "Hãy đánh dấu ngày RẢNH và sửa tên đó.",
                en=f"Sheet “{sheet.name}”: by the name “{title[:100]}” the marks under weekdays may not be free days. "
                "Mark the FREE days, and change that name.",
            )  # fmt: skip
    return None


def _find_colour_fault(header: Header, sheet: Sheet, texts: list[str]) -> FileFault | None:
    """A legend by which colours or bold type take people out: colours are not read, so the list is not."""
    for text in texts:
        lowered = text.casefold()
        if _COLOUR.search(lowered) and _COLOUR_SAYS.search(lowered):
            return FileFault(
                pointer=f"row:{header.row}", code="rows.colours",
                vi=f"Trang “{sheet.name}”: “{text[:100]}” — hệ thống không đọc màu chữ, màu nền. Hãy xóa các dòng "
                "không tham gia (hoặc ghi bằng chữ), rồi xóa câu đó.",
                en=f"Sheet “{sheet.name}”: “{text[:100]}” — colours are not read. Delete the rows of those who do not "
                "take part (or say it in words), and that sentence.",
            )  # fmt: skip
    return None


def _says_ticks_are_busy(key: str) -> bool:
    """A legend or a title, as word key: 'x: bận', '0 = rảnh', 'LỊCH BẬN'."""
    return not _X_IS_FREE.search(key) and bool(_X_IS_BUSY.search(key) or _BUSY_TITLE.search(key))


def _asks_for_busy_days(header: Header, text: str) -> bool:
    """A sentence on what to write as days asks for those on which somebody cannot; not one on another column's days."""
    lowered = _NOT_BUSY.sub("rảnh", text.casefold())
    if not header.first_of.get(Kind.DAYS) or not _DAYS_TO_WRITE.search(lowered) or _DAYS_NOT_TO_WRITE.search(lowered):
        return False
    has_another = bool(header.all(Kind.ABSENCES) or header.all(Kind.BUSY))
    return not has_another or word_key(header.places[Kind.DAYS][0]) in word_key(text)
