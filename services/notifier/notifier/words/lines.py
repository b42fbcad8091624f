"""Days, contacts and rows of a table, in the reader's language: what the facts of every kind are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commune_schemas.notices import Language
from commune_schemas.placement_details import Contact
from commune_schemas.words import clean_line, local_phone

from notifier.wording import day_vi
from notifier.words.sandbox import Fact

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the table under the text: what it is, and one or more lines of it."""

    label: str
    lines: list[str]


def day_in(language: Language, day: date) -> str:
    """'01/12/2025'; '1 December 2025'."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if language is Language.EN else day_vi(day)


def facts_of_contact(contact: Contact, name: str) -> dict[str, Fact]:
    return {f"{name}_name": clean_line(contact.name), f"{name}_phone": local_phone(clean_line(contact.phone))}


def keep_rows(rows: Iterable[tuple[str, Sequence[str]]]) -> list[Row]:
    """Without those that say nothing."""
    return [Row(label, kept) for label, lines in rows if (kept := [line for line in lines if line])]


def contact_line(contact: Contact) -> str:
    parts = (clean_line(contact.name), local_phone(clean_line(contact.phone)), clean_line(contact.email or ""))
    return ", ".join(part for part in parts if part)
