"""An amount of đồng in Vietnamese words, as the treasury reads it beside the digits."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu")
BILLION = 1_000_000_000


def say_amount(amount_vnd: int) -> str:
    """'Một trăm mười sáu triệu hai trăm năm mươi nghìn đồng'; what is taken back begins with 'Âm'."""
    words = _say(abs(amount_vnd)) if amount_vnd else DIGITS[0]
    text = f"âm {words} đồng" if amount_vnd < 0 else f"{words} đồng"
    return text[0].upper() + text[1:]


def _say(number: int, *, is_first: bool = True) -> str:
    """Of a number above 0; further groups name their hundreds even where they are none."""
    billions, rest = divmod(number, BILLION)
    words = [f"{_say(billions, is_first=is_first)} tỷ"] if billions else []
    is_first = is_first and not billions
    for place in (2, 1, 0):
        group = rest // 1000**place % 1000
        if group:
            words.append(f"{_say_group(group, is_first=is_first)} {GROUPS[place]}".rstrip())
            is_first = False
    return " ".join(words)


def _say_group(group: int, *, is_first: bool) -> str:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [] if is_first and not hundreds else [f"{DIGITS[hundreds]} trăm"]
    if tens == 0 and ones and words:
        words.append("linh")
    elif tens == 1:
        words.append("mười")
    elif tens > 1:
        words.append(f"{DIGITS[tens]} mươi")
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 5 and tens > 0:
        words.append("lăm")
    elif ones:
        words.append(DIGITS[ones])
    return " ".join(words)
