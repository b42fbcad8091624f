"""Academic titles before or behind a name: 'PGS.TS. Lê Thị Hoa', 'Nguyễn Văn An, ThS.'."""

import re

_SHORT = (
    r"p?gs|tskh|ts|ths|th\.s|(?:bs)?ck(?:[12]|i{1,2})|bs|cn|ks|kts|ds|ncs|gv(?:cc?)?|ngưt|ngnd|cv|mrs?|ms|dr|thsĩ|tsĩ"
)
_LONG = r"phó giáo sư|giáo sư|tiến s[ĩỹ] khoa học|tiến s[ĩỹ]|thạc s[ĩỹ]|cử nhân|kỹ sư|bác sĩ|dược sĩ"
_LONG += r"|kiến trúc sư|nhà giáo ưu tú"
_TITLE = rf"(?:(?:{_SHORT})(?![^\W\d_])|(?:{_LONG})\b)[.,]?"
_ADDRESS = r"(?:thầy|cô|bà|chị|em|đồng chí|đ/c|bạn)(?:\s+giáo)?(?=(?:\s+[^\W\d_]+\.?){3})"
"""What people are called by: no family name, and so sure only before a whole name of three words or more."""
_FAMILIES = "nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý"
_SIR = rf"ông(?=\s+(?:{_FAMILIES})\s+[^\W\d_]+\s+[^\W\d_])"
"""There is a family Ông: only before another family's name is it what somebody is called by."""
_BEFORE = re.compile(
    rf"^(?:(?:{_ADDRESS}|{_SIR})[\s]+)?(?:{_TITLE}[\s\-]*)+(?=[^\W\d_])|^(?:{_ADDRESS}|{_SIR})\s+", re.IGNORECASE
)
_BEHIND = re.compile(rf"\s*[,(\-]\s*(?:{_TITLE}[\s\-]*)+\)?$", re.IGNORECASE)


_NUMBERED = re.compile(r"^\d{1,4}\s*[.)]\s*(?=[^\W\d_])")


def split_numbering(text: str) -> tuple[str, str]:
    """('Nguyễn Văn An', '1.') of '1. Nguyễn Văn An': a running number in the name's own cell."""
    match = _NUMBERED.match(text)
    return (text[match.end() :], match.group().strip()) if match else (text, "")


def begins_with_title(text: str) -> bool:
    return _BEFORE.match(text) is not None


def split_titles(text: str) -> tuple[str, str]:
    """(the name alone, the titles as they stand). None of the short ones is a syllable, so no name begins with one."""
    before, behind = _BEFORE.match(text), _BEHIND.search(text)
    start = before.end() if before else 0
    end = behind.start() if behind and behind.start() > start else len(text)
    titles = [part.strip(" ,()-") for part in (text[:start], text[end:]) if part.strip(" ,()-")]
    name = text[start:end].strip()
    return (name, " ".join(titles)) if name else (text, "")
