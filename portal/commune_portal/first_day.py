"""A province's first day, step by step: how far each is, whose it is, and the page where it is done."""

import asyncio
from dataclasses import dataclass
from typing import Any

from commune_schemas.amounts import amount

from commune_portal.campaign_view import NEWS_SECONDS
from commune_portal.commune_tasks import THE_SCHOOL, Task
from commune_portal.lacking import lacks_contact
from commune_portal.menu import COMMUNE, SCHOOL
from commune_portal.province import province_of_admin
from commune_portal.view import View

HOME_AFFAIRS = ("Sở Nội vụ", "Home Affairs")
OWNERS = {
    "commune_contacts": ("cán bộ xã hoặc Sở Nội vụ", "the communes' officers, or Home Affairs"),
    "school_contacts": ("điều phối của trường hoặc Sở Nội vụ", "the schools' coordinators, or Home Affairs"),
    "guidance": ("Sở Khoa học và Công nghệ", "Science & Technology"),
    "rates": ("Sở Tài chính", "Finance"),
    "needs": ("cán bộ xã, hoặc Sở Nội vụ khai thay", "the communes' officers, or Home Affairs for them"),
}
"""Whose step it is; Home Affairs' where nothing stands here."""
IN_CAMPAIGN = {"timeline": "/timeline", "needs": "/silent-communes", "opened": "/settings"}
"""Pages of the newest campaign."""
PATHS = {
    "communes": "/first-day/communes",
    "boundaries": "/settings/boundaries",
    "commune_contacts": "/communes?lacks=contact",
    "schools": "/schools/new",
    "school_contacts": "/schools?lacks=contact",
    "guidance": "/duties",
    "offices": "/settings/people",
    "coordinators": "/schools?lacks=account",
    "officers": "/communes?lacks=account",
    "rates": "/allowance-rates",
    "campaign": "/campaigns/new",
}


SEEN_AT = {"communes": "/communes", "schools": "/schools", "campaign": "/campaigns"}
"""Where what is done is looked at, if not where it is done."""
MAY_WAIT = {"boundaries", "rates"}


@dataclass(frozen=True)
class Step:
    words: str
    owner: str
    number: int
    wanted: int
    is_done: bool
    path: str
    """Empty while what comes before it is missing."""
    may_wait: bool = False
    """A first plan can be made without it."""


@dataclass(frozen=True)
class FirstDay:
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next_step(self) -> Step | None:
        """The first that can be done now and may not wait."""
        return next((step for step in self.steps if not step.is_done and step.path and not step.may_wait), None)


async def find_first_day(view: View, code: str) -> FirstDay:
    """Of a province, by its code."""
    answer, campaigns = await asyncio.gather(
        view.api.get_kept("/v1/provinces/{code}/first-day", seconds=NEWS_SECONDS, code=code),
        view.api.get_kept("/v1/campaigns", seconds=NEWS_SECONDS, province_code=code, limit=1),
    )
    newest = campaigns["items"][0]["id"] if campaigns["items"] else None
    return FirstDay([step_of(view, item, newest) for item in answer["items"]])


def step_of(view: View, item: dict[str, Any], campaign_id: str | None) -> Step:
    code = item["code"]
    path = SEEN_AT.get(code, PATHS.get(code, "").partition("?")[0]) if item["is_done"] else PATHS.get(code, "")
    if code in IN_CAMPAIGN:
        path = f"/campaigns/{campaign_id}{IN_CAMPAIGN[code]}" if campaign_id else ""
    path = view.within(path) if path else ""
    owner = view.say(*OWNERS.get(code, HOME_AFFAIRS))
    return Step(view.pick(item), owner, item["number"], item["wanted"], item["is_done"], path, code in MAY_WAIT)


async def tasks_of_first_day(view: View) -> list[Task]:
    """What is left of the first day; nothing where all is done."""
    code = province_of_admin(view)
    day = await find_first_day(view, code) if code else None
    step = day.next_step if day else None
    if day is None or step is None:
        return []
    say, count = view.say, len(day.steps)
    return [
        Task(
            say("Ngày đầu của tỉnh", "The province's first day"),
            say(f"{day.done}/{count} bước đã xong; tiếp theo: ", f"{day.done} of {amount(count, 'step')} done; next: ")
            + step.words,
            step.owner,
            say("Còn việc", "Not finished"),
            "warn",
            "/first-day",
            say("Xem các bước", "See the steps"),
        )
    ]


async def tasks_of_contact(view: View) -> list[Task]:
    """A commune's officer and a school's coordinator: the own office and contact, while they are missing."""
    if view.role == COMMUNE:
        place = await view.api.find("/v1/communes/{code}", code=view.commune_code)
        path, owner = f"/communes/{view.commune_code}/edit", ("Xã", "Your commune")
    elif view.role == SCHOOL:
        place = await view.api.find("/v1/schools/{school_id}", school_id=view.school_id)
        path, owner = f"/schools/{view.school_id}/edit", THE_SCHOOL
    else:
        return []
    if place is None or not lacks_contact(place):
        return []
    say = view.say
    return [
        Task(
            say("Địa chỉ và đầu mối", "Address and contact"),
            say("Chưa đủ để người được phân công tìm đến và gọi", "Not enough yet for people to come and to call"),
            say(*owner),
            say("Chờ bạn", "Waiting for you"),
            "warn",
            path,
            say("Điền", "Fill in"),
        )
    ]
