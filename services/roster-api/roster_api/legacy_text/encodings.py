"""The encodings of Vietnamese from before Unicode, and the ways in which bytes of one were read as another.

The tables state TCVN 5712:1993 (VN3) and the VNI-Win fonts; cp1258 is Windows' own.
"""

import re
import unicodedata
from itertools import islice, product

TONES = {"acute": "\u0301", "grave": "\u0300", "hook": "\u0309", "tilde": "\u0303", "dot": "\u0323"}
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
TCVN3 = {
    0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ", 0xA8: "ă", 0xA9: "â", 0xAA: "ê",
    0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ", 0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ", 0xBB: "ằ",
    0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ", 0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ", 0xCC: "è",
    0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ", 0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ", 0xD7: "ì",
    0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị", 0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ", 0xE5: "ồ",
    0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ", 0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ", 0xEF: "ù",
    0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ", 0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự", 0xFA: "ỳ",
    0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
PUNCTUATION = {
    0x85: "…", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—", 0xA0: " ",
}  # fmt: skip
"""What the old fonts left as Windows had it."""
VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_TONES = {"ù": "acute", "ø": "grave", "û": "hook", "õ": "tilde", "ï": "dot"}
_VNI_CIRCUMFLEX = {"â": "", "á": "acute", "à": "grave", "å": "hook", "ã": "tilde", "ä": "dot"}
_VNI_BREVE = {"ê": "", "é": "acute", "è": "grave", "ú": "hook", "ü": "tilde", "ë": "dot"}
_VNI_PAIR = re.compile(r"([aeouyôö])([ùøûõïâáàåãäêéèúüë])|([ñôöíìæóòî])", re.IGNORECASE)


def _byte_views(encoding: str) -> dict[str, int]:
    views: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            views[bytes([byte]).decode(encoding)] = byte
        except UnicodeDecodeError:
            views[chr(byte)] = byte  # a byte without a meaning passes through as a control character
    return views


_VIEWS = {encoding: _byte_views(encoding) for encoding in ("cp1252", "cp1258")}


def bytes_behind(text: str, encoding: str, *, most: int = 16) -> list[bytes]:
    """The byte strings that show as `text` where they are read as `encoding`; none where it cannot be.

    Several, where a letter may be one byte or two (in cp1258 'à' is 0xE0, or 'a' and 0xCC put together).
    """
    choices: list[list[bytes]] = []
    for char in text:
        options = _bytes_of(char, _VIEWS[encoding])
        if not options:
            return []
        choices.append(options)
    return [b"".join(parts) for parts in islice(product(*choices), most)]


def _bytes_of(char: str, view: dict[str, int]) -> list[bytes]:
    if ord(char) < 0x80:
        return [char.encode()]
    options = [bytes([view[char]])] if char in view else []
    if not options and ord(char) < 0xA0:
        options = [bytes([ord(char)])]  # read as Latin-1, whose control characters these are
    parts = unicodedata.normalize("NFD", char)
    if len(parts) > 1 and parts[-1] in view:
        base = _bytes_of(unicodedata.normalize("NFC", parts[:-1]), view)
        options += [before + bytes([view[parts[-1]]]) for before in base]
    return options


def from_tcvn3(content: bytes) -> str | None:
    """None where a byte has no letter. A capital with a small toned letter of its kind behind it is one capital."""
    letters = [chr(byte) if byte < 0x80 else TCVN3.get(byte) or PUNCTUATION.get(byte, "") for byte in content]
    if not all(letters):
        return None
    whole: list[str] = []
    for byte, letter in zip(content, letters, strict=True):
        before = whole[-1] if whole else ""
        toned = byte >= 0x80 and unicodedata.normalize("NFD", letter)[-1] in TONES.values()
        if toned and before.isupper() and _without_tone(letter) == before.lower():
            whole[-1] = letter.upper()
        else:
            whole.append(letter)
    return "".join(whole)


def _without_tone(letter: str) -> str:
    return unicodedata.normalize("NFC", "".join(
        part for part in unicodedata.normalize("NFD", letter) if part not in TONES.values()
    ))  # fmt: skip


def from_vni(content: bytes) -> str | None:
    """None where a mark stands on no letter that takes it. A mark follows the case of its letter."""
    text = content.decode("latin-1")
    wrong = False

    def letter(match: re.Match[str]) -> str:
        nonlocal wrong
        base, mark, alone = match.group(1), match.group(2), match.group(3)
        if alone:
            made = VNI_LETTERS[alone.lower()]
            return made.upper() if alone.isupper() else made
        made = _vni_letter(base.lower(), mark.lower())
        wrong = wrong or not made
        return made.upper() if base.isupper() else made

    made = _VNI_PAIR.sub(letter, text)
    rest = _VNI_PAIR.sub("", text)
    if wrong or any(ord(char) >= 0x80 and ord(char) not in PUNCTUATION for char in rest):
        return None
    return "".join(PUNCTUATION.get(ord(char), char) for char in made)


def _vni_letter(base: str, mark: str) -> str:
    horned = {"ô": "o" + HORN, "ö": "u" + HORN}
    if mark in _VNI_TONES:
        return unicodedata.normalize("NFC", horned.get(base, base) + TONES[_VNI_TONES[mark]])
    if mark in _VNI_CIRCUMFLEX and base in "aeo":
        tone = _VNI_CIRCUMFLEX[mark]
        return unicodedata.normalize("NFC", base + CIRCUMFLEX + (TONES[tone] if tone else ""))
    if mark in _VNI_BREVE and base == "a":
        tone = _VNI_BREVE[mark]
        return unicodedata.normalize("NFC", base + BREVE + (TONES[tone] if tone else ""))
    return ""


def from_cp1258(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def from_utf8(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeDecodeError:
        return None
