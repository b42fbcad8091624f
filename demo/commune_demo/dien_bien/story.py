"""The case as it happens: registers by sheet, the review, a run, decisions, and what arrived. Prints as it goes."""

import json
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from commune_stack.stack import Stack

from commune_demo.api import Api
from commune_demo.console import Console
from commune_demo.dien_bien import registers
from commune_demo.officer import follow_upload
from commune_demo.sinks import address_of, read_inbox, read_sms

SPAN = {"from_on": "2025-10-20", "until_on": "2026-04-19"}
TERMS = {"legal_basis": "Kế hoạch điều động, biệt phái của UBND tỉnh Điện Biên", "signer": "Giám đốc Sở Nội vụ"}
MESSAGES_SECONDS = 240.0
"""The longest that arrivals are waited for; a machine with nothing else to do needs a tenth."""
LIVE = {"queued", "running"}
INTERNAL, FROM_PROVINCE, IT_FROM_PROVINCE = 154, 97, 21
PROVINCE = f"/v1/provinces/{registers.PROVINCE_CODE}"


class DienBien:
    """`tell` plays it once, writes everything under `output`, and says whether all was right."""

    def __init__(self, *, stack: Stack, console: Console, output: Path) -> None:
        self.console, self.output = console, output
        self.admin = Api(stack.addresses.roster_api, stack.keys.admin)
        self.faults: list[str] = []
        self.summary: dict[str, Any] = {"faults": self.faults}

    def tell(self) -> bool:
        with self.admin:
            self._prepare()
            self._send_registers()
            self._review()
            run = self._choose()
            decisions = self._decide(run["id"])
            self._follow_messages(decisions)
            self._live_on(decisions)
        self.summary["seconds"] = {name: round(took, 1) for name, took in self.console.seconds.items()}
        write_json(self.output / "summary.json", self.summary)
        for fault in self.faults:
            self.console.bad(fault)
        return not self.faults

    def _expect(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.faults.append(f"{what}: {found} instead of {wanted}")

    def _prepare(self) -> None:
        with self.console.step("reference", "Danh mục xã và lĩnh vực · Communes and fields"):
            self.admin.post(f"{PROVINCE}/communes/import")
            for field in registers.FIELDS:
                body = {"code": field.code, "name_vi": field.name_vi, "name_en": field.name_en}
                self.admin.post("/v1/fields", body)
            communes = self.admin.get("/v1/communes", province_code=registers.PROVINCE_CODE, limit=1)["total"]
            self.console.good(f"{communes} xã, phường; {len(registers.FIELDS)} lĩnh vực thiếu người")

    def _send_registers(self) -> None:
        with self.console.step("registers", "Sổ đăng ký bằng bảng tính · Registers by sheet"):
            for name, rows, title in (
                ("units", registers.unit_rows(), "DANH SÁCH ĐƠN VỊ"),
                ("staff", registers.staff_rows(), "DANH SÁCH CÁN BỘ, CÔNG CHỨC"),
                ("posts", registers.post_rows(), "VỊ TRÍ VIỆC LÀM CÒN TRỐNG"),
            ):
                content = registers.workbook(rows, title=title)
                (self.output / f"{name}.xlsx").write_bytes(content)
                sent = self.admin.upload(f"{PROVINCE}/registers/{name}", f"{name}.xlsx", content)
                upload = follow_upload(self.admin, sent, kind="register-uploads")
                done = self.admin.post(f"/v1/register-uploads/{upload['id']}/commit")
                self._expect(f"rows of {name} with errors", done["counts"]["error"], 0)
                self.console.good(f"{name}.xlsx: {done['counts']['new']} dòng mới")

    def _review(self) -> None:
        with self.console.step("review", "Rà soát thừa, thiếu · Surplus and shortage"):
            review = self.admin.get(f"{PROVINCE}/staff-review")
            (self.output / "staff-review.xlsx").write_bytes(self.admin.get_bytes(f"{PROVINCE}/staff-review.xlsx"))
            of_communes = sum(one["party"]["staff"] + one["government"]["staff"] for one in review["units"]
                              if one["kind"] == "commune_office")  # fmt: skip
            self._expect("people of communes", of_communes, registers.STAFF)
            surplus = (review["surplus_party"], review["surplus_government"])
            self._expect("surplus", surplus, (registers.SURPLUS_PARTY, registers.SURPLUS_GOVERNMENT))
            self._expect("vacancies", review["vacancies"], sum(field.posts for field in registers.FIELDS))
            self.summary["review"] = {name: value for name, value in review.items() if name != "units"}
            self.console.good(
                f"{of_communes} người; dôi dư {surplus[0]} khối Đảng, {surplus[1]} khối chính quyền; "
                f"{review['vacancies']} vị trí trống ở {len(review['vacancies_by_field'])} lĩnh vực"
            )

    def _choose(self) -> dict[str, Any]:
        with self.console.step("run", "Chọn người cho vị trí trống · Choosing people for the posts"):
            asked = self.admin.post(f"{PROVINCE}/secondment-runs", SPAN)
            path = f"/v1/secondment-runs/{asked['id']}"
            run: dict[str, Any]
            while (run := self.admin.get(path))["status"] in LIVE:
                time.sleep(0.2)
            self._expect("the run's status", run["status"], "succeeded")
            self._expect("the proof", (run["certificate"] or {}).get("status"), "optimal")
            self._expect("internal moves", run["internal"], INTERNAL)
            self._expect("people from the province", run["province"], FROM_PROVINCE)
            self._expect("of them in IT", run["province_by_field"].get("it"), IT_FROM_PROVINCE)
            (self.output / "selection.xlsx").write_bytes(self.admin.get_bytes(f"{path}/selection.xlsx"))
            vacancies = list(self.admin.list_all(f"{path}/vacancies"))
            write_json(self.output / "explanations.json", vacancies)
            write_json(self.output / "certificate.json", run["certificate"])
            silent = [one["vacancy"] for one in vacancies if not one["explanation"]]
            self._expect("vacancies without a reason", silent, [])
            empty = self.admin.get(f"{path}/vacancies", empty=True, limit=1)["total"]
            self._expect("vacancies left empty", empty, 0)
            self.summary["run"] = {name: run[name] for name in ("filled", "internal", "province", "province_by_field")}
            self.console.good(
                f"{run['filled']} vị trí có người: {run['internal']} trong các xã, {run['province']} biệt phái từ tỉnh"
                f" ({run['province_by_field'].get('it')} về CNTT); {run['certificate']['status']}"
            )
        return run

    def _decide(self, run_id: str) -> list[dict[str, Any]]:
        with self.console.step("decisions", "Quyết định · Decisions"):
            drafted = self.admin.post(f"/v1/secondment-runs/{run_id}/decisions", SPAN | TERMS)
            self._expect("drafts", drafted["drafted"], INTERNAL + FROM_PROVINCE)
            self.admin.post("/v1/secondments/approve", {"run_id": run_id})
            published = self.admin.post("/v1/secondments/publish", {"run_id": run_id})
            again = self.admin.post("/v1/secondments/publish", {"run_id": run_id})
            self._expect("published again", again["changed"], 0)
            self.console.good(f"{published['changed']} quyết định đã ban hành")
            return list(self.admin.list_all("/v1/secondments", run_id=run_id))

    def _follow_messages(self, decisions: list[dict[str, Any]]) -> None:
        """Every person by e-mail and text, every unit that lends or receives by e-mail: once each."""
        with self.console.step("messages", "Thư và tin nhắn · One e-mail and one text each"):
            contacts = {row["id"]: (row["email"], row["phone"]) for row in self._list("/v1/staff")}
            units = {row["id"]: row["contact_email"] for row in self._list("/v1/units")}
            people = {contacts[one["staff_id"]] for one in decisions}
            concerned = {one[side] for one in decisions for side in ("from_unit_id", "to_unit_id")}
            mails = {email for email, _ in people} | {units[unit] for unit in concerned}
            phones = {phone for _, phone in people}
            inbox, texts = self._await(len(mails), len(phones))
            self._hold(Counter(map(address_of, inbox)), mails, "e-mails")
            self._hold(Counter(text["to"] for text in texts), phones, "texts")
            self._check_words(inbox, decisions, contacts)
            self.summary["messages"] = {"emails": len(inbox), "sms": len(texts), "units": len(concerned)}
            self.console.good(f"{len(inbox)} thư ({len(concerned)} đơn vị), {len(texts)} tin nhắn, mỗi nơi một lần")

    def _list(self, path: str) -> list[dict[str, Any]]:
        return list(self.admin.list_all(path, province_code=registers.PROVINCE_CODE))

    def _await(self, mails: int, texts: int) -> tuple[list[EmailMessage], list[dict[str, str]]]:
        """What arrived, as soon as it is as many, and no later than a deadline; the checks say what is missing."""
        until = time.monotonic() + MESSAGES_SECONDS
        while time.monotonic() < until:
            arrived = len(list((self.output / "inbox").glob("*.eml"))), len(read_sms(self.output / "sms.jsonl"))
            self.console.progress(f"{arrived[0]}/{mails} thư, {arrived[1]}/{texts} tin nhắn")
            if arrived[0] >= mails and arrived[1] >= texts:
                break
            time.sleep(0.5)
        return read_inbox(self.output / "inbox"), read_sms(self.output / "sms.jsonl")

    def _hold(self, arrived: Counter[str], wanted: set[str], what: str) -> None:
        twice = sum(count > 1 for count in arrived.values())
        self._expect(f"{what} that arrived twice", twice, 0)
        self._expect(f"{what} that did not arrive", len(wanted - arrived.keys()), 0)
        self._expect(f"{what} to nobody concerned", len(arrived.keys() - wanted), 0)

    def _check_words(
        self, inbox: list[EmailMessage], decisions: list[dict[str, Any]], contacts: dict[str, tuple[str, str]]
    ) -> None:
        """Each person reads where they go, in which post, and from when."""
        by_address = {address_of(message): message for message in inbox}
        wrong = 0
        for one in decisions:
            message = by_address.get(contacts[one["staff_id"]][0])
            part = message.get_body(preferencelist=("plain",)) if message else None
            text = part.get_content() if part else ""
            wrong += not all(words in text for words in (one["to_unit_name"], one["post_title"], "20/10/2025"))
        self._expect("mails without unit, post or day", wrong, 0)

    def _live_on(self, decisions: list[dict[str, Any]]) -> None:
        """Somebody starts, is extended; somebody's time ends early: the person and both units hear of it."""
        with self.console.step("life", "Bắt đầu, gia hạn, kết thúc sớm · Started, extended, ended early"):
            extended, ended = [one for one in decisions if one["kind"] == "province"][:2]
            before = len(list((self.output / "inbox").glob("*.eml")))
            for one in (extended, ended):
                self.admin.post(f"/v1/secondments/{one['id']}/start", {"on": "2025-10-20"})
            more = {"until_on": "2026-06-30", "reason": "Xã chưa tuyển được người", "legal_basis": "Công văn số 12/SNV"}
            self.admin.post(f"/v1/secondments/{extended['id']}/extend", more)
            end = {"on": "2026-01-31", "reason": "Xã đã tuyển được người"}
            state = self.admin.post(f"/v1/secondments/{ended['id']}/end", end)
            self._expect("the life of one who ended early", [event["kind"] for event in state["events"]],
                         ["published", "started", "ended_early"])  # fmt: skip
            until = time.monotonic() + MESSAGES_SECONDS
            while len(list((self.output / "inbox").glob("*.eml"))) < before + 6 and time.monotonic() < until:
                time.sleep(0.3)
            self._expect("mails of both", len(list((self.output / "inbox").glob("*.eml"))) - before, 6)
            self.console.good("người được điều động, đơn vị cử và đơn vị nhận đều được báo")


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
