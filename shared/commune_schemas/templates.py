"""The words of messages as people edit them: versions, previews with what they cost, a mail to try them out.

The notifier answers so, and roster-api hands it on.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from commune_schemas.notices import Channel, Language, NoticeKind


class TemplateState(BaseModel):
    """`in_force` null: the built-in words hold. `newest` above it: a draft that is not published."""

    kind: NoticeKind
    channel: Channel
    language: Language
    in_force: int | None
    newest: int | None


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


class TextForm(BaseModel):
    """A text message in one way of writing it, and what it costs. `cost_vnd` null: no price is set.

    `fits` false: too long to be sent so.
    """

    text: str
    encoding: str
    segments: int
    cost_vnd: int | None
    fits: bool


class TemplatePreview(BaseModel):
    subject: str = ""
    text: str = ""
    html: str = ""
    sms: TextForm | None = None
    """As it would be sent."""
    sms_accented: TextForm | None = None
    sms_plain: TextForm | None = None


class TrialMailAnswer(BaseModel):
    """`outcome`: sent: a relay took it. refused, busy: it did not leave, and why. unknown: it may have left."""

    outcome: Literal["sent", "refused", "busy", "unknown"]
    to: str
    """Masked."""
    reason_vi: str | None
    reason_en: str | None
