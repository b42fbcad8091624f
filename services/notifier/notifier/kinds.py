"""The kinds of notice: by which channels each goes, and whether it goes before the others.

A new kind is a line here, a shape in commune_schemas if its facts are others, and its words in the templates.
"""

from dataclasses import dataclass

from commune_schemas.notices import Channel, NoticeKind


@dataclass(frozen=True)
class KindRule:
    channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)
    is_urgent: bool = True
    may_be_declined: bool = False
    """A reminder or a daily mail: it has a link to decline all of these, and is not sent to who did."""
    is_daily: bool = False
    """By mail at most once a day with all else of this sort (daily.py); never later than it is of use."""


RULES: dict[NoticeKind, KindRule] = {
    NoticeKind.PLACEMENT_ASSIGNED: KindRule(is_urgent=False),
    NoticeKind.PLACEMENT_CHANGED: KindRule(),
    NoticeKind.PLACEMENT_WITHDRAWN: KindRule(),
    NoticeKind.PLACEMENT_REMINDER: KindRule(is_urgent=False, may_be_declined=True, is_daily=True),
    NoticeKind.RESERVE: KindRule(is_urgent=False, is_daily=True),
    NoticeKind.INVITATION: KindRule(is_urgent=False),
    NoticeKind.INVITATION_REMINDER: KindRule(is_urgent=False, may_be_declined=True, is_daily=True),
    NoticeKind.PERSON_CANNOT_GO: KindRule(channels=(Channel.EMAIL,)),  # a school's contact is called, never texted
    NoticeKind.BLOCKER: KindRule(channels=(Channel.EMAIL,)),
    NoticeKind.ATTENDANCE_QUESTION: KindRule(channels=(Channel.EMAIL,), is_urgent=False),
    NoticeKind.SECONDMENT: KindRule(is_urgent=False),
    NoticeKind.SECONDMENT_OF_UNIT: KindRule(channels=(Channel.EMAIL,), is_urgent=False),
    NoticeKind.DATA_REQUEST: KindRule(channels=(Channel.EMAIL,), is_urgent=False),
    NoticeKind.DATA_REQUEST_DUE: KindRule(channels=(Channel.EMAIL,)),  # the law's clock runs
    NoticeKind.FIRST_DAY: KindRule(is_urgent=False, may_be_declined=True, is_daily=True),
    NoticeKind.OFFICE_NOTICE: KindRule(channels=(Channel.EMAIL,)),
    NoticeKind.OFFICE_DIGEST: KindRule(channels=(Channel.EMAIL,), is_urgent=False, may_be_declined=True),
    NoticeKind.NEED_REMINDER: KindRule(channels=(Channel.EMAIL,), is_urgent=False, may_be_declined=True),
}


def channels_of(kind: NoticeKind) -> tuple[Channel, ...]:
    return RULES[kind].channels


def is_urgent(kind: NoticeKind) -> bool:
    return RULES[kind].is_urgent


def may_be_declined(kind: NoticeKind) -> bool:
    return RULES[kind].may_be_declined


def is_daily(kind: NoticeKind) -> bool:
    return RULES[kind].is_daily


DAILY = frozenset(kind for kind, rule in RULES.items() if rule.is_daily)
