"""The words about secondments: to who goes, and to the units that lend and receive people."""

from typing import Any

from commune_schemas.notices import RecipientKind, SecondmentMove, SecondmentNotice
from commune_schemas.words import clean_line, local_phone

from notifier.email_content import EmailContent
from notifier.gsm7 import without_accents, without_links
from notifier.layout import load_layout
from notifier.wording import day_vi, weekdays_vi

LONGEST_NAMES = (1000, 60, 40, 24)
SUBJECTS = {
    "published": "Quyết định điều động, biệt phái",
    "extended": "Gia hạn điều động, biệt phái",
    "ended_early": "Kết thúc điều động, biệt phái trước thời hạn",
    "returned": "Hết thời hạn điều động, biệt phái",
    "ending": "Sắp hết thời hạn điều động, biệt phái",
    "review_due": "Sắp đến ngày rà soát phân công kiêm nhiệm",
    "reviewed": "Tiếp tục phân công kiêm nhiệm",
    "change_asked": "Có đề nghị thay đổi phân công",
}
CONCURRENT = {
    "published": "Quyết định phân công kiêm nhiệm",
    "ended_early": "Kết thúc phân công kiêm nhiệm",
}
"""Where everybody named keeps the own post and serves on some weekdays."""
ENGLISH = {
    "published": "A decision on secondment was made",
    "extended": "A secondment was extended",
    "ended_early": "A secondment ended early",
    "returned": "A secondment is over",
    "ending": "A secondment ends within two weeks",
    "review_due": "Duty on some weekdays is reviewed within two weeks",
    "reviewed": "Duty on some weekdays goes on",
    "change_asked": "A unit asks for a change; nothing has changed yet",
}


def write_secondment_mail(notice: SecondmentNotice) -> EmailContent:
    """No calendar: the post is taken up for months."""
    values = _values(notice)
    text, html = load_layout("secondment")
    return EmailContent(
        subject=values["subject"], text=text.render(values).strip() + "\n", html=html.render(values), calendar=None
    )


def secondment_texts(notice: SecondmentNotice) -> list[str]:
    """The text message to the person, without accents, from the fullest form to the tersest."""
    move = notice.moves[0]
    contact = _contact(notice)

    def write(longest: int, *, asks: bool) -> str:
        until = f" den {day_vi(move.until_on)}" if move.until_on else ""
        until += f", {weekdays_vi(move.weekdays)}" if move.weekdays else ""
        whom = f" Lien he: {contact}" if asks and contact else ""
        words = (
            f"{occasion_words(notice)}: {move.post_title[:longest]}, {move.to_unit[:longest]}, tu"
            f" {day_vi(move.from_on)}{until}.{whom}"
        )
        return without_links(clean_line(without_accents(words)))

    return [*(write(longest, asks=True) for longest in LONGEST_NAMES), write(LONGEST_NAMES[-1], asks=False)]


def occasion_words(notice: SecondmentNotice) -> str:
    """What happened, in a few words."""
    is_concurrent = all(move.weekdays for move in (*notice.moves, *notice.leaving))
    return (CONCURRENT if is_concurrent else {}).get(notice.occasion) or SUBJECTS[notice.occasion]


def _contact(notice: SecondmentNotice) -> str:
    if notice.contact is None:
        return ""
    parts = (clean_line(notice.contact.name), local_phone(clean_line(notice.contact.phone)))
    return ", ".join(part for part in parts if part)


def _values(notice: SecondmentNotice) -> dict[str, Any]:
    is_person = notice.recipient.kind is RecipientKind.STAFF
    numbers = [move.number for move in (*notice.moves, *notice.leaving) if clean_line(move.number)]
    return {
        "subject": f"{occasion_words(notice)}: {clean_line(notice.addressee)}",
        "heading": occasion_words(notice),
        "addressee": clean_line(notice.addressee),
        "is_person": is_person,
        "moves": [describe_move(move, names_person=not is_person) for move in notice.moves],
        "leaving": [describe_move(move, names_person=True) for move in notice.leaving],
        "number": clean_line(numbers[0]) if numbers else "",
        "legal_basis": clean_line(notice.legal_basis),
        "signer": clean_line(notice.signer),
        "contact": _contact(notice),
        "english": f"{ENGLISH[notice.occasion]}: see the names, units and dates (day/month/year) above.",
    }


def describe_move(move: SecondmentMove, *, names_person: bool) -> str:
    """One person: from where to where, in which post, from when until when."""
    who = f"{clean_line(move.full_name)}: " if names_person else ""
    until = f"đến {day_vi(move.until_on)}" if move.until_on else "không thời hạn"
    until += f", {weekdays_vi(move.weekdays)} hằng tuần, giữ nguyên công việc hiện nay" if move.weekdays else ""
    until += f", rà soát ngày {day_vi(move.review_on)}" if move.review_on else ""
    why = f"; lý do: {clean_line(move.reason)}" if clean_line(move.reason) else ""
    return (
        f"{who}{clean_line(move.post_title)} ({clean_line(move.field_name)}), từ {clean_line(move.from_unit)} đến"
        f" {clean_line(move.to_unit)}, từ {day_vi(move.from_on)} {until}{why}"
    )
