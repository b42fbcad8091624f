"""Chapter: four deputy directors follow the communes in groups; each is told of the own communes once."""

import time
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from commune_schemas.amounts import amount

from commune_demo import case, officer
from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.sinks import address_of, read_inbox

BALANCE_PCT = 10
TIME_LIMIT_SECONDS = 5
MAIL_SECONDS = 30
WITHOUT_ACCOUNT = (
    {"name": "Lê Phó Giám Đốc Hai", "email": "phogiamdoc2.khcn@example.vn"},
    {"name": "Ngô Phó Giám Đốc Ba", "email": "phogiamdoc3.khcn@example.vn"},
    {"name": "Mai Phó Giám Đốc Bốn", "email": "phogiamdoc4.khcn@example.vn"},
)


class Oversight:
    """`ask` while the workers have nothing else to do, `publish` later."""

    def __init__(self, *, admin: Api, inbox: Path) -> None:
        self._admin, self._inbox = admin, inbox
        self._run_id = ""
        self._deputy: dict[str, Any] = {}
        self.chapter = Chapter("oversight", "Nhóm xã của từng phó giám đốc", "Each deputy director's communes")

    def ask(self, campaign_id: str) -> None:
        """One of the deputies signs in to the portal; the others are known by name and e-mail."""
        accounts = self._admin.list_all("/v1/accounts")
        self._deputy = next(
            account
            for account in accounts
            if any((role["role"], role["scope_kind"]) == ("overseer", "province") for role in account["assignments"])
        )
        overseers = [{"account_id": self._deputy["id"]}, *WITHOUT_ACCOUNT]
        body = {"overseers": overseers, "balance_pct": BALANCE_PCT, "time_limit_seconds": TIME_LIMIT_SECONDS}
        self._run_id = self._admin.post(f"/v1/campaigns/{campaign_id}/group-runs", body)["id"]

    def publish(self) -> Chapter:
        """Puts the groups in force, and holds what came in the mail against them."""
        run = officer.follow_run(self._admin, self._run_id, lambda _: None, path="/v1/group-runs")
        if run["status"] != "succeeded":
            raise RuntimeError(f"grouping ended {run['status']}: {run['failure'] or run['conflict']}")
        path = f"/v1/groupings/{run['grouping_id']}"
        self._admin.move(path, "publish")
        grouping = self._admin.get(path)
        self._hold_groups(grouping["groups"])
        self._hold_mails([self._deputy["email"], *(each["email"] for each in WITHOUT_ACCOUNT)])
        return self.chapter

    def _hold_groups(self, groups: Sequence[dict[str, Any]]) -> None:
        """Every commune once, each group in one piece, about the same weight."""
        codes = [commune["commune_code"] for group in groups for commune in group["communes"]]
        self.chapter.expect("communes_followed", wanted=len(case.communes()), came=len(set(codes)))
        self.chapter.expect("communes_followed_twice", wanted=0, came=len(codes) - len(set(codes)))
        self.chapter.expect("groups_in_one_piece", wanted=len(groups), came=sum(g["is_connected"] for g in groups))
        mean = sum(group["weight"] for group in groups) / len(groups)
        beyond = sum(abs(group["weight"] - mean) * 100 > BALANCE_PCT * mean for group in groups)
        self.chapter.expect("groups_too_heavy_or_light", wanted=0, came=beyond)
        weights = ", ".join(str(group["weight"]) for group in groups)
        self.chapter.tell(
            f"{len(groups)} nhóm, mỗi nhóm liền một mảng; ngày công mỗi tuần: {weights}.",
            f"{amount(len(groups), 'group')}, each in one piece; days a week: {weights}.",
        )

    def _hold_mails(self, addresses: Sequence[str]) -> None:
        """Waits until all are told, or it is late; one mail each is right."""
        deadline = time.monotonic() + MAIL_SECONDS
        while not set(addresses) <= set(self._addressed(read_inbox(self._inbox))) and time.monotonic() < deadline:
            time.sleep(0.2)
        came = [address for address in self._addressed(read_inbox(self._inbox)) if address in addresses]
        self.chapter.expect("overseers_mailed", wanted=len(addresses), came=len(set(came)))
        self.chapter.expect("mails_to_overseers", wanted=len(addresses), came=len(came))

    def _addressed(self, mails: Sequence[EmailMessage]) -> list[str]:
        return [address_of(mail) for mail in mails]
