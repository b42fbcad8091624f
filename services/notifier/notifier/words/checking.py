"""Whether blocks may be kept and sent: understood, naming known facts alone, saying all that must be said."""

from commune_schemas.notices import Channel, Language, NoticeKind

from notifier.gsm7 import count_segments, is_gsm7
from notifier.sample import list_cases
from notifier.words.blocks import MailBlocks, TextBlock, fill_mail, fill_text
from notifier.words.facts import EditableNotice, collect_facts
from notifier.words.sandbox import BlockError, check_block

Blocks = MailBlocks | TextBlock
REQUIRED_IN_TEXT: dict[NoticeKind, frozenset[str]] = {
    NoticeKind.PLACEMENT_ASSIGNED: frozenset(
        {"commune", "weekdays", "starts_on", "commune_contact_phone", "answer_url"}
    ),
    NoticeKind.PLACEMENT_CHANGED: frozenset(
        {"commune", "weekdays", "starts_on", "commune_contact_phone", "answer_url"}
    ),
    NoticeKind.PLACEMENT_REMINDER: frozenset({"commune", "weekdays", "answer_url"}),
    NoticeKind.PLACEMENT_WITHDRAWN: frozenset({"old_commune", "school_contact_phone"}),
    NoticeKind.FIRST_DAY: frozenset({"commune", "starts_on", "commune_contact_phone"}),
    NoticeKind.RESERVE: frozenset({"school_name", "ends_on"}),
    NoticeKind.INVITATION: frozenset({"school_name", "answer_url"}),
    NoticeKind.INVITATION_REMINDER: frozenset({"school_name", "answer_url"}),
    NoticeKind.SECONDMENT: frozenset({"occasion_words", "post", "to_unit", "starts_on", "ends_on"}),
}
"""What a text message has to say. An e-mail has a table of all facts, and its button, from the layout."""


def list_samples(kind: NoticeKind) -> list[EditableNotice]:
    """One of each case of the kind."""
    return [sample for sample in list_cases(kind) if isinstance(sample, EditableNotice)]


def list_facts(kind: NoticeKind) -> list[str]:
    """Names that blocks of this kind may use."""
    return sorted(collect_facts(list_samples(kind)[0], Language.VI))


def find_faults(kind: NoticeKind, language: Language, blocks: Blocks) -> list[tuple[str, BlockError]]:
    """(block's name, what is wrong with it); empty: they may be published."""
    known, named, faults = list_facts(kind), set[str](), list[tuple[str, BlockError]]()
    for name, source in blocks.model_dump(exclude={"is_accented"}).items():
        try:
            named |= check_block(source, known=known)
        except BlockError as error:
            faults.append((name, error))
    if isinstance(blocks, TextBlock) and (missing := sorted(REQUIRED_IN_TEXT[kind] - named)):
        faults.append(("text", BlockError("template.fact_not_said", ", ".join(missing))))
    return faults or _fill_samples(kind, language, blocks)


def _fill_samples(kind: NoticeKind, language: Language, blocks: Blocks) -> list[tuple[str, BlockError]]:
    for sample in list_samples(kind):
        try:
            if isinstance(blocks, MailBlocks):
                fill_mail(blocks, sample, language)
            else:
                fill_text(blocks, sample, language)
        except BlockError as error:
            return [("", error)]
    return []


def describe_text(text: str) -> tuple[int, str]:
    """(segments, 'GSM-7' or 'UCS-2')."""
    return count_segments(text), "GSM-7" if is_gsm7(text) else "UCS-2"


def read_blocks(channel: Channel, value: object) -> Blocks:
    """ValidationError of pydantic where they are not of the channel's shape."""
    shape: type[Blocks] = MailBlocks if channel is Channel.EMAIL else TextBlock
    return shape.model_validate(value)
