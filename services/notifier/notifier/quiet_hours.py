"""When no telephone should ring: text messages that are not urgent wait for the morning. Vietnam's time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from notifier.settings import Settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def is_quiet(settings: Settings, now: datetime) -> bool:
    """Whether `now` (aware) lies between SMS_QUIET_FROM and SMS_QUIET_UNTIL, over midnight too. Never where not set."""
    since, until = settings.sms_quiet_from, settings.sms_quiet_until
    if since is None or until is None:
        return False
    at = now.astimezone(VIETNAM).time()
    return since <= at < until if since <= until else at >= since or at < until
