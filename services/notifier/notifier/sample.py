"""A made-up person's notices, for previewing the templates. Nobody of this name, number or address exists."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import UUID

from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import (
    AnyNotice,
    AttendanceQuestionNotice,
    BlockerNotice,
    CannotGoNotice,
    DataRequestNotice,
    InvitationNotice,
    NeedReminderNotice,
    NoticeKind,
    OfficePart,
    OfficeWordsNotice,
    PersonNotice,
    Recipient,
    RecipientKind,
    ReserveNotice,
    SecondmentMove,
    SecondmentNotice,
    Source,
    SourceKind,
    StandIn,
    UnconfirmedCommune,
    WithdrawalCause,
)
from commune_schemas.placement_details import Contact, PlacementDetails


def sample_placement(*, commune: str, weekdays: list[int]) -> PlacementDetails:
    first = date(2026, 12, 7)
    days = [first + timedelta(days=7 * week + day) for week in range(4) for day in weekdays]
    return PlacementDetails(
        commune_code="00000",
        commune_name=commune,
        province_name="Tỉnh Khánh Hòa",
        office_address=f"Trụ sở UBND {commune}",
        is_remote=False,
        weekdays=weekdays,
        starts_on=days[0],
        ends_on=days[-1],
        dates=days,
        start_time="07:30",
        end_time="16:30",
        duties=["Số hóa hồ sơ", "Hướng dẫn dịch vụ công trực tuyến"],
        distance_km=47,
        commune_contact=Contact(name="Cán bộ Mẫu", phone="+84950009001"),
        school_contact=Contact(name="Điều phối Mẫu", phone="+84950009002", email="dieu-phoi@truong.example"),
    )


def sample_notice(kind: NoticeKind, *, withdrawal: WithdrawalCause | None = None) -> AnyNotice:
    """Complete, as one of each kind would be."""
    fixed: dict[NoticeKind, Callable[[], AnyNotice]] = {
        NoticeKind.PERSON_CANNOT_GO: sample_of_school,
        NoticeKind.NEED_REMINDER: sample_of_commune,
        NoticeKind.RESERVE: sample_of_reserve,
        NoticeKind.BLOCKER: sample_of_blocker,
        NoticeKind.ATTENDANCE_QUESTION: sample_of_attendance,
    }
    by_kind: dict[NoticeKind, Callable[[NoticeKind], AnyNotice]] = {
        NoticeKind.INVITATION: sample_of_invitation,
        NoticeKind.INVITATION_REMINDER: sample_of_invitation,
        NoticeKind.SECONDMENT: sample_of_secondment,
        NoticeKind.SECONDMENT_OF_UNIT: sample_of_secondment,
        NoticeKind.DATA_REQUEST: sample_of_data_request,
        NoticeKind.DATA_REQUEST_DUE: sample_of_data_request,
        NoticeKind.OFFICE_NOTICE: sample_of_office_words,
        NoticeKind.OFFICE_DIGEST: sample_of_office_words,
    }
    if kind in fixed:
        return fixed[kind]()
    if kind in by_kind:
        return by_kind[kind](kind)
    return sample_of_person(kind, withdrawal=withdrawal)


def list_cases(kind: NoticeKind) -> list[AnyNotice]:
    """One of each case whose words differ: causes of a withdrawal, occasions of a secondment, who could step in."""
    sample = sample_notice(kind)
    if kind is NoticeKind.PLACEMENT_WITHDRAWN:
        return [sample_notice(kind, withdrawal=cause) for cause in WithdrawalCause]
    if isinstance(sample, CannotGoNotice):
        nobody: list[StandIn] = []
        return [sample, sample.model_copy(update={"stand_ins": None}), sample.model_copy(update={"stand_ins": nobody})]
    if isinstance(sample, SecondmentNotice):
        occasions = get_args(SecondmentNotice.model_fields["occasion"].annotation)
        some_days = {"weekdays": [0, 2], "until_on": None, "review_on": date(2027, 3, 1)}
        concurrent = [move.model_copy(update=some_days) for move in sample.moves]
        return [
            sample.model_copy(update={"occasion": occasion, "moves": moves})
            for occasion in occasions
            for moves in (sample.moves, concurrent)
        ]
    return [sample]


def sample_of_office_words(kind: NoticeKind) -> OfficeWordsNotice:
    part = OfficePart(
        heading="Người chưa trả lời phân công",
        sentences=["2 người của trường chưa trả lời sau khi đã được nhắc. Xin gọi điện cho từng người."],
        rows=["Xã Tây Khánh Vĩnh: 2 người"],
        english="2 people have not answered; please call them.",
    )
    is_digest = kind is NoticeKind.OFFICE_DIGEST
    other = part.model_copy(update={"heading": "Ai đến xã", "sentences": ["Phương án bản 2 đã ban hành."]})
    return OfficeWordsNotice(
        source=Source(kind=SourceKind(kind.value), id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.SCHOOL, id=str(UUID(int=0))),
        kind=kind,
        thread="office/xem-truoc",
        to="Điều phối Mẫu",
        subject="2 việc trong ngày" if is_digest else "2 người chưa trả lời phân công",
        about="Hỗ trợ chuyển đổi số cấp xã",
        parts=[part, other] if is_digest else [part],
    )


def sample_of_commune() -> NeedReminderNotice:
    return NeedReminderNotice(
        source=Source(kind=SourceKind.NEED_REMINDER, id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.COMMUNE, id="00000"),
        kind=NoticeKind.NEED_REMINDER,
        thread="need-reminder/xem-truoc",
        commune_name="Xã Tây Khánh Vĩnh",
        contact_name="Cán bộ Mẫu",
        campaign_name="Hỗ trợ chuyển đổi số cấp xã",
        starts_on=date(2026, 12, 7),
        ends_on=date(2027, 1, 6),
    )


def sample_of_blocker() -> BlockerNotice:
    return BlockerNotice(
        source=Source(kind=SourceKind.BLOCKER_STEP, id=UUID(int=0), version=2),
        recipient=Recipient(kind=RecipientKind.ACCOUNT, id=str(UUID(int=0))),
        kind=NoticeKind.BLOCKER,
        thread="blocker/xem-truoc",
        recipient_name="Cán bộ Mẫu",
        campaign_name="Hỗ trợ chuyển đổi số cấp xã",
        commune_name="Xã Tây Khánh Vĩnh",
        step="escalated",
        level="director",
        words="Máy chủ một cửa không đăng nhập được",
        step_words="Quá một ngày làm việc chưa giải quyết xong: chuyển lên cấp trên.",
        is_urgent=False,
        raised_at=datetime(2026, 12, 7, 2, 0, tzinfo=UTC),
        due_at=datetime(2026, 12, 9, 2, 30, tzinfo=UTC),
    )


def sample_of_attendance() -> AttendanceQuestionNotice:
    return AttendanceQuestionNotice(
        source=Source(kind=SourceKind.ATTENDANCE_QUESTION, id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.SCHOOL, id=str(UUID(int=0))),
        kind=NoticeKind.ATTENDANCE_QUESTION,
        thread="attendance-question/xem-truoc",
        school_name="Trường Đại học Khánh Hòa",
        contact_name="Điều phối Mẫu",
        campaign_name="Hỗ trợ chuyển đổi số cấp xã",
        first_on=date(2026, 12, 7),
        last_on=date(2026, 12, 9),
        communes=[UnconfirmedCommune(commune_name="Xã Tây Khánh Vĩnh", days=4, people=2)],
    )


def sample_of_data_request(kind: NoticeKind) -> DataRequestNotice:
    is_due = kind is NoticeKind.DATA_REQUEST_DUE
    return DataRequestNotice(
        source=Source(kind=SourceKind.DATA_REQUEST, id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.ACCOUNT if is_due else RecipientKind.VOLUNTEER, id=str(UUID(int=0))),
        kind=kind,
        thread="data-request/xem-truoc",
        recipient_name="Cán bộ Mẫu" if is_due else "Trần Thị Mẫu",
        news="due" if is_due else "received",
        asked="access",
        request_id=UUID(int=0),
        filed_at=datetime(2026, 12, 7, 2, 0, tzinfo=UTC),
        due_at=datetime(2026, 12, 9, 17, 0, tzinfo=UTC),
    )


def sample_of_secondment(kind: NoticeKind) -> SecondmentNotice:
    move = SecondmentMove(
        full_name="Trần Thị Mẫu",
        from_unit="Sở Khoa học và Công nghệ",
        to_unit="UBND xã Tây Khánh Vĩnh",
        post_title="Công chức công nghệ thông tin",
        field_name="Công nghệ thông tin",
        from_on=date(2026, 12, 7),
        until_on=date(2027, 6, 6),
        number="123/QĐ-SNV",
    )
    is_person = kind is NoticeKind.SECONDMENT
    return SecondmentNotice(
        source=Source(kind=SourceKind.SECONDMENT, id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.STAFF if is_person else RecipientKind.UNIT, id=str(UUID(int=0))),
        kind=kind,
        thread="secondment/xem-truoc",
        occasion="published",
        addressee="Trần Thị Mẫu" if is_person else "UBND xã Tây Khánh Vĩnh",
        moves=[move],
        legal_basis="Kế hoạch số 45/KH-UBND",
        signer="Giám đốc Sở Nội vụ",
        contact=Contact(name="Cán bộ Mẫu", phone="+84950000001"),
    )


def sample_of_reserve() -> ReserveNotice:
    place = sample_placement(commune="Xã Tây Khánh Vĩnh", weekdays=[0, 2])
    return ReserveNotice(
        source=Source(kind=SourceKind.RESERVE, id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(UUID(int=0))),
        kind=NoticeKind.RESERVE,
        thread="xem-truoc@commune-roster",
        school_name="Trường Đại học Khánh Hòa",
        full_name="Người Mẫu",
        campaign_name="Hỗ trợ chuyển đổi số cấp xã",
        starts_on=place.starts_on,
        ends_on=place.ends_on,
        school_contact=place.school_contact,
    )


def sample_of_invitation(kind: NoticeKind = NoticeKind.INVITATION) -> InvitationNotice:
    return InvitationNotice(
        source=Source(kind=SourceKind.INVITATION, id=UUID(int=0), version=1),
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(UUID(int=0))),
        kind=kind,
        thread="invitation/xem-truoc",
        school_name="Trường Đại học Khánh Hòa",
        full_name="Người Mẫu",
        open_until=date(2026, 12, 31),
        school_contact=Contact(name="Điều phối Mẫu", phone="+84950009002", email="dieu-phoi@truong.example"),
        answer_url="https://vidu.example/i/xem-truoc",
    )


def sample_of_school() -> CannotGoNotice:
    return CannotGoNotice(
        source=Source(kind=SourceKind.ANSWER, id=UUID(int=0), version=2),
        recipient=Recipient(kind=RecipientKind.SCHOOL, id=str(UUID(int=0))),
        kind=NoticeKind.PERSON_CANNOT_GO,
        thread="answer/xem-truoc",
        school_name="Trường Đại học Khánh Hòa",
        full_name="Người Mẫu",
        campaign_name="Hỗ trợ chuyển đổi số cấp xã",
        reason="Trùng lịch thi",
        placement=sample_placement(commune="Xã Tây Khánh Vĩnh", weekdays=[0, 2]),
        stand_ins=[StandIn(people="Người Thay", weekdays=[0, 2], unmet_days=0, travel_km=12)],
    )


def sample_of_person(kind: NoticeKind, *, withdrawal: WithdrawalCause | None = None) -> PersonNotice:
    now = sample_placement(commune="Xã Tây Khánh Vĩnh", weekdays=[0, 2])
    old = sample_placement(commune="Xã Khánh Sơn", weekdays=[1, 3])
    return PersonNotice(
        source=Source(kind=SourceKind.PLAN, id=UUID(int=0), version=2),
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(UUID(int=0))),
        kind=kind,
        full_name="Người Mẫu",
        role=VolunteerRole.LECTURER,
        school_name="Trường Đại học Khánh Hòa",
        campaign_name="Hỗ trợ chuyển đổi số cấp xã",
        placement=None if kind is NoticeKind.PLACEMENT_WITHDRAWN else now,
        previous=old if kind in (NoticeKind.PLACEMENT_CHANGED, NoticeKind.PLACEMENT_WITHDRAWN) else None,
        withdrawal=withdrawal if kind is NoticeKind.PLACEMENT_WITHDRAWN else None,
        answer_url="https://vidu.example/a/xem-truoc",
        thread="xem-truoc@commune-roster",
        calendar_sequence=1,
    )
