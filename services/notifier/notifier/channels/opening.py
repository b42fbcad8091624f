"""From a provider's description to the connection that speaks with it."""

from notifier.channels.answer import Channel
from notifier.channels.email import EmailChannel
from notifier.channels.simulator import Simulated, SimulatedChannel
from notifier.channels.sms import SmsChannel
from notifier.channels.test_mode import GuardedChannel, address_of
from notifier.providers import MailRelay, Provider, SmsGateway
from notifier.settings import Settings


def open_channel(provider: Provider | Simulated, settings: Settings) -> Channel:
    """One connection of its own; nothing is connected before the first message. Outside production it is guarded."""
    match provider:
        case Simulated():
            return SimulatedChannel(provider.channel)
        case MailRelay() | SmsGateway():
            channel = _open(provider, settings)
            if settings.is_production:
                return channel
            return GuardedChannel(
                channel,
                relay=address_of(provider),
                test_relays=settings.notifier_test_relays,
                recipients=settings.notifier_test_recipients,
            )
    raise TypeError(type(provider).__name__)


def _open(provider: MailRelay | SmsGateway, settings: Settings) -> Channel:
    seconds = settings.notifier_send_seconds
    if isinstance(provider, MailRelay):
        return EmailChannel(
            provider, mail_from=settings.mail_from, send_seconds=seconds, bounces_to=settings.mail_bounce_address
        )
    return SmsChannel(provider, send_seconds=seconds)
