"""The pages, a module a part of the work; each has a router."""

from fastapi import APIRouter

from commune_portal.pages import (
    accounts,
    campaigns,
    deciding,
    delivery,
    home,
    leaders,
    lists,
    needs,
    people_of_plan,
    places,
    plans,
    runs,
    settings,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    part.router
    for part in (
        home,
        campaigns,
        leaders,
        needs,
        runs,
        plans,
        deciding,
        people_of_plan,
        delivery,
        lists,
        places,
        settings,
        accounts,
    )
)
