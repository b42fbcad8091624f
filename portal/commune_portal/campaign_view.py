"""What many pages need of a campaign: which is meant, its plan in force, and the names of schools and communes."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from commune_service import clock

from commune_portal.client import Api

NAMES_SECONDS = 60.0
"""Communes and schools seldom change; a page of one of them reads it anew."""
NEWS_SECONDS = 5.0
"""How late the front page may hear what somebody else did; one's own deeds show at once."""
SETTLED_SECONDS = 60.0
"""Schools and shortfalls of a published plan never change; whether one may see the plan is asked each time."""
LIVE = {"queued", "running"}


async def list_open(api: Api) -> list[dict[str, Any]]:
    """The open campaigns: first the one that people serve in now, then those that began before, then those to come."""
    campaigns = (await api.get_kept("/v1/campaigns", seconds=NEWS_SECONDS, limit=50))["items"]
    is_open = sorted((each for each in campaigns if each["status"] == "open"), key=lambda each: str(each["starts_on"]))
    today = clock.today().isoformat()
    begun = [each for each in is_open if each["starts_on"] <= today]
    return [*reversed(begun), *is_open[len(begun) :]]


async def find_current(api: Api) -> dict[str, Any] | None:
    """The open campaign that began last, else the next to begin; without an open one the newest of all, or None."""
    campaigns = (await api.get_kept("/v1/campaigns", seconds=NEWS_SECONDS, limit=50))["items"]
    return next(iter([*await list_open(api), *campaigns]), None)


async def list_plans(api: Api, campaign_id: str) -> list[dict[str, Any]]:
    return await api.list_kept("/v1/campaigns/{campaign_id}/plans", seconds=NEWS_SECONDS, campaign_id=campaign_id)


def in_force(plans: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((plan for plan in plans if plan["status"] == "published"), None)


@dataclass
class Places:
    """Communes and schools of a province in use, with their names; plans may hold some that no longer are."""

    communes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By code."""
    schools: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By code."""
    past_communes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Archived, by code; so are `past_schools`."""
    past_schools: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def every_school(self) -> dict[str, dict[str, Any]]:
        return self.schools | self.past_schools

    def commune(self, code: str | None) -> str:
        found = self.communes.get(code or "") or self.past_communes.get(code or "")
        return str(found["full_name"]) if found else str(code or "")

    def school(self, code: str | None) -> str:
        found = self.every_school.get(code or "")
        return str(found["name"]) if found else str(code or "")


async def load_places(api: Api, province_code: str) -> Places:
    wanted = [(path, archived) for archived in (False, True) for path in ("/v1/communes", "/v1/schools")]
    lists = await asyncio.gather(
        *(
            api.list_kept(path, seconds=NAMES_SECONDS, province_code=province_code, archived=archived)
            for path, archived in wanted
        )
    )
    return Places(*({each["code"]: each for each in rows} for rows in lists))
