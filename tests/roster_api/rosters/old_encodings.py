"""Names of Vietnam made up from syllables, and the same names as programs of the 1990s would have stored them.

The tables are written from the standards (TCVN 5712:1993 VN3, the VNI-Win layout, Windows-1258), for this side alone.
"""

import random
import unicodedata

_FAMILIES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Lâm Trịnh Mai Đào Tô Tạ Chu Hà "
    "Quách Thái Lưu Phùng Vương Từ Đoàn Cao La Thạch Kiều Ông Nghiêm Triệu Lục Khổng Ninh Doãn Tăng Văn Viên "
    "Quản Giáp Thiều"
)
_MIDDLES = (
    "Văn Thị Hữu Đức Ngọc Minh Thanh Quang Xuân Thu Kim Hồng Bảo Gia Như Tuấn Anh Công Đình Quốc Trọng Diệu Mỹ "
    "Phương Thùy Khánh Tiến Mạnh Hoài Ánh Thế Việt Trường Nhật Bích Cẩm Tường Uyển Ái"
)
_GIVEN = (
    "An Ân Ánh Bình Bảo Bích Châu Chi Cường Cúc Diễm Dung Dũng Duyên Đạt Đức Giang Hà Hải Hạnh Hằng Hiền Hiếu "
    "Hoa Hòa Huệ Hùng Hương Huyền Khoa Khuê Kiên Kiều Lan Lâm Lệ Liễu Linh Loan Lộc Lý Mạnh Mẫn Mỹ Nga Ngân "
    "Nghĩa Ngọc Nguyệt Nhàn Nhung Oanh Phúc Phượng Quân Quế Quý Quyên Quỳnh Sáng Sơn Sương Tâm Thảo Thắng Thịnh "
    "Thoa Thọ Thơ Thủy Thúy Tiên Toàn Trang Trâm Trí Trinh Trúc Tú Tuyết Tùng Ước Vân Vinh Vượng Vỹ Xuyến Yến Ý "
    "Ngoãn Thuấn Khoáng Quỷnh Nghề Kỷ Sửu Tỵ Hợi Dậu Tuất Thìn Mão Hội Nhẫn Chiến Đoan Điệp Hoẵng Ngãi Diệp"
)
_MINORITY = (
    "H'Hen Niê|Y Blưm Niê Kđăm|Y Ƀih Êban|Y Ñuin Hmŏk|H'Mĭ Niê|Rơ Châm H'Nhi|Siu Black|Ksor Phước|Kpă Y Thuyên|"
    "Rcom Hiên|Lò Thị Ín|Cà Văn Ún|Quàng Văn Cá|Lường Thị Ọi|Tòng Văn Ế|Giàng A Chú|Vừ Mí Sính|Sùng Thị Sẻ|"
    "Mùa A Dế|Hạng A Páo|Ma Seo Sùng|Thào Thị Dính|Lý Láo Lở|Tẩn Mí Chiến|Phàn Phù Lìn|Chảo Lở Mẩy|Nông Văn Ỏn|"
    "Bế Thị Ượt|Vi Thị Sảo|Thạch Sà Rây|Kim Sô Phia|Danh Út|Sơn Thị Sà Rinh|Châu Sóc Kha|Néang Kim Cheng|"
    "Chau Rít Thi|Lâm Thị Sóc Phép|Đàng Năng Quạ|Bá Thị Hơ|Kiều Maly|Lưu Đặng Kỳ Giai|Vương Chí Vỹ|Lâm A Xìu|"
    "Voòng A Sáng|Chề Chống Dếnh|Sú Nhì Múi|Hồ Thị Kăn Sương|Ta Rương Mão|A Viết Sơn|Bríu Quân|Zơ Râm Bút|"
    "Alăng Mai|Pơ Loong Thiết|Bnướch Hối|Cơ Liêng Chơn|K’Brôi|Ka Să Ha Hoang|Lơ Mu Ha Biêng|Điểu K'Ré|"
    "Thị Nhung Điểu|Đinh H’Rê|A Lăng Bốc|Blúp Lới|Rah Lan Nguyên"
)
_FOREIGN = (
    "Nguyễn Johnson|Aung San|José Müller|Björk Trần|François Lê|Zoë Nguyen|André Phạm|Noël Vũ|Lee Min Ho|"
    "Park Jin Woo|Kim Soo Hyun|Wang Xiaoming|Lǐ Wěi|Peña García|Søren Åberg|Nguyễn Thérèse Anh|Chloé Đặng|"
    "Łukasz Nowak|René Hồ|Jürgen Groß|Siân Lloyd|Mikuláš Říha|Nguyễn d’Artagnan|O'Brien Trần|Anne-Marie Lê|"
    "Somchai Phongsri|Inès Đỗ"
)
FAMILIES = _FAMILIES.split()
MIDDLES = _MIDDLES.split()
GIVEN = _GIVEN.split()
MINORITY = _MINORITY.split("|")
FOREIGN = _FOREIGN.split("|")

ACUTE, GRAVE, HOOK, TILDE, DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
_ORDER = (GRAVE, HOOK, TILDE, ACUTE, DOT)
_TCVN3_ROWS = {
    "a": (0x61, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9), "ă": (0xA8, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "â": (0xA9, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB), "e": (0x65, 0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "ê": (0xAA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6), "i": (0x69, 0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "o": (0x6F, 0xDF, 0xE1, 0xE2, 0xE3, 0xE4), "ô": (0xAB, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơ": (0xAC, 0xEA, 0xEB, 0xEC, 0xED, 0xEE), "u": (0x75, 0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ư": (0xAD, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9), "y": (0x79, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
}  # fmt: skip
_TCVN3_CAPITALS = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7, "đ": 0xAE}
_VNI_MARKS = {
    "": {ACUTE: 0xF9, GRAVE: 0xF8, HOOK: 0xFB, TILDE: 0xF5, DOT: 0xEF},
    CIRCUMFLEX: {"": 0xE2, ACUTE: 0xE1, GRAVE: 0xE0, HOOK: 0xE5, TILDE: 0xE3, DOT: 0xE4},
    BREVE: {"": 0xEA, ACUTE: 0xE9, GRAVE: 0xE8, HOOK: 0xFA, TILDE: 0xFC, DOT: 0xEB},
}
_VNI_I = {ACUTE: 0xED, GRAVE: 0xEC, HOOK: 0xE6, TILDE: 0xF3, DOT: 0xF2}


def people(count: int, seed: int = 1) -> list[str]:
    """Names of family, one or two middle words, and given name."""
    dice = random.Random(seed)
    return [
        " ".join([dice.choice(FAMILIES), *dice.sample(MIDDLES, dice.choice((1, 1, 2))), dice.choice(GIVEN)])
        for _ in range(count)
    ]


def sound_names(count: int, seed: int = 2) -> list[str]:
    """Names in Unicode of every kind there is in a list: Kinh, minorities, foreign."""
    dice = random.Random(seed)
    few = [*MINORITY, *FOREIGN]
    return [name if dice.random() < 0.7 else dice.choice(few) for name in people(count, seed)]


def _split(letter: str) -> tuple[str, str, str]:
    """(base, shape, tone) of a letter: 'ễ' -> ('e', circumflex, tilde)."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    shape = next((mark for mark in marks if mark in {CIRCUMFLEX, BREVE, HORN}), "")
    return base, shape, next((mark for mark in marks if mark in _ORDER), "")


def tcvn3(text: str) -> bytes:
    """As typed in .VnTime: the font has no capitals with a tone, so small letters stand in their place."""
    out = bytearray()
    for letter in text:
        base, shape, tone = _split(letter)
        shaped = unicodedata.normalize("NFC", base + shape)
        if letter in _TCVN3_CAPITALS:
            out.append(_TCVN3_CAPITALS[letter])
        elif shaped.lower() in _TCVN3_ROWS and (tone or not shaped.isascii()):
            out.append(_TCVN3_ROWS[shaped.lower()][_ORDER.index(tone) + 1 if tone else 0])
        else:
            out += letter.encode("ascii")
    return bytes(out)


def vni(text: str, *, small_marks: bool = False) -> bytes:
    """As typed in VNI-Times. `small_marks`: capitals with the small letters' marks, as Caps Lock gave them."""
    return b"".join(_vni_letter(letter, small_marks=small_marks) for letter in text)


def _vni_letter(letter: str, *, small_marks: bool) -> bytes:
    base, shape, tone = _split(letter)
    capital = 0x20 if letter.isupper() and not small_marks else 0
    if letter in "đĐ":
        return bytes([0xD1 if letter == "Đ" else 0xF1])
    if base in "iI" and tone:
        return bytes([_VNI_I[tone] - (0x20 if letter.isupper() else 0)])
    if base in "yY" and tone == DOT:
        return bytes([0xCE if letter.isupper() else 0xEE])
    if shape == HORN:
        stem = {"o": 0xF4, "u": 0xF6}[base.lower()] - (0x20 if letter.isupper() else 0)
        return bytes([stem, *([_VNI_MARKS[""][tone] - capital] if tone else [])])
    if not (shape or tone):
        return letter.encode("ascii")
    return base.encode("ascii") + bytes([_VNI_MARKS[shape][tone] - capital])


def cp1258(text: str) -> bytes:
    """As Windows stores it: the letter with its shape, then the tone as a sign of its own."""
    out = bytearray()
    for letter in text:
        base, shape, tone = _split(letter)
        out += (unicodedata.normalize("NFC", base + shape) + tone).encode("cp1258")
    return bytes(out)
