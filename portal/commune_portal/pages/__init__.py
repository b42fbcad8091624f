"""The pages, a module a part of the work; each has a router."""

from fastapi import APIRouter

from commune_portal.pages import (
    accounts,
    allowance_rates,
    allowances,
    attendance,
    blockers,
    campaign_settings,
    campaigns,
    comparing,
    data_requests,
    deciding,
    delivery,
    editing,
    evaluation,
    home,
    invitations,
    keys,
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
from commune_portal.pages.staff import decisions, register, sheets
from commune_portal.pages.staff import runs as staff_runs

ROUTERS: tuple[APIRouter, ...] = tuple(
    part.router
    for part in (
        home,
        campaigns,
        campaign_settings,
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
        allowances,
        allowance_rates,
        editing,
        delivery,
        lists,
        list_doubles,
        invitations,
        places,
        register,
        sheets,
        staff_runs,
        decisions,
        settings,
        keys,
        data_requests,
        accounts,
        public,
    )
)
