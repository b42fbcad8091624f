"""How official papers write names, numbers and who signs."""

from collections.abc import Sequence

KINDS = ("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu ")
ISSUER_CHARACTERS = 23
"""Bold capitals of 12 points that the issuer's column holds."""
TOGETHER = frozenset({("ĐẠI", "HỌC"), ("CAO", "ĐẲNG"), ("TRUNG", "CẤP"), ("HỒ", "CHÍ"), ("CHÍ", "MINH"), ("TP.", "HỒ"),
                      ("NHÂN", "DÂN"), ("ỦY", "BAN"), ("PHÂN", "HIỆU"), ("HỌC", "VIỆN"), ("KỸ", "THUẬT"),
                      ("CÔNG", "NGHỆ"), ("KINH", "TẾ"), ("SƯ", "PHẠM")})  # fmt: skip
APART, A_LINE = 500, 400
"""What it costs to part words that belong together, and each further line, beside the squares of lines' lengths."""
COMMITTEE = "ủy ban nhân dân"


def in_sentence(name: str) -> str:
    """'xã Tây Khánh Vĩnh', 'tỉnh Khánh Hòa': what a place is, is no name within a sentence."""
    return name[0].lower() + name[1:] if name.startswith(KINDS) else name


def place_of(province: str) -> str:
    """Before the day: 'Khánh Hòa', 'Đà Nẵng'; a city that is called after a person by its whole name."""
    name = province.removeprefix("Tỉnh ")
    return name if name == "Thành phố Hồ Chí Minh" else name.removeprefix("Thành phố ")


def thousands(number: int) -> str:
    """1.320."""
    return f"{number:,}".replace(",", ".")


def break_lines(text: str, width: int = ISSUER_CHARACTERS) -> list[str]:
    """Lines about as long as one another, none wider unless a word is; words that belong together stay so."""
    words = text.split()
    best: list[tuple[float, list[str]]] = [(0, [])]
    for end in range(1, len(words) + 1):
        choices = []
        for start in range(end):
            line = " ".join(words[start:end])
            if len(line) > width and end - start > 1:
                continue
            cost, lines = best[start]
            is_apart = start > 0 and (words[start - 1], words[start]) in TOGETHER
            choices.append((cost + len(line) ** 2 + A_LINE + APART * is_apart, [*lines, line]))
        best.append(min(choices))
    return best[-1][1]


def title_of(signer: str) -> Sequence[str]:
    """Above the name: 'CHỦ TỊCH', 'GIÁM ĐỐC'; a deputy signs for who is in charge. The office stands in the heading."""
    words = signer.upper()
    for title in ("CHỦ TỊCH", "GIÁM ĐỐC"):
        if words.startswith(f"PHÓ {title}"):
            return f"KT. {title}", f"PHÓ {title}"
        if words.startswith(title):
            return (title,)
    return (words,)


def is_of_committee(signer: str) -> bool:
    """Whether the committee itself issues what this person signs, and no department of it."""
    return COMMITTEE in signer.lower() or "ubnd" in signer.lower()
