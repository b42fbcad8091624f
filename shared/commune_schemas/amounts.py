"""How many of something, in English, wherever a person reads of it: a single one is counted as one."""

SEVERAL = {"person": "people", "supervised person": "supervised people"}
"""Where an s does not make it."""


def noun(count: int, single: str, several: str | None = None) -> str:
    """English: "commune" of a single one, else "communes"; `several` where more than the noun differs."""
    return single if count == 1 else several or SEVERAL.get(single, single + "s")


def amount(count: int, single: str, several: str | None = None) -> str:
    """English: "1 commune", "2 people"; `several` where more than the noun differs: "1 row has", "2 rows have"."""
    return f"{count} {noun(count, single, several)}"
