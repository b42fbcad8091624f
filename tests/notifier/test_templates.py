"""Words that people edit: checked, previewed with real facts, counted, published, and kept with each message."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from commune_schemas.notices import Channel
from notifier.app import create_app
from notifier.words.sandbox import BlockError, check_block, fill_in

from tests.notifier.people import make_notice, make_placement
from tests.notifier.test_daily import remind
from tests.notifier.world import ADMIN_KEY, READER_KEY, World
from tests.support.deadlines import until
from tests.support.refusals import check_refusal
from tests.support.shared_routes import with_shared_routes
from tests.support.waiting import WAITING

SMS = "/v1/templates/placement_assigned/sms/vi"
MAIL = "/v1/templates/placement_assigned/email/vi"
WORDS = (
    "Mời anh/chị đến {{ commune }}, {{ weekdays }}, từ {{ starts_on }}. Gọi {{ commune_contact_phone }}. "
    "{{ answer_url }}"
)
BLOCKS = {
    "subject": "Mời đến {{ commune }}",
    "heading": "Thư mời",
    "opening": "Kính mời {{ full_name }} & gia đình.\n\nXin đến {{ commune }} vào {{ weekdays }}.",
    "closing": "Trân trọng.",
}


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings.model_copy(update={"sms_segment_price": 300})))
    headers = {"X-Api-Key": ADMIN_KEY}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://n", headers=headers) as client,
    ):
        yield client


async def draft(admin: httpx.AsyncClient, path: str, blocks: dict[str, Any] | None) -> httpx.Response:
    body = {"blocks": blocks, "written_by": "Cán bộ Mẫu", "reason": "Lời lẽ của tỉnh"}
    return await admin.post(path, json=body)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}", "{{ commune.__class__.__mro__ }}", "{{ commune.upper() }}", "{{ self }}",
        "{{ range(10**9) }}", "{{ 'a' * 1000000000 }}", "{{ cycler }}", "{% set x = 1 %}", "{% include 'x' %}",
        "{% import 'os' as os %}", "{% macro m() %}{% endmacro %}", "{{ commune | attr('__class__') }}",
        "{{ commune | map('upper') }}", "{{ commune['__class__'] }}", "{{ lipsum }}", "{{ no_such_fact }}",
        "{% for a in duties %}{% for b in duties %}x{% endfor %}{% endfor %}", "{{ commune", "{{ commune | format }}",
        "{% for a in duties recursive %}{{ loop(a) }}{% endfor %}", "x" * 6001,
    ],
)  # fmt: skip
def test_nothing_but_facts_ifs_and_one_loop_is_understood(source: str) -> None:
    with pytest.raises(BlockError):
        check_block(source, known=("commune", "duties"))


def test_what_is_allowed_is_filled_in_and_what_is_missing_or_too_long_is_not() -> None:
    source = "{% if commune %}{{ commune | upper }}{% endif %}{% for duty in duties %}, {{ duty }}{% endfor %}"
    assert check_block(source, known=("commune", "duties", "more")) == {"commune", "duties"}
    assert fill_in(source, {"commune": "xã", "duties": ["a", "b"]}) == "XÃ, a, b"
    nothing: list[str] = []
    for facts, code in (
        ({"duties": nothing}, "template.not_filled"),
        ({"commune": "x" * 30_000, "duties": nothing}, "template.too_long"),
    ):
        with pytest.raises(BlockError) as refused:
            fill_in(source, facts)
        assert refused.value.code == code


async def test_a_draft_sends_nothing_and_a_published_one_does_and_is_kept_with_the_message(
    world: World, admin: httpx.AsyncClient
) -> None:
    for path, blocks in ((SMS, {"text": WORDS}), (MAIL, BLOCKS)):
        answer = await draft(admin, path, blocks)
        assert answer.status_code == 201, answer.text
    await world.prepare(make_notice())
    await world.send_all()
    for path in (SMS, MAIL):
        assert (await admin.post(f"{path}/1/publish")).json()["published_at"]
    await world.prepare(make_notice(plan_id="00000000-0000-4000-8000-000000000077"))
    await world.send_all()
    before, after = world.sms.texts
    assert before.text.startswith("PHAN CONG")
    assert after.text.startswith("Moi anh/chi den Xa Tay Khanh Vinh")
    mail = world.mail.messages[-1]
    assert str(mail["Subject"]) == "Mời đến Xã Tây Khánh Vĩnh"
    part = mail.get_body(("html",))
    assert part is not None
    html = part.get_content()
    assert "Kính mời Nguyễn Thị Ánh Nguyệt &amp; gia đình." in html
    assert "Cao Thị Hạnh" in html, "the facts stand in the layout whatever the words are"
    rows = await world.rows("select channel, template from notifier.messages order by created_at, channel")
    assert [row["template"].split()[0] for row in rows] == ["vi/built-in", "vi/built-in", "vi/1", "vi/1"]


async def test_edited_words_hold_in_the_mail_that_joins_a_day_too(world: World, admin: httpx.AsyncClient) -> None:
    path = "/v1/templates/placement_reminder/email/vi"
    assert (await draft(admin, path, BLOCKS)).status_code == 201
    await admin.post(f"{path}/1/publish")
    for commune in ("Xã Một", "Xã Hai"):
        await world.prepare(remind(commune))
    await world.send_all()
    (mail,) = world.mail.messages
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert str(mail["Subject"]).startswith("2 việc"), "both in one"
    for commune in ("Xã Một", "Xã Hai"):
        assert f"Mời đến {commune}" in text
    assert text.count("& gia đình") == 2
    assert "Xác nhận hoặc báo bận" in text
    rows = await world.rows("select template from notifier.messages where channel = 'email'")
    assert [row["template"].split()[0] for row in rows] == ["vi/1", "vi/1"], "what is kept is what was sent"


async def test_faults_are_named_block_by_block_and_nothing_is_kept(admin: httpx.AsyncClient) -> None:
    wrong = await draft(admin, MAIL, {**BLOCKS, "opening": "{{ khong_co }}", "closing": "{{ full_name.x }}"})
    assert wrong.status_code == 422
    assert [(each["pointer"], each["code"]) for each in wrong.json()["errors"]] == [
        ("/blocks/opening", "template.unknown_fact"),
        ("/blocks/closing", "template.not_allowed"),
    ]
    silent = await draft(admin, SMS, {"text": "Mời đến {{ commune }}"})
    (error,) = silent.json()["errors"]
    assert error["code"] == "template.fact_not_said"
    for blocks, at, code in (
        ({"text": "{{ commune"}, "/blocks/text", "template.not_understood"),
        ({"text": "{{ commune | format }}"}, "/blocks/text", "template.not_understood"),
        ({"text": WORDS, "subject": "x"}, "/blocks/subject", "template.shape"),
    ):
        refused = check_refusal(await draft(admin, SMS, blocks), 422, "template.not_valid")
        assert (at, code) in [(each["pointer"], each["code"]) for each in refused["errors"]]
    assert "answer_url" in error["vi"]
    assert (await draft(admin, SMS, {"text": WORDS + "x" * 400})).json()["errors"][0]["code"] == "template.too_long"
    assert (await draft(admin, SMS, {"subject": "x"})).status_code == 422
    assert (await admin.get(SMS)).json()["versions"] == []
    assert (await admin.get("/v1/templates/blocker/email/vi")).status_code == 404
    reader = {"X-Api-Key": READER_KEY}
    assert (await admin.post(SMS, json={}, headers=reader)).status_code == 403
    assert (await admin.get(SMS, headers=reader)).status_code == 200


async def test_the_newest_alone_is_published_and_the_built_in_words_can_be_had_back(
    world: World, admin: httpx.AsyncClient
) -> None:
    for blocks in ({"text": WORDS}, {"text": f"Bản 2. {WORDS}"}, None):
        await draft(admin, SMS, blocks)
    assert (await admin.post(f"{SMS}/1/publish")).status_code == 409
    assert (await admin.post(f"{SMS}/9/publish")).status_code == 404
    assert (await admin.post(f"{SMS}/3/publish")).status_code == 200
    shown = (await admin.get(SMS)).json()
    assert (shown["in_force"], len(shown["versions"])) == (3, 3)
    assert "commune_contact_phone" in shown["facts"]
    await world.prepare(make_notice(email=None))
    await world.send_all()
    assert world.sms.texts[0].text.startswith("PHAN CONG")


async def test_of_two_drafts_at_once_the_second_is_told_to_look_again(world: World, admin: httpx.AsyncClient) -> None:
    first = sa.text(
        "insert into notifier.templates (kind, channel, language, version, written_by, reason)"
        " values ('placement_assigned', 'sms', 'vi', 1, 'Cán bộ khác', 'Trước một bước')"
    )

    async def is_waiting() -> bool:
        (row,) = await world.rows(WAITING)
        return bool(row["waiting"])

    async with world.sessions.begin() as session:
        await session.execute(first)
        second = asyncio.create_task(draft(admin, SMS, {"text": WORDS}))
        await until(is_waiting)
    check_refusal(await second, 409, "template.changed_meanwhile")
    assert [row["written_by"] for row in (await admin.get(SMS)).json()["versions"]] == ["Cán bộ khác"]


async def test_a_preview_has_real_facts_and_both_ways_of_writing_with_segments_and_cost(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = make_notice(placement=make_placement(commune_name="Xã Đắk Pơ"))
    await world.prepare(notice)
    message_id = str((await world.message(Channel.SMS))["id"])
    body = {"blocks": {"text": WORDS}, "message_id": message_id}
    shown = (await admin.post(f"{SMS}/preview", json=body)).json()
    assert shown["sms"]["text"].startswith("Moi anh/chi den Xa Dak Po")
    assert (shown["sms_plain"]["encoding"], shown["sms_accented"]["encoding"]) == ("GSM-7", "UCS-2")
    assert "Xã Đắk Pơ" in shown["sms_accented"]["text"]
    for form in (shown["sms_plain"], shown["sms_accented"]):
        assert form["cost_vnd"] == 300 * form["segments"]
    assert shown["sms_accented"]["segments"] > shown["sms_plain"]["segments"]
    mail = (await admin.post(f"{MAIL}/preview", json={"blocks": BLOCKS})).json()
    assert mail["subject"] == "Mời đến Xã Tây Khánh Vĩnh"
    assert notice.answer_url not in str(shown), "a personal link is nobody else's"


async def test_words_that_do_not_fit_somebodys_facts_give_way_and_the_message_goes(
    world: World, admin: httpx.AsyncClient
) -> None:
    await draft(admin, SMS, {"text": WORDS.replace("Mời", "Mời" + " x" * 70)})
    await admin.post(f"{SMS}/1/publish")
    await world.prepare(make_notice(email=None, answer_url="https://vidu.example/a/" + "k" * 120))
    await world.send_all()
    assert world.sms.texts[0].text.startswith("PHAN CONG")
    assert (await world.message(Channel.SMS))["template"].startswith("vi/built-in")
