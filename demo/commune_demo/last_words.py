"""After several versions of a plan: who got how many messages of one version, and what each person heard last."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Self

from commune_schemas.amounts import amount

from commune_demo.sinks import Expected, address_of, calendar_events, list_mail_faults


@dataclass(frozen=True)
class Heard:
    """How many mails came to each address, and texts to each number."""

    emails: Counter[str]
    sms: Counter[str]

    @classmethod
    def of(cls, mails: Iterable[EmailMessage], texts: Iterable[Mapping[str, str]]) -> Self:
        return cls(Counter(address_of(mail) for mail in mails), Counter(text["to"] for text in texts))

    def of_these(self, emails: Collection[str], phones: Collection[str]) -> "Heard":
        """Of these addresses and numbers alone."""
        return Heard(
            Counter({address: count for address, count in self.emails.items() if address in emails}),
            Counter({number: count for number, count in self.sms.items() if number in phones}),
        )


def list_uneven(heard: Heard, *, emails: Iterable[str], phones: Iterable[str]) -> list[str]:
    """Faults: those concerned who did not get exactly one of each, and messages to anybody else."""
    faults = []
    for kind, came, wanted in (("e-mail", heard.emails, set(emails)), ("SMS", heard.sms, set(phones))):
        none, several = wanted - came.keys(), [address for address in wanted if came[address] > 1]
        others = came.keys() - wanted
        faults += [f"no {kind} for {len(none)} of {amount(len(wanted), 'person')} concerned"] if none else []
        faults += [f"several of {kind} for {amount(len(several), 'person')}"] if several else []
        faults += (
            [f"{kind} to {amount(len(others), 'person who is', 'people who are')} not concerned"] if others else []
        )
    return faults


def hold_last_words(mails: Sequence[EmailMessage], in_force: Sequence[Expected]) -> list[str]:
    """Faults: the last mail of whoever is placed tells their placement, of anybody else that it is off.

    The numbers of a person's calendar file only go up: a calendar believes the highest.
    """
    faults = []
    by_email = {person.email: person for person in in_force}
    by_address: dict[str, list[EmailMessage]] = {}
    for mail in mails:
        by_address.setdefault(address_of(mail), []).append(mail)
    faults += [f"{person.volunteer_id} never got a mail" for person in in_force if person.email not in by_address]
    for address, of_person in by_address.items():
        person = by_email.get(address)
        if person is not None:
            faults += [
                f"last mail of {person.volunteer_id}: {fault}" for fault in list_mail_faults(of_person[-1], person)
            ]
        elif [str(event["STATUS"]) for event in calendar_events(of_person[-1])] != ["CANCELLED"]:
            faults.append("the last mail of somebody who is not placed does not take the placement off")
        if not _only_goes_up([event for mail in of_person for event in calendar_events(mail)]):
            faults.append("a calendar file has a lower number than the one before")
    return faults


def _only_goes_up(events: Sequence[Any]) -> bool:
    numbers = [int(str(event["SEQUENCE"])) for event in events]
    return numbers == sorted(set(numbers))
