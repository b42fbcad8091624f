"""The development issuer signs people in as a real one does, and roster-api takes its tokens for the account."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from commune_stack.issuer import AUDIENCE, issuer_settings
from commune_stack.programs import Program, answers
from commune_stack.stack import command
from commune_stack.supervisor import supervised
from roster_api.app import create_app
from roster_api.issuer_settings import IssuerSettings
from roster_api.settings import Settings

from tests.roster_api.reference_world import World
from tests.support.issuer import TestIssuer, add_account


@pytest.fixture
async def issuer_url(free_port: int, tmp_path: object) -> AsyncIterator[str]:
    url = f"http://127.0.0.1:{free_port}"
    program = Program(
        name="issuer",
        argv=(command("commune-stack"), "issuer", "--port", str(free_port)),
        environment={"PATH": os.environ["PATH"]},
        probe=answers(f"{url}/.well-known/openid-configuration"),
        ports=(free_port,),
    )
    async with supervised(tmp_path, [program]):  # type: ignore[arg-type]
        yield url


async def sign_in(issuer_url: str, subject: str) -> str:
    """An ID token, by the authorization code flow."""
    back = "http://127.0.0.1/back"
    asked = {
        "client_id": AUDIENCE,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "openid email profile",
        "state": "s",
        "nonce": "n",
    }
    async with httpx.AsyncClient(base_url=issuer_url, trust_env=False) as browser:
        page = await browser.get("/oauth2/authorize", params=asked)
        assert re.search(r"name=.sub.", page.text)
        picked = await browser.post("/oauth2/authorize", params=asked, data={"sub": subject})
        code = parse_qs(urlsplit(picked.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        answer = await browser.post("/oauth2/token", data=form, auth=(AUDIENCE, "any"))
        token: str = answer.json()["id_token"]
        return token


async def test_the_first_sign_in_with_the_invited_address_binds_the_account_and_the_subject_counts_from_then_on(
    roster_database_url: str, issuer_url: str
) -> None:
    issuers = [IssuerSettings.model_validate(issuer_settings(issuer_url))]
    world = World(app=create_app(Settings(database_url=roster_database_url, issuers=issuers)))
    roles = [{"role": "admin", "province_code": "56"}]
    async with world.session() as session:
        await add_account(session, TestIssuer(url=issuer_url), subject=None, email="noivu@example.vn", roles=roles)
    admin, guest = await asyncio.gather(sign_in(issuer_url, "admin"), sign_in(issuer_url, "nobody"))
    client = world.as_("nobody")
    me = (await client.get("/v1/me", headers={"Authorization": f"Bearer {admin}"})).json()
    assert (me["account"]["email"], me["strong_authentication"]) == ("noivu@example.vn", True)
    role = me["assignments"][0]
    assert (role["role"], role["scope_kind"], role["scope_id"]) == ("admin", "province", "56")
    assert (role["scope_name"], me["acting_as"]) == ("Tỉnh Khánh Hòa", role["id"])
    keys = await client.get("/v1/api-keys", headers={"Authorization": f"Bearer {admin}"})
    assert keys.status_code == 200
    refused = await client.get("/v1/me", headers={"Authorization": f"Bearer {guest}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.no_account")
    await world.close()
