"""Tables of courses, their sessions, nominations, attendance and results, and of what people learn by themselves."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, BytewiseText, Timestamped, Versioned
from roster_api.errors import explain_constraint


class Mode(StrEnum):
    ONLINE = "online"
    IN_PERSON = "in_person"


class SessionKind(StrEnum):
    TRAINING = "training"
    SUPPORT = "support"  # periodic, after a training session


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"


class LearningKind(StrEnum):
    SELF_STUDY = "self_study"
    COMMENDATION = "commendation"


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(each.value) for each in values)})"


class Course(Versioned, Timestamped, Base):
    """`school_id` and `commune_code`: given by a school in a commune, on days that its people are planned there."""

    __tablename__ = "courses"
    __table_args__ = (
        sa.CheckConstraint(_one_of("mode", Mode), name="mode_known"),
        sa.CheckConstraint("capacity > 0", name="capacity_positive"),
        sa.CheckConstraint("(school_id IS NULL) = (commune_code IS NULL)", name="of_school_in_commune"),
        sa.UniqueConstraint("province_code", "code", name="uq_courses_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("provinces.code"))
    code: Mapped[str]
    topic: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    field_code: Mapped[str] = mapped_column(sa.ForeignKey("fields.code"), index=True)
    mode: Mapped[str]
    capacity: Mapped[int | None]
    """None: no bound."""
    trainer: Mapped[str]
    """Who gives it, in words."""
    school_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("schools.id"))
    commune_code: Mapped[str | None] = mapped_column(sa.ForeignKey("communes.code"))
    made_by: Mapped[str]
    made_by_id: Mapped[UUID | None]


class CourseSession(Base):
    __tablename__ = "course_sessions"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "number", name="uq_course_sessions_number"),
        sa.CheckConstraint(_one_of("kind", SessionKind), name="kind_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("courses.id"))
    number: Mapped[int]
    held_on: Mapped[date]
    kind: Mapped[str] = mapped_column(default=SessionKind.TRAINING.value)
    volunteer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("volunteers.id"))
    """Who gives it, of a school in a commune: that day is one of the person's days of service there."""


class Nomination(Base):
    """One a person and course. Taken back, the row goes; what was attended stays."""

    __tablename__ = "course_nominations"

    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("courses.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, index=True)
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    nominated_by: Mapped[str]
    nominated_by_id: Mapped[UUID | None]
    nominated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class CourseAttendance(Base):
    """Once a person and session, however often it is sent."""

    __tablename__ = "course_attendances"

    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course_sessions.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, index=True)
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class CourseResult(Base):
    __tablename__ = "course_results"
    __table_args__ = (
        sa.CheckConstraint(_one_of("result", Result), name="result_known"),
        sa.CheckConstraint("certificate_code IS NULL OR result = 'passed'", name="certificate_of_passed"),
        sa.UniqueConstraint("certificate_code", name="uq_course_results_certificate"),
    )

    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("courses.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, index=True)
    result: Mapped[str]
    certificate_code: Mapped[str | None]
    """As anybody may check it at /v/{code}; None until one was issued."""
    certified_at: Mapped[datetime | None]
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Learning(Base):
    """What somebody learnt alone, or was commended for."""

    __tablename__ = "staff_learning"
    __table_args__ = (sa.CheckConstraint(_one_of("kind", LearningKind), name="kind_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    kind: Mapped[str]
    field_code: Mapped[str | None] = mapped_column(sa.ForeignKey("fields.code"))
    learnt_on: Mapped[date]
    words: Mapped[str]
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


explain_constraint(
    "uq_courses_code",
    code="course.code_taken",
    vi="Mã khóa học này đã có.",
    en="There is a course of this code already.",
)
