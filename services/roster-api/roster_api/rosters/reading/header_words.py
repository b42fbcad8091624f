"""What the words of a column's header say beside its subject: not, busy, somebody else's, the office's, half a day."""

import re
import unicodedata
from collections.abc import Sequence

from roster_api.rosters.reading.words import word_key
from roster_api.text import search_key

_NEGATIVE = (
    "không",
    "ko",
    "kô",
    "trừ",
    "bận",
    "vắng",
    "nghỉ",
    "chưa",
    "kẹt",
    "mắc",
    "busy",
    "not",
    "except",
    "unavailable",
)
_TAKEN = ("dạy", "học", "thi", "giảng", "trực", "họp", "tkb", "khóa", "khoá", "coi", "lớp", "lên")
_NEUTRAL = frozenset(
    word_key(
        "các thứ ngày trong tuần hàng mỗi lịch thời gian buổi đánh dấu x tick tích v vào ô ở cột sáng chiều cả đăng ký "
        "ghi bằng day days weekdays week"
    ).split()
)
_NOT_BUSY = re.compile(
    r"\b(?:không|khong|ko) (?:có |co |bị |bi |phải |phai )?(?:tiết|tiet|giờ|gio|lịch|lich|bận|ban|dạy|vướng"
    r"|vuong|kẹt|ket)\b(?: (?:lịch|lich))?(?: (?:học|hoc|dạy|day|thi|trực|truc)\b)?",
    re.IGNORECASE,
)
_NOT_MORE = re.compile(r"\b(?:không|ko) (?:đi )?(?:xa )?(?:quá|hơn)\b", re.IGNORECASE)
_FREE = re.compile(r"\b(ranh|trong|co the|tham gia|dang ky|ho tro|di xa|di duoc|available|free)\b")
OF_THE_PAST = re.compile(
    r"\b(dot|ky|lan|nam|tuan|thang|khoa|mua) (truoc|ngoai|vua qua|cu|roi)\b|\bda (tham gia|di|ho tro)\b|\btruoc day\b"
)
"""Days on which somebody was there before: no promise for the days to come."""
OTHER_PEOPLE = re.compile(
    r"\b(phu huynh|cha me|bo me|cha|me|bo|gia dinh|nguoi than|nguoi nha|giam ho|bao lanh|bao tin|khan cap|nguoi lien he"
    r"|vo chong|lop truong|to truong|truong nhom|nhom truong|chu nhiem|gvcn|co van|cvht|quan ly|phu trach|chi huy"
    r"|nguoi gioi thieu|gvhd|huong dan|bi thu|truong doan|doan truong|ban can su|giao vu|dau moi|thu ky|bao ve"
    r"|khi can|nguoi nhan|parents?|guardian|emergency)\b"
)
OTHER_PEOPLE_GROUP = re.compile(
    r"\b(phu huynh|ph|phhs|than nhan|cha me|bo me|gia dinh|nguoi than|giam ho|nguoi lien he|khan cap"
    r"|parents?|guardian|emergency)\b"
)
OF_ALL = r"\b(hotline|tong dai|duong day nong|(so|may) (noi bo|le))\b"
"""Numbers of a house, which its people answer."""
OFFICE = re.compile(
    r"\b(co quan|cq|don vi|van phong|co dinh|ban|nha|nha rieng|fax|khoa|phong|truong|office|home)\b|" + OF_ALL
)
_OF_CONTACTS = frozenset(
    word_key(
        "số sđt đt đtdđ điện thoại di động phone phones number numbers telephone tel mobile cell zalo sms liên hệ "
        "viber lạc e email mail gmail outlook thư điện tử hộp địa chỉ address contact tài khoản account teams "
        "của bạn anh chị thầy cô em quý mình chính chủ cá nhân riêng bản thân người tham gia my your of own personal "
        "gv sv gvsv giảng viên giáo sinh cán bộ cb chức nhân học hv "
        "mới nhất hiện tại nay đang được sử dụng dùng thường xuyên có đăng ký đã thức trường cấp công vụ edu vn "
        "hoặc hay và với or and if any nếu không phụ khác dự phòng thứ hai second other một work "
        "bắt buộc required vui lòng xin hãy ghi nhập điền rõ đầy đủ đúng chữ định dạng text kiểu gồm vd ví example "
        "để nhận tin nhắn thông báo gọi cho ban tổ btc việt nam cần cơ quan cq đơn vị khoa văn nhà bàn cố office home"
    ).split()
)
"""What may stand in the header of a person's own number or address, and in that of their office or house."""
_OF_ANY = (
    "các những cái tên mỗi hàng hằng tuần của cho và hoặc hay với từ đến tới trong vào theo là ở tại về bạn "
    "anh chị em thầy cô quý mình ông bà ghi điền chọn nhập rõ đầy đủ đúng bằng chữ số định dạng vd ví dụ bắt "
    "buộc vui lòng xin hãy biết liệt kê gồm một nhiều nào gì có thể được đăng ký tham gia hỗ trợ nhận làm giúp "
    "mong muốn nguyện vọng dự kiến cụ thể chính thức ưu tiên khả năng sẵn sàng xã phường đặc khu cơ sở địa "
    "phương thôn tình nguyện chiến dịch chương trình đợt này sắp tới đánh dấu tick tích x v ô cột gv sv giảng "
    "viên giáo sinh cán bộ cb viên chức học hv người tnv nếu nhé ạ please required tối đa select all that "
    "apply you your of the can is are in on for to and or which what quyền hai cấp đề án kế hoạch mùa hè xuân "
    "đông thu tỉnh huyện thành phố xuống lên ra thực hiện trường cộng đồng dân con chuyển đổi xếp bố trí phục "
    "vụ trung tâm đoàn đội tổ ban nhóm thuận tiện phù hợp đóng góp tốt nhất kỳ kì năm hk mới"
)
_OF_DAYS = (
    "ngày thứ lịch khung thời gian buổi điểm giờ lúc khi hôm bữa rảnh rỗi trống tiết không bận đi max mấy cả "
    "sáng chiều tối đều chủ nhật cn hai ba tư năm sáu bảy hành chính công tác nhiệm vụ days weekdays "
    "weekday week time times schedule free available availability when morning afternoon support nghỉ trừ bất "
    "cứ"
)
_OF_FIELDS = (
    "lĩnh vực nội dung công việc mảng nhiệm vụ phần kỹ kĩ năng chuyên môn thế mạnh sở trường đảm trách mặt "
    "ngành nhóm thực hiện cộng đồng cntt tin hoạt động phụ trách fields field areas area expertise specialty "
    "specialties specialisation specialization skills skill support nghệ thông lãnh lực phát huy am hiểu thành "
    "thạo giỏi hành chính biết sử dụng mềm"
)
_DAYS_WORDS, _FIELDS_WORDS = (frozenset(f"{_OF_ANY} {more}".split()) for more in (_OF_DAYS, _OF_FIELDS))
_DAYS_PLAIN, _FIELDS_PLAIN = (frozenset(map(word_key, words)) - {"hop"} for words in (_DAYS_WORDS, _FIELDS_WORDS))
"""What may stand in the header of free days, and of fields, and changes nothing about what is meant."""
_STUDY = re.compile(
    r"\b(?:dang ky|tham gia|lich|ngay|buoi|thu|di|phai|co|gio) (?:mon )?hoc\b(?! (?:vien|ky))"
    r"|\bhoc (?:tap|them|phan|lai)\b"
)
_NOT_NOW = re.compile(r"\b(?:đã|chưa|đang|từng|hiện (?:tại|nay|có))\b")
_WANTED = re.compile(
    r"\bcan (duoc )?(ho tro|dao tao|tap huan|boi duong|hoc)\b|\b(hoc|dao tao|tap huan|boi duong)( them)?$"
    r"|\bduoc (dao tao|tap huan|boi duong|ho tro)\b|\bnhu cau\b|(?<!chu )\byeu\b|\b(con thieu|han che)\b"
    r"|\b(xa|phuong|dia phuong) can\b"
)
"""Fields that somebody lacks, or that others ask for."""
_VACANT = re.compile(r"\b(?:ranh|rah|ranh roi|trong|free|availab\w+)\b")
_OF_WORK = re.compile(r"\bngày công\b(?! tác)|\bngay cong\b(?! tac)")
_HARDLY = re.compile(r"\b(?:ít|hết|hiếm|mất|còn lại|nhưng|khó|kém|gần như)\b")
_EXAMPLE = re.compile(r"\S+@\S+")
_OLD, _NEW = ("cũ",), ("mới",)
SECOND = re.compile(r"\b(2|hai|khac|phu|du phong|zalo|ca nhan|rieng|cong vu|second|other|personal)\b")
_HALVES = {"sang": "sáng", "chieu": "chiều", "s": "sáng", "c": "chiều", "am": "sáng", "pm": "chiều"}


def has_word(text: str, words: Sequence[str]) -> bool:
    """One of `words` (with their accents) is in the text; a text without any accent is compared without."""
    lower = unicodedata.normalize("NFC", text.lower())
    is_plain = lower == search_key(lower)
    wanted = {search_key(word) for word in words} if is_plain else set(words)
    return not wanted.isdisjoint(re.findall(r"\w+", lower))


def as_free(text: str) -> str:
    """'Ngày không bận', 'Thứ không có tiết' say what is free; 'Không đi xa quá (km)' how far somebody goes at most."""
    return _NOT_MORE.sub("tối đa", _NOT_BUSY.sub("rảnh", text))


def is_negative(text: str) -> bool:
    """Speaks of what is not so: 'Ngày không rảnh', 'Lịch bận', 'Cả tuần trừ'."""
    return has_word(text, _NEGATIVE)


def is_own_contact(header: str) -> bool:
    """A number's or an address's header of which every word is known: 'SĐT (Zalo)', not 'SĐT PHHS' or 'SĐT chủ trọ'."""
    words = word_key(_EXAMPLE.sub(" ", header)).split()
    return all(word in _OF_CONTACTS or any(figure.isdigit() for figure in word) for word in words)


def is_of_free_days(header: str) -> bool:
    """Says that its days are free ('Lịch rảnh HK1'), or every word is one of taking part; not 'Ngày tham gia họp'."""
    lowered = unicodedata.normalize("NFC", as_free(header).casefold())
    if _VACANT.search(word_key(lowered)):
        return not _HARDLY.search(lowered) and not has_word(lowered.partition("rảnh")[0], ("học", "dạy"))
    return _is_made_of(lowered, _DAYS_WORDS, _DAYS_PLAIN)


def is_of_counts(header: str) -> bool:
    """Every word is one of days of taking part: 'Số ngày tối đa/tuần', not 'Số ngày phép' or 'Số buổi trực'."""
    lowered = unicodedata.normalize("NFC", as_free(header).casefold())
    return _is_made_of(lowered, _DAYS_WORDS, _DAYS_PLAIN) and not _OF_WORK.search(lowered)


def is_of_fields(header: str) -> bool:
    """Every word is one of what somebody can do: 'Lĩnh vực đăng ký', not 'Lĩnh vực từ chối', 'Lĩnh vực cần đào tạo'."""
    is_wanted = _WANTED.search(word_key(header))
    return not is_wanted and _is_made_of(header, _FIELDS_WORDS, _FIELDS_PLAIN)


def _is_made_of(header: str, known: frozenset[str], plain: frozenset[str]) -> bool:
    """Each word is known, with its accents; a header without any is compared without."""
    lowered = unicodedata.normalize("NFC", header.casefold())
    words = re.findall(r"\w+", lowered.replace("_", " "))
    meant = plain if lowered == search_key(lowered) else known
    is_of_now = not _NOT_NOW.search(lowered) and not _STUDY.search(word_key(lowered))
    return is_of_now and all(word in meant or any(map(str.isdigit, word)) for word in words)


def is_old(text: str) -> bool:
    """Speaks of what held before: 'SĐT cũ'."""
    return has_word(text, _OLD)


def is_new(text: str) -> bool:
    """Speaks of what holds now, beside a column of what did before: 'SĐT mới'."""
    return has_word(text, _NEW)


def is_free_group(text: str) -> bool:
    """A header over weekday columns under which a tick means free: it says so, or it says nothing but 'weekdays'."""
    text = as_free(text)
    if is_negative(text) or has_word(text, _TAKEN):
        return False
    key = word_key(text)
    if OF_THE_PAST.search(key):
        return False
    return (
        not key
        or bool(_FREE.search(key) and is_of_free_days(text))
        or set(key.split()) <= _NEUTRAL
        or bool(re.fullmatch(r"t ?[2-7]|thu \w+", key))
    )


def why_not_free(text: str) -> tuple[str, str]:
    """(vi, en): why days under such a header are not read as free: they are busy ones, or it does not say."""
    if is_negative(text) or has_word(text, _TAKEN):
        return "ghi ngày bận", "tells busy days"
    return "không nói rõ là ngày rảnh hay ngày bận", "does not say whether its days are free or busy"


def find_half(text: str) -> tuple[str, str | None]:
    """('T2', 'sáng') of 'Sáng T2', 'T2 (sáng)' or 'T2 - S'; the text itself and None where no half day is named."""
    words = re.findall(r"[^\s\-–—/()_:.,]+", text)
    halves = [word for word in words if search_key(word) in _HALVES]
    if len(halves) != 1:
        return text, None
    rest = [word for word in words if word not in halves and search_key(word) not in {"buoi", "ca"}]
    return " ".join(rest), _HALVES[search_key(halves[0])]


def without_brackets(text: str) -> str:
    """'Họ và tên (ghi có dấu) *' -> 'Họ và tên'."""
    return re.sub(r"\s+", " ", re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)).strip(" *:.")
