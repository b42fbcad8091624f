"""Vietnamese letters without their marks, for logins and file names."""

import unicodedata


def unaccented(text: str) -> str:
    """Lower-case ASCII letters and digits of `text`: 'Đạt' -> 'dat'."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
