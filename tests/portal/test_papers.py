"""The page of a plan's decision: what was typed becomes facts, a refusal loses nothing, the file is handed on."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_portal.pages.papers import as_facts, as_typed

from tests.portal.test_editing import CAMPAIGN, PLAN
from tests.portal.world import ADMIN, PortalWorld, portal_world

FACTS: dict[str, Any] = {
    "parent": None,
    "issuer": ["ỦY BAN NHÂN DÂN", "TỈNH KHÁNH HÒA"],
    "number": 7,
    "symbol": "QĐ-UBND",
    "place": "Khánh Hòa",
    "signed_on": None,
    "decided_by": "Chủ tịch Ủy ban nhân dân tỉnh Khánh Hòa",
    "subject": "Về việc <b>cử người</b>",
    "legal_bases": ["Căn cứ một", "Căn cứ hai"],
    "articles": ["Phân công.\n1. Khoản một.", "Hiệu lực."],
    "signing": ["CHỦ TỊCH"],
    "signer_name": None,
    "recipients": ["Lưu: VT"],
}
PATH = "/v1/plans/p1/decision"
STATED = {
    "plan_id": "p1", "is_written": True, "facts": FACTS, "communes": 65, "schools": 12, "people": 243,
    "written_at": "2026-02-05T03:00:00Z", "written_by": "Sở Nội vụ", "written_by_id": None,
}  # fmt: skip


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/plans/p1"): (200, PLAN),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("GET", PATH): (200, STATED),
        }
        yield made


def test_what_a_form_shows_is_sent_back_as_the_same_facts() -> None:
    sent = as_facts({name: text.replace("\n", "\r\n") for name, text in as_typed(FACTS).items()})
    assert sent == {name: value for name, value in FACTS.items() if value is not None}


async def test_the_decision_is_kept_and_a_refusal_loses_nothing_that_was_typed(world: PortalWorld) -> None:
    page = (await world.client.get("/plans/p1/decision")).text
    assert 'href="/plans/p1/decision.docx"' in page
    assert "<b>cử người</b>" not in page
    fields = await world.form_of("/plans/p1/decision") | as_typed(FACTS) | {"etag": '"3"', "subject": "Về việc khác"}
    world.answers["PUT", PATH] = (422, {"code": "request.invalid", "detail_vi": "Ký hiệu sai", "errors": []})
    refused = await world.post("/plans/p1/decision", fields)
    assert refused.status_code == 422
    assert "Về việc khác" in refused.text
    assert "Ký hiệu sai" in refused.text
    world.answers["PUT", PATH] = (200, STATED)
    kept = await world.post("/plans/p1/decision", fields)
    assert (kept.status_code, kept.headers["Location"]) == (303, "/plans/p1/decision")
    sent = [each for each in world.asked if each.method == "PUT"][-1]
    assert sent.headers["If-Match"] == '"3"'
    assert json.loads(sent.content)["subject"] == "Về việc khác"
