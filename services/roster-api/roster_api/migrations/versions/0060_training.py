"""Training: courses, sessions, nominations, attendance, results, and what people learn by themselves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None
TABLES = (
    "staff_learning", "course_results", "course_attendances", "course_nominations", "course_sessions", "courses",
)  # fmt: skip


def upgrade() -> None:
    _table(
        "courses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("trainer", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("commune_code", sa.Text(), nullable=True),
        *_who("made"),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("mode IN ('online', 'in_person')", name=op.f("ck_courses_mode_known")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_courses_capacity_positive")),
        sa.CheckConstraint(
            "(school_id IS NULL) = (commune_code IS NULL)", name=op.f("ck_courses_of_school_in_commune")
        ),
        sa.UniqueConstraint("province_code", "code", name="uq_courses_code"),
        key=("id",),
        to={"province_code": "provinces.code", "field_code": "fields.code", "school_id": "schools.id"}
        | {"commune_code": "communes.code"},
        indexed=("field_code",),
    )
    _table(
        "course_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('training', 'support')", name=op.f("ck_course_sessions_kind_known")),
        sa.UniqueConstraint("course_id", "number", name="uq_course_sessions_number"),
        key=("id",),
        to={"course_id": "courses.id", "volunteer_id": "volunteers.id"},
    )
    _table(
        "course_nominations",
        *_of_course(),
        sa.Column("commune_code", sa.Text(), nullable=False),
        *_who("nominated", timed=True),
        key=("course_id", "staff_id"),
        to={"course_id": "courses.id", "staff_id": "staff.id", "commune_code": "communes.code"},
        indexed=("staff_id",),
    )
    _table(
        "course_attendances",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        *_who("recorded", timed=True),
        key=("session_id", "staff_id"),
        to={"session_id": "course_sessions.id", "staff_id": "staff.id"},
        indexed=("staff_id",),
    )
    _create_results()


def _create_results() -> None:
    _table(
        "course_results",
        *_of_course(),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("certificate_code", sa.Text(), nullable=True),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        *_who("recorded", timed=True),
        sa.CheckConstraint("result IN ('passed', 'failed')", name=op.f("ck_course_results_result_known")),
        sa.CheckConstraint(
            "certificate_code IS NULL OR result = 'passed'", name=op.f("ck_course_results_certificate_of_passed")
        ),
        sa.UniqueConstraint("certificate_code", name="uq_course_results_certificate"),
        key=("course_id", "staff_id"),
        to={"course_id": "courses.id", "staff_id": "staff.id"},
        indexed=("staff_id",),
    )
    _table(
        "staff_learning",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=True),
        sa.Column("learnt_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *_who("recorded", timed=True),
        sa.CheckConstraint("kind IN ('self_study', 'commendation')", name=op.f("ck_staff_learning_kind_known")),
        key=("id",),
        to={"staff_id": "staff.id", "field_code": "fields.code"},
        indexed=("staff_id",),
    )


def _of_course() -> list[sa.Column[Any]]:
    return [sa.Column("course_id", sa.Uuid(), nullable=False), sa.Column("staff_id", sa.Uuid(), nullable=False)]


def _who(did: str, *, timed: bool = False) -> list[sa.Column[Any]]:
    who: list[sa.Column[Any]] = [
        sa.Column(f"{did}_by", sa.Text(), nullable=False),
        sa.Column(f"{did}_by_id", sa.Uuid(), nullable=True),
    ]
    at = sa.Column(f"{did}_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    return [*who, at] if timed else who


def _table(
    name: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...], to: dict[str, str], indexed: tuple[str, ...] = ()
) -> None:
    """`to`: by column the one of another table that it refers to."""
    op.create_table(
        name,
        *parts,
        *(
            sa.ForeignKeyConstraint([column], [f"roster.{other}"], name=op.f(f"fk_{name}_{column}"))
            for column, other in to.items()
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        schema="roster",
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], schema="roster")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema="roster")
