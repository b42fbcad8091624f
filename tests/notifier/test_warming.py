"""A worker that says that it lives has worked out already what each of its messages needs."""

import pytest
import structlog
from commune_schemas.notices import NoticeKind
from notifier import warming
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.layout import load_layout
from notifier.sample import sample_notice
from notifier.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings(notifier_environment="development", notifier_database_url="postgresql://nobody@127.0.0.1/none")


def test_the_first_mail_reads_no_layout_any_more(settings: Settings) -> None:
    load_layout.cache_clear()
    warming.write_once(settings)
    before = load_layout.cache_info().misses
    write_message(Outgoing("r@x", "a@example.vn", sample_notice(NoticeKind.PLACEMENT_CHANGED)), mail_from="a@b.example")
    assert load_layout.cache_info().misses == before == 1


def test_words_that_cannot_be_written_keep_no_worker_from_sending_the_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise LookupError("no such layout")

    monkeypatch.setattr(warming, "write_message", fail)
    with structlog.testing.capture_logs() as logs:
        warming.write_once(settings)
    assert [(entry["event"], entry["error"]) for entry in logs] == [("worker.not_warmed", "LookupError")]
