"""The SMS of a notice: unaccented Vietnamese in GSM-7, at most two segments, the important facts first.

Forms go from the fullest to the tersest; the first that fits is sent, so the same notice always gives the same text.
A link is sent whole or not at all.
"""

from collections.abc import Callable, Iterator

from commune_schemas.notices import (
    AnyNotice,
    InvitationNotice,
    Language,
    NoticeKind,
    PersonNotice,
    ReserveNotice,
    SecondmentNotice,
)
from commune_schemas.placement_details import Contact, PlacementDetails
from commune_schemas.words import clean_line, local_phone

from notifier.farewell import write_farewell
from notifier.gsm7 import count_septets, is_plain_link, without_accents, without_links
from notifier.invitation import invitation_texts
from notifier.reserve import reserve_texts
from notifier.secondment import secondment_texts
from notifier.words import english, vietnamese
from notifier.words.blocks import MailBlocks, TextBlock, fill_text
from notifier.words.facts import EditableNotice, VolunteerNotice

LONGEST_SEPTETS = 306
NAME_LENGTHS = (1000, 48, 32, 20)
SHORT_KINDS = (("Dac khu ", "DK "), ("Phuong ", "P."), ("Xa ", "X."))


def write_sms(notice: AnyNotice, *, blocks: MailBlocks | TextBlock | None = None) -> str:
    """The text, never longer than two GSM-7 segments. Give it complete notices (wording.find_missing_fields).

    `blocks`: words in place of the built-in ones; with accents they may take four segments.
    """
    if isinstance(blocks, TextBlock) and isinstance(notice, EditableNotice):
        return fill_text(blocks, notice, notice.language)
    if isinstance(notice, VolunteerNotice) and (notice.language is Language.EN or notice.kind in vietnamese.TEXTS):
        words = english.TEXTS if notice.language is Language.EN else vietnamese.TEXTS
        return fill_text(words[notice.kind], notice, notice.language)
    forms = _forms_of_others(notice)
    if forms is not None:
        return next((text for text in forms if count_septets(text) <= LONGEST_SEPTETS), forms[-1][:LONGEST_SEPTETS])
    if not isinstance(notice, PersonNotice):
        raise TypeError(f"a notice of kind {notice.kind} is not sent by text message")
    for text in _forms(notice):
        if count_septets(text) <= LONGEST_SEPTETS:
            return text
    return next(iter(reversed(list(_forms(notice)))))[:LONGEST_SEPTETS]


def _forms_of_others(notice: AnyNotice) -> list[str] | None:
    """Of what is no placement; None of placements."""
    match notice:
        case ReserveNotice():
            return reserve_texts(notice)
        case InvitationNotice():
            return invitation_texts(notice)
        case SecondmentNotice():
            return secondment_texts(notice)
    return None


def _plain(text: str) -> str:
    return clean_line(without_accents(clean_line(text)))


def _name(text: str) -> str:
    return without_links(_plain(text))


def _forms(notice: PersonNotice) -> Iterator[str]:
    link = notice.answer_url if is_plain_link(notice.answer_url) else ""
    write: Callable[..., str]
    match notice.kind:
        case NoticeKind.PLACEMENT_REMINDER:
            write = _reminded
        case NoticeKind.PLACEMENT_ASSIGNED:
            write = _assigned
        case NoticeKind.PLACEMENT_CHANGED:
            write = _changed
        case NoticeKind.PLACEMENT_WITHDRAWN:
            write = _withdrawn
        case _:
            raise ValueError(f"a notice of kind {notice.kind} is not sent by text message")
    for longest in NAME_LENGTHS:
        yield write(notice, link=link, longest=longest, is_full=True)
        yield write(notice, link=link, longest=longest, is_full=False)
    yield write(notice, link="", longest=NAME_LENGTHS[-1], is_full=False)


def _assigned(notice: PersonNotice, *, link: str, longest: int, is_full: bool) -> str:
    assert notice.placement is not None  # noqa: S101 - find_missing_fields comes first
    head = f"PHAN CONG ({_cut(_name(notice.school_name), longest)}): " if is_full else "PHAN CONG: "
    return head + _where_and_when(notice.placement, longest=longest, is_full=is_full) + _answer(link, is_full=is_full)


def _reminded(notice: PersonNotice, *, link: str, longest: int, is_full: bool) -> str:
    assert notice.placement is not None  # noqa: S101 - find_missing_fields comes first
    facts = _where_and_when(notice.placement, longest=longest, is_full=False)
    return f"NHAC TRA LOI PHAN CONG: {facts}{_answer(link, is_full=is_full)}"


def _changed(notice: PersonNotice, *, link: str, longest: int, is_full: bool) -> str:
    assert notice.placement is not None  # noqa: S101 - find_missing_fields comes first
    assert notice.previous is not None  # noqa: S101
    old = f" (truoc: {_commune(notice.previous, longest)}, {_days(notice.previous)})" if is_full else ""
    facts = _where_and_when(notice.placement, longest=longest, is_full=False, aside=old)
    return f"THAY DOI PHAN CONG: nay la {facts}{_answer(link, is_full=is_full)}"


def _withdrawn(notice: PersonNotice, *, link: str, longest: int, is_full: bool) -> str:  # noqa: ARG001 - one signature
    assert notice.previous is not None  # noqa: S101 - find_missing_fields comes first
    contact = notice.previous.school_contact
    words = write_farewell(notice).sms
    facts = words.format(commune=_commune(notice.previous, longest), days=_days(notice.previous))
    return f"{facts} Hoi: {_reach(contact, longest, is_full=is_full)}"


def _where_and_when(placement: PlacementDetails, *, longest: int, is_full: bool, aside: str = "") -> str:
    first, last = placement.first_on, placement.last_on
    start = f"{first:%d/%m}" if first.year == last.year else f"{first:%d/%m/%Y}"
    remote = " (tu xa)" if placement.is_remote else ""
    hours = f" {_plain(placement.start_time)}-{_plain(placement.end_time)}" if is_full else ""
    whom = _reach(placement.commune_contact, longest, is_full=is_full)
    return (
        f"{_commune(placement, longest)}{remote}, {_days(placement)}{hours}, tu {start} den {last:%d/%m/%Y}{aside}."
        f" Lien he xa: {whom}"
    )


def _reach(contact: Contact, longest: int, *, is_full: bool) -> str:
    if not contact.phone:
        return _name(contact.name).strip("()")
    who = f"{_cut(_name(contact.name), longest)} " if is_full else ""
    return f"{who}{_phone(contact.phone)}"


def _answer(link: str, *, is_full: bool) -> str:
    if not link:
        return ". Xem email de xac nhan"
    return f". Xac nhan/bao ban: {link}" if is_full else f". {link}"


def _days(placement: PlacementDetails) -> str:
    return "Thu " + ",".join(str(day + 2) for day in sorted(set(placement.weekdays)))


def _phone(phone: str) -> str:
    return _plain(local_phone(phone)).replace(" ", "")[:20]


def _commune(placement: PlacementDetails, longest: int) -> str:
    name = _name(placement.commune_name)
    if longest < NAME_LENGTHS[1]:
        for kind, short in SHORT_KINDS:
            name = name.replace(kind, short, 1) if name.startswith(kind) else name
    return _cut(name, longest)


def _cut(text: str, longest: int) -> str:
    """At a word's end where there is one, marked with a dot."""
    text = _plain(text)
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept) + "."
