"""The routes of templates: by which words what is sent, seen and counted beforehand; edited version by version.

A draft changes nothing. Publishing checks it again, and holds for what is handed over from a few seconds later on.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from commune_schemas.notices import Channel, Language, NoticeKind
from commune_schemas.templates import (
    TemplateDetail,
    TemplatePreview,
    TemplateState,
    TemplateVersion,
    TextForm,
    TrialMailAnswer,
)
from fastapi import APIRouter, Path, Request
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.api.access import GatedRoute
from notifier.api.errors import ProblemError, not_found
from notifier.api.routes import PROBLEMS
from notifier.api.template_faults import read_given, refuse_faults
from notifier.api.template_shapes import PreviewRequest, TemplateDraft, TrialMail
from notifier.api.trial_mail import send_trial
from notifier.database import SessionDep, Sessions
from notifier.kinds import channels_of
from notifier.limits import count_test
from notifier.models import Message, Template
from notifier.outbound import open_notice
from notifier.sample import sample_notice
from notifier.school_mail import write_mail
from notifier.settings import Settings
from notifier.sms_text import write_sms
from notifier.words.blocks import TextBlock, fill_shortest, fits
from notifier.words.checking import describe_text, list_facts
from notifier.words.editable import EDITABLE, why_not_editable
from notifier.words.facts import EditableNotice
from notifier.words.store import built_in_blocks

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute, tags=["templates"])
OF = "/templates/{kind}/{channel}/{language}"
LINK = "https://vidu.example/a/xem-truoc"
"""In place of a real person's link."""


def _find(kind: NoticeKind, channel: Channel, language: Language) -> tuple[NoticeKind, Channel, Language]:
    """ProblemError 404, and why, where nobody may edit the words: none are taken that would not be sent."""
    if (why := why_not_editable(kind, channel, language)) is not None:
        raise ProblemError(404, "template.not_editable", vi=why[0], en=why[1])
    return kind, channel, language


@router.get(
    "/templates/in-force", operation_id="list_edited_templates", summary="What people may word, and by which version"
)
async def list_edited_templates(session: SessionDep) -> list[TemplateState]:
    """Each kind that may be edited, by channel and language; `in_force` null: the built-in words."""
    published = func.max(Template.version).filter(Template.published_at.is_not(None))
    keys = (Template.kind, Template.channel, Template.language)
    rows = await session.execute(select(*keys, published, func.max(Template.version)).group_by(*keys))
    known = {(kind, channel, language): (in_force, newest) for kind, channel, language, in_force, newest in rows}
    return [
        TemplateState(kind=kind, channel=channel, language=language, in_force=in_force, newest=newest)
        for kind in EDITABLE
        for channel in channels_of(kind)
        for language in EDITABLE[kind]
        for in_force, newest in [known.get((kind.value, channel.value, language.value), (None, None))]
    ]


@router.get(OF, operation_id="get_template", summary="The words of a kind, and every version of them")
async def get_template(session: SessionDep, kind: NoticeKind, channel: Channel, language: Language) -> TemplateDetail:
    key = _find(kind, channel, language)
    rows = (await session.scalars(_versions(*key).order_by(Template.version))).all()
    published = [row.version for row in rows if row.published_at is not None]
    built_in = built_in_blocks(*key)
    return TemplateDetail(
        kind=kind,
        channel=channel,
        language=language,
        facts=list_facts(kind),
        in_force=published[-1] if published else None,
        built_in=built_in.model_dump() if built_in else None,
        versions=[TemplateVersion.model_validate(row, from_attributes=True) for row in rows],
    )


@router.post(
    OF, operation_id="draft_template", summary="Write a new version; nothing is sent by it yet", status_code=201
)
async def draft_template(
    request: Request, session: SessionDep, kind: NoticeKind, channel: Channel, language: Language, body: TemplateDraft
) -> TemplateVersion:
    """422 names every block that is not understood, names what there is not, or leaves out what must be said."""
    key = _find(kind, channel, language)
    blocks = read_given(channel, body.blocks)
    if blocks is not None:
        refuse_faults(kind, language, blocks)
    newest = await session.scalar(_versions(*key).with_only_columns(func.max(Template.version))) or 0
    values = dict(zip(("kind", "channel", "language"), (each.value for each in key), strict=True)) | {
        "version": newest + 1,
        "blocks": blocks.model_dump() if blocks else None,
        "written_by": body.written_by,
        "reason": body.reason,
    }
    row = await session.scalar(insert(Template).values(values).on_conflict_do_nothing().returning(Template))
    if row is None:
        vi, en = "Người khác vừa viết một bản mới; hãy xem lại.", "Somebody else just wrote a version; look again."
        raise ProblemError(409, "template.changed_meanwhile", vi=vi, en=en)
    request.state.audit_details = {"template": "/".join(each.value for each in key), "version": newest + 1}
    return TemplateVersion.model_validate(row, from_attributes=True)


@router.post(OF + "/{version}/publish", operation_id="publish_template", summary="Send by this version from now on")
async def publish_template(
    request: Request,
    session: SessionDep,
    kind: NoticeKind,
    channel: Channel,
    language: Language,
    version: Annotated[int, Path(ge=1)],
) -> TemplateVersion:
    """The newest version alone: to go back, write its words again. Publishing it twice changes nothing."""
    key = _find(kind, channel, language)
    rows = (await session.scalars(_versions(*key).order_by(Template.version).with_for_update())).all()
    row = next((each for each in rows if each.version == version), None)
    if row is None:
        raise not_found()
    if row.version != rows[-1].version:
        vi, en = (
            "Đã có bản mới hơn; chỉ ban hành được bản mới nhất.",
            "There is a newer one; only that can be published.",
        )
        raise ProblemError(409, "template.not_newest", vi=vi, en=en)
    blocks = read_given(channel, row.blocks)
    if blocks is not None:
        refuse_faults(kind, language, blocks)
    if row.published_at is None:
        await session.execute(
            update(Template)
            .where(*_is_of(*key), Template.version == version, Template.published_at.is_(None))
            .values(published_at=func.now())
        )
        await session.refresh(row)
        request.state.audit_details = {"template": "/".join(each.value for each in key), "version": version}
    return TemplateVersion.model_validate(row, from_attributes=True)


@router.post(OF + "/preview", operation_id="preview_blocks", summary="As somebody would get it, and what it would cost")
async def preview_blocks(
    request: Request, session: SessionDep, kind: NoticeKind, channel: Channel, language: Language, body: PreviewRequest
) -> TemplatePreview:
    """With no blocks: the built-in words. The personal link of a real message is left out of what is shown."""
    _find(kind, channel, language)
    blocks = read_given(channel, body.blocks)
    notice = await _find_notice(session, kind, body)
    request.state.reads_a_message = body.message_id is not None
    request.state.audit_details = {"message": str(body.message_id)}
    shown = notice.model_copy(update={"language": language})
    if blocks is not None:
        refuse_faults(kind, language, blocks)
    if channel is Channel.EMAIL:
        mail = write_mail(
            shown, stamped_at=datetime.now(UTC), organizer_email="khong-tra-loi@truong.example", blocks=blocks
        )
        return TemplatePreview(subject=mail.subject, text=mail.text, html=mail.html)
    settings: Settings = request.app.state.settings
    forms = {
        is_accented: _form(
            settings, fill_shortest(blocks.model_copy(update={"is_accented": is_accented}), shown, language)
        )
        for is_accented in (True, False)
        if isinstance(blocks, TextBlock)
    }
    sent = _form(settings, write_sms(shown, blocks=blocks))
    return TemplatePreview(sms=sent, sms_accented=forms.get(True), sms_plain=forms.get(False))


@router.post(OF + "/test", operation_id="send_trial_mail", summary="A mail by these words to whoever wrote them")
async def send_trial_mail(
    request: Request, kind: NoticeKind, channel: Channel, language: Language, body: TrialMail
) -> TrialMailAnswer:
    """With a made-up person's facts, once: what did not leave is not tried again. 429 where they had enough of them."""
    _find(kind, channel, language)
    if channel is not Channel.EMAIL:
        vi = "Chỉ gửi thử được thư; tin nhắn thì xem trước với số đoạn và chi phí."
        raise ProblemError(422, "template.test_is_mail", vi=vi, en="Mail alone is sent to try it; preview a text.")
    blocks = read_given(channel, body.blocks)
    if blocks is not None:
        refuse_faults(kind, language, blocks)
    notice = sample_notice(kind).model_copy(update={"language": language})
    actor = getattr(request.state, "acting_for", None)
    sessions: Sessions = request.app.state.sessions
    async with sessions.begin() as session:
        if not await count_test(session, actor["id"] if actor else "admin"):
            vi, en = "Bạn đã gửi thử nhiều lần; hãy chờ rồi thử lại.", "You sent many test mails; wait, then try again."
            raise ProblemError(429, "template.tests_enough", vi=vi, en=en)
        request.state.audit_details = {"template": f"{kind.value}/{channel.value}/{language.value}"}
        await request.app.state.record(request, session)
    return await send_trial(request.app.state.settings, to=body.to, notice=notice, blocks=blocks)


def _form(settings: Settings, text: str) -> TextForm:
    segments, encoding = describe_text(text)
    price = settings.sms_segment_price
    cost = segments * price if price else None
    return TextForm(text=text, encoding=encoding, segments=segments, cost_vnd=cost, fits=fits(text))


async def _find_notice(session: AsyncSession, kind: NoticeKind, body: PreviewRequest) -> EditableNotice:
    notice = body.notice or sample_notice(kind, withdrawal=body.withdrawal)
    if body.message_id is not None:
        row = await session.get(Message, body.message_id)
        if row is None or row.notice_sealed is None or row.kind != kind:
            raise not_found()
        notice = open_notice(row.id, row.notice_sealed)
    if not isinstance(notice, EditableNotice) or notice.kind != kind:
        raise not_found()
    return notice.model_copy(update={"answer_url": LINK}) if hasattr(notice, "answer_url") else notice


def _versions(kind: NoticeKind, channel: Channel, language: Language) -> Any:
    return select(Template).where(*_is_of(kind, channel, language))


def _is_of(kind: NoticeKind, channel: Channel, language: Language) -> tuple[Any, ...]:
    return (
        Template.kind == kind.value,
        Template.channel == channel.value,
        Template.language == language.value,
    )
