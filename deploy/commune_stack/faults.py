"""How a sink is told to misbehave: rules in order; the first that fits a recipient and has not worn out counts."""

import re
from collections.abc import Iterable
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Rule(BaseModel):
    """What to do to whom, how often. `match` is searched in the recipient's address or number; empty fits everybody."""

    model_config = ConfigDict(extra="forbid")

    match: str = ""
    times: int | None = Field(None, ge=1, description="how often it applies; without it, until the script changes")

    def fits(self, recipient: str) -> bool:
        return (self.times is None or self.times > 0) and re.search(self.match, recipient) is not None


class MailRule(Rule):
    """refuse: nobody listens. reply: answer RCPT with `code`. hang: wait `seconds` after DATA, then take the message.
    slow_reply: take it, then wait `seconds` before saying so. The others by name: the message is taken, or not, and
    the connection dropped before the answer."""

    action: Literal["refuse", "slow_banner", "reply", "hang", "slow_reply", "drop_before_taking", "drop_after_taking"]
    code: int = Field(451, ge=400, le=599)
    text: str = "said so by the script"
    seconds: float = Field(30, ge=0)


class SmsRule(Rule):
    """reply: answer with `status` and take nothing. hang: the same after `seconds`. slow_reply: take the message, then
    wait `seconds` before saying so. lose_reply: take it, then drop the connection without an answer."""

    action: Literal["reply", "hang", "slow_reply", "lose_reply"]
    status: int = Field(503, ge=400, le=599)
    code: str = "scripted"
    retry_after_seconds: int | None = None
    seconds: float = Field(30, ge=0)


class ReceiptRule(Rule):
    """The receipt of a message: what it says, when, how often; forged ones carry a signature by another secret."""

    status: Literal["delivered", "failed"] = "delivered"
    reason: str | None = None
    delay_seconds: float = Field(0, ge=0)
    copies: int = Field(1, ge=0, description="0: no receipt ever comes")
    forged: bool = False
    then_true: bool = Field(False, description="after a forged one comes the true one: delivered")
    before_reply: bool = False


SomeRule = TypeVar("SomeRule", bound=Rule)


def first_fitting(rules: Iterable[SomeRule], recipient: str) -> SomeRule | None:
    """The rule that applies now. It wears out by one use."""
    for rule in rules:
        if rule.fits(recipient):
            if rule.times is not None:
                rule.times -= 1
            return rule
    return None
