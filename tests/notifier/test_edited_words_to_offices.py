"""Edited words to seconded staff, units, communes, schools: they arrive, say what they must; others are refused."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from commune_schemas.notices import AnyNotice, Channel, Language, NoticeKind, SecondmentNotice
from notifier.kinds import channels_of
from notifier.sample import list_cases, sample_notice
from notifier.school_mail import write_mail
from notifier.words.blocks import MailBlocks
from notifier.words.checking import REQUIRED_IN_TEXT, list_facts, list_samples
from notifier.words.editable import EDITABLE, IN_VIETNAMESE, NOT_EDITABLE, why_not_editable

from tests.notifier import test_templates
from tests.notifier.people import CONTACTS, Reached
from tests.notifier.test_templates import draft
from tests.notifier.world import World
from tests.support.refusals import check_refusal

admin = test_templates.admin
NOW = datetime(2026, 12, 1, tzinfo=UTC)
GREETING = "Sở Nội vụ kính báo."
MAILS: dict[NoticeKind, dict[str, str]] = {
    NoticeKind.SECONDMENT: {
        "subject": "{{ occasion_words }} về {{ to_unit }}",
        "heading": "Gửi {{ full_name }}",
        "opening": f"{GREETING}\n\nTừ {{{{ starts_on }}}}{{% if ends_on %}} đến {{{{ ends_on }}}}{{% endif %}}.",
    },
    NoticeKind.SECONDMENT_OF_UNIT: {
        "subject": "{{ occasion_words }}: {{ coming | length }} người đến {{ unit }}",
        "heading": "{{ unit }}",
        "opening": GREETING,
    },
    NoticeKind.NEED_REMINDER: {
        "subject": "{{ commune }} khai nhu cầu, trước {{ starts_on }}",
        "heading": "Nhu cầu của {{ commune }}",
        "opening": GREETING,
    },
    NoticeKind.PERSON_CANNOT_GO: {
        "subject": "{{ full_name }} không đến {{ commune }}",
        "heading": "Cần người thay",
        "opening": f"{GREETING} {{% for each in stand_ins %}}{{{{ each }}}} {{% endfor %}}",
    },
}
SUBJECTS = {
    NoticeKind.SECONDMENT: "Quyết định điều động, biệt phái về UBND xã Tây Khánh Vĩnh",
    NoticeKind.SECONDMENT_OF_UNIT: "Quyết định điều động, biệt phái: 1 người đến UBND xã Tây Khánh Vĩnh",
    NoticeKind.NEED_REMINDER: "Xã Tây Khánh Vĩnh khai nhu cầu, trước 07/12/2026",
    NoticeKind.PERSON_CANNOT_GO: "Người Mẫu không đến Xã Tây Khánh Vĩnh",
}
FACTS: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.SECONDMENT: ("123/QĐ-SNV", "Công chức công nghệ thông tin", "06/06/2027", "0950 000 001", "45/KH-UBND"),
    NoticeKind.SECONDMENT_OF_UNIT: ("123/QĐ-SNV", "Trần Thị Mẫu: Công chức công nghệ", "0950 000 001", "Giám đốc"),
    NoticeKind.NEED_REMINDER: ("Xã Tây Khánh Vĩnh", "07/12/2026", "06/01/2027", "không cần ai cũng gửi"),
    NoticeKind.PERSON_CANNOT_GO: ("Trùng lịch thi", "Thứ Hai, Thứ Tư", "Người Thay", "0950 009 001", "07/12/2026"),
}
TEXT = (
    "{{ occasion_words }}: {{ post }}, {{ to_unit }}, từ {{ starts_on }}"
    "{% if ends_on %} đến {{ ends_on }}{% endif %}. Hỏi {{ contact_phone }}"
)
SMS = "/v1/templates/secondment/sms/vi"


def path_of(kind: NoticeKind, channel: str = "email", language: str = "vi") -> str:
    return f"/v1/templates/{kind.value}/{channel}/{language}"


def to_somebody(kind: NoticeKind) -> AnyNotice:
    notice = sample_notice(kind)
    CONTACTS[notice.recipient.id] = Reached("can-bo@example.vn", "+84950000123", None)
    return notice


async def publish(admin: httpx.AsyncClient, path: str, blocks: dict[str, Any]) -> None:
    answer = await draft(admin, path, blocks)
    assert answer.status_code == 201, answer.text
    assert (await admin.post(f"{path}/1/publish")).json()["published_at"]


@pytest.mark.parametrize("kind", IN_VIETNAMESE)
async def test_edited_words_arrive_with_all_facts_in_the_table_and_are_kept_with_the_message(
    world: World, admin: httpx.AsyncClient, kind: NoticeKind
) -> None:
    await publish(admin, path_of(kind), MAILS[kind])
    await world.prepare(to_somebody(kind))
    await world.send_all()
    (mail,) = world.mail.messages
    assert str(mail["Subject"]) == SUBJECTS[kind]
    for form in ("plain", "html"):
        words = " ".join(mail.get_body((form,)).get_content().split())  # type: ignore[union-attr]
        assert GREETING in words
        assert "()" not in words, "nobody's school is named where there is none"
        for fact in FACTS[kind]:
            assert fact in words, fact
    (row,) = await world.rows("select template from notifier.messages where channel = 'email'")
    assert row["template"].split()[0] == "vi/1"


async def test_a_seconded_person_gets_the_edited_text_message_and_nobody_else_one(
    world: World, admin: httpx.AsyncClient
) -> None:
    await publish(admin, SMS, {"text": TEXT})
    await world.prepare(to_somebody(NoticeKind.SECONDMENT))
    await world.send_all()
    (text,) = world.sms.texts
    assert text.text.startswith("Quyet dinh dieu dong, biet phai: Cong chuc cong nghe thong tin, UBND xa")
    assert "07/12/2026 den 06/06/2027" in text.text
    assert (await world.message(Channel.SMS))["template"].split()[0] == "vi/1"


async def test_a_text_that_leaves_out_what_or_where_or_until_when_is_refused(admin: httpx.AsyncClient) -> None:
    for fact in sorted(REQUIRED_IN_TEXT[NoticeKind.SECONDMENT]):
        words = TEXT.replace("{% if ends_on %} đến {{ ends_on }}{% endif %}", "") if fact == "ends_on" else TEXT
        refused = check_refusal(
            await draft(admin, SMS, {"text": words.replace(f"{{{{ {fact} }}}}", "")}), 422, "template.not_valid"
        )
        (error,) = refused["errors"]
        assert error["code"] == "template.fact_not_said"
        assert fact in error["vi"]
    blocks = MAILS[NoticeKind.NEED_REMINDER] | {"closing": "{{ post }}"}
    unknown = await draft(admin, path_of(NoticeKind.NEED_REMINDER), blocks)
    (error,) = unknown.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/blocks/closing", "template.unknown_fact")


async def test_a_preview_has_the_facts_of_a_real_secondment_with_segments_and_cost(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = to_somebody(NoticeKind.SECONDMENT)
    assert isinstance(notice, SecondmentNotice)
    move = notice.moves[0].model_copy(update={"to_unit": "UBND xã Đắk Pơ", "until_on": None})
    await world.prepare(notice.model_copy(update={"moves": [move], "occasion": "extended"}))
    real = {"message_id": str((await world.message(Channel.SMS))["id"])}
    shown = (await admin.post(f"{SMS}/preview", json={"blocks": {"text": TEXT}, **real})).json()
    assert shown["sms_accented"]["text"].startswith("Gia hạn điều động, biệt phái: ")
    assert "UBND xã Đắk Pơ, từ 07/12/2026." in shown["sms_accented"]["text"], "without a last day none is said"
    for form in (shown["sms_plain"], shown["sms_accented"]):
        assert form["cost_vnd"] == 300 * form["segments"]
    real = {"message_id": str((await world.message(Channel.EMAIL))["id"])}
    path = path_of(NoticeKind.SECONDMENT)
    mail = (await admin.post(f"{path}/preview", json={"blocks": MAILS[NoticeKind.SECONDMENT], **real})).json()
    assert mail["subject"] == "Gia hạn điều động, biệt phái về UBND xã Đắk Pơ"
    assert "không thời hạn" in mail["html"]
    other = path_of(NoticeKind.NEED_REMINDER)
    assert (await admin.post(f"{other}/preview", json=real)).status_code == 404, "it is of another kind"


async def test_words_too_long_for_somebodys_facts_give_way_and_the_message_goes(
    world: World, admin: httpx.AsyncClient
) -> None:
    text = TEXT.replace("Hỏi", "Hỏi " + "{{ legal_basis }} " * 2)
    await publish(admin, SMS, {"text": text})
    notice = to_somebody(NoticeKind.SECONDMENT).model_copy(update={"legal_basis": "Kế hoạch số 45/KH-UBND " * 8})
    await world.prepare(notice)
    await world.send_all()
    assert "Lien he: Can bo Mau" in world.sms.texts[0].text
    assert (await world.message(Channel.SMS))["template"].startswith("vi/built-in")


@pytest.mark.parametrize("kind", IN_VIETNAMESE)
def test_the_table_says_of_each_case_what_happened_and_to_whom(kind: NoticeKind) -> None:
    blocks = MailBlocks(subject="x", heading="x", opening="x")
    for notice in list_cases(kind):
        mail = " ".join(write_mail(notice, stamped_at=NOW, organizer_email="a@example.vn", blocks=blocks).text.split())
        if isinstance(notice, SecondmentNotice):
            own = write_mail(notice, stamped_at=NOW, organizer_email="a@example.vn")
            assert own.subject.partition(":")[0] in mail, "decision, extension and end are told apart"
            assert ("rà soát ngày 01/03/2027" in mail) == bool(notice.moves[0].weekdays)
    silent = [case for case in list_cases(NoticeKind.PERSON_CANNOT_GO) if not getattr(case, "stand_ins", None)]
    words = [write_mail(case, stamped_at=NOW, organizer_email="a@example.vn", blocks=blocks).text for case in silent]
    assert ["Đang tính" in text for text in words] == [True, False]
    assert ["Chưa tìm được ai" in text for text in words] == [False, True]


async def test_what_cannot_be_edited_is_refused_with_the_reason_and_never_kept(
    world: World, admin: httpx.AsyncClient
) -> None:
    tried = 0
    for kind in NoticeKind:
        for channel in Channel:
            for language in Language:
                why = why_not_editable(kind, channel, language)
                answer = await admin.get(path_of(kind, channel, language))
                if why is None:
                    assert answer.status_code == 200
                    continue
                tried += 1
                problem = check_refusal(answer, 404, "template.not_editable")
                assert (problem["detail_vi"], problem["detail"]) == why
    assert tried
    blocks = {"text": TEXT}
    for path in (
        path_of(NoticeKind.SECONDMENT_OF_UNIT, "sms"),
        path_of(NoticeKind.SECONDMENT, "sms", "en"),
        path_of(NoticeKind.DATA_REQUEST),
    ):
        assert (await draft(admin, path, blocks)).json()["code"] == "template.not_editable"
        assert (await admin.post(f"{path}/1/publish")).json()["code"] == "template.not_editable"
    assert await world.rows("select * from notifier.templates") == []
    listed = (await admin.get("/v1/templates/in-force")).json()
    ways = {(each["kind"], each["channel"], each["language"]) for each in listed}
    assert ("secondment", "sms", "vi") in ways
    assert not [way for way in ways if way[0] in set(NOT_EDITABLE)]


def test_every_kind_is_editable_or_says_why_not_and_its_texts_have_required_facts() -> None:
    assert set(EDITABLE) | set(NOT_EDITABLE) == set(NoticeKind)
    assert not set(EDITABLE) & set(NOT_EDITABLE)
    for kind in EDITABLE:
        assert list_samples(kind)
        if Channel.SMS in channels_of(kind):
            assert REQUIRED_IN_TEXT[kind] <= set(list_facts(kind))
