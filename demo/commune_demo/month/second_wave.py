"""The second wave: drafted by least change while the month ends, published, and each of its people told once."""

import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from commune_demo import case, officer
from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.last_words import Heard, list_uneven
from commune_demo.sinks import address_of, expected_of, list_mail_faults, read_inbox, read_sms

WAVE = {"name": "Đợt 2: 162 người", "starts_on": "2027-01-11", "ends_on": "2027-02-03"}
PEOPLE = 162
"""Who are there for it: those who served, and those who waited."""
SECONDS, TOLD_SECONDS = 2, 60
ROOM = 2
"""Changes for each who waits: they join, and somebody makes room for them."""


def count_allowed(served: int) -> int:
    """How many people may be placed otherwise than in the first wave."""
    return ROOM * max(0, PEOPLE - served)


class SecondWave:
    """`begin` asks for its plan; `end` publishes it and holds what arrived in the sinks against it."""

    def __init__(self, *, admin: Api, output: Path, chapter: Chapter) -> None:
        self._admin, self._output, self._chapter = admin, output, chapter

    def begin(self, path: str, *, served: int) -> tuple[Mapping[str, Any], str]:
        """Who served stays; only as much may change as there are people who wait. No commune changes its school."""
        wave = self._admin.post(f"{path}/next-wave", WAVE)
        after = f"/v1/campaigns/{wave['campaign_id']}"
        self._admin.post(f"{after}/open")
        caps = {"max_lead_changes": 0, "max_placement_changes": count_allowed(served)}
        body = {"scenario": "Ít thay đổi nhất", "options": {"time_limit_seconds": SECONDS, "workers": 1} | caps}
        run = self._admin.post(f"{after}/matching-runs", body)
        return wave, str(run["id"])

    def end(self, campaign_id: str, run_id: str, *, served: int) -> Mapping[str, Any]:
        """It beside the first wave, `allowed`: how many changes may be in it; and how many people were told of it."""
        run = officer.follow_run(self._admin, run_id, lambda _: None)
        if run["status"] != "succeeded":
            self._chapter.faults.append(f"month: the second wave's run ended {run['status']}")
            return {"people_told": 0}
        changes: Mapping[str, Any] = self._admin.get(f"/v1/campaigns/{campaign_id}/wave-changes")
        least = (run["least_changes"] or {}).get("people") or {"at_most": 0}
        return {**changes, "allowed": count_allowed(served) + least["at_most"], "people_told": self._publish(run)}

    def _publish(self, run: Mapping[str, Any]) -> int:
        """How many people were told. Each gets one mail, of their own days, and one text; nobody gets two."""
        mails, texts = len(read_inbox(self._output / "inbox")), len(read_sms(self._output / "sms.jsonl"))
        plan = officer.publish(self._admin, dict(run))
        names = {commune.code: commune.full_name for commune in case.communes()}
        rows = self._admin.list_all(f"/v1/plans/{plan['id']}/placements")
        placed = [expected_of(row, names[row["commune_code"]]) for row in rows]
        emails, phones = ({getattr(person, name) for person in placed} for name in ("email", "phone"))
        deadline = time.monotonic() + TOLD_SECONDS
        while True:
            arrived = read_inbox(self._output / "inbox")[mails:]
            heard = Heard.of(arrived, read_sms(self._output / "sms.jsonl")[texts:])
            if (emails <= heard.emails.keys() and phones <= heard.sms.keys()) or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        faults = list_uneven(heard.of_these(emails, phones), emails=emails, phones=phones) + list_wrong_mails(
            arrived, placed
        )
        self._chapter.faults += [f"month, second wave: {fault}" for fault in faults]
        return len(placed)


def list_wrong_mails(arrived: Sequence[EmailMessage], placed: Sequence[Any]) -> list[str]:
    """Whatever the mails of the wave do not say of their people's placements."""
    by_email = {person.email: person for person in placed}
    of_people = [(mail, by_email.get(address_of(mail))) for mail in arrived]
    return [fault for mail, person in of_people if person for fault in list_mail_faults(mail, person)]
