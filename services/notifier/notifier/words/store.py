"""Templates in force: read from the database every few seconds, for what is about to be sent."""

import time
from dataclasses import dataclass

import structlog
from commune_schemas.notices import AnyNotice, Channel, Language, NoticeKind
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.email_content import template_version
from notifier.models import Template
from notifier.words import english, vietnamese
from notifier.words.blocks import MailBlocks, TextBlock, fill_mail, fill_text
from notifier.words.facts import EditableNotice
from notifier.words.sandbox import BlockError

log = structlog.get_logger(__name__)
READ_AGAIN_SECONDS = 5.0
Key = tuple[NoticeKind, Channel, Language]


@dataclass(frozen=True)
class InForce:
    """`blocks` None: the built-in words."""

    version: int
    blocks: MailBlocks | TextBlock | None


@dataclass(frozen=True)
class Chosen:
    """By which words a message is written, and how that is kept with it."""

    name: str
    blocks: MailBlocks | TextBlock | None


def built_in_blocks(kind: NoticeKind, channel: Channel, language: Language) -> MailBlocks | TextBlock | None:
    """The words to begin from; None where the built-in ones have a layout of their own, beyond blocks."""
    is_english = language is Language.EN
    if channel is Channel.EMAIL:
        return (english.MAILS if is_english else vietnamese.MAILS).get(kind)
    return (english.TEXTS if is_english else vietnamese.TEXTS).get(kind)


async def load_in_force(session: AsyncSession) -> dict[Key, InForce]:
    """The newest published version of each; whatever cannot be read any more is left out, and logged."""
    keys = (Template.kind, Template.channel, Template.language)
    query = select(Template).where(Template.published_at.is_not(None))
    query = query.ext(distinct_on(*keys)).order_by(*keys, Template.version.desc())
    found: dict[Key, InForce] = {}
    for row in await session.scalars(query):
        shape: type[MailBlocks] | type[TextBlock] = MailBlocks if row.channel == Channel.EMAIL else TextBlock
        try:
            key = (NoticeKind(row.kind), Channel(row.channel), Language(row.language))
            blocks = shape.model_validate(row.blocks) if row.blocks is not None else None
        except (ValidationError, ValueError):
            log.warning("template.unreadable", kind=row.kind, channel=row.channel, version=row.version)
            continue
        found[key] = InForce(row.version, blocks)
    return found


class Templates:
    """What a sender knows of them."""

    def __init__(self) -> None:
        self._in_force: dict[Key, InForce] = {}
        self._read_at = float("-inf")

    async def refresh(self, session: AsyncSession) -> None:
        """Where it is time again."""
        if time.monotonic() - self._read_at >= READ_AGAIN_SECONDS:
            self._in_force = await load_in_force(session)
            self._read_at = time.monotonic()

    def choose(self, notice: AnyNotice, channel: Channel) -> Chosen:
        """A version that does not fit this person's facts gives way to the built-in words: the message goes."""
        built_in = Chosen(f"{notice.language.value}/built-in {template_version()}", None)
        found = self._in_force.get((notice.kind, channel, notice.language))
        if found is None or found.blocks is None or not isinstance(notice, EditableNotice):
            return built_in
        try:
            if isinstance(found.blocks, MailBlocks):
                fill_mail(found.blocks, notice, notice.language)
            else:
                fill_text(found.blocks, notice, notice.language)
        except BlockError as error:
            log.warning("template.fault", kind=notice.kind.value, version=found.version, code=error.code)
            return built_in
        return Chosen(f"{notice.language.value}/{found.version}", found.blocks)
