"""From a provider's description to the connection that speaks with it."""

from notifier.channels.answer import Channel
from notifier.channels.email import EmailChannel
from notifier.channels.sms import SmsChannel
from notifier.providers import MailRelay, Provider, SmsGateway
from notifier.settings import Settings


def open_channel(provider: Provider, settings: Settings) -> Channel:
    """One connection of its own; nothing is connected before the first message."""
    seconds = settings.notifier_send_seconds
    match provider:
        case MailRelay():
            return EmailChannel(provider, mail_from=settings.mail_from, send_seconds=seconds)
        case SmsGateway():
            return SmsChannel(provider, send_seconds=seconds)
    raise TypeError(type(provider).__name__)
