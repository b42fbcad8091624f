"""Routes of message templates: what may be edited, versions, previews with a real placement, publishing, a test mail.

The words are every province's, so the nation's administrator alone drafts and publishes; a province looks and tries.
"""

from typing import Annotated

from commune_schemas.notices import Channel, Language, NoticeKind
from commune_schemas.templates import TemplateDetail, TemplatePreview, TemplateState, TemplateVersion, TrialMailAnswer
from fastapi import Path, Request
from pydantic import TypeAdapter

from roster_api.access.models import Account
from roster_api.access.principal import Principal, PrincipalDep
from roster_api.audit.changes import changes_of
from roster_api.database import LateSessionDep
from roster_api.errors import ConflictError
from roster_api.idempotency import OnceDep
from roster_api.message_settings.asking import TRIAL_SECONDS, ask, place, refuse_province
from roster_api.message_settings.of_placement import make_notice
from roster_api.message_settings.template_schemas import DraftRequest, MessageTemplates, PreviewRequest, TrialRequest
from roster_api.routing import domain_router, problems

router = domain_router(tag="message templates", prefix="/v1/message-templates")
OF = "/{kind}/{channel}/{language}"
STATES = TypeAdapter(list[TemplateState])
TABLE = "message_templates"


@router.get(
    "", operation_id="list_message_templates", summary="Which messages' words may be edited, and what is in force"
)
async def list_message_templates(request: Request, principal: PrincipalDep) -> MessageTemplates:
    """`in_force` null: the built-in words. `newest` above it: a draft waits to be published."""
    states = await ask(request.app.state.settings, principal, "GET", "/v1/templates/in-force")
    return MessageTemplates(items=STATES.validate_json(states), may_change=principal.province_code is None)


@router.get(OF, operation_id="get_message_template", summary="The words of a message: facts, built-in words, versions")
async def get_message_template(
    kind: NoticeKind, channel: Channel, language: Language, request: Request, principal: PrincipalDep
) -> TemplateDetail:
    found = await ask(request.app.state.settings, principal, "GET", place(kind, channel, language))
    return TemplateDetail.model_validate_json(found)


@router.post(
    OF,
    operation_id="draft_message_template",
    summary="Write a new version of a message's words",
    status_code=201,
    responses=problems(409),
)
async def draft_message_template(
    kind: NoticeKind,
    channel: Channel,
    language: Language,
    request: Request,
    late: LateSessionDep,
    once: OnceDep,
    principal: PrincipalDep,
    body: DraftRequest,
) -> TemplateVersion:
    """Nothing is sent by it yet. 422 names every block that is not understood or leaves out what must be said."""
    _refuse_province(principal)
    draft = {**body.model_dump(), "written_by": principal.label[:200]}
    made = await ask(request.app.state.settings, principal, "POST", place(kind, channel, language), body=draft)
    version = TemplateVersion.model_validate_json(made)
    session = await late.open()
    await once.settle(session)
    name = f"{kind}/{channel}/{language}/{version.version}"
    changes_of(session).note_values(TABLE, name, "create", {"version": (None, version.version)})
    return version


@router.post(
    OF + "/{version}/publish",
    operation_id="publish_message_template",
    summary="Send by this version from now on",
    responses=problems(409),
)
async def publish_message_template(
    kind: NoticeKind,
    channel: Channel,
    language: Language,
    version: Annotated[int, Path(ge=1, le=1_000_000)],
    request: Request,
    late: LateSessionDep,
    principal: PrincipalDep,
) -> TemplateVersion:
    """The newest alone. It holds within seconds, for whatever is sent from then on."""
    _refuse_province(principal)
    path = place(kind, channel, language, str(version), "publish")
    answer = await ask(request.app.state.settings, principal, "POST", path)
    changes = changes_of(await late.open())
    changes.note_values(TABLE, f"{kind}/{channel}/{language}/{version}", "update", {"is_published": (None, True)})
    return TemplateVersion.model_validate_json(answer)


@router.post(OF + "/preview", operation_id="preview_message_template", summary="As somebody would get it, and its cost")
async def preview_message_template(
    kind: NoticeKind,
    channel: Channel,
    language: Language,
    request: Request,
    late: LateSessionDep,
    principal: PrincipalDep,
    body: PreviewRequest,
) -> TemplatePreview:
    """A text message in both ways of writing, with segments and cost; the personal link is a made-up one. 422 names
    what is not understood and what must be said and is not."""
    asked = body.model_dump(mode="json", include={"blocks", "withdrawal"})
    if body.plan_id is not None and body.volunteer_id is not None:
        async with late.short() as session:
            notice = await make_notice(
                session, principal, kind, plan_id=body.plan_id, volunteer_id=body.volunteer_id,
                withdrawal=body.withdrawal,
            )  # fmt: skip
        asked["notice"] = notice.model_dump(mode="json")
    path = place(kind, channel, language, "preview")
    shown = await ask(request.app.state.settings, principal, "POST", path, body=asked)
    return TemplatePreview.model_validate_json(shown)


@router.post(
    OF + "/test",
    operation_id="send_test_of_message_template",
    summary="A mail by these words to one's own address",
    responses=problems(409, 429),
)
async def send_test_of_message_template(
    kind: NoticeKind,
    channel: Channel,
    language: Language,
    request: Request,
    late: LateSessionDep,
    once: OnceDep,
    principal: PrincipalDep,
    body: TrialRequest,
) -> TrialMailAnswer:
    """To the signed-in account's e-mail and nowhere else, with a made-up person's facts; once, never by itself again.
    429 after three a minute or thirty a day. Only an e-mail's words can be tried so."""
    async with late.short() as session:
        account = await session.get(Account, principal.account_id) if principal.account_id else None
    if account is None:
        raise ConflictError(
            "template.test_needs_account",
            vi="Thư thử chỉ gửi đến địa chỉ của tài khoản đang đăng nhập; khóa truy cập không có địa chỉ.",
            en="A test mail goes to the signed-in account's own address; a key has none.",
        )
    path, asked = place(kind, channel, language, "test"), {**body.model_dump(), "to": account.email}
    settings = request.app.state.settings
    sent = await ask(settings, principal, "POST", path, body=asked, seconds=TRIAL_SECONDS)
    answer = TrialMailAnswer.model_validate_json(sent)
    session = await late.open()
    await once.settle(session)
    name = f"{kind}/{channel}/{language}"
    changes_of(session).note_values(TABLE, name, "test", {"outcome": (None, answer.outcome)})
    return answer


def _refuse_province(principal: Principal) -> None:
    refuse_province(principal, vi="Lời của tin nhắn", en="The words of messages")
