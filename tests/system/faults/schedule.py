"""A fault schedule: what is done to what, and after which observed progress. One seed makes one list, everywhere."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIRST_SOLVING = "the first run is being solved"
FIRST_PUBLISHED = "the first plan is published"
SECOND_SOLVING = "the second run is being solved"
SECOND_PUBLISHED = "the second plan is published"

SOLVING_WORKER = "the matching worker that solves"
SOLVER_CHILD = "the solver's child process"
EVERYTHING = "every process of ours"
NOTIFIERS = ("notifier-worker-1", "notifier-worker-2")
CONNECTIONS = 2
"""Mails one notifier has in hand at a moment: one by each of two relays."""
POSTGRES_GATE = "the network between notifier and Postgres"
RELAY_GATE = "the first of two relays"
CLOCKS = {"notifier-worker-2": 300, "roster-relay": -300}
"""By how many seconds a process's clock is ahead, all the while."""


def arrived_since(published: str, number: int) -> str:
    return f"{number} messages have arrived since {published}"


class Action(StrEnum):
    KILL = "SIGKILL"
    PAUSE = "SIGSTOP, later SIGCONT"
    AWAY = "SIGKILL, and down for a while"
    WIPE = "SIGKILL, its data lost"
    FLUSH = "FLUSHALL"
    READ_ONLY = "answers, and takes nothing: a replica"
    FULL = "answers, and takes nothing: its memory is full"
    FREEZE = "SIGSTOP to every process of it, later SIGCONT"
    EXHAUST = "every connection it allows is taken"
    REFUSE_MAIL = "nobody listens"
    DROP_MAIL = "connection dropped before a mail is taken"
    DROP_MAIL_TAKEN = "connection dropped after a mail was taken"
    REFUSE_SMS = "503"
    HANG_SMS = "no answer, nothing taken"
    LOSE_SMS_REPLY = "text taken, no answer"
    BUSY_SMS = "429, and when to try again"
    BUSY_MAIL = "421, to everybody"
    DELAY_MAIL = "451"
    DOUBLE_RECEIPTS = "each receipt twice"
    LATE_RECEIPTS = "receipts long after"
    EARLY_RECEIPTS = "receipts before the reply"
    FORGED_RECEIPTS = "forged receipts of failure before the true ones"
    PARTITION = "nothing passes, for now"
    SHUT = "nobody listens, every connection cut"
    FULL_DISK = "its disk is full"


@dataclass(frozen=True)
class Blow:
    """A kind of strike, before chance has chosen its target, length and number."""

    action: Action
    targets: Sequence[str]
    seconds: tuple[float, float] = (0, 0)
    times: tuple[int, int] = (0, 0)
    unknown_mails: int = 0
    """At most so many mails it leaves "unknown"; each of `times` may leave one more."""


@dataclass(frozen=True)
class Strike:
    after: str
    delay_seconds: float
    action: Action
    target: str
    seconds: float
    times: int
    unknown_mails: int

    def __str__(self) -> str:
        length = f", for {self.seconds} s" if self.seconds else ""
        number = f", {self.times} times" if self.times else ""
        return f"{self.delay_seconds} s after {self.after}: {self.target}: {self.action}{length}{number}"


SERVERS = (
    Blow(Action.KILL, ("postgres",)),
    Blow(Action.AWAY, ("postgres",), seconds=(2, 4)),
    Blow(Action.AWAY, ("valkey",), seconds=(2, 4)),
    Blow(Action.WIPE, ("valkey",)),
    Blow(Action.FLUSH, ("valkey",)),
    Blow(Action.READ_ONLY, ("valkey",), seconds=(4, 8)),
    Blow(Action.FULL, ("valkey",), seconds=(4, 8)),
    # A mail that was taken while nobody could write so is held as unknown where that lasts too long.
    Blow(Action.FREEZE, ("postgres",), seconds=(15, 45), unknown_mails=CONNECTIONS * len(NOTIFIERS)),
    Blow(Action.EXHAUST, ("postgres",), seconds=(5, 15), unknown_mails=CONNECTIONS * len(NOTIFIERS)),
    Blow(Action.KILL, ("roster-api",)),
    Blow(Action.KILL, ("roster-relay",)),
    Blow(Action.KILL, ("roster-reader",)),
    Blow(Action.KILL, ("notifier",)),
    Blow(Action.PARTITION, (POSTGRES_GATE,), seconds=(25, 30), unknown_mails=CONNECTIONS * len(NOTIFIERS)),
    Blow(Action.KILL, (EVERYTHING,), unknown_mails=CONNECTIONS * len(NOTIFIERS)),
)
DISK = Blow(Action.FULL_DISK, ("postgres",), seconds=(5, 15), unknown_mails=CONNECTIONS * len(NOTIFIERS))
"""Once in each seed, while most is told."""
AT_SOLVERS = (
    Blow(Action.KILL, (SOLVING_WORKER,)),
    Blow(Action.PAUSE, (SOLVING_WORKER,), seconds=(12, 14)),
    Blow(Action.KILL, (SOLVER_CHILD,)),
)
AT_SENDERS = (
    Blow(Action.KILL, NOTIFIERS, unknown_mails=CONNECTIONS),
    Blow(Action.PAUSE, NOTIFIERS, seconds=(17, 20), unknown_mails=CONNECTIONS),
)
AT_PROVIDERS = (
    Blow(Action.REFUSE_MAIL, ("mail-sink",), seconds=(1, 3), unknown_mails=CONNECTIONS * len(NOTIFIERS)),
    Blow(Action.DROP_MAIL, ("mail-sink",), seconds=(2, 4), times=(1, 3)),
    Blow(Action.DROP_MAIL_TAKEN, ("mail-sink",), seconds=(2, 4), times=(1, 3)),
    Blow(Action.REFUSE_SMS, ("sms-gateway",), seconds=(1, 3), times=(2, 8)),
    Blow(Action.HANG_SMS, ("sms-gateway",), seconds=(12, 13), times=(1, 2)),
    Blow(Action.LOSE_SMS_REPLY, ("sms-gateway",), seconds=(2, 4), times=(1, 4)),
    Blow(Action.SHUT, (RELAY_GATE,), seconds=(5, 15), unknown_mails=len(NOTIFIERS)),
    Blow(Action.BUSY_MAIL, ("mail-sink",), seconds=(1, 3), times=(1, 3)),
    Blow(Action.DELAY_MAIL, ("mail-sink",), seconds=(1, 3), times=(2, 6)),
    Blow(Action.BUSY_SMS, ("sms-gateway",), seconds=(1, 3), times=(2, 8)),
    Blow(Action.DOUBLE_RECEIPTS, ("sms-gateway",), seconds=(3, 6)),
    Blow(Action.LATE_RECEIPTS, ("sms-gateway",), seconds=(3, 6)),
    Blow(Action.EARLY_RECEIPTS, ("sms-gateway",), seconds=(3, 6)),
    Blow(Action.FORGED_RECEIPTS, ("sms-gateway",), seconds=(3, 6)),
)


@dataclass(frozen=True)
class Schedule:
    """`mail` and `sms`: how slow the providers are all the while; a faster one would leave no moment to strike at."""

    seed: int
    mail: dict[str, Any]
    sms: dict[str, Any]
    strikes: tuple[Strike, ...]

    @property
    def unknown_mails(self) -> int:
        """More mails than these the strikes cannot have left "unknown"."""
        return sum(strike.unknown_mails for strike in self.strikes)

    def __str__(self) -> str:
        lines = [f"seed {self.seed}; mail {self.mail}; SMS {self.sms}", *map(str, self.strikes)]
        return "\n  ".join(lines)


def draw(seed: int) -> Schedule:
    rng = random.Random(seed)
    mail = {"action": rng.choice(("hang", "slow_reply")), "seconds": rng.choice((0.1, 0.2, 0.4))}
    sms = {"action": "slow_reply", "seconds": rng.choice((0.05, 0.1, 0.2))}
    return Schedule(seed, mail, sms, tuple(_strikes(rng)))


def _strikes(rng: random.Random) -> Iterator[Strike]:
    """For each of the two plans: four while it is made, eleven while it is told; and a full disk."""
    yield _strike(rng, DISK, after=arrived_since(FIRST_PUBLISHED, rng.randint(100, 300)), within=3)
    for solving, published, many in ((FIRST_SOLVING, FIRST_PUBLISHED, 300), (SECOND_SOLVING, SECOND_PUBLISHED, 8)):
        for blow in (*rng.sample(AT_SOLVERS, 2), *rng.sample(SERVERS, 2)):
            yield _strike(rng, blow, after=solving, within=2)
        sent = [arrived_since(published, rng.randint(1, many)) for _ in range(3)]
        for after in sent[:2]:
            yield _strike(rng, rng.choice(AT_SENDERS), after=after, within=0.5)
        for blow in (*rng.sample(AT_PROVIDERS, 5), *rng.sample(SERVERS, 4)):
            yield _strike(rng, blow, after=rng.choice((published, *sent)), within=3)


def _strike(rng: random.Random, blow: Blow, *, after: str, within: float) -> Strike:
    times = rng.randint(*blow.times)
    return Strike(
        after=after,
        delay_seconds=round(rng.uniform(0, within), 2),
        action=blow.action,
        target=rng.choice(blow.targets),
        seconds=round(rng.uniform(*blow.seconds), 1),
        times=times,
        unknown_mails=blow.unknown_mails + (times if "mail-sink" in blow.targets else 0),
    )
