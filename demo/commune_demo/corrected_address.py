"""Chapter: one person's mail is refused for good; the address is corrected and the mail sent again, once, to that."""

import re
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.sinks import address_of, read_inbox

DEADLINE_SECONDS = 60


class CorrectedAddress:
    """`break_address` before the plan is published, `correct` once its messages are out, `hold_against_sinks` last."""

    def __init__(self, *, roster: Api, notifier: Api, mail_page: str, inbox: Path) -> None:
        self._roster, self._notifier = roster, notifier
        self._mail_page, self._inbox = mail_page, inbox
        self._person: Mapping[str, Any] = {}
        self.wrong = ""
        self.corrected = ""
        self.chapter = Chapter(
            "corrected_address", "Một địa chỉ sai, rồi được sửa", "An address corrected after failing"
        )

    def break_address(self, plan_id: str) -> None:
        """From now on the mail server knows nobody of the address that one placed person's list has."""
        placements = self._roster.list_all(f"/v1/plans/{plan_id}/placements")
        self._person = max(placements, key=lambda row: str(row["email"]))
        self.wrong = self._person["email"]
        self._script([{"action": "reply", "code": 550, "match": f"^{re.escape(self.wrong)}$"}])

    def correct(self, plan_id: str, wait: Callable[[], object]) -> None:
        """The officer sees who was not reached; the address is corrected; the mail is sent again."""
        query = {"plan_id": plan_id, "channel": "email", "status": "failed"}
        failed = list(self._notifier.list_all("/v1/messages", **query))
        self.chapter.expect("refused", wanted=1, came=len(failed))
        if not failed:
            return
        account, domain = self.wrong.split("@")
        self.corrected = f"{account}.moi@{domain}"
        self._roster.patch(f"/v1/volunteers/{self._person['volunteer_id']}", {"email": self.corrected})
        answer = self._notifier.post(f"/v1/messages/{failed[0]['id']}/resend", {"reason": "Trường đã sửa địa chỉ"})
        wait()
        self._wait_for_mail()
        self.chapter.tell(
            f"Máy chủ thư từ chối: {failed[0]['reason_vi']} Trường sửa địa chỉ; thư được gửi lại tới {answer['to']}.",
            f"The mail server refused: {failed[0]['reason_en']} The school corrected the address; the mail went again"
            f" to {answer['to']}.",
        )

    def hold_against_sinks(self, first_mails: list[EmailMessage]) -> Chapter:
        """`first_mails`: what had arrived when everyone had been told of the plan."""
        came = [address_of(mail) for mail in first_mails]
        self.chapter.expect("mails_to_the_corrected_address", wanted=1, came=came.count(self.corrected))
        self.chapter.expect("mails_to_the_wrong_address", wanted=0, came=came.count(self.wrong))
        return self.chapter

    def _wait_for_mail(self) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            if any(address_of(mail) == self.corrected for mail in read_inbox(self._inbox)):
                return
            time.sleep(0.2)

    def _script(self, rules: list[dict[str, Any]]) -> None:
        httpx.post(f"{self._mail_page}/script", json=rules, timeout=30).raise_for_status()
