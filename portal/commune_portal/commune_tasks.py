"""A task on the front page, and those of a commune's officer: the need, who comes, who came, blockers."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from commune_schemas.amounts import amount

from commune_portal.view import View

THE_SCHOOL = ("Trường", "The school")
THE_COMMUNES = ("Các xã, phường", "The communes")


@dataclass(frozen=True)
class Task:
    """One line of the work list. `owner`: who is responsible; `tone` and `state` say how it stands."""

    title: str
    words: str
    owner: str
    state: str
    tone: str
    path: str
    action: str


async def tasks_of_commune(view: View, campaign: dict[str, Any], plan: dict[str, Any] | None) -> list[Task]:
    """Asked of the API side by side."""
    parts: list[Coroutine[Any, Any, list[Task]]] = [tasks_of_need(view, campaign)]
    if plan is not None:
        parts += [tasks_of_comers(view, plan), tasks_of_month(view, f"/campaigns/{campaign['id']}")]
    return [task for tasks in await asyncio.gather(*parts) for task in tasks]


async def tasks_of_need(view: View, campaign: dict[str, Any]) -> list[Task]:
    say, code, base = view.say, view.commune_code, f"/campaigns/{campaign['id']}"
    need = await view.api.find(
        "/v1/campaigns/{campaign_id}/needs/{commune_code}", campaign_id=campaign["id"], commune_code=code
    )
    days = sum(need["need_days"].values()) if need else 0
    is_sent = need is not None and need["state"] != "draft"
    return [
        Task(
            say("Nhu cầu của xã", "Your commune's need"),
            say(f"{days} ngày công mỗi tuần", amount(days, "person-day a week", "person-days a week"))
            if need
            else say("Chưa khai", "Not declared"),
            say("Xã", "Your commune"),
            view.word("need", need["state"]) if need else say("Chờ bạn", "Waiting for you"),
            "good" if is_sent else "warn",
            f"{base}/needs/{code}",
            say("Xem hoặc sửa", "See or change") if is_sent else say("Khai và gửi", "Declare and send it"),
        )
    ]


async def tasks_of_comers(view: View, plan: dict[str, Any]) -> list[Task]:
    say = view.say
    answers = await view.api.get("/v1/plans/{plan_id}/answers", plan_id=plan["id"], limit=1)
    people, sure = answers["total"], answers["counts"]["confirmed"]
    return [
        Task(
            say("Ai đến, ngày nào", "Who comes when"),
            say(
                f"{people} người được phân về xã, {sure} người đã xác nhận sẽ đi",
                f"{amount(people, 'person is', 'people are')} placed at your commune, {sure} confirmed that they come",
            ),
            say("Trường", "The schools"),
            say("Có lịch", "Scheduled") if people else say("Chưa có người", "Nobody yet"),
            "good" if people else "warn",
            f"/plans/{plan['id']}/week/{view.commune_code}",
            say("Xem lịch tuần", "See the week"),
        )
    ]


async def tasks_of_month(view: View, base: str) -> list[Task]:
    """A commune's: whom it has not confirmed, and what it is stuck with."""
    say, campaign_id = view.say, base.rpartition("/")[2]
    silent, stuck = await asyncio.gather(
        view.api.count("/v1/campaigns/{campaign_id}/attendance", campaign_id=campaign_id, state="unconfirmed"),
        view.api.count("/v1/campaigns/{campaign_id}/blockers", campaign_id=campaign_id, state="open"),
    )
    return [
        Task(
            say("Điểm danh", "Attendance"),
            say(f"{silent} ngày chưa xác nhận", amount(silent, "day not confirmed", "days not confirmed")),
            say("Xã", "Your commune"),
            say("Chờ bạn", "Waiting for you") if silent else say("Đủ", "Complete"),
            "warn" if silent else "good",
            f"{base}/attendance/{view.commune_code}",
            say("Điểm danh", "Tick"),
        ),
        Task(
            say("Vướng mắc", "Blockers"),
            say(f"{stuck} vướng mắc chưa giải quyết", f"{stuck} not solved"),
            say("Người theo dõi xã", "Who follows the commune"),
            say("Đang xử lý", "In hand") if stuck else say("Không có", "None"),
            "busy" if stuck else "good",
            f"{base}/blockers",
            say("Xem hoặc nêu", "See or raise"),
        ),
    ]
