"""What a column holds, told from its header: the many ways schools name the same thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from roster_api.rosters.reading.cells import column_letters
from roster_api.rosters.reading.expertise import find_field
from roster_api.rosters.reading.header_words import (
    OF_ALL,
    OF_THE_PAST,
    OFFICE,
    OTHER_PEOPLE,
    OTHER_PEOPLE_GROUP,
    SECOND,
    as_free,
    find_half,
    is_free_group,
    is_negative,
    is_new,
    is_of_counts,
    is_of_fields,
    is_of_free_days,
    is_old,
    is_own_contact,
    without_brackets,
)
from roster_api.rosters.reading.weekdays import find_weekday
from roster_api.rosters.reading.words import word_key


class Kind(StrEnum):
    NUMBERING = "numbering"
    REFERENCE = "external_ref"
    FULL_NAME = "full_name"
    FAMILY = "family_and_middle"
    MIDDLE = "middle"
    GIVEN = "given"
    ROLE = "role"
    ROLE_MARK = "role_mark"
    YEAR = "year"
    PHONE = "phone"
    EMAIL = "email"
    DAYS = "free_weekdays"
    DAY_MARK = "day_mark"
    MAX_DAYS = "max_days"
    FIELDS = "skills"
    FIELD_MARK = "field_mark"
    DISTANCE = "max_distance"
    TEAM = "team"
    ABSENCES = "absences"
    BUSY = "busy"
    """Days on which somebody can not: never read as free."""
    OTHERS = "others"
    """Somebody else's, or an office's, number or address: never written to."""


@dataclass(frozen=True, slots=True)
class Column:
    """A recognised column. `day`, `half` and `field` say which, for columns to tick; `half` the number of several.

    `rank`: of two columns of one kind the lower is meant.
    """

    index: int
    kind: Kind
    header: str
    day: int | None = None
    field: str | None = None
    half: str | None = None
    rank: int = 0

    @property
    def letters(self) -> str:
        return column_letters(self.index)

    @property
    def place(self) -> tuple[Kind, int | None, str | None, str | None]:
        """What only one column may claim to be."""
        return self.kind, self.day, self.field, self.half


_OF_WHOM = (
    r"( (cua )?(sinh vien|giang vien|giao vien|gv sv|gv|sv|cb|can bo|vien chuc|nhan vien|hoc vien|nguoi tham gia|tnv"
    r"|nguoi dang ky|tinh nguyen vien|thanh vien|doan vien))*"
)
_NUMBER_WORDS = {"hai", "ba", "tu", "nam", "sau"}
_FORM_WORDS = re.compile(
    r"^((vui long|xin|hay) (cho biet|nhap|dien|chon|ghi) )?((ban|anh chi|thay co|em|quy thay co) )?"
    r"|( cua)? (ban|anh chi|thay co|em|quy thay co)$"
)
"""How forms put a question: 'Họ và tên của bạn', 'Bạn là'."""
_MUST = re.compile(r"\b(bat buoc|required|vui long ghi)\b")
_NOT_A_WEEK = r"(?!.*(\b(thang|ky|dot|nghi|vang|hoc|tong|nam)\b|(?<!toi )\bda\b))"
_NOT_LEAST = r"(?!.*\b(toi thieu|it nhat|min|minimum)\b)"
_GOES = r"di(?= (duoc|xa|co so|dia phuong|ho tro|tinh nguyen|phuong|cac xa|tham gia)\b|$)"
"""To a commune; not to one's own lessons or work."""
_ARRANGED = "(sap|thu) xep duoc|bo tri duoc|thuan tien|phu hop"
_VACANT = r"trong(?! (tuan|ngay|thang|ky|nam|dot|hoc|thoi gian|moi|buoi)\b)"
"""'Lịch trống', not 'Lịch học trong tuần'."""
_WORK = "(noi dung|cong viec|mang( cong)?( viec)?|viec|nhiem vu|phan viec)"
_DOES = "(ho tro|tham gia|dang ky|dam nhan|lam|giup|phu trach|nhan)"
_SPAN = "(ngay|thu|lich|(khung )?thoi gian|buoi|thoi diem)"
PATTERNS: tuple[tuple[Kind, int, str], ...] = (
    (Kind.NUMBERING, 0, r"^(stt|tt|so tt|so thu tu|no|thu tu)$"),
    (Kind.FAMILY, 0, r"^(ho|ho dem|ho lot|ho va (ten )?(dem|lot)|ho (va )?(chu|ten) (dem|lot))$"),
    (Kind.FAMILY, 0, r"^(last name|family name|surname)$"),
    (Kind.MIDDLE, 0, r"^(ten |chu )?(dem|lot)$|^middle names?$"),
    (Kind.GIVEN, 0, r"^(ten|ten goi|ten rieng|first name|given name)$"),
    (Kind.FULL_NAME, 0, rf"^(ho va ten|ho ten|ho ten day du|ho va ten day du|hoten|full name|name){_OF_WHOM}$"),
    (Kind.FULL_NAME, 0, r"^ten nhan vien$"),
    (Kind.EMAIL, 0, r"\b(e ?mail|gmail|thu dien tu|hop thu)\b"),
    (Kind.PHONE, 0, r"\b(sdt|dt|dtdd|dien thoai|di dong|phone|tel|mobile|so lien (lac|he)|zalo)\b|" + OF_ALL),
    (Kind.YEAR, 0, r"^(sv )?nam (thu|dao tao)$|^(sv|sinh vien) nam( thu)?$|^year( of study)?$"),
    (Kind.MAX_DAYS, 0, rf"^{_NOT_A_WEEK}{_NOT_LEAST}.*\b(so|may) (ngay|buoi)\b|^max days$"),
    (Kind.MAX_DAYS, 0, r"^toi da (ngay|buoi)|^(ngay|buoi) (moi )?tuan$"),
    (Kind.DISTANCE, 0, r"^khoang cach( toi da)?( co the di)?( km)?$|^cu ly(?!.*\b(nha|truong|tu|den)\b)|^ban kinh"),
    (Kind.DISTANCE, 0, r"^(?!da |.*\b(ngay|thu|lich|buoi|ngai|tung)\b).*\bdi (duoc )?(bao )?xa\b"),
    (Kind.DISTANCE, 0, r"^distance|^(so |toi da )?km$"),
    (Kind.ABSENCES, 0, r"^(cac )?ngay (ban( viec)?|vang( mat)?|nghi( phep| bu| om)?)( cu the| ghi ro.*)?$"),
    (Kind.ABSENCES, 0, r"^(lich )?nghi phep$"),
    (Kind.ABSENCES, 0, r"^busy (days|dates)$|^absences$"),
    (Kind.DAYS, 0, rf"^((cac|nhung) )?{_SPAN}\b.*\b(ranh|{_VACANT}|co the)\b"),
    (Kind.DAYS, 0, r"^ranh\b|^free|^availab(le|ility)( (week)?days)?$|^(week)?days? (available|free)$"),
    (Kind.DAYS, 0, r"\b(tham gia|ho tro|di|ranh|co the)\b.*\b(ngay|thu|buoi) nao\b"),
    (Kind.DAYS, 0, r"^(co the|di duoc|tham gia duoc|ranh)\b.*\b(ngay|thu|buoi)( nao)?$"),
    (Kind.DAYS, 1, rf"^(cac )?(ngay|thu|lich|thoi gian|buoi)\b.*\b(tham gia|{_GOES}|dang ky|ho tro|{_ARRANGED})\b"),
    (Kind.DAYS, 1, r"^dang ky (ngay|lich|thu)"),
    (Kind.FIELDS, 0, r"\bl[ai]nh vuc\b.*\b(ho tro|dang ky|tham gia|lam duoc|co the)\b|^(cac )?l[ai]nh vuc$|^fields?$"),
    (Kind.FIELDS, 1, r"^(areas?|fields?) of (expertise|support)$|^expertise$|^special(ty|ties|isation|ization)$"),
    (Kind.FIELDS, 1, r"^l[ai]nh vuc|^(cac )?nhiem vu|^mang viec|co the lam|lam (duoc )?(viec )?gi|^skills"),
    (Kind.FIELDS, 2, r"l[ai]nh vuc|^chuyen mon|^ky nang|^the manh"),
    (Kind.FIELDS, 2, rf"^((cac|nhung) )?({_WORK}|kha nang)( co the)?(.*\b{_DOES}\b.*)?$"),
    (Kind.FIELDS, 2, rf"\b(ho tro|tham gia|lam|dam nhan)( duoc)?( nhung| cac)? {_WORK} (nao|gi)$"),
    (Kind.ROLE, 0, r"^(doi tuong|vai tro|gv sv|gv hay sv|la gv hay sv|role)( gv sv)?$"),
    (Kind.ROLE, 0, r"^la (gv|giang vien|giao vien|sv|sinh vien) (hay|hoac) (la )?(gv|giang vien|sv|sinh vien)"),
    (Kind.ROLE, 1, r"^(chuc danh|la|loai|thanh phan)( gv sv)?$|^(job )?(position|category)$"),
    (Kind.ROLE, 2, r"^(chuc vu|chuc danh chuc vu|chuc vu chuc danh)$"),
    (Kind.REFERENCE, 0, r"^ma( so)?( (gv|sv|cb|can bo|sinh vien|giang vien|giao vien|vien chuc|nhan vien|hoc vien))*$"),
    (Kind.REFERENCE, 0, r"^(mssv|mscb|msgv|msv|mgv)( (mssv|sv|gv|cb))*$|^so hieu( (can bo|vien chuc|gv))?$"),
    (Kind.REFERENCE, 0, r"^(student|staff) (id|code)$"),
    (Kind.TEAM, 0, r"^(ten )?(to|nhom|team)( so)?$"),
)  # fmt: skip
_COMPILED = [(kind, rank, re.compile(pattern)) for kind, rank, pattern in PATTERNS]
_OWN_NUMBER = re.compile(r"^\s*\(?\d{1,2}[.)/]\s*(?=[^\W\d_])")
"""'2. Họ và tên'."""
_OF_A_GRID = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]")
"""How forms name a column of a grid: 'Bạn rảnh những buổi nào? [Thứ 2]'."""
_GROUP_OF_DAYS = re.compile(r"\b(thu|ngay|lich|ranh)\b")
_GROUP_OF_DATES = re.compile(r"\b(sinh|cap|vao|tot nghiep|ket nap|tuyen dung|bat dau|ket thuc)\b")
_GROUP_OF_FIELDS = re.compile(r"linh vuc|chuyen mon|nhiem vu|mang viec|noi dung|co the lam")
_DAYS_OF_ANY_SORT = re.compile(r"^(cac )?(ngay|thu|lich|thoi gian|buoi|thoi diem)\b")
_NOT_A_FIELD = re.compile(
    r"\b(da|chua|muon|can|hoc|kinh nghiem|chung chi|trinh do|diem|ghi chu|ten|ngay|nam|so (?!hoa))\b"
)
ROLES_TICKED = {
    "gv": "lecturer", "giang vien": "lecturer", "giao vien": "teacher", "sv": "student", "sinh vien": "student",
    "vien chuc": "official", "can bo": "official",
}  # fmt: skip
_NUMBERED = re.compile(r"\b([1-9])$")
"""'Lĩnh vực 2' stands beside 'Lĩnh vực 1', and both hold."""
_CONTACTS = {Kind.PHONE, Kind.EMAIL}
OF_NOW = 10
"""How much better 'SĐT mới' is than 'SĐT' beside it."""
CHOSEN = -100  # the rank of what somebody chose: before all that is found
_MAY_BE_DENIED = {
    Kind.DAYS, Kind.FIELDS, Kind.MAX_DAYS, Kind.ROLE, Kind.PHONE, Kind.EMAIL, Kind.FULL_NAME, Kind.DISTANCE
}  # fmt: skip


def find_column(index: int, header: str, *, groups: Sequence[str] = ()) -> Column | None:
    """The column that `header` (under the merged headers `groups`, outermost first) names; None if of no use to us."""
    grid = _OF_A_GRID.fullmatch(header)
    if grid and find_weekday(grid[2]) is not None:
        return _find_day(index, grid[2], (*groups, grid[1]))
    found = _find_day(index, header, groups) or _find_field(index, header, groups) or _find_role(index, header, groups)
    return found or _find_kind(index, *_with_owner(header, groups))


def _with_owner(header: str, groups: Sequence[str]) -> tuple[str, Sequence[str]]:
    """'Bố' under 'Số điện thoại' says whose number it is: ('Số điện thoại Bố', no group)."""
    above = _match(groups[-1]) if groups and _match(header) is None else None
    return (f"{groups[-1]} {header}", groups[:-1]) if above and above[0] in _CONTACTS else (header, groups)


def _find_day(index: int, header: str, groups: Sequence[str]) -> Column | None:
    """A column of one weekday, or of half of one: 'T2', 'Sáng T2', 'Sáng' under 'T2', 'T2' under 'Sáng'."""
    named, half = find_half(header)
    above = list(groups)
    day = find_weekday(named)
    if day is None and groups and _is_number_of_day(word_key(named), word_key(groups[-1])):
        day = find_weekday(f"thứ {named}")
    if day is None and half is not None and not named and above:
        day = find_weekday(above.pop())
    if day is None:
        return None
    if half is None and above:
        rest, over = find_half(above[-1])
        if over is not None and is_free_group(rest):
            half = over
            above.pop()
    kind = Kind.DAY_MARK if all(is_free_group(group) for group in above) else Kind.BUSY
    return Column(index, kind, header if kind is Kind.DAY_MARK else " / ".join([*groups, header]), day=day, half=half)


def _is_number_of_day(key: str, group: str) -> bool:
    """'Hai' under any group; '2' under one that speaks of days. 'Năm' under 'Ngày sinh' is a year."""
    if _GROUP_OF_DATES.search(group):
        return False
    return key in _NUMBER_WORDS or (key in {"2", "3", "4", "5", "6"} and bool(_GROUP_OF_DAYS.search(group)))


def _find_field(index: int, header: str, groups: Sequence[str]) -> Column | None:
    if any(is_negative(text) for text in (*groups, header)):
        return None
    if any(_GROUP_OF_FIELDS.search(word_key(group)) for group in groups):
        code = find_field(header)
        return Column(index, Kind.FIELD_MARK, header, field=code) if code else None
    return None


def _find_role(index: int, header: str, groups: Sequence[str]) -> Column | None:
    """A column to tick by those of one role: 'GV', or 'GV' under 'Đối tượng'; not under 'Họ tên' or 'Số lượng'."""
    role = ROLES_TICKED.get(word_key(header))
    is_of_roles = all((match := _match(group)) is not None and match[0] is Kind.ROLE for group in groups)
    return Column(index, Kind.ROLE_MARK, header, field=role) if role and is_of_roles else None


@lru_cache(4096)
def _match(header: str) -> tuple[Kind, int] | None:
    header = _OWN_NUMBER.sub("", header)
    bare = without_brackets(header)
    keys = [_MUST.sub("", word_key(text)).strip() for text in (header, bare)]
    for key in (*keys, _FORM_WORDS.sub("", keys[1]).strip()):
        for kind, rank, pattern in _COMPILED:
            if pattern.search(key):
                return kind, rank
    parts = header.split("/")
    matches = [_match(part) for part in parts] if len(parts) == 2 else []
    return matches[0] if matches and matches[0] is not None and matches == matches[::-1] else None


def is_name_header(text: str) -> bool:
    """Heads a column of names: what every list has."""
    match = _match(text) if len(text) <= 60 else None
    return match is not None and match[0] in {Kind.FULL_NAME, Kind.GIVEN, Kind.FAMILY}


def _find_kind(index: int, header: str, groups: Sequence[str]) -> Column | None:
    meant = as_free(header)
    whole = " / ".join([*groups, meant])
    match = _match(meant)
    if match is not None and (_is_of_the_past(match[0], header, whole) or _is_something_else(match[0], whole)):
        match = None
    if match is None:
        if is_negative(whole) and _DAYS_OF_ANY_SORT.search(word_key(header)):
            return Column(index, Kind.BUSY, header)
        return _bare_field(index, header, groups)
    kind, rank = match
    if kind is not Kind.ABSENCES and is_negative(whole) and kind in _MAY_BE_DENIED:
        return Column(index, Kind.BUSY, header) if kind is Kind.DAYS else None
    if any(OTHER_PEOPLE_GROUP.search(word_key(group)) for group in groups):
        return Column(index, Kind.OTHERS, whole)
    if kind in _CONTACTS:
        key = _FORM_WORDS.sub("", _MUST.sub("", word_key(whole)).strip())
        is_others = OTHER_PEOPLE.search(key) or OTHER_PEOPLE_GROUP.search(key) or not is_own_contact(header)
        if is_others or (kind is Kind.PHONE and OFFICE.search(key)):
            return Column(index, Kind.OTHERS, header)
        rank = 1 if SECOND.search(key) or OFFICE.search(key) else 0
        if kind is Kind.PHONE and re.search(r"\b(ca nhan|di dong|rieng)\b", key) and not re.search(r"\b2\b", key):
            rank = 0
    numbered = _NUMBERED.search(word_key(header)) if kind is Kind.FIELDS else None
    rank -= OF_NOW if is_new(header) else 0
    return Column(index, kind, header, half=numbered[1] if numbered else None, rank=rank)


def _is_of_the_past(kind: Kind, header: str, whole: str) -> bool:
    """Days of an earlier wave; a number, an address or a field that is said to be the old one."""
    if kind is Kind.DAYS and OF_THE_PAST.search(word_key(whole)):
        return True
    return kind in _MAY_BE_DENIED and is_old(header)


def _is_something_else(kind: Kind, whole: str) -> bool:
    """Fields that somebody wants to be helped with or to learn; a word that may make them, or days, something else."""
    understands = {Kind.FIELDS: is_of_fields, Kind.DAYS: is_of_free_days, Kind.MAX_DAYS: is_of_counts}.get(kind)
    return understands is not None and not understands(whole)


def _bare_field(index: int, header: str, groups: Sequence[str]) -> Column | None:
    """A field's own name over a column to tick, with no word that makes it something else ('Đã tập huấn')."""
    key = word_key(header)
    if groups or not key or len(key.split()) > 6 or _NOT_A_FIELD.search(key) or is_negative(header):
        return None
    code = find_field(header)
    return Column(index, Kind.FIELD_MARK, header, field=code) if code else None
