"""Routes of courses, of what training came to, and of the review of qualifications."""

from typing import Annotated

from fastapi import Depends, Query, Response, UploadFile

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError, TooLargeError
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, Paging, PagingDep
from roster_api.provinces.repository import find_province
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import refusal
from roster_api.rosters.routes import FILE, XLSX, get_opener
from roster_api.routing import domain_router, problems
from roster_api.shapes import CommuneCodeQuery, IdPath, ProvinceCodePath, ProvinceCodeQuery
from roster_api.text import CODE_PATTERN
from roster_api.training import gaps, repository, service, sheet
from roster_api.training.fitting import review_qualifications
from roster_api.training.schemas import (
    CertificatesOut,
    CourseCreate,
    CourseOut,
    Gap,
    LackingPerson,
    LearningWrite,
    Nominations,
    NominationsOut,
    Participant,
    QualificationReview,
    Record,
    SheetAnswer,
    TrainingTotals,
)

router = domain_router(tag="training")
COURSE = "/courses/{course_id}"
MAXIMUM_FILE_BYTES = 5_000_000
WHOLE = Paging(limit=20_000, offset=0)
FieldQuery = Annotated[str, Query(max_length=64, pattern=CODE_PATTERN, examples=["digitise"])]
OpenerDep = Annotated[Opener, Depends(get_opener)]


async def get_province(code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep) -> str:
    if await find_province(session, principal=principal, code=code) is None:
        raise NotFoundError
    return code


ProvinceDep = Annotated[str, Depends(get_province)]


@router.post(
    "/courses", operation_id="create_course", summary="Add a course with its sessions", status_code=201,
    dependencies=[OnceOnly], responses=problems(409),
)  # fmt: skip
async def create_course(
    body: CourseCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> CourseOut:
    course = await service.create_course(session, principal=principal, body=body)
    response.headers["Location"] = f"/v1/courses/{course.id}"
    return course


@router.get("/courses", operation_id="list_courses", summary="Courses, by topic, with how many were there")
async def list_courses(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, province_code: ProvinceCodeQuery = None
) -> Page[CourseOut]:
    return await service.list_courses(session, principal=principal, province_code=province_code, paging=paging)


@router.get(COURSE, operation_id="get_course", summary="One course")
async def get_course(course_id: IdPath, session: SessionDep, principal: PrincipalDep) -> CourseOut:
    course = await service.get_course(session, principal=principal, course_id=course_id)
    return (await service.show_courses(session, [course]))[0]


@router.put(
    f"{COURSE}/nominations", operation_id="nominate", summary="Whom a commune sends to a course",
    responses=problems(409),
)  # fmt: skip
async def nominate(
    course_id: IdPath, body: Nominations, session: SessionDep, principal: PrincipalDep
) -> NominationsOut:
    return await service.nominate(session, principal=principal, course_id=course_id, body=body)


@router.get(f"{COURSE}/participants", operation_id="list_participants", summary="Who is nominated, was there, passed")
async def list_participants(
    course_id: IdPath, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[Participant]:
    return await service.list_participants(session, principal=principal, course_id=course_id, paging=paging)


@router.get(
    f"{COURSE}/attendance.xlsx", operation_id="get_course_sheet", summary="A sheet to fill in: who came, who passed",
    response_class=Response, responses={200: FILE},
)  # fmt: skip
async def get_course_sheet(course_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Response:
    course = await service.get_course(session, principal=principal, course_id=course_id)
    people = await service.list_participants(session, principal=principal, course_id=course_id, paging=WHOLE)
    numbers = [each.number for each in (await repository.list_sessions(session, [course.id]))[course.id]]
    content = sheet.write_sheet(course.topic, people.items, numbers)
    headers = {"Content-Disposition": f'attachment; filename="khoa-hoc-{course.code}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers | {"X-Content-Type-Options": "nosniff"})


@router.post(
    f"{COURSE}/sheet", operation_id="send_course_sheet", max_body_size=MAXIMUM_FILE_BYTES + 100_000,
    summary="The sheet filled in: all of it is recorded, or nothing with every cell that is not understood",
)  # fmt: skip
async def send_course_sheet(
    course_id: IdPath, file: UploadFile, session: SessionDep, principal: PrincipalDep, opener: OpenerDep
) -> SheetAnswer:
    """Read by the columns "Mã cán bộ", "Buổi", "Có mặt", "Kết quả". Once a person and session, however often sent."""
    course = await service.get_course(session, principal=principal, course_id=course_id)
    content = await file.read(MAXIMUM_FILE_BYTES + 1)
    if len(content) > MAXIMUM_FILE_BYTES:
        raise TooLargeError("file.too_large", vi="Tệp lớn quá 5 MB.", en="The file is larger than 5 MB.")
    try:
        _, reading = await opener.read_register(content, sheet.COLUMNS)
    except RefusedFileError as refused:
        raise refusal(refused) from refused
    return await sheet.take_sheet(session, principal=principal, course=course, reading=reading)


@router.post(
    f"{COURSE}/certificates", operation_id="issue_course_certificates", summary="A code for everybody who passed"
)
async def issue_course_certificates(course_id: IdPath, session: SessionDep, principal: PrincipalDep) -> CertificatesOut:
    """Anybody may check a code at /v/{code}. Again, nobody gets another."""
    return await service.issue_certificates(session, principal=principal, course_id=course_id)


@router.post(
    "/staff/{staff_id}/learning", operation_id="record_learning", status_code=201, dependencies=[OnceOnly],
    summary="Record self-study, or a commendation",
)  # fmt: skip
async def record_learning(
    staff_id: IdPath, body: LearningWrite, session: SessionDep, principal: PrincipalDep
) -> Record:
    return await gaps.record_learning(session, principal=principal, staff_id=staff_id, body=body)


@router.get("/staff/{staff_id}/learning", operation_id="get_learning", summary="What somebody attended and learnt")
async def get_learning(staff_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Record:
    return await gaps.describe_record(session, principal=principal, staff_id=staff_id)


@router.get("/provinces/{code}/training", operation_id="get_training", summary="People and attendances, by commune")
async def get_training(code: ProvinceDep, session: SessionDep) -> TrainingTotals:
    return await gaps.describe_totals(session, code)


@router.get(
    "/provinces/{code}/training-gaps", operation_id="list_training_gaps", summary="Who lacks what, by commune and field"
)
async def list_training_gaps(
    code: ProvinceDep, session: SessionDep, commune_code: CommuneCodeQuery = None, field: FieldQuery | None = None
) -> list[Gap]:
    """A commune by a field; not paged, a province has so many of each."""
    return await gaps.list_gaps(session, province_code=code, commune_code=commune_code, field=field)


@router.get(
    "/provinces/{code}/training-gaps/people", operation_id="list_lacking_people",
    summary="The people of a commune who lack a field",
)  # fmt: skip
async def list_lacking_people(
    code: ProvinceDep, session: SessionDep, paging: PagingDep,
    commune_code: Annotated[str, Query(pattern=r"^[0-9]{5}$")], field: FieldQuery,
) -> Page[LackingPerson]:  # fmt: skip
    return await gaps.list_lacking(session, province_code=code, commune_code=commune_code, field=field, paging=paging)


@router.get(
    "/provinces/{code}/qualification-review", operation_id="review_qualifications",
    summary="Who fits the post they hold, fits with training, or does not; with proposals",
)  # fmt: skip
async def get_qualification_review(
    code: ProvinceDep, session: SessionDep, commune_code: CommuneCodeQuery = None, field: FieldQuery | None = None,
    limit: Annotated[int, Query(ge=0, le=1000, description="People shown")] = 200,
) -> QualificationReview:  # fmt: skip
    """Nothing is decided by it."""
    return await review_qualifications(
        session, province_code=code, commune_code=commune_code, field_code=field, limit=limit
    )
