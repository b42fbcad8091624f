"""The pages, a module a part of the work; each has a router."""

from fastapi import APIRouter

from commune_portal.pages import (
    accounts,
    attendance,
    blockers,
    campaigns,
    comparing,
    deciding,
    delivery,
    editing,
    evaluation,
    home,
    invitations,
    leaders,
    list_doubles,
    lists,
    needs,
    papers,
    people_of_plan,
    places,
    plans,
    public,
    runs,
    scenarios,
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
        comparing,
        scenarios,
        plans,
        deciding,
        papers,
        people_of_plan,
        attendance,
        blockers,
        evaluation,
        editing,
        delivery,
        lists,
        list_doubles,
        invitations,
        places,
        settings,
        accounts,
        public,
    )
)
