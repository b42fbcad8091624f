"""Shapes of requests about one's own data."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from commune_schemas.notices import Channel, Language, Recipient
from pydantic import BaseModel, Field, model_validator

from roster_api.consents.schemas import PurposeRead
from roster_api.contacts import Email, Mobile, Phone
from roster_api.data_requests.models import RequestChannel, RequestKind, RequestState, SubjectKind
from roster_api.person_names import PersonName
from roster_api.shapes import Answer, Body
from roster_api.text import Line, ParagraphsWithoutLinks

Words = Annotated[ParagraphsWithoutLinks, Field(max_length=500)]


class Correction(Body):
    """What is to be corrected: the fields that are to change, or words where none of them is meant."""

    full_name: PersonName | None = None
    email: Email | None = None
    phone: Mobile | None = None
    words: Words | None = None

    @property
    def fields(self) -> dict[str, str]:
        """Those that are carried out by themselves."""
        return self.model_dump(include={"full_name", "email", "phone"}, exclude_none=True)


class ContactCorrection(Correction):
    """Of an office's contact, an official or an account: an office's phone may be a landline."""

    phone: Phone | None = None


class MyDataRequest(Body):
    """What a person asks by their own link."""

    kind: RequestKind
    correction: Correction | None = Field(None, description="Of a correction, and of nothing else")

    @model_validator(mode="after")
    def _says_what_is_wrong(self) -> Self:
        is_named = self.correction is not None and bool(self.correction.model_dump(exclude_none=True))
        if is_named != (self.kind is RequestKind.CORRECTION):
            raise ValueError(
                "Đính chính thì ghi nội dung cần sửa; các yêu cầu khác thì không."
                " | A correction says what is to change; nothing else does."
            )
        return self


class DataRequestCreate(MyDataRequest):
    """What a person asked on paper or aloud, and how it is known that it was they."""

    channel: Literal[RequestChannel.PAPER, RequestChannel.SPOKEN, RequestChannel.EMAIL]
    proof: Annotated[Line, Field(min_length=1, max_length=200)]


class SubjectRequestCreate(DataRequestCreate):
    """The same of an office's contact, an official, or whoever has an account."""

    correction: ContactCorrection | None = Field(None, description="Of a correction, and of nothing else")


class RefusalBody(Body):
    reason: Annotated[
        ParagraphsWithoutLinks, Field(min_length=1, max_length=500, description="In words for the person")
    ]


class DataRequestFilter(BaseModel):
    """What the list is narrowed by."""

    state: RequestState | None = None
    kind: RequestKind | None = None
    volunteer_id: UUID | None = None
    subject_kind: SubjectKind | None = None
    late: bool | None = Field(None, description="Open beyond the time, or within it")


class MyDataRequestRead(Answer):
    """As the person sees it."""

    id: UUID
    kind: RequestKind
    state: RequestState
    filed_at: datetime
    due_at: datetime
    decided_at: datetime | None
    reason: str | None


class DataRequestRead(MyDataRequestRead):
    """As it is listed. Who it is about is named as long as they are known."""

    subject_kind: SubjectKind
    subject_id: str
    """Whose data: an id, or a commune's code."""
    volunteer_id: UUID | None
    """Of a volunteer."""
    full_name: str
    school_id: UUID | None
    school_name: str
    """Of a volunteer or a school's contact; else the office's name, where there is one."""
    channel: RequestChannel
    proof: str | None
    filed_by: str
    decided_by: str | None
    reminded_at: datetime | None
    is_late: bool
    """Still open, and the time is over."""


class Stays(BaseModel):
    """What an erasure leaves, and why."""

    what_vi: str
    what_en: str
    why_vi: str
    """With the law that wants it kept."""
    why_en: str
    how_long_vi: str
    how_long_en: str


class DataRequestDetail(DataRequestRead):
    correction: ContactCorrection | None
    """Null once it is decided, and to those who may not see contacts."""
    outcome: dict[str, Any] | None
    """Of an erasure: how many rows of what were emptied."""
    other_rows: list[UUID]
    """Other rows of the roster that are the same human, of those one may see: each is asked about by itself."""
    stays: list[Stays]
    """Of an erasure: what it leaves."""


class DataSection(BaseModel):
    """Rows of one kind, each {field: value}; `words` says what every field is, (Vietnamese, English)."""

    code: str
    vi: str
    en: str
    items: list[dict[str, Any]]
    words: dict[str, tuple[str, str]]


class PersonData(BaseModel):
    """Everything that is kept about a person, here and at the notifier."""

    subject_kind: SubjectKind
    subject_id: str
    volunteer_id: UUID | None
    collected_at: datetime
    sections: list[DataSection]
    stays: list[Stays]
    """What an erasure would leave, and why."""


class MyData(BaseModel):
    """What the personal page shows: the data itself, what was agreed to, what was asked."""

    person: DataSection
    purposes: list[PurposeRead]
    requests: list[MyDataRequestRead]


class ErasedContact(BaseModel):
    name: str | None
    phone: str | None
    email: str | None


class MyPreferences(Body):
    """How the person wishes to be written to; null: as everybody is (every channel; Vietnamese)."""

    channel: Channel | None
    language: Language | None


class ErasureTask(BaseModel):
    """What the notifier is to empty: all that was said to this person, and to others about them."""

    request_id: UUID
    volunteer_id: UUID | None
    answer_ids: list[UUID]
    """Sources of messages to schools that name the person."""
    recipient: Recipient | None = None
    """Of everybody but volunteers: whom messages were to."""
    occasion_ids: list[UUID] = []
    """Of an official: sources of messages to units that name them."""
    contact: ErasedContact | None = None
    """Of an office's contact: what to look for in what others were told. The office itself is still written to."""


class ErasureDone(Body):
    messages: Annotated[int, Field(ge=0)]
