"""The environment variables of test mode (channels/test_mode.py), part of the notifier's settings."""

from typing import Annotated, Self

from pydantic import ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

ON_THIS_MACHINE = ("127.0.0.1:", "localhost:")
NOBODYS = (
    "*@example.vn",
    "*@*.example.vn",
    "*@example.com",
    "*@example.org",
    "*@example.net",
    "*@*.example",
    "*@*.test",
    "*@*.invalid",
    "+8495*",
)
"""Names reserved for examples (RFC 2606, RFC 6761), and 095, which is no network's any more."""


class TestModeSettings(BaseSettings):
    """What stands before every real channel outside production."""

    __test__ = False  # pytest takes what is called Test... for one of its own

    notifier_test_relays: Annotated[tuple[str, ...], NoDecode] = ()
    """Outside production messages go to these alone, 'host:port' with `*` for any, commas between; and there only to"""
    notifier_test_recipients: Annotated[tuple[str, ...], NoDecode] = NOBODYS
    """addresses and numbers that are nobody's. `*` is allowed where all relays named above are on this machine."""
    notifier_simulated: bool = False
    """Every message goes to the simulator, as those of a sandbox campaign always do: nothing leaves the process."""

    @field_validator("notifier_test_relays", "notifier_test_recipients", mode="before")
    @classmethod
    def _split(cls, given: object, info: ValidationInfo) -> object:
        """Empty is absent."""
        if not isinstance(given, str):
            return given
        parts = tuple(part.strip() for part in given.split(",") if part.strip())
        return NOBODYS if not parts and info.field_name == "notifier_test_recipients" else parts

    @model_validator(mode="after")
    def _guard_test_mode(self) -> Self:
        is_here = all(relay.startswith(ON_THIS_MACHINE) for relay in self.notifier_test_relays)
        if "*" in self.notifier_test_recipients and not is_here:
            raise ValueError("NOTIFIER_TEST_RECIPIENTS may be * only where NOTIFIER_TEST_RELAYS are on this machine")
        return self
