"""The front page by role: what is mine, what is pending, who is responsible."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import (
    LIVE,
    NAMES_SECONDS,
    NEWS_SECONDS,
    find_current,
    in_force,
    list_open,
    list_plans,
)
from commune_portal.commune_tasks import THE_COMMUNES, THE_SCHOOL, Task, tasks_of_commune
from commune_portal.first_day import find_first_day, tasks_of_contact, tasks_of_first_day
from commune_portal.menu import (
    ADMIN,
    CALLERS,
    COMMUNE,
    GROUP_OVERSEER,
    OF_SCHOOLS,
    PLANNERS,
    READ_PEOPLE,
    READ_PLANS,
    SCHOOL,
    UNIT,
)
from commune_portal.office_tasks import (
    HAVE_BLOCKERS,
    SEE_DAYS,
    SEE_MONEY,
    SEE_PLACED,
    Tile,
    count_on_tile,
    find_standing,
    tasks_of_blockers,
    tasks_of_days,
    tasks_of_money,
    tasks_of_placed,
    tasks_of_standing,
    tasks_of_unit,
    tiles_of_standing,
)
from commune_portal.province import province_of_admin
from commune_portal.school_tasks import tasks_of_school
from commune_portal.view import PersonDep, View

router = APIRouter()
OWN_PAGES = {"leader": "/leaders", "auditor": "/settings/audit", GROUP_OVERSEER: "/my-communes"}
"""Whose work is one page."""
DRAFTS_SHOWN = 5
HOME_AFFAIRS = ("Sở Nội vụ", "Home Affairs")
LED = ("xã, phường có trường phụ trách", "commune with a lead school", "communes with a lead school")
PLACED = ("người được phân công", "person placed", "people placed")
SHORT = ("ngày công/tuần còn thiếu", "person-day a week short", "person-days a week short")
OWN_PLACED = ("người của trường được phân công", "of your people is placed", "of your people are placed")
SILENT = ("chưa trả lời", "has not answered", "have not answered")


@router.get("/", response_class=HTMLResponse)
async def show_home(view: PersonDep) -> Response:
    if view.role in OWN_PAGES:
        return view.go(OWN_PAGES[view.role])
    campaign = await find_current(view.api)
    if campaign is None and view.role == UNIT:
        return view.go("/staff/units")
    if campaign is None:
        code = province_of_admin(view)
        first_day = await find_first_day(view, code) if code else None
        tasks = await tasks_of_contact(view)
        return view.render("home.html", campaign=None, first_day=first_day, tasks=tasks)
    plans = await list_plans(view.api, campaign["id"])
    plan = in_force(plans)
    others = [each for each in await list_open(view.api) if each["id"] != campaign["id"]]
    answers, standing, groups, drafts = await asyncio.gather(
        find_answers(view, plan),
        find_standing(view, campaign),
        list_tasks(view, campaign, plans),
        tasks_of_others(view, others),
    )
    tasks = [*tasks_of_standing(view, standing), *groups, *tasks_of_answers(view, plan, answers), *drafts]
    tiles = [*tiles_of_standing(view, standing), *list_tiles(view, plan, answers)]
    return view.render(
        "home.html",
        campaign=campaign,
        plan=plan,
        tiles=tiles,
        tasks=tasks,
        others=others,
        reads=view.role in READ_PLANS,
    )


async def tasks_of_others(view: View, others: list[dict[str, Any]]) -> list[Task]:
    """What waits to be decided in other open campaigns, so that no wave is forgotten beside the one that is on."""
    if view.role not in PLANNERS:
        return []
    listed = await asyncio.gather(*(list_plans(view.api, each["id"]) for each in others))
    return [
        replace(task, title=f"{campaign['name']} · {task.title}")
        for campaign, plans in zip(others, listed, strict=True)
        for task in tasks_of_drafts(view, plans)
    ]


async def list_tasks(view: View, campaign: dict[str, Any], plans: list[dict[str, Any]]) -> list[Task]:
    """What this role has to do, asked of the API side by side."""
    plan, role = in_force(plans), view.role
    parts: list[Coroutine[Any, Any, list[Task]]] = []
    if role in PLANNERS:
        parts.append(tasks_of_province(view, campaign, plans))
    if role == ADMIN and plan is None:
        parts.append(tasks_of_first_day(view))
    if plan is None:
        parts.append(tasks_of_contact(view))
    if role == SCHOOL:
        parts.append(tasks_of_school(view))
    if role == COMMUNE:
        parts.append(tasks_of_commune(view, campaign, plan))
    if role == UNIT:
        parts.append(tasks_of_unit(view))
    if role in HAVE_BLOCKERS:
        parts.append(tasks_of_blockers(view, campaign))
    if plan is not None and role in SEE_DAYS:
        parts.append(tasks_of_days(view, campaign))
    if plan is not None and role in SEE_MONEY:
        parts.append(tasks_of_money(view, campaign))
    if plan is not None and role in SEE_PLACED:
        parts.append(tasks_of_placed(view, plan))
    return [task for tasks in await asyncio.gather(*parts) for task in tasks]


async def find_answers(view: View, plan: dict[str, Any] | None) -> dict[str, int] | None:
    """Who will go, who cannot, who is silent; for the province and the school."""
    if plan is None or view.role not in CALLERS:
        return None
    counts: dict[str, int] = await view.api.get_kept(
        "/v1/plans/{plan_id}/answers", seconds=NEWS_SECONDS, part="counts", plan_id=plan["id"], limit=1
    )
    return counts


async def tasks_of_province(view: View, campaign: dict[str, Any], plans: list[dict[str, Any]]) -> list[Task]:
    say, base = view.say, f"/campaigns/{campaign['id']}"
    silent, there, runs = await asyncio.gather(
        view.api.count_kept(
            "/v1/campaigns/{campaign_id}/silent-communes", seconds=NEWS_SECONDS, campaign_id=campaign["id"]
        ),
        view.api.get_kept("/v1/communes", seconds=NAMES_SECONDS, province_code=campaign["province_code"], limit=1),
        view.api.get_kept(
            "/v1/campaigns/{campaign_id}/matching-runs", seconds=NEWS_SECONDS, campaign_id=campaign["id"], limit=20
        ),
    )
    communes, sent = there["total"], there["total"] - silent
    tasks = [
        Task(
            say("Nhu cầu của các xã", "The communes' needs"),
            say(f"{sent}/{communes} xã, phường đã gửi", f"{sent} of {amount(communes, 'commune')} sent theirs"),
            say(*THE_COMMUNES),
            say("Còn thiếu", "Some missing") if silent else say("Đủ", "Complete"),
            "warn" if silent else "good",
            f"{base}/silent-communes" if silent else f"{base}/needs",
            say("Nhắc, hoặc khai thay", "Remind, or declare for them")
            if silent
            else say("Xem nhu cầu", "See the needs"),
        )
    ]
    live = [run for run in runs["items"] if run["status"] in LIVE]
    tasks += [task_of_run(view, run) for run in live]
    tasks += tasks_of_drafts(view, plans)
    if not plans and not live:
        words = say("Chưa có phương án nào", "There is no plan yet")
        action = say("Tính phương án", "Compute a plan")
        path = f"{base}/runs"
        tasks.append(Task(say("Phương án", "The plan"), words, say(*HOME_AFFAIRS), words, "warn", path, action))
    return tasks


def task_of_run(view: View, run: dict[str, Any]) -> Task:
    say = view.say
    return Task(
        run["scenario"] or say("Lần tính phương án", "Matching run"),
        view.pick(run["progress"], "message") if run["progress"] else say("Đang chờ tới lượt", "Waiting"),
        say("Hệ thống", "The system"),
        say("Đang tính", "Running"),
        "busy",
        f"/runs/{run['id']}",
        say("Theo dõi", "Follow"),
    )


def tasks_of_drafts(view: View, plans: list[dict[str, Any]]) -> list[Task]:
    return [task_of_draft(view, plan) for plan in plans if plan["status"] in {"draft", "approved"}][:DRAFTS_SHOWN]


def task_of_draft(view: View, plan: dict[str, Any]) -> Task:
    say, counts = view.say, plan["counts"]
    people, communes, short = counts["people_placed"], counts["communes_led"], counts["unmet_days"]
    is_approved = plan["status"] == "approved"
    return Task(
        say(f"Dự thảo {plan['draft_number']}", f"Draft {plan['draft_number']}"),
        say(
            f"{people} người về {communes} xã; còn thiếu {short} ngày công/tuần",
            f"{amount(people, 'person')} to {amount(communes, 'commune')}; {amount(short, 'day')} a week short",
        ),
        say(*HOME_AFFAIRS),
        say("Chờ công bố", "To be published") if is_approved else say("Chờ duyệt", "To be approved"),
        "warn",
        f"/plans/{plan['id']}",
        say("Xem và quyết định", "Look and decide"),
    )


def tasks_of_answers(view: View, plan: dict[str, Any] | None, answers: dict[str, int] | None) -> list[Task]:
    if plan is None or answers is None:
        return []
    say, base = view.say, f"/plans/{plan['id']}/answers"
    rows = (
        (
            "cannot_go",
            "bad",
            say("Người báo không đi được", "People who cannot go"),
            say("Cần người thay", "To be replaced"),
        ),
        (
            "no_answer",
            "warn",
            say("Người chưa trả lời", "People who have not answered"),
            say("Cần gọi", "To be called"),
        ),
    )
    return [
        Task(
            title,
            say(f"{answers[name]} người", amount(answers[name], "person")),
            say(*THE_SCHOOL),
            state,
            tone,
            f"{base}?answer={'none' if name == 'no_answer' else name}",
            say("Mở danh sách gọi", "Open the call list"),
        )
        for name, tone, title, state in rows
        if answers[name]
    ]


def list_tiles(view: View, plan: dict[str, Any] | None, answers: dict[str, int] | None) -> list[Tile]:
    if plan is None:
        return []
    say, counts, base = view.say, plan["counts"], f"/plans/{plan['id']}"
    if view.role == COMMUNE:
        return []
    if view.role in OF_SCHOOLS:
        return tiles_of_school(view, base, answers)
    led, placed, short = counts["communes_led"], counts["people_placed"], counts["unmet_days"]
    people = f"{base}/people" if view.role in READ_PEOPLE else "/leaders?show=all"
    tiles = [
        count_on_tile(view, led, LED, base),
        count_on_tile(view, placed, PLACED, people),
        count_on_tile(view, short, SHORT, f"{base}?show=short", "warn" if short else "good"),
    ]
    if answers is not None:
        tiles.append(Tile(answers["confirmed"], say("người xác nhận sẽ đi", "confirmed"), f"{base}/answers", "good"))
    return tiles


def tiles_of_school(view: View, base: str, answers: dict[str, int] | None) -> list[Tile]:
    """The own people alone: who goes, who cannot, who is silent."""
    if answers is None:
        return []
    say, silent = view.say, answers["no_answer"]
    return [
        count_on_tile(view, sum(answers.values()), OWN_PLACED, f"{base}/people"),
        Tile(answers["confirmed"], say("xác nhận sẽ đi", "will go"), f"{base}/answers?answer=confirmed", "good"),
        Tile(answers["cannot_go"], say("không đi được", "cannot go"), f"{base}/answers?answer=cannot_go", "bad"),
        count_on_tile(view, silent, SILENT, f"{base}/answers?answer=none", "warn"),
    ]
