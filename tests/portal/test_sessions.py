"""A session: only the portal can read it, it ends when it should, and no other site's form is done in it."""

import secrets
import time
from collections.abc import AsyncIterator

import pytest
from commune_portal.guard import masked_form_token
from commune_portal.sessions import SessionCipher, SessionTooLargeError, start_session

from tests.portal.world import ORIGIN, PortalWorld, portal_world

SIGN_OUT = "/sign-out"


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        yield made


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(world: PortalWorld) -> None:
    answer = await world.client.get("/campaigns?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/campaigns%3Fpage%3D2")
    assert world.asked == []


async def test_the_api_is_asked_with_the_persons_own_token_and_role(world: PortalWorld) -> None:
    world.sign_in(acting_as="11111111-1111-1111-1111-111111111111")
    assert (await world.client.get("/campaigns")).status_code == 200
    assert {request.headers["Authorization"] for request in world.asked} == {"Bearer the-token"}
    assert {request.headers["X-Acting-As"] for request in world.asked} == {"11111111-1111-1111-1111-111111111111"}


async def test_the_token_is_in_no_page_and_the_cookie_is_sealed(world: PortalWorld) -> None:
    world.sign_in()
    page = await world.client.get("/")
    assert "the-token" not in page.text
    assert "the-token" not in str(world.client.cookies["session"])


@pytest.mark.parametrize("change", ["a", "", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_cookie_of_somebody_elses_making_opens_nothing(world: PortalWorld, change: str) -> None:
    world.sign_in()
    sealed = str(world.client.cookies["session"])
    world.hold(change if change.startswith("eyJ") else sealed[:-4] + change * 4)
    assert (await world.client.get("/campaigns")).headers["location"].startswith("/sign-in")


async def test_a_session_of_another_secret_opens_nothing(world: PortalWorld) -> None:
    other = SessionCipher("another secret altogether, of another portal")
    world.hold(other.seal(start_session(600) | {"token": "x"}))
    assert (await world.client.get("/campaigns")).status_code == 303


async def test_a_session_ends_by_itself(world: PortalWorld) -> None:
    world.sign_in(seconds=-1)
    assert (await world.client.get("/campaigns")).status_code == 303


async def test_a_cookie_copied_before_signing_out_opens_nothing_afterwards(world: PortalWorld) -> None:
    world.sign_in()
    copied = str(world.client.cookies["session"])
    fields = await world.form_of("/")
    assert (await world.post(SIGN_OUT, fields)).headers["location"] == "/sign-in"
    world.hold(copied)
    assert (await world.client.get("/campaigns")).status_code == 303


async def test_signing_out_ends_the_token_for_other_portals_and_says_so_where_it_cannot(world: PortalWorld) -> None:
    world.sign_in()
    world.answers["POST", "/v1/me/sign-out"] = (204, {})
    fields = await world.form_of("/")
    assert (await world.post(SIGN_OUT, fields)).headers["location"] == "/sign-in"
    asked = [request for request in world.asked if request.url.path == "/v1/me/sign-out"]
    assert [request.headers["Authorization"] for request in asked] == ["Bearer the-token"]
    world.sign_in()
    world.answers["POST", "/v1/me/sign-out"] = (503, {})
    here_alone = await world.post(SIGN_OUT, await world.form_of("/"))
    assert (here_alone.status_code, "có thể còn hiệu lực ở nơi khác" in here_alone.text) == (503, True)
    assert "session" not in world.client.cookies


@pytest.mark.parametrize("how", ["signed out", "over"])
async def test_a_form_of_a_session_that_is_no_more_does_nothing_and_gives_back_what_was_typed(
    world: PortalWorld, how: str
) -> None:
    """Stolen with its cookie and token and sent again, or left open for too long."""
    session = world.sign_in()
    copied, fields = str(world.client.cookies["session"]), await world.form_of("/")
    if how == "signed out":
        assert (await world.post(SIGN_OUT, fields)).headers["location"] == "/sign-in"
        world.hold(copied)
    else:
        world.hold(world.cipher.seal(session | {"until": time.time() - 1}))
    form = "/settings/keys/k1/rotate"
    answer = await world.post(form, fields | {"label": "Đã gõ rất lâu"}, Referer=f"{ORIGIN}/settings/keys?q=a")
    assert (answer.status_code, "Đã gõ rất lâu" in answer.text) == (401, True)
    assert 'href="/sign-in?next=/settings/keys%3Fq%3Da"' in answer.text, (
        "the page of the form, and not where it was sent"
    )
    elsewhere = await world.post(form, fields, Referer="https://evil.example/settings")
    assert 'href="/sign-in?next=/"' in elsewhere.text
    posted = {request.url.path for request in world.asked if request.method == "POST"}
    assert posted <= {"/v1/me/sign-out"}


async def test_signing_in_begins_with_a_fresh_session(world: PortalWorld) -> None:
    """Whoever planted a session in this browser does not share the one that follows."""
    planted = world.sign_in()
    await world.client.get("/sign-in/start")
    opened = world.cipher.open(str(world.client.cookies["session"])) or {}
    assert opened["id"] != planted["id"]
    assert "token" not in opened


async def test_a_token_that_the_api_no_longer_takes_ends_the_session(world: PortalWorld) -> None:
    world.sign_in()
    world.answers["GET", "/v1/me"] = (401, {"code": "access.token_invalid"})
    assert (await world.client.get("/campaigns")).headers["location"].startswith("/sign-in")
    assert "session" not in world.client.cookies


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_a_form_of_another_site_is_refused(world: PortalWorld, origin: str | None) -> None:
    world.sign_in()
    fields = await world.form_of("/")
    headers = {} if origin is None else {"Origin": origin}
    assert (await world.client.post(SIGN_OUT, data=fields, headers=headers)).status_code == 403
    assert (await world.client.get("/campaigns")).status_code == 200


async def test_a_form_without_the_token_of_this_session_is_refused(world: PortalWorld) -> None:
    session = world.sign_in()
    for token in ("", "AAAA", masked_form_token("of-another-session-altogether")):
        assert (await world.post(SIGN_OUT, {"form_token": token})).status_code == 403
    assert (await world.post(SIGN_OUT, {"form_token": masked_form_token(session["form"])})).status_code == 303


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_nobody_is_sent_to_another_site(world: PortalWorld, where: str) -> None:
    world.sign_in()
    for path in ("/sign-in", "/language/en"):
        answer = await world.client.get(
            path, params={"next": where, "back": where} if path == "/sign-in" else {"back": where}
        )
        assert answer.headers.get("location", "/") == "/"


def test_a_session_that_no_cookie_holds_is_said_aloud() -> None:
    with pytest.raises(SessionTooLargeError, match="4000"):
        SessionCipher("x").seal(start_session(60) | {"token": secrets.token_urlsafe(6000)})


async def test_pages_are_kept_by_no_cache_and_framed_by_nobody(world: PortalWorld) -> None:
    world.sign_in()
    headers = (await world.client.get("/")).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_what_was_kept_for_one_person_serves_nobody_else(world: PortalWorld) -> None:
    """Two sessions with tokens of their own: the API is asked for each of them."""
    for token in ("the-first", "the-second"):
        world.sign_in(token=token)
        await world.client.get("/campaigns")
        await world.client.get("/campaigns")
    asked = [request.headers["Authorization"] for request in world.asked if request.url.path == "/v1/me"]
    assert asked == ["Bearer the-first", "Bearer the-second"]


@pytest.mark.parametrize("path", ["/", "/campaigns", "/sign-in", "/health"])
async def test_asking_for_the_head_alone_finds_a_page_as_it_is(world: PortalWorld, path: str) -> None:
    """Programs that check the links of a mail ask so: an invitation leads here."""
    for _ in range(2):
        seen, looked = await world.client.get(path), await world.client.head(path)
        assert looked.status_code == seen.status_code < 400
        assert [one.headers.get("location") for one in (seen, looked)] == [seen.headers.get("location")] * 2
        world.sign_in()
    assert (await world.client.head("/sign-out")).status_code == 405
