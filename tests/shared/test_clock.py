"""One clock for every rule about today: in development a file moves it, for everybody at once; production refuses."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commune_portal.settings import Settings as PortalSettings
from commune_service import clock
from commune_service.database_clock import NOW, TODAY
from notifier.settings import Settings as NotifierSettings
from pydantic import ValidationError
from roster_api.settings import Settings as RosterSettings

ROSTER = {"database_url": "postgresql://db/roster"}
NOTIFIER = {"notifier_database_url": "postgresql://db/notifier"}
PORTAL = {"roster_url": "http://roster", "issuer_url": "http://issuer"}


@pytest.fixture(autouse=True)
def the_clock_is_right_again() -> Iterator[None]:
    yield
    clock.follow_file(None)


def test_a_file_moves_the_clock_whenever_it_changes_and_its_absence_puts_it_right(tmp_path: Path) -> None:
    clock.follow_file(tmp_path / "clock")
    assert clock.read_shift() == timedelta()
    (tmp_path / "clock").write_text("-86400\n")
    assert clock.read_shift() == timedelta(days=-1)
    (tmp_path / "clock").write_text(str(30 * 86400))
    assert clock.now() - datetime.now(UTC) > timedelta(days=29, hours=23)
    assert clock.today() == clock.now().astimezone(clock.LOCAL).date()
    (tmp_path / "clock").unlink()
    assert clock.read_shift() == timedelta()


def test_a_file_without_a_number_is_named(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("tomorrow")
    clock.follow_file(tmp_path / "clock")
    with pytest.raises(ValueError, match="holds no number of seconds: 'tomorrow'"):
        clock.now()


def test_sql_is_told_the_shift_when_a_statement_is_sent() -> None:
    clock.shift_by(60)
    (shift,) = NOW.compile().params.values()
    assert shift == timedelta(seconds=60)
    clock.shift_by(120)
    assert timedelta(seconds=120) in TODAY.compile().params.values()


@pytest.mark.parametrize(
    ("settings", "values", "environment"),
    [
        (RosterSettings, ROSTER, "environment"),
        (NotifierSettings, NOTIFIER, "notifier_environment"),
        (PortalSettings, PORTAL, "environment"),
    ],
)
def test_production_refuses_a_moved_clock(settings: Any, values: dict[str, str], environment: str) -> None:
    moved = {"clock_file": Path("clock")}
    assert settings(**values, **moved, **{environment: "development"}).clock_file == Path("clock")
    with pytest.raises(ValidationError, match="CLOCK_FILE moves the clock"):
        settings(**values, **moved, **{environment: "production"})
