"""Production starts with secrets that are some, in every service; who does not say where it runs runs in production."""

import base64
import secrets
from pathlib import Path
from typing import Any

import pytest
from commune_service.data_keys import DEVELOPMENT_DATA_KEYS, add_key, new_data_keys
from commune_service.secrets import find_weakness
from commune_stack.keys import Keys
from matching_worker.settings import Settings as MatchingSettings
from notifier.settings import DEVELOPMENT_RECEIPT_SECRET
from notifier.settings import Settings as NotifierSettings
from pydantic import ValidationError
from roster_api.settings import Settings as RosterSettings


def receipt_secret(size: int = 32) -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(size)).decode()


def secret() -> str:
    return secrets.token_hex(32)


ROSTER: tuple[Any, str, dict[str, str]] = (
    RosterSettings,
    "ROSTER",
    {
        "ROSTER_DATABASE_URL": "postgresql://db/roster",
        "ROSTER_LINK_SECRET": secret(),
        "ROSTER_DATA_KEYS": new_data_keys(),
        "ROSTER_LOOKUP_KEY": secret(),
        "ROSTER_BOOTSTRAP_KEY": secret(),
        "ROSTER_SOLVER_KEY": secret(),
        "ROSTER_NOTIFIER_KEY": secret(),
        "NOTIFIER_OFFICE_KEY": secret(),
        "ROSTER_PUBLIC_URL": "https://roster.example.vn",
    },
)
NOTIFIER: tuple[Any, str, dict[str, str]] = (
    NotifierSettings,
    "NOTIFIER",
    {
        "NOTIFIER_DATABASE_URL": "postgresql://db/notifier",
        "ROSTER_NOTIFIER_KEY": secret(),
        "NOTIFIER_API_KEY": secret(),
        "NOTIFIER_ADMIN_KEY": secret(),
        "NOTIFIER_OFFICE_KEY": secret(),
        "NOTIFIER_DATA_KEYS": new_data_keys(),
        "SMS_GATEWAY_KEY": secret(),
        "SMS_RECEIPT_SECRET": receipt_secret(),
        "SMTP_TLS": "required",
        "SMS_GATEWAY_URL": "https://gateway.example.vn",
    },
)
MATCHING: tuple[Any, str, dict[str, str]] = (MatchingSettings, "MATCHING", {"ROSTER_SOLVER_KEY": secret()})
SERVICES = (ROSTER, NOTIFIER, MATCHING)
WEAK = {
    "empty": "",
    "short": "a7c1e9b3d5f2",
    "of one character": "a" * 40,
    "of few characters": "abcabcabd" * 5,
    "a development value": "development-" + "0123456789abcdef" * 2,
    "a development value in other letters": "DEVELOPMENT-" + "0123456789abcdef" * 2,
}
MAY_BE_EMPTY = {("ROSTER_BOOTSTRAP_KEY", "empty"), ("NOTIFIER_OFFICE_KEY", "empty")}
CASES = [
    (service, prefix, good, name, kind)
    for service, prefix, good in SERVICES
    for name in good
    for kind in WEAK
    if name.endswith(("_KEY", "ROSTER_LINK_SECRET")) and (name, kind) not in MAY_BE_EMPTY
]


def start(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, values: dict[str, str], *, stated: str = "production"
) -> Any:
    """The service's settings as its process reads them."""
    for name in {name for _, _, good in SERVICES for name in good} | {
        "ROSTER_DATA_KEYS_FILE",
        "ALLOW_CLEARTEXT",
        "ROSTER_PORTAL_ORIGINS",
    }:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{prefix}_ENVIRONMENT", stated)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return service()


@pytest.mark.parametrize(("service", "prefix", "good"), SERVICES)
def test_production_starts_with_real_secrets(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, good: dict[str, str]
) -> None:
    assert start(monkeypatch, service, prefix, good)


@pytest.mark.parametrize(("service", "prefix", "good", "name", "kind"), CASES)
def test_production_refuses_a_weak_secret_by_name_and_does_not_print_it(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, good: dict[str, str], name: str, kind: str
) -> None:
    with pytest.raises(ValidationError, match=name) as refused:
        start(monkeypatch, service, prefix, good | {name: WEAK[kind]})
    assert not WEAK[kind] or WEAK[kind] not in str(refused.value)


@pytest.mark.parametrize(("service", "prefix", "good"), SERVICES)
def test_whoever_does_not_say_where_it_runs_runs_in_production(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, good: dict[str, str]
) -> None:
    weak = {name: "" if name.endswith(("_KEY", "ROSTER_LINK_SECRET")) else value for name, value in good.items()}
    assert start(monkeypatch, service, prefix, weak, stated="development")
    monkeypatch.delenv(f"{prefix}_ENVIRONMENT")
    with pytest.raises(ValidationError, match="is empty"):
        service()


@pytest.mark.parametrize(("service", "prefix", "good"), [ROSTER, NOTIFIER])
def test_production_refuses_one_secret_used_twice(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, good: dict[str, str]
) -> None:
    one, other = [name for name in good if name.endswith(("_KEY", "ROSTER_LINK_SECRET"))][:2]
    with pytest.raises(ValidationError, match=f"{other} and {one} are the same"):
        start(monkeypatch, service, prefix, good | {other: good[one]})


@pytest.mark.parametrize("value", ["", "whsec_", "whsec_YQ", "whsec_!!!!", "no base64 at all"])
@pytest.mark.parametrize("stated", ["development", "production"])
def test_a_receipt_secret_that_cannot_be_read_stops_the_notifier_at_its_start(
    monkeypatch: pytest.MonkeyPatch, value: str, stated: str
) -> None:
    service, prefix, good = NOTIFIER
    with pytest.raises(ValidationError, match="SMS_RECEIPT_SECRET"):
        start(monkeypatch, service, prefix, good | {"SMS_RECEIPT_SECRET": value}, stated=stated)


@pytest.mark.parametrize(
    "value",
    ["whsec_YQ==", receipt_secret(23), DEVELOPMENT_RECEIPT_SECRET],
    ids=["one byte", "one byte too few", "the one for development"],
)
def test_production_refuses_a_receipt_secret_that_can_be_guessed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    service, prefix, good = NOTIFIER
    with pytest.raises(ValidationError, match="SMS_RECEIPT_SECRET"):
        start(monkeypatch, service, prefix, good | {"SMS_RECEIPT_SECRET": value})
    assert start(monkeypatch, service, prefix, good | {"SMS_RECEIPT_SECRET": receipt_secret(24)})


def test_the_secrets_the_stack_makes_for_itself_would_do_in_production() -> None:
    keys = Keys()
    for name in ("admin", "solver", "roster_notifier", "notifier", "link_secret", "sms"):
        assert find_weakness(name, getattr(keys, name)) is None


@pytest.mark.parametrize(
    ("service", "prefix", "good", "name", "value"),
    [
        (*ROSTER, "ROSTER_PUBLIC_URL", "http://roster.example.vn"),
        (*ROSTER, "ROSTER_PUBLIC_URL", ""),
        (*ROSTER, "ROSTER_PORTAL_ORIGINS", "https://a.example.vn, http://b.example.vn"),
        (*NOTIFIER, "SMTP_TLS", "none"),
        (*NOTIFIER, "SMS_GATEWAY_URL", "http://gateway.example.vn"),
    ],
)
def test_production_refuses_what_would_travel_in_clear_unless_it_is_stated(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, good: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(ValidationError, match=f"{name}.*ALLOW_CLEARTEXT"):
        start(monkeypatch, service, prefix, good | {name: value})
    assert start(monkeypatch, service, prefix, good | {name: value, "ALLOW_CLEARTEXT": "1"})
    assert start(monkeypatch, service, prefix, good | {name: value}, stated="development")


@pytest.mark.parametrize("stated", ["development", "production"])
def test_the_setting_that_never_demanded_encryption_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    service, prefix, good = NOTIFIER
    monkeypatch.setenv("SMTP_STARTTLS", "true")
    with pytest.raises(ValidationError, match="SMTP_STARTTLS is gone: set SMTP_TLS"):
        start(monkeypatch, service, prefix, good, stated=stated)


@pytest.mark.parametrize(
    "keys",
    ["", "%% unreadable %%", "e30=", DEVELOPMENT_DATA_KEYS, add_key(DEVELOPMENT_DATA_KEYS)],
    ids=["none", "unreadable", "empty", "those for development", "one of them for development"],
)
@pytest.mark.parametrize(("service", "prefix", "good"), [ROSTER, NOTIFIER])
def test_production_refuses_data_keys_that_seal_nothing(
    monkeypatch: pytest.MonkeyPatch, service: Any, prefix: str, good: dict[str, str], keys: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        start(monkeypatch, service, prefix, good | {f"{prefix}_DATA_KEYS": keys})
    assert f"{prefix}_DATA_KEYS" in str(refused.value) or "are no keyset" in str(refused.value)
    assert not keys or keys not in str(refused.value)


def test_data_keys_may_stand_in_a_file_and_one_that_cannot_be_read_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service, prefix, good = ROSTER
    file = tmp_path / "keys"
    with pytest.raises(ValidationError, match="cannot be read"):
        start(monkeypatch, service, prefix, good | {"ROSTER_DATA_KEYS_FILE": str(file)})
    file.write_text(good["ROSTER_DATA_KEYS"] + "\n")
    started = start(monkeypatch, service, prefix, good | {"ROSTER_DATA_KEYS": "", "ROSTER_DATA_KEYS_FILE": str(file)})
    assert started.make_sealer()
