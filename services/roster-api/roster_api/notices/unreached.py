"""By which channels a person would not be reached, and why: what the roster shows, and what the notifier says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commune_schemas.notices import Channel
from commune_schemas.reaching import RefusalReason
from commune_service.clock import LOCAL

from roster_api.contacts import is_mobile
from roster_api.deliveries.refused import Refusals
from roster_api.plans.schemas import ChannelFault, ChannelWithout, UnreachedPerson
from roster_api.volunteers.models import Volunteer

MISSING = ChannelFault.MISSING
OF_NOTIFIER = tuple(ChannelFault(reason.value) for reason in RefusalReason)
EMAIL_WORDS: Mapping[ChannelFault, tuple[str, str]] = {
    ChannelFault.MISSING: ("không có email", "no e-mail"),
    ChannelFault.DEAD_ADDRESS: (
        "thư gửi tới email này đã bị trả lại vì địa chỉ không tồn tại",
        "mail to the e-mail address came back: it does not exist",
    ),
    ChannelFault.COMPLAINT: ("người đọc email này đã báo là thư rác", "the reader of the e-mail address complained"),
    ChannelFault.REFUSED: (
        "máy chủ thư đã từ chối hẳn email này",
        "the mail server refused the e-mail address for good",
    ),
}
SMS_WORDS: Mapping[ChannelFault, tuple[str, str]] = {
    ChannelFault.MISSING: ("không có số di động", "no mobile"),
    ChannelFault.DEAD_ADDRESS: ("số di động này không tồn tại", "the mobile number does not exist"),
    ChannelFault.COMPLAINT: ("người dùng số di động này đã khiếu nại", "the reader of the mobile number complained"),
    ChannelFault.REFUSED: (
        "tổng đài đã từ chối hẳn số di động này",
        "the SMS gateway refused the mobile number for good",
    ),
}
ENDS = {
    (Channel.EMAIL, Channel.SMS): (": sẽ không nhận được gì.", ": would get nothing."),
    (Channel.SMS,): (": chỉ nhận email, không có tin nhắn.", ": an e-mail only, no text message."),
    (Channel.EMAIL,): (": chỉ nhận tin nhắn, không có email.", ": a text message only, no e-mail."),
}


@dataclass(frozen=True)
class Reached:
    """`used`: by which channels messages are handed over. `without`: which of all channels reach nobody."""

    used: list[Channel]
    faults: list[ChannelWithout]
    is_as_wished: bool
    """The one channel that the person wishes for reaches them."""

    @property
    def without(self) -> list[Channel]:
        return [fault.channel for fault in self.faults]

    @property
    def is_to_be_shown(self) -> bool:
        """A mobile is expected of everybody, an e-mail address is not: that it is missing is nothing to mend."""
        lacks = [fault for fault in self.faults if fault.channel is Channel.SMS or fault.reason is not MISSING]
        return bool(lacks) and not self.is_as_wished


def find_reached(person: Volunteer, refusals: Refusals, *, is_withdrawn: bool) -> Reached:
    faults = [fault for channel in Channel if (fault := _find_fault(person, channel, refusals, is_withdrawn))]
    without = {fault.channel for fault in faults}
    tried = {fault.channel for fault in faults if fault.reason is ChannelFault.REFUSED}
    wished = [channel for channel in Channel if channel not in without and channel == person.preferred_channel]
    used = wished or [channel for channel in Channel if channel not in without or channel in tried]
    return Reached(used=used, faults=faults, is_as_wished=bool(wished))


def _find_fault(person: Volunteer, channel: Channel, refusals: Refusals, is_withdrawn: bool) -> ChannelWithout | None:
    if is_withdrawn:
        return ChannelWithout(channel=channel, reason=ChannelFault.WITHDREW, since=None)
    has = bool(person.email) if channel is Channel.EMAIL else bool(person.phone and is_mobile(person.phone))
    if not has:
        return ChannelWithout(channel=channel, reason=MISSING, since=None)
    refused = refusals.find(person, channel)
    if refused is None:
        return None
    return ChannelWithout(channel=channel, reason=ChannelFault(refused.reason.value), since=refused.since)


def describe_unreached(person: Volunteer, school_code: str, reached: Reached) -> UnreachedPerson:
    vi, en = _in_words(reached.faults)
    return UnreachedPerson(
        volunteer_id=person.id,
        full_name=person.full_name,
        school_code=school_code,
        without=reached.without,
        why=reached.faults,
        vi=vi,
        en=en,
    )


def _in_words(faults: Sequence[ChannelWithout]) -> tuple[str, str]:
    reasons = {fault.reason for fault in faults}
    vi_end, en_end = ENDS[tuple(fault.channel for fault in faults)]
    if reasons == {ChannelFault.WITHDREW}:
        vi, en = "đã rút sự đồng ý nhận tin", "withdrew the consent to be written to"
    elif reasons == {MISSING} and len(faults) > 1:
        vi, en = "không có email và số di động", "no e-mail and no mobile"
    else:
        vi, en = (", ".join(words) for words in zip(*map(_fault_in_words, faults), strict=True))
    asks = bool(reasons & set(OF_NOTIFIER))
    vi_mend, en_mend = (" Hãy hỏi lại và sửa liên hệ.", " Ask, and correct the contact.") if asks else ("", "")
    return f"{vi[0].upper()}{vi[1:]}{vi_end}{vi_mend}", f"{en[0].upper()}{en[1:]}{en_end}{en_mend}"


def _fault_in_words(fault: ChannelWithout) -> tuple[str, str]:
    vi, en = (EMAIL_WORDS if fault.channel is Channel.EMAIL else SMS_WORDS)[fault.reason]
    if fault.since is None:
        return vi, en
    return f"{vi} ({_day(fault.since)})", f"{en} ({_day(fault.since)})"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%d/%m/%Y}"
