"""Chapter: 243 promised and 162 came. Two drafts are made; the younger is published, then the older one over it."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from commune_schemas.amounts import amount

from commune_demo import case, officer
from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.last_words import Heard, hold_last_words, list_uneven
from commune_demo.sinks import Expected, expected_of, read_inbox, read_sms, split_inbox

LEAVING = 81
TIME_LIMIT_SECONDS = 2
OLDER_CAP, YOUNGER_CAP = 0, 10
"""At most so many changes beyond those that must be: yesterday's draft and today's."""
SEED = 162


class Replanning:
    """`play` does it all, over the public API alone; what people got is read from the sinks."""

    def __init__(self, *, roster: Api, notifier: Api, output: Path, schools: Collection[str]) -> None:
        """`schools`: the addresses of the schools' contacts, whose mails are another matter."""
        self._roster, self._notifier, self._output, self._schools = roster, notifier, output, schools
        self.chapter = Chapter("replanning", "243 người được hứa, 162 người đến", "243 promised, 162 came")

    def play(self, plan: Mapping[str, Any], *, staying: Collection[str], show: Callable[[str], None]) -> Chapter:
        """`staying`: volunteers who are not among those who leave."""
        campaign_id = str(plan["campaign_id"])
        self._withdraw(staying)
        asked = [
            self._ask(campaign_id, "Phương án hôm qua", OLDER_CAP),
            self._ask(campaign_id, "Phương án hôm nay", YOUNGER_CAP),
        ]
        older, younger = [self._draft(run_id) for run_id in asked]
        self._tell_least(older)
        upon_first = {"base_plan_id": plan["id"]}
        self._roster.post(f"/v1/matching-runs/{older['id']}/approve", upon_first)
        show(self._publish(younger, "published_today"))
        refusal = officer.expect_refusal(
            lambda: self._roster.post(f"/v1/matching-runs/{older['id']}/publish", upon_first)
        )
        if refusal.problem.get("code") != "plan.base_moved":
            self.chapter.faults.append(f"replanning: the older draft was refused as {refusal.problem.get('code')}")
        self.chapter.tell(str(refusal.problem.get("detail_vi", "")), str(refusal.problem.get("detail", "")))
        show(self._publish(older, "published_yesterdays"))
        self._hold_last_words(older)
        return self.chapter

    def _withdraw(self, staying: Collection[str]) -> None:
        people = sorted(row["id"] for row in self._roster.list_all("/v1/volunteers"))
        leaving = random.Random(SEED).sample([person for person in people if person not in staying], LEAVING)
        self._roster.post("/v1/volunteers/withdraw", {"volunteer_ids": leaving})
        came = len(case.people()) - len(leaving)
        self.chapter.facts |= {"promised": len(case.people()), "left": len(leaving), "came": came}
        self.chapter.tell(f"{LEAVING} người rút; còn {came} người.", f"{LEAVING} people left; {came} remain.")

    def _ask(self, campaign_id: str, scenario: str, beyond: int) -> str:
        """Both are asked for upon the plan in force, and computed beside one another."""
        options = {"time_limit_seconds": TIME_LIMIT_SECONDS, "workers": 1, "max_placement_changes": beyond}
        body = {"scenario": scenario, "options": options | {"max_lead_changes": 0}, "force": True}
        return str(self._roster.post(f"/v1/campaigns/{campaign_id}/matching-runs", body)["id"])

    def _draft(self, run_id: str) -> dict[str, Any]:
        """A run that ended well, with its draft."""
        run = officer.follow_run(self._roster, run_id, lambda _: None)
        if run["status"] != "succeeded":
            raise RuntimeError(f"planning again ended {run['status']}: {run['failure'] or run['conflict']}")
        return run

    def _tell_least(self, run: Mapping[str, Any]) -> None:
        for name, least in (run["least_changes"] or {}).items():
            if least:
                self.chapter.facts |= {f"{name}_at_least": least["at_least"], f"{name}_at_most": least["at_most"]}
                self.chapter.tell(least["vi"], least["en"])

    def _publish(self, run: Mapping[str, Any], name: str) -> str:
        """Everyone concerned, and nobody else, gets one mail and one text. What to show of it."""
        mails, texts = self._arrived()
        changes = self._roster.get(f"/v1/plans/{run['plan_id']}/changes")
        concerned = [person["volunteer_id"] for person in changes["people"]]
        plan = officer.publish(self._roster, dict(run))
        officer.follow_messages(self._notifier, plan["id"], expected=2 * len(concerned), show=lambda _: None)
        mails_now, texts_now = self._arrived()
        people = {row["id"]: row for row in self._roster.list_all("/v1/volunteers")}
        reached = [people[person] for person in concerned]
        heard = Heard.of(mails_now[len(mails) :], texts_now[len(texts) :])
        uneven = list_uneven(heard, emails=[p["email"] for p in reached], phones=[p["phone"] for p in reached])
        self.chapter.faults += [f"replanning, version {plan['version']}: {fault}" for fault in uneven]
        self.chapter.facts |= {f"{name}_version": plan["version"], f"{name}_concerned": len(concerned)}
        counts = changes["counts"]
        vi = (
            f"Phương án số {plan['version']}: {counts['new']} người mới, {counts['changed']} thay đổi,"
            f" {counts['withdrawn']} thôi; {len(concerned)} email và {len(concerned)} SMS"
        )
        en = f"{amount(counts['new'], 'person')} new, {counts['changed']} changed, {counts['withdrawn']} withdrawn"
        self.chapter.tell(f"{vi}.", f"Version {plan['version']}: {en}; one mail and one text each.")
        return vi

    def _hold_last_words(self, run: Mapping[str, Any]) -> None:
        """Whatever came before, what each person heard last is what holds."""
        names = {commune.code: commune.full_name for commune in case.communes()}
        placements = self._roster.list_all(f"/v1/plans/{run['plan_id']}/placements")
        in_force: list[Expected] = [expected_of(row, names[row["commune_code"]]) for row in placements]
        mails, _ = self._arrived()
        self.chapter.facts["in_force"] = len(in_force)
        self.chapter.faults += [f"replanning: {fault}" for fault in hold_last_words(mails, in_force)]

    def _arrived(self) -> tuple[Sequence[EmailMessage], Sequence[Mapping[str, str]]]:
        to_people, _ = split_inbox(read_inbox(self._output / "inbox"), schools=self._schools)
        return to_people, read_sms(self._output / "sms.jsonl")
