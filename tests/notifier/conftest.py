"""The notifier's world: a database of the test's own, real sinks, a small roster-api."""

from collections.abc import AsyncIterator

import pytest
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway

from tests.notifier.world import World, notifier_world


@pytest.fixture
async def world(notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway) -> AsyncIterator[World]:
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


@pytest.fixture
async def world_with_redis(
    notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway, redis_url: str
) -> AsyncIterator[World]:
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway, redis_url=redis_url) as made:
        yield made
