"""Whoever may not is refused before a byte of the body is read: no key, a reader's key, a receipt without signature."""

import pytest
from fastapi import APIRouter, FastAPI
from notifier.api.access import RULES, SIGNATURE_HEADERS, Need
from notifier.app import MAXIMUM_BODY_BYTES, create_app
from notifier.settings import Settings

from tests.notifier.world import ADMIN_KEY, OFFICE_KEY, READER_KEY
from tests.support.knocking import knock
from tests.support.shared_routes import with_shared_routes

MISSING_ID = "00000000-0000-4000-8000-000000000000"
SETTINGS = Settings(
    notifier_database_url="postgresql://nobody:x@127.0.0.1:1/none",
    notifier_api_key=READER_KEY,
    notifier_admin_key=ADMIN_KEY,
    notifier_office_key=OFFICE_KEY,
)
BY_KEY = sorted(
    (method, path) for (method, path), need in RULES.items() if need in {Need.READ, Need.OFFICE, Need.ADMIN}
)
ABOVE = sorted(
    (method, path, key)
    for (method, path), need in RULES.items()
    for key in ((READER_KEY, OFFICE_KEY) if need is Need.ADMIN else (READER_KEY,))
    if need in {Need.OFFICE, Need.ADMIN}
)
CHANGED_FOR_AN_OFFICER = sorted(
    path for (method, path), need in RULES.items() if need is Need.OFFICE and method == "POST"
)


def make_app() -> FastAPI:
    return with_shared_routes(create_app(SETTINGS))


def filled(path: str) -> str:
    ids = {"message_id": MISSING_ID, "suppression_id": MISSING_ID, "webhook_id": MISSING_ID}
    return path.format(kind="placement_assigned", provider="sms", channel="sms", language="vi", version=1, **ids)


@pytest.mark.parametrize(("method", "path"), BY_KEY)
async def test_without_a_known_key_no_body_is_read(method: str, path: str) -> None:
    app = make_app()
    for headers in ({}, {"X-Api-Key": "wrong"}):
        for length in (1, MAXIMUM_BODY_BYTES):
            answered = await knock(app, method, filled(path), length=length, headers=headers)
            assert (answered.status, answered.code, answered.chunks_taken) == (401, "access.unauthenticated", 0)


@pytest.mark.parametrize(("method", "path", "key"), ABOVE)
async def test_a_key_that_may_less_is_refused_before_the_body_is_read(method: str, path: str, key: str) -> None:
    answered = await knock(make_app(), method, filled(path), length=1000, headers={"X-Api-Key": key})
    assert (answered.status, answered.code, answered.chunks_taken) == (403, "access.forbidden", 0)


@pytest.mark.parametrize("path", CHANGED_FOR_AN_OFFICER)
async def test_the_offices_key_changes_nothing_for_nobody(path: str) -> None:
    app = make_app()
    for actor in ({}, {"X-Actor-Id": "nobody", "X-Actor-Role": "admin"}, {"X-Actor-Id": MISSING_ID}):
        answered = await knock(app, "POST", filled(path), length=1000, headers={"X-Api-Key": OFFICE_KEY, **actor})
        assert (answered.status, answered.code, answered.chunks_taken) == (403, "access.actor_missing", 0)


@pytest.mark.parametrize("missing", SIGNATURE_HEADERS)
async def test_a_receipt_without_every_header_of_a_signature_is_refused_before_it_is_read(missing: str) -> None:
    headers = {name: "x" for name in SIGNATURE_HEADERS if name != missing}
    answered = await knock(make_app(), "POST", "/v1/receipts/sms", length=1000, headers=headers)
    assert (answered.status, answered.code, answered.chunks_taken) == (401, "receipt.not_signed", 0)


async def test_a_route_whose_class_has_no_gate_is_refused_to_everyone() -> None:
    router = APIRouter()

    @router.post("/v1/new")
    async def forgotten() -> str:
        return "open"

    app = make_app()
    app.include_router(router)
    answered = await knock(app, "POST", "/v1/new", length=2, headers={"X-Api-Key": ADMIN_KEY}, chunk=b"{}")
    assert (answered.status, answered.code) == (403, "access.forbidden")
