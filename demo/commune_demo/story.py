"""The case as it happens: schools send lists, the officer matches and publishes, people are told. Prints as it goes."""

import json
from pathlib import Path
from typing import Any

from commune_schemas.amounts import amount
from commune_stack.development_accounts import seed_accounts
from commune_stack.stack import Stack

from commune_demo import case, officer, two_lists
from commune_demo.api import Api
from commune_demo.assemble import assemble, expected_messages
from commune_demo.chapters import Chapter
from commune_demo.console import Console
from commune_demo.corrected_address import CorrectedAddress
from commune_demo.lists import Lists
from commune_demo.map_in_numbers import list_map_faults, read_figures
from commune_demo.month.chapter import play_month
from commune_demo.oversight import Oversight
from commune_demo.replanning import Replanning
from commune_demo.report import write_report
from commune_demo.results import CampaignResult
from commune_demo.screen import show_result
from commune_demo.sinks import hold_against_plan, read_inbox, read_sms, split_inbox

TIME_LIMIT_SECONDS = 19
SCHOOL_ADDRESSES = frozenset(school.contact_email for school in case.schools())
"""Where the schools' contacts get their mail."""


class Story:
    """`tell` plays it once, writes everything under `output`, and says whether all was right."""

    def __init__(self, *, stack: Stack, console: Console, output: Path) -> None:
        self.stack = stack
        self.console = console
        self.output = output
        self.schools_told = True
        """Whether each "cannot go" reached a school's contact."""
        self.admin = Api(stack.addresses.roster_api, stack.keys.admin)
        self.notifier = Api(stack.addresses.notifier, stack.keys.admin)
        self.address = CorrectedAddress(
            roster=self.admin, notifier=self.notifier, mail_page=stack.addresses.mail_page, inbox=output / "inbox"
        )

    def tell(self) -> bool:
        with self.admin, self.notifier:
            school_ids = self._prepare()
            self._upload_lists(school_ids)
            campaign_id = self._open_campaign(school_ids)
            run = self._match(campaign_id)
            plan = self._publish(run)
            oversight = Oversight(admin=self.admin, inbox=self.output / "inbox")
            oversight.ask(campaign_id)
            messages = self._send(plan)
            self._confirm_some()
            result = self._gather(plan, run, messages)
            result.add(self._replan(plan))
            with self.console.step("oversight", "Nhóm xã của từng phó giám đốc · Each deputy director's communes"):
                result.add(oversight.publish())
            result.add(self._play_month(campaign_id))
            with self.console.step("report", "Viết báo cáo · Writing the report"):
                self._write(result, plan)
        show_result(self.console, result, folder=self.output)
        return not result.faults

    def _prepare(self) -> dict[str, str]:
        with self.console.step("reference", "Danh mục xã và trường · Communes and schools"):
            number = officer.import_communes(self.admin)
            school_ids = officer.register_schools(self.admin)
            self.console.good(f"{number} xã, phường, đặc khu; {len(school_ids)} trường")
            where = self.stack.addresses
            if where.issuer:
                people = seed_accounts(where.roster_api, self.stack.keys.admin, province_code=case.PROVINCE_CODE)
                self.console.good(f"{len(people)} tài khoản đăng nhập thử · accounts to sign in with: {where.issuer}")
        return school_ids

    def _upload_lists(self, school_ids: dict[str, str]) -> None:
        with self.console.step("uploads", "12 trường gửi danh sách · Twelve schools send their lists"):
            Lists(
                admin=self.admin, address=self.stack.addresses.roster_api, school_ids=school_ids,
                folder=self.output / "rosters",
            ).send_all(self.console)  # fmt: skip

    def _open_campaign(self, school_ids: dict[str, str]) -> str:
        with self.console.step("campaign", "Mở chiến dịch · Opening the campaign"):
            campaign_id = officer.create_campaign(self.admin, school_ids)
            self.admin.post(f"/v1/campaigns/{campaign_id}/open")
            totals = self.admin.get(f"/v1/campaigns/{campaign_id}/needs", limit=1)["totals"]
            self.console.good(
                f"{totals['communes']} xã cần {totals['person_days']} ngày công mỗi tuần; "
                f"{totals['communes_lacking_it_staff']} xã không có công chức CNTT"
            )
        return campaign_id

    def _match(self, campaign_id: str) -> dict[str, Any]:
        with self.console.step("matching", "Phân công tối ưu · Matching"):
            options = {"time_limit_seconds": TIME_LIMIT_SECONDS, "workers": 2}
            body = {"scenario": "Phương án chính", "options": options}
            run_id = self.admin.post(f"/v1/campaigns/{campaign_id}/matching-runs", body)["id"]
            run = officer.follow_run(self.admin, run_id, self._show_progress)
            if run["status"] != "succeeded":
                raise RuntimeError(f"matching run ended {run['status']}: {run['failure'] or run['conflict']}")
            codes = sorted({stage["school_code"] for stage in run["certificate"]["stages"] if stage["stage"] == "B"})
            officer.save_documents(self.admin, run_id, codes, self.output, write_json)
            self.console.good(f"{run['certificate']['status']}; {run['objective']}")
        return run

    def _show_progress(self, run: dict[str, Any]) -> None:
        news = run["progress"]
        if news is not None:
            self.console.progress(f"{news['percent']:3.0f} % {news['stage']:9} {news['message_vi']}")

    def _publish(self, run: dict[str, Any]) -> dict[str, Any]:
        with self.console.step("publish", "Duyệt và công bố · Approving and publishing"):
            self.address.break_address(run["plan_id"])
            plan = officer.publish(self.admin, run)
            (self.output / "plan.xlsx").write_bytes(self.admin.get_bytes(f"/v1/plans/{plan['id']}/annex.xlsx"))
            (self.output / "decision.docx").write_bytes(officer.make_decision(self.admin, plan["id"]))
            self.console.good(f"phương án số {plan['version']}: {plan['counts']['people_placed']} người")
        return plan

    def _send(self, plan: dict[str, Any]) -> dict[str, dict[str, int]]:
        with self.console.step("messages", "Email và SMS đến từng người · One email and one SMS to each person"):
            self._follow(plan)
        with self.console.step("corrected_address", "Một địa chỉ sai được sửa · A wrong address is corrected"):
            self.address.correct(plan["id"], lambda: self._follow(plan))
            self.console.good(f"{self.address.wrong} → {self.address.corrected}")
            return self._follow(plan)

    def _follow(self, plan: dict[str, Any]) -> dict[str, dict[str, int]]:
        return officer.follow_messages(
            self.notifier,
            plan["id"],
            expected=2 * plan["counts"]["people_placed"],
            show=lambda counts: self.console.progress(json.dumps(counts, ensure_ascii=False)),
        )

    def _confirm_some(self) -> None:
        """A few people answer by the link in their mail, as they would: open the page, press the button."""
        with self.console.step("answers", "Vài người trả lời bằng liên kết riêng · Some people answer"):
            confirmed, declined = officer.answer_by_mail(self.output / "inbox", confirm=10, decline=2)
            self.console.good(f"{confirmed} người xác nhận, {declined} người báo bận")
            told = officer.wait_for_schools(self.output / "inbox", schools=SCHOOL_ADDRESSES) if declined else 0
            self.console.good(f"{told} thư báo cho trường, kèm người có thể thay")
            self.schools_told = told > 0 or not declined

    def _gather(self, plan: dict[str, Any], run: dict[str, Any], messages: dict[str, dict[str, int]]) -> CampaignResult:
        result = assemble(self.admin, plan=plan, run=run, messages=messages)
        result.answers = self.admin.get(f"/v1/plans/{plan['id']}/answers", limit=1)["counts"]
        to_people, _ = split_inbox(read_inbox(self.output / "inbox"), schools=SCHOOL_ADDRESSES)
        texts = read_sms(self.output / "sms.jsonl")
        arrived = hold_against_plan(to_people, texts, expected_messages(result))
        result.emails, result.sms, result.duplicates = arrived.emails, arrived.sms, arrived.duplicates
        result.faults = arrived.faults
        if not self.schools_told:
            result.faults.append("no school was told that one of its people cannot go")
        if arrived.duplicates:
            result.faults.append(f"{amount(arrived.duplicates, 'message')} arrived twice")
        result.faults += [f"{c.name} has no lead" for c in result.communes if c.lead_code is None]
        result.faults += [f"{c.name} is not explained" for c in result.communes if not c.why_vi]
        unverified = [stage for stage in result.stages if not stage["verified"]]
        result.faults += [f"stage {stage['stage']} {stage['school_code']} unverified" for stage in unverified]
        result.figures = read_figures(self._read("problem.json"), self._read("solution.json"))
        result.reasons = [(one["vi"], one["en"]) for one in (*plan["left_out"], *plan["remarks"])]
        result.faults += list_map_faults(result)
        placed = list(self.admin.list_all(f"/v1/plans/{plan['id']}/placements"))
        result.add(self.address.hold_against_sinks(to_people))
        result.add(two_lists.hold_against_sinks(run, placed, to_people, texts))
        result.seconds = self.console.seconds
        return result

    def _replan(self, plan: dict[str, Any]) -> Chapter:
        """The human of two lists stays out of it: rows are counted here as humans."""
        replanning = Replanning(roster=self.admin, notifier=self.notifier, output=self.output, schools=SCHOOL_ADDRESSES)
        words = "243 người được hứa, 162 người đến · 243 promised, 162 came"
        with self.console.step("replanning", words):
            return replanning.play(plan, staying=self._two_rows(), show=self.console.good)

    def _play_month(self, campaign_id: str) -> Chapter:
        with self.console.step("month", "Một tháng ở xã · A month in the communes"):
            return play_month(
                admin=self.admin, address=self.stack.addresses.roster_api, clock_file=self.stack.clock_file,
                campaign_id=campaign_id, output=self.output, show=self.console.good,
            )  # fmt: skip

    def _two_rows(self) -> set[str]:
        phone = two_lists.visiting_lecturer().phone
        return {row["id"] for row in self.admin.list_all("/v1/volunteers") if row["phone"] == phone}

    def _read(self, name: str) -> Any:
        return json.loads((self.output / name).read_text(encoding="utf-8"))

    def _write(self, result: CampaignResult, plan: dict[str, Any]) -> None:
        write_json(self.output / "certificate.json", result.certificate)
        write_json(self.output / "plan.json", plan)
        write_json(self.output / "summary.json", result.summary())
        write_report(result, self.output, province_code=case.PROVINCE_CODE)


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
