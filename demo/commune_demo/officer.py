"""The officer's and the schools' work in the Khánh Hòa case, step by step, over the public API alone."""

import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from commune_schemas.amounts import amount

from commune_demo import case
from commune_demo.api import Api, ApiError
from commune_demo.case import PROVINCE_CODE, SchoolWorkbook
from commune_demo.sinks import read_inbox, split_inbox

ENDED = {"succeeded", "infeasible", "failed", "cancelled"}
RUN_DEADLINE_SECONDS = 300
SCHOOLS_DEADLINE_SECONDS = 60
LIST_DEADLINE_SECONDS = 120
BEING_READ = {"uploaded", "reading", "committing"}
POLICY = {"prices": {"overcap": 20, "scattered": 40}}
"""The default but for the price of unfair load, which the office doubles: no school beyond 1.31 times the fair load."""


def import_communes(api: Api) -> int:
    """The province's official list, then each commune's office and contact. Returns how many there are."""
    api.post(f"/v1/provinces/{PROVINCE_CODE}/communes/import")
    versions = {row["code"]: row["row_version"] for row in api.list_all("/v1/communes", province_code=PROVINCE_CODE)}
    for commune in case.communes():
        api.patch(
            f"/v1/communes/{commune.code}",
            {
                "is_remote": commune.is_remote,
                "office_address": commune.office_address,
                "contact_name": commune.contact_name,
                "contact_phone": commune.contact_phone,
                "contact_email": commune.contact_email,
            },
            row_version=versions[commune.code],
        )
    return len(versions)


def register_schools(api: Api) -> dict[str, str]:
    """The twelve institutions; returns school code -> id."""
    ids = {}
    for school in case.schools():
        facts = asdict(school)
        facts.pop("short_name")
        ids[school.code] = api.post("/v1/schools", facts)["id"]
    return ids


def give_coordinator_key(api: Api, *, school_id: str, label: str) -> str:
    """A key that may do what that school's coordinator may, and nothing else."""
    facts = {"role": "school_coordinator", "school_id": school_id, "label": label, "instead_of_account": True}
    return str(api.post("/v1/api-keys", facts)["key"])


def create_campaign(api: Api, school_ids: dict[str, str]) -> str:
    """A draft campaign with every commune's need and the ties worth keeping; returns its id."""
    facts = asdict(case.campaign())
    for name in ("starts_on", "ends_on"):
        facts[name] = facts[name].isoformat()
    for name in ("start_time", "end_time"):
        facts[name] = facts[name].strftime("%H:%M")
    campaign_id = str(api.post("/v1/campaigns", facts | {"policy": POLICY})["id"])
    needs = [{**asdict(need), "presence": list(need.presence)} for need in case.needs()]
    api.put(f"/v1/campaigns/{campaign_id}/needs", {"items": needs})
    for tie in case.existing():
        body = {"commune_code": tie.commune_code, "school_id": school_ids[tie.school_code], "note": tie.note}
        api.post(f"/v1/campaigns/{campaign_id}/existing-relations", body)
    return campaign_id


def publish(api: Api, run: dict[str, Any]) -> dict[str, Any]:
    """Approves and publishes a run's plan after a look at whom it tells what: its numbers go with the request."""
    changes = api.get(f"/v1/plans/{run['plan_id']}/changes")
    base = {"base_plan_id": changes["base_plan_id"]}
    api.post(f"/v1/matching-runs/{run['id']}/approve", base)
    plan: dict[str, Any] = api.post(f"/v1/matching-runs/{run['id']}/publish", {**base, "confirm": changes["confirm"]})
    return plan


def make_decision(api: Api, plan_id: str) -> bytes:
    """The docx, in the words that are usual; number and day are filled in by hand when it is signed."""
    path = f"/v1/plans/{plan_id}/decision"
    api.put(path, api.get(path)["facts"])
    return api.get_bytes(f"{path}.docx")


def preview_upload(api: Api, *, school_id: str, workbook: SchoolWorkbook) -> dict[str, Any]:
    """Sends one school's list; the answer has the counts, nothing is changed yet."""
    upload: dict[str, Any] = api.upload(
        f"/v1/schools/{school_id}/roster-uploads", workbook.path.name, workbook.path.read_bytes()
    )
    return follow_upload(api, upload)


def commit_upload(api: Api, upload_id: str) -> None:
    follow_upload(api, api.post(f"/v1/roster-uploads/{upload_id}/commit", {}))


def follow_upload(api: Api, upload: dict[str, Any], *, kind: str = "roster-uploads") -> dict[str, Any]:
    """Waits until the reader is done with a list; returns it as it came to rest. AssertionError if it failed."""
    deadline = time.monotonic() + LIST_DEADLINE_SECONDS
    while upload["status"] in BEING_READ:
        if time.monotonic() > deadline:
            raise TimeoutError(f"list {upload['id']} is still {upload['status']} after {LIST_DEADLINE_SECONDS} s")
        time.sleep(0.1)
        upload = api.get(f"/v1/{kind}/{upload['id']}")
    if upload["status"] == "failed":
        raise AssertionError(f"{upload['file_name']}: {upload['refusal']['en']}")
    return upload


def expect_refusal(action: Callable[[], object]) -> ApiError:
    """Does what must be refused; returns the refusal, or fails when it was let through."""
    try:
        action()
    except ApiError as refusal:
        return refusal
    raise AssertionError("the API let through what it had to refuse")


def follow_run(
    api: Api, run_id: str, show: Callable[[dict[str, Any]], None], *, path: str = "/v1/matching-runs"
) -> dict[str, Any]:
    """Waits for a run to end, showing each new word of progress; returns the run as it ended."""
    deadline = time.monotonic() + RUN_DEADLINE_SECONDS
    shown: object = None
    while True:
        run: dict[str, Any] = api.get(f"{path}/{run_id}")
        if run["progress"] != shown:
            shown = run["progress"]
            show(run)
        if run["status"] in ENDED:
            return run
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path}/{run_id} is still {run['status']} after {RUN_DEADLINE_SECONDS} s")
        time.sleep(0.1)


def save_documents(
    api: Api, run_id: str, school_codes: Sequence[str], folder: Path, write: Callable[[Path, Any], None]
) -> None:
    """problem.json and solution.json of stage A, one pair a school that has a placement of B, and explanations.json."""
    write(folder / "problem.json", api.get(f"/v1/matching-runs/{run_id}/problem"))
    write(folder / "solution.json", api.get(f"/v1/matching-runs/{run_id}/solution"))
    write(folder / "explanations.json", api.get(f"/v1/matching-runs/{run_id}/explanations"))
    placement = folder / "placement"
    placement.mkdir(exist_ok=True)
    for code in school_codes:
        base = f"/v1/matching-runs/{run_id}/placements/{code}"
        write(placement / f"{code}.problem.json", api.get(f"{base}/problem"))
        write(placement / f"{code}.solution.json", api.get(f"{base}/solution"))


def follow_messages(
    notifier: Api, plan_id: str, *, expected: int, show: Callable[[dict[str, dict[str, int]]], None]
) -> dict[str, dict[str, int]]:
    """Waits until no message of the plan is still to be sent; returns channel -> status -> number."""
    deadline = time.monotonic() + 120
    shown: object = None
    while True:
        counts: dict[str, dict[str, int]] = notifier.get("/v1/messages/summary", plan_id=plan_id)["counts"]
        if counts != shown:
            shown = counts
            show(counts)
        total = sum(sum(statuses.values()) for statuses in counts.values())
        waiting = sum(statuses.get(s, 0) for statuses in counts.values() for s in ("pending", "claimed", "sending"))
        if total >= expected and not waiting:
            return counts
        if time.monotonic() > deadline:
            raise TimeoutError(f"{amount(waiting, 'message')} of {total} are still to be sent after 120 s: {counts}")
        time.sleep(0.1)


def wait_for_schools(inbox: Path, *, schools: Collection[str]) -> int:
    """How many mails the schools' contacts have got, once one names who could step in, or when it is late."""
    deadline = time.monotonic() + SCHOOLS_DEADLINE_SECONDS
    while True:
        _, mails = split_inbox(read_inbox(inbox), schools=schools)
        if any("có thể thay" in str(mail["Subject"]) for mail in mails) or time.monotonic() > deadline:
            return len(mails)
        time.sleep(0.2)


def answer_by_mail(inbox: Path, *, confirm: int, decline: int) -> tuple[int, int]:
    """Follows the personal link in the first mails and presses a button there; returns (confirmed, declined)."""
    links = [link for mail in read_inbox(inbox)[: confirm + decline] if (link := find_answer_link(mail))]
    with httpx.Client(timeout=30, follow_redirects=True) as browser:
        for position, link in enumerate(links):
            page = browser.get(link).raise_for_status()
            form = {"answer": "confirmed"} if position < confirm else {"answer": "cannot_go", "reason": "Trùng lịch"}
            form["told"] = re.findall(r'name="told" value="([^"]+)"', page.text)[0]
            browser.post(link, data=form).raise_for_status()
    return min(confirm, len(links)), max(0, len(links) - confirm)


def find_answer_link(mail: EmailMessage) -> str | None:
    """The personal link in a mail's text part."""
    part = mail.get_body(preferencelist=("plain",))
    found = re.search(r"https?://\S+/a/[\w.~-]+", part.get_content() if part else "")
    return found.group(0) if found else None
