"""The routes of templates: by which words what is sent, seen and counted beforehand; edited version by version.

A draft changes nothing. Publishing checks it again, and holds for what is handed over from a few seconds later on.
"""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from commune_schemas.notices import Channel, Language, NoticeKind, WithdrawalCause
from commune_schemas.problem import FieldError
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.api.access import GatedRoute
from notifier.api.errors import ProblemError, not_found
from notifier.api.routes import PROBLEMS
from notifier.api.sample import sample_notice
from notifier.database import SessionDep
from notifier.models import Message, Template
from notifier.outbound import open_notice
from notifier.school_mail import write_mail
from notifier.settings import Settings
from notifier.sms_text import write_sms
from notifier.words.blocks import TextBlock, fill_shortest, fits
from notifier.words.checking import EDITABLE, Blocks, describe_text, find_faults, list_facts, read_blocks
from notifier.words.facts import VolunteerNotice
from notifier.words.sandbox import BlockError
from notifier.words.store import built_in_blocks

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute, tags=["templates"])
OF = "/templates/{kind}/{channel}/{language}"
FAULTS = {
    "template.too_long": ("Quá dài (nhiều nhất {detail}).", "Too long (at most {detail})."),
    "template.not_understood": ("Viết sai cú pháp: {detail}", "Not understood: {detail}"),
    "template.not_allowed": ("Không dùng được ở đây: {detail}", "Not allowed here: {detail}"),
    "template.unknown_fact": ("Không có dữ kiện tên {detail}.", "There is no fact called {detail}."),
    "template.fact_not_said": ("Tin phải nói cả: {detail}.", "The message has to say: {detail}."),
    "template.not_filled": ("Không điền được dữ kiện ({detail}).", "The facts cannot be filled in ({detail})."),
}


class TemplateVersion(BaseModel):
    """`blocks` null: the built-in words."""

    version: int
    blocks: dict[str, Any] | None
    written_by: str
    reason: str
    created_at: datetime
    published_at: datetime | None


class TemplateDetail(BaseModel):
    """`in_force` null: the built-in words hold. `facts`: what blocks may name. `built_in`: where to begin from."""

    kind: NoticeKind
    channel: Channel
    language: Language
    facts: list[str]
    in_force: int | None
    built_in: dict[str, Any] | None
    versions: list[TemplateVersion]


class TemplateDraft(BaseModel):
    """Of an e-mail: subject, heading, opening, closing; of a text message: text, is_accented. Null: the built-in."""

    model_config = ConfigDict(extra="forbid")

    blocks: dict[str, Any] | None
    written_by: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]+$")]


class PreviewRequest(BaseModel):
    """`message_id`: with the facts of this message, else with made-up ones."""

    model_config = ConfigDict(extra="forbid")

    blocks: dict[str, Any] | None = None
    message_id: UUID | None = None
    withdrawal: WithdrawalCause | None = None


class TextForm(BaseModel):
    """A text message in one way of writing it, and what it costs. `cost_vnd` null: no price is set.

    `fits` false: too long to be sent so.
    """

    text: str
    encoding: str
    segments: int
    cost_vnd: int | None
    fits: bool


class Preview(BaseModel):
    subject: str = ""
    text: str = ""
    html: str = ""
    sms: TextForm | None = None
    """As it would be sent."""
    sms_accented: TextForm | None = None
    sms_plain: TextForm | None = None


def _find(kind: NoticeKind, channel: Channel, language: Language) -> tuple[NoticeKind, Channel, Language]:
    """ProblemError 404 where nobody may edit the words."""
    if kind not in EDITABLE:
        raise not_found()
    return kind, channel, language


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
    blocks = _read(channel, body.blocks)
    if blocks is not None:
        _refuse_faults(kind, language, blocks)
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
    blocks = _read(channel, row.blocks)
    if blocks is not None:
        _refuse_faults(kind, language, blocks)
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
) -> Preview:
    """With no blocks: the built-in words. The personal link of a real message is left out of what is shown."""
    _find(kind, channel, language)
    blocks = _read(channel, body.blocks)
    notice = await _find_notice(session, kind, body)
    shown = notice.model_copy(update={"language": language})
    if blocks is not None:
        _refuse_faults(kind, language, blocks)
    if channel is Channel.EMAIL:
        mail = write_mail(
            shown, stamped_at=datetime.now(UTC), organizer_email="khong-tra-loi@truong.example", blocks=blocks
        )
        return Preview(subject=mail.subject, text=mail.text, html=mail.html)
    settings: Settings = request.app.state.settings
    forms = {
        is_accented: _form(
            settings, fill_shortest(blocks.model_copy(update={"is_accented": is_accented}), shown, language)
        )
        for is_accented in (True, False)
        if isinstance(blocks, TextBlock)
    }
    sent = _form(settings, write_sms(shown, blocks=blocks))
    return Preview(sms=sent, sms_accented=forms.get(True), sms_plain=forms.get(False))


def _form(settings: Settings, text: str) -> TextForm:
    segments, encoding = describe_text(text)
    price = settings.sms_segment_price
    cost = segments * price if price else None
    return TextForm(text=text, encoding=encoding, segments=segments, cost_vnd=cost, fits=fits(text))


async def _find_notice(session: AsyncSession, kind: NoticeKind, body: PreviewRequest) -> VolunteerNotice:
    notice = sample_notice(kind, withdrawal=body.withdrawal)
    if body.message_id is not None:
        row = await session.get(Message, body.message_id)
        if row is None or row.notice_sealed is None or row.kind != kind:
            raise not_found()
        link = "https://vidu.example/a/xem-truoc"
        notice = open_notice(row.id, row.notice_sealed)
        notice = notice.model_copy(update={"answer_url": link}) if hasattr(notice, "answer_url") else notice
    if not isinstance(notice, VolunteerNotice):
        raise not_found()
    return notice


def _versions(kind: NoticeKind, channel: Channel, language: Language) -> Any:
    return select(Template).where(*_is_of(kind, channel, language))


def _is_of(kind: NoticeKind, channel: Channel, language: Language) -> tuple[Any, ...]:
    return (
        Template.kind == kind.value,
        Template.channel == channel.value,
        Template.language == language.value,
    )


def _read(channel: Channel, given: dict[str, Any] | None) -> Blocks | None:
    if given is None:
        return None
    try:
        return read_blocks(channel, given)
    except ValidationError as error:
        errors = [
            FieldError(
                pointer="/" + "/".join(map(str, ("blocks", *each["loc"]))),
                code="template.shape",
                vi="Thiếu, thừa hoặc sai dạng.",
                en=str(each["msg"]),
            )
            for each in error.errors()
        ]
        raise _not_valid(errors) from None


def _refuse_faults(kind: NoticeKind, language: Language, blocks: Blocks) -> None:
    faults = find_faults(kind, language, blocks)
    if faults:
        raise _not_valid([_in_words(name, error) for name, error in faults])


def _in_words(name: str, error: BlockError) -> FieldError:
    vi, en = FAULTS[error.code]
    pointer = f"/blocks/{name}" if name else "/blocks"
    return FieldError(
        pointer=pointer, code=error.code, vi=vi.format(detail=error.detail), en=en.format(detail=error.detail)
    )


def _not_valid(errors: list[FieldError]) -> ProblemError:
    vi, en = (" ".join(words) for words in zip(*((each.vi, each.en) for each in errors[:3]), strict=True))
    return ProblemError(422, "template.not_valid", vi=vi, en=en, errors=errors)
