"""What a column holds, told from its header: the many ways schools name the same thing."""

import re
from dataclasses import dataclass
from enum import StrEnum

from roster_api.rosters.reading.cells import column_letters
from roster_api.rosters.reading.expertise import find_field
from roster_api.rosters.reading.weekdays import find_weekday
from roster_api.rosters.reading.words import word_key


class Kind(StrEnum):
    NUMBERING = "numbering"
    REFERENCE = "external_ref"
    FULL_NAME = "full_name"
    FAMILY = "family_and_middle"
    GIVEN = "given"
    ROLE = "role"
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


@dataclass(frozen=True, slots=True)
class Column:
    """A recognised column. `day` and `field` say which, for columns to tick."""

    index: int
    kind: Kind
    header: str
    day: int | None = None
    field: str | None = None

    @property
    def letters(self) -> str:
        return column_letters(self.index)


_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.NUMBERING, r"^(stt|tt|so tt|so thu tu|no)$"),
    (Kind.FAMILY, r"^(ho|ho dem|ho lot|ho va (ten )?(dem|lot)|ho (va )?(chu|ten) (dem|lot)|last name|family name)$"),
    (Kind.GIVEN, r"^(ten|ten goi|ten rieng|first name|given name)$"),
    (Kind.FULL_NAME, r"^(ho va ten|ho ten|ho ten day du|hoten|full name|name)( (sinh vien|giang vien|gv sv|sv|gv))?$"),
    (Kind.EMAIL, r"\b(e ?mail|thu dien tu|hop thu)\b"),
    (Kind.PHONE, r"\b(sdt|dt|dtdd|dien thoai|di dong|phone|tel|mobile|so lien (lac|he)|hotline)\b"),
    (Kind.YEAR, r"^(sv )?nam (thu|hoc|dao tao)$|^(sv|sinh vien) nam( thu)?$|^year"),
    (Kind.MAX_DAYS, r"\bso (ngay|buoi)\b|\bmay (ngay|buoi)\b|^toi da ngay|\b(ngay|buoi) (moi )?tuan$|^max days$"),
    (Kind.DISTANCE, r"khoang cach|cu ly|ban kinh|\bdi (duoc )?(bao )?xa\b|^distance|\bkm$"),
    (Kind.ABSENCES, r"^(cac )?ngay (ban|vang)\b|^busy (days|dates)$|^absences$"),
    (Kind.DAYS, r"^(cac )?(ngay|thu|lich|thoi gian|buoi)\b.*\b(ranh|trong|tham gia|co the|di|dang ky)\b|^ranh\b|^free"),
    (Kind.FIELDS, r"linh vuc|^chuyen mon|nhiem vu|mang viec|co the lam|lam (duoc )?(viec )?gi|^ky nang|^skills"),
    (Kind.ROLE, r"^(doi tuong|vai tro|chuc danh|chuc vu|la|gv sv|gv hay sv|role|loai|thanh phan)$"),
    (Kind.REFERENCE, r"^ma( so)?( (gv|sv|cb|can bo|sinh vien|giang vien|vien chuc|nhan vien))*$"),
    (Kind.REFERENCE, r"^(mssv|mscb|msgv|msv|mgv)( (mssv|sv|gv|cb))*$|^so hieu|^(student|staff) (id|code)$"),
    (Kind.TEAM, r"^(ten )?(to|nhom|team)( so)?$"),
)  # fmt: skip
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]
_GROUP_OF_FIELDS = re.compile(r"linh vuc|chuyen mon|nhiem vu|mang viec|noi dung")


def find_column(index: int, header: str, *, group: str = "") -> Column | None:
    """The column that `header` (under the merged header `group`, if any) names; None when it is of no use to us."""
    day = find_weekday(header)
    if day is not None:
        return Column(index, Kind.DAY_MARK, header, day=day)
    if group and _GROUP_OF_FIELDS.search(word_key(group)):
        code = find_field(header)
        if code:
            return Column(index, Kind.FIELD_MARK, header, field=code)
    key = re.sub(r"\b(bat buoc|required)\b", "", word_key(header)).strip()
    for kind, pattern in _COMPILED:
        if pattern.search(key):
            return Column(index, kind, header)
    code = find_field(header) if key and not group else None
    return Column(index, Kind.FIELD_MARK, header, field=code) if code else None
