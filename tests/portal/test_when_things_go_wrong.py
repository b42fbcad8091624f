"""What a person sees when something is away, refused or unknown: words, what to do, and what they typed."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from commune_portal.app import make_app
from pydantic import ValidationError

from tests.portal.world import ASSIGNMENT, ME, PortalWorld, portal_world, settings

CAMPAIGN = "44444444-4444-4444-4444-444444444444"
NEED = f"/campaigns/{CAMPAIGN}/needs/22366"
TYPED = {"people-digitise": "2", "days-digitise": "3", "note": "Cần người <b>trước</b> 9 giờ"}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        yield made


async def test_while_the_api_is_away_what_was_typed_comes_back(world: PortalWorld) -> None:
    fields = await world.form_of("/")
    world.is_away = True
    answer = await world.post(NEED, fields | TYPED)
    assert answer.status_code == 503
    assert "Cần người &lt;b&gt;trước&lt;/b&gt; 9 giờ" in answer.text
    assert f'value="{fields["once"]}"' in answer.text, "sent again, it does its work once"
    assert f'action="{NEED}"' in answer.text


async def test_a_page_asked_for_while_the_api_is_away_says_so(world: PortalWorld) -> None:
    world.is_away = True
    answer = await world.client.get("/campaigns")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "tạm thời chưa trả lời" in answer.text


async def test_a_form_sent_after_the_session_ended_shows_what_was_typed(world: PortalWorld) -> None:
    fields = await world.form_of("/")
    world.answers["PUT", f"/v1{NEED}"] = (401, {"code": "access.token_invalid"})
    answer = await world.post(NEED, fields | TYPED)
    assert answer.status_code == 401
    assert "trước&lt;/b&gt; 9 giờ" in answer.text


@pytest.mark.parametrize(
    ("status", "words"), [(403, "không có quyền"), (404, "Không tìm thấy"), (500, "phía chúng tôi")]
)
async def test_each_refusal_is_a_page_with_words(world: PortalWorld, status: int, words: str) -> None:
    problem = {"code": "any", "detail_vi": "Lời của hệ thống.", "detail": "The system's words."}
    world.answers["GET", "/v1/campaigns"] = (status, problem)
    answer = await world.client.get("/campaigns")
    assert answer.status_code == status
    assert words in answer.text
    assert "Lời của hệ thống." in answer.text


async def test_an_unknown_address_is_a_page_too(world: PortalWorld) -> None:
    answer = await world.client.get("/no/such/page")
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.text


async def test_an_address_without_what_it_needs_names_what_is_missing(world: PortalWorld) -> None:
    answer = await world.client.get(f"/campaigns/{CAMPAIGN}/attendance/22366/sheet.xlsx?first_on=2026-12-07")
    assert answer.status_code == 422
    assert "Thiếu hoặc không hiểu được: last_on." in answer.text


async def test_in_english_the_words_are_english(world: PortalWorld) -> None:
    world.client.cookies.set("language", "en")
    world.answers["GET", "/v1/campaigns"] = (403, {"code": "any", "detail_vi": "Lời.", "detail": "The words."})
    answer = await world.client.get("/campaigns")
    assert 'lang="en"' in answer.text
    assert "The words." in answer.text


async def test_who_holds_several_roles_and_named_none_chooses_one(world: PortalWorld) -> None:
    world.answers["GET", "/v1/campaigns"] = (409, {"code": "access.acting_as_needed"})
    assert (await world.client.get("/campaigns")).headers["location"] == "/role"


async def test_the_page_on_which_a_role_is_chosen_opens_before_any_is(world: PortalWorld) -> None:
    other = ASSIGNMENT | {"id": "99999999-9999-4999-8999-999999999999", "scope_name": "Trường Khác"}
    several = ME | {"assignments": [ASSIGNMENT, other], "acting_as": None}
    world.answers["GET", "/v1/me"] = (200, several)
    page = await world.client.get("/role")
    assert page.status_code == 200
    assert "Trường Mẫu" in page.text
    assert "Trường Khác" in page.text
    assert " checked" not in page.text
    fields = await world.form_of("/role")
    await world.post("/role", fields | {"assignment": str(other["id"])})
    world.answers["GET", "/v1/me"] = (200, several)
    assert "Trường Khác" in (await world.client.get("/campaigns")).text


def weak() -> list[dict[str, Any]]:
    good = "k2V9xQ7mLr4TzB8nWc3YfH6jPd1GsA5e"
    https = {"public_url": "https://portal.example.vn", "issuer_url": "https://id.example.vn", "session_secret": good}
    return [
        https | {"session_secret": "short"},
        https | {"session_secret": "development-session-secret-not-for-production"},
        https | {"public_url": "http://portal.example.vn"},
        https | {"issuer_url": "http://id.example.vn"},
    ]


@pytest.mark.parametrize("changes", weak())
def test_production_starts_only_with_a_real_secret_and_nothing_in_clear(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(environment="production", **changes)


async def test_the_sign_in_without_typing_is_there_in_development_alone(world: PortalWorld) -> None:
    """Without its parameter it would answer 422 where it is."""
    assert (await world.client.get("/development/sign-in")).status_code == 422
    good = {"public_url": "https://p.example.vn", "issuer_url": "https://id.example.vn"}
    app = make_app(settings(environment="production", session_secret="k2V9xQ7mLr4TzB8nWc3YfH6jPd1GsA5e", **good))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://p.example.vn") as client:
        assert (await client.get("/development/sign-in")).status_code == 404
