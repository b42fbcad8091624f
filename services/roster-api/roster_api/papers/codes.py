"""Codes printed on papers, by which anybody may check them."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1 and I and L, U and V: a code is read off paper."""
CODE_LENGTH = 12


def make_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def show_code(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def read_code(typed: str) -> str:
    """As it is kept, whatever hyphens, spaces and small letters it was typed with."""
    return "".join(char for char in typed.upper() if char.isalnum())
