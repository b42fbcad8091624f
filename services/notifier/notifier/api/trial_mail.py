"""A mail by words that somebody is writing, to themselves: handed to one relay after the other until one takes it.

It is no message: it has no row, no other try and no receipt. Outside production it is guarded as every mail is.
"""

from uuid import uuid4

from commune_schemas.notices import AnyNotice
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.templates import TrialMailAnswer

from notifier.addresses import mask_address
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.channels.opening import open_channel
from notifier.channels.simulator import Simulated
from notifier.providers import Provider
from notifier.reasons import REASONS
from notifier.settings import Settings
from notifier.words.blocks import MailBlocks, TextBlock

OUTCOMES = {
    Outcome.SENT: "sent",
    Outcome.TRANSIENT: "busy",
    Outcome.PERMANENT: "refused",
    Outcome.UNKNOWN: "unknown",
}
NOT_NOW = (
    "Máy chủ thư đang bận hoặc không trả lời; thư thử chưa đi và không tự gửi lại. Hãy thử lại sau.",
    "The mail relay is busy or away; the test mail did not leave and is not tried again by itself. Try later.",
)


async def send_trial(
    settings: Settings, *, to: str, notice: AnyNotice, blocks: MailBlocks | TextBlock | None
) -> TrialMailAnswer:
    """Never raises for what a relay does. The calendar file is of a thread of its own: it touches no real one."""
    trial = uuid4()
    own = notice.model_copy(update={"thread": f"xem-truoc-{trial}@commune-roster"})
    message = Outgoing(reference=f"xem-truoc-{trial}@commune-roster", address=to, notice=own, blocks=blocks)
    relays: list[Provider | Simulated] = (
        [Simulated(ChannelName.EMAIL)] if settings.notifier_simulated else list(settings.list_providers().mail_relays)
    )
    answer = Answer(Outcome.TRANSIENT, "provider.away")
    for relay in relays:
        answer = await _hand_over(settings, relay, message)
        if answer.outcome is not Outcome.TRANSIENT or answer.may_have_left:
            break
    vi, en = REASONS[answer.reason] if answer.reason else (None, None)
    if answer.outcome is Outcome.TRANSIENT:
        vi, en = NOT_NOW
    return TrialMailAnswer.model_validate(
        {"outcome": OUTCOMES[answer.outcome], "to": mask_address(to), "reason_vi": vi, "reason_en": en}
    )


async def _hand_over(settings: Settings, relay: Provider | Simulated, message: Outgoing) -> Answer:
    channel = open_channel(relay, settings)
    try:
        return await channel.send(message)
    finally:
        await channel.close()
