"""What a template is made of: blocks of an e-mail, or the text of a text message; and how they are filled in."""

import unicodedata

from commune_schemas.notices import Language, NoticeKind, PersonNotice
from pydantic import BaseModel, ConfigDict, Field

from notifier.gsm7 import count_segments, count_septets, is_gsm7, without_accents, without_links
from notifier.words.facts import EditableNotice, collect_facts
from notifier.words.sandbox import LONGEST_SOURCE, BlockError, Fact, fill_in

LONGEST_SEPTETS = 306
MOST_SEGMENTS = 2
"""With accents a segment has 67 characters. What publishing asks to confirm counts on it (SEGMENTS_AT_MOST)."""
NAME_LENGTHS = (1000, 48, 32, 20)
SHORTENED = (
    "school_name", "school_contact_name", "commune_contact_name", "commune", "old_commune", "post", "field",
    "from_unit", "to_unit", "contact_name",
)  # fmt: skip
KEPT = "answer_url"


class MailBlocks(BaseModel):
    """The parts of an e-mail that people write; facts stand in a table of the layout between opening and closing.

    Paragraphs are parted by an empty line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str = Field(min_length=1, max_length=500)
    heading: str = Field(min_length=1, max_length=500)
    opening: str = Field(min_length=1, max_length=LONGEST_SOURCE)
    closing: str = Field(default="", max_length=LONGEST_SOURCE)


class TextBlock(BaseModel):
    """The text of a text message. `is_accented`: sent as it is (UCS-2); else without accents (GSM-7)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1, max_length=2000)
    is_accented: bool = False


def fill_mail(blocks: MailBlocks, notice: EditableNotice, language: Language) -> dict[str, str]:
    """Each block filled in, by name. BlockError where one cannot be."""
    facts = collect_facts(notice, language)
    return {name: fill_in(source, facts) for name, source in blocks.model_dump().items()}


def fill_text(block: TextBlock, notice: EditableNotice, language: Language) -> str:
    """The text message: names are cut shorter until it fits. BlockError where it does not fit even so."""
    text = fill_shortest(block, notice, language)
    if not fits(text):
        raise BlockError("template.too_long", f"{MOST_SEGMENTS} SMS")
    return text


def fill_shortest(block: TextBlock, notice: EditableNotice, language: Language) -> str:
    """As fill_text; where nothing fits, what comes nearest."""
    facts = collect_facts(notice, language)
    texts = [_write(block, _shorten(facts, longest)) for longest in NAME_LENGTHS]
    return next((text for text in texts if fits(text)), texts[-1])


def fits(text: str) -> bool:
    if is_gsm7(text):
        return count_septets(text) <= LONGEST_SEPTETS
    return count_segments(text) <= MOST_SEGMENTS


def without_signs(text: str, *, link: str) -> str:
    """ASCII, the link as it is: no other point in it makes a telephone see a link."""
    parts = text.split(link) if link else [text]
    return link.join(without_links(without_accents(part)) for part in parts)


def _write(block: TextBlock, facts: dict[str, Fact]) -> str:
    text = " ".join(fill_in(block.text, facts).split())
    link = str(facts.get(KEPT, ""))
    return unicodedata.normalize("NFC", text) if block.is_accented else without_signs(text, link=link)


def _shorten(facts: dict[str, Fact], longest: int) -> dict[str, Fact]:
    return {
        name: _cut(value, longest) if name in SHORTENED and isinstance(value, str) else value
        for name, value in facts.items()
    }


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept) + "."


def is_cancelled(notice: EditableNotice) -> bool:
    return isinstance(notice, PersonNotice) and notice.kind is NoticeKind.PLACEMENT_WITHDRAWN
