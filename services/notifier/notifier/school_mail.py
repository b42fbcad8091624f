"""The e-mail of any notice; here that to a school's contact, that one of its people cannot go."""

from datetime import datetime
from typing import Any

from commune_schemas.notices import (
    AnyNotice,
    AttendanceQuestionNotice,
    BlockerNotice,
    CannotGoNotice,
    DataRequestNotice,
    InvitationNotice,
    Language,
    NeedReminderNotice,
    OfficeWordsNotice,
    ReserveNotice,
    SecondmentNotice,
)
from commune_schemas.words import clean_line, local_phone

from notifier.commune_mail import write_need_reminder
from notifier.data_request_mail import write_data_request_mail
from notifier.email_content import EmailContent, write_email
from notifier.invitation import write_invitation_mail
from notifier.layout import load_layout
from notifier.office_mail import write_month_mail
from notifier.reserve import write_reserve_mail
from notifier.secondment import write_secondment_mail
from notifier.wording import day_vi, list_stand_ins, weekdays_vi, when_en
from notifier.words import english, vietnamese
from notifier.words.block_mail import write_block_mail
from notifier.words.blocks import MailBlocks, TextBlock
from notifier.words.facts import EditableNotice, VolunteerNotice


def write_mail(
    notice: AnyNotice, *, stamped_at: datetime, organizer_email: str, blocks: MailBlocks | TextBlock | None = None
) -> EmailContent:
    """Give it complete notices (wording.find_missing_fields). `blocks`: words in place of the built-in ones."""
    if isinstance(notice, VolunteerNotice) and blocks is None and _is_in_blocks(notice):
        blocks = (english.MAILS if notice.language is Language.EN else vietnamese.MAILS)[notice.kind]
    if isinstance(notice, EditableNotice) and isinstance(blocks, MailBlocks):
        return write_block_mail(
            blocks, notice, language=notice.language, stamped_at=stamped_at, organizer_email=organizer_email
        )
    return _write_in_vietnamese(notice, stamped_at=stamped_at, organizer_email=organizer_email)


def _is_in_blocks(notice: VolunteerNotice) -> bool:
    return notice.language is Language.EN or notice.kind in vietnamese.MAILS


def _write_in_vietnamese(notice: AnyNotice, *, stamped_at: datetime, organizer_email: str) -> EmailContent:
    if isinstance(notice, CannotGoNotice | NeedReminderNotice):
        return write_cannot_go(notice) if isinstance(notice, CannotGoNotice) else write_need_reminder(notice)
    if isinstance(notice, AttendanceQuestionNotice | BlockerNotice | OfficeWordsNotice):
        return write_month_mail(notice)
    if isinstance(notice, ReserveNotice | DataRequestNotice):
        return write_reserve_mail(notice) if isinstance(notice, ReserveNotice) else write_data_request_mail(notice)
    if isinstance(notice, InvitationNotice):
        return write_invitation_mail(notice)
    if isinstance(notice, SecondmentNotice):
        return write_secondment_mail(notice)
    return write_email(notice, stamped_at=stamped_at, organizer_email=organizer_email)


def write_cannot_go(notice: CannotGoNotice) -> EmailContent:
    """To the school's contact; no calendar, for the days are another's."""
    values = _values(notice)
    text, html = load_layout("cannot_go")
    return EmailContent(
        subject=values["subject"], text=text.render(values).strip() + "\n", html=html.render(values), calendar=None
    )


def _values(notice: CannotGoNotice) -> dict[str, Any]:
    place, there = notice.placement, notice.placement.commune_contact
    name, commune = clean_line(notice.full_name), clean_line(place.commune_name)
    subject = f"{name} báo không đi được {commune}"
    if notice.stand_ins is not None:
        subject = f"Người có thể thay {name} ở {commune}"
    return {
        "subject": subject,
        "name": name,
        "school_name": clean_line(notice.school_name),
        "campaign_name": clean_line(notice.campaign_name),
        "commune": commune,
        "when": f"{weekdays_vi(place.weekdays)}, từ {day_vi(place.first_on)} đến {day_vi(place.last_on)}",
        "reason": clean_line(notice.reason),
        "commune_contact": ", ".join(part for part in (clean_line(there.name), local_phone(there.phone)) if part),
        "is_ready": notice.stand_ins is not None,
        "stand_ins": list_stand_ins(notice),
        "english": f"{name} cannot go to {commune} ({when_en(place)}).",
    }
