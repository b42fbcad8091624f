"""The delivery board: what went to an old number says so, and is sent again by one button or all of it at once."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.test_editing import CAMPAIGN, PLAN
from tests.portal.world import ADMIN, EMPTY, PortalWorld, portal_world

MESSAGE: dict[str, Any] = {
    "id": "m1", "volunteer_id": None, "full_name": "Lê Thị Hoa", "email": None, "phone": "+84950000222",
    "school_code": "S1", "school_name": "Trường Mẫu", "commune_code": None, "channel": "sms", "is_fallback": False,
    "kind": "placement_assigned", "status": "delivered", "to_old_contact": True, "attempts": 1, "reason_vi": None,
    "reason_en": None, "created_at": "2026-11-01T02:00:00Z", "sent_at": "2026-11-01T02:00:00Z",
    "delivered_at": "2026-11-01T02:00:00Z", "failed_at": None,
}  # fmt: skip
COUNTS = dict.fromkeys(("waiting", "sent", "failed", "unknown", "cancelled"), 0) | {"arrived": 1}
BOARD = EMPTY | {"items": [MESSAGE], "total": 1, "counts": COUNTS, "by_school": {}, "by_commune": {}}
ORDERED = {"id": "o1", "messages": 1, "items": [{"message_id": "m1", "to": "+84 *** *** 222", "code": None}]}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("GET", "/v1/plans/p1"): (200, PLAN | {"status": "published", "version": 1, "published_by": "Nội vụ"}),
            ("GET", "/v1/plans/p1/messages"): (200, BOARD),
            ("POST", "/v1/message-orders"): (202, ORDERED),
            ("POST", "/v1/plans/p1/message-orders"): (202, ORDERED),
        }
        yield made


def sent(world: PortalWorld, method: str, path: str) -> Any:
    return [each for each in world.asked if (each.method, each.url.path) == (method, path)][-1]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({}, "Đã gửi tới số cũ"),
        ({"channel": "email"}, "Đã gửi tới địa chỉ cũ"),
        ({"to_old_contact": False}, ""),
        ({"to_old_contact": None}, ""),
    ],
)
async def test_what_went_to_an_old_contact_says_so_and_offers_to_send_it_again(
    world: PortalWorld, message: dict[str, Any], words: str
) -> None:
    world.answers["GET", "/v1/plans/p1/messages"] = (200, BOARD | {"items": [MESSAGE | message]})
    page = (await world.client.get("/plans/p1/delivery")).text
    assert (f"<strong>{words}</strong>" in page) is bool(words)
    assert ('value="m1"' in page) is bool(words)
    assert ("cấp lại đường liên kết" in page) is bool(words), "whoever has the old number has the old link"


async def test_one_is_sent_again_by_its_button_and_the_words_say_where_to(world: PortalWorld) -> None:
    form = await world.form_of("/plans/p1/delivery")
    answer = await world.post(
        "/plans/p1/delivery/resend?status=delivered", form | {"message_id": "m1", "reason": "Số đã sửa"}
    )
    assert answer.status_code == 303
    assert json.loads(sent(world, "POST", "/v1/message-orders").content) == {
        "message_ids": ["m1"],
        "reason": "Số đã sửa",
    }


async def test_all_that_went_to_old_contacts_are_listed_and_sent_again_at_once(world: PortalWorld) -> None:
    page = (await world.client.get("/plans/p1/delivery?status=to_old_contact")).text
    query = dict(sent(world, "GET", "/v1/plans/p1/messages").url.params)
    assert (query["to_old_contact"], "status" in query) == ("true", False)
    assert 'action="/plans/p1/delivery/resend?status=to_old_contact"' in page
    form = await world.form_of("/plans/p1/delivery?status=to_old_contact")
    typed = form | {"confirm": "1", "reason": "Danh sách mới sửa 20 số"}
    assert (await world.post("/plans/p1/delivery/resend?status=to_old_contact", typed)).status_code == 303
    body = json.loads(sent(world, "POST", "/v1/plans/p1/message-orders").content)
    assert (body["to_old_contact"], body["confirm"], body.get("status")) == (True, 1, None)
