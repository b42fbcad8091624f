"""Lists are read, and long ones committed, by a process of its own: states, leases, progress, what was asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, ROWS = "roster_uploads", "roster_upload_rows"
STATUSES = "status in ('uploaded', 'reading', 'in_review', 'committing', 'committed', 'undone', 'cancelled', 'failed')"
OLD_STATUSES = "status in ('ready', 'has_errors', 'committed', 'undone')"
ROW_STATUSES = "status in ('new', 'changed', 'same', 'missing', 'error', 'conflict')"
OLD_ROW_STATUSES = "status in ('new', 'changed', 'same', 'missing', 'error')"
ERRORS = """
    update roster.roster_uploads u set errors = coalesce((
        select jsonb_agg(f) from (
            select f from roster.roster_upload_rows r, jsonb_array_elements(r.findings) f
            where r.upload_id = u.id and f ->> 'severity' = 'error' order by r.position limit 200
        ) first
    ), '[]')
"""
REPAIRS = """
    update roster.roster_uploads u set repairs = coalesce((
        select jsonb_agg(jsonb_build_object('code', code, 'rows', number, 'example', example)) from (
            select f ->> 'code' as code, count(*) as number, (array_agg(f order by r.position))[1] as example
            from roster.roster_upload_rows r, jsonb_array_elements(r.findings) f
            where r.upload_id = u.id and f ->> 'severity' = 'warning' group by 1
        ) kinds
    ), '[]')
"""


def json(name: str, *, is_list: bool = False) -> sa.Column[object]:
    default = sa.text("'[]'") if is_list else None
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=not is_list)


def new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        json("refusal"),
        json("errors", is_list=True),
        json("repairs", is_list=True),
        json("mapping_asked"),
        json("commit_asked"),
        json("asked_by"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _drop_checks() -> None:
    op.drop_constraint(op.f(f"ck_{TABLE}_status_known"), TABLE, schema="roster")
    op.drop_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, schema="roster")


def upgrade() -> None:
    for new in new_columns():
        op.add_column(TABLE, new, schema="roster")
    op.add_column(ROWS, sa.Column("seen_version", sa.Integer(), nullable=True), schema="roster")
    for column in ("format", "counts"):
        op.alter_column(TABLE, column, nullable=True, schema="roster")
    op.drop_column(TABLE, "roster_seen", schema="roster")
    _drop_checks()
    op.execute("update roster.roster_uploads set read_at = created_at")
    op.execute("update roster.roster_uploads set status = 'in_review' where status in ('ready', 'has_errors')")
    op.execute(ERRORS)
    op.execute(REPAIRS)
    op.create_check_constraint(op.f(f"ck_{TABLE}_status_known"), TABLE, STATUSES, schema="roster")
    op.create_check_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, ROW_STATUSES, schema="roster")
    op.create_index(
        "ix_roster_uploads_waiting", TABLE, ["created_at"], schema="roster",
        postgresql_where=sa.text("status in ('uploaded', 'reading', 'committing')"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_roster_uploads_waiting", table_name=TABLE, schema="roster")
    _drop_checks()
    op.execute("delete from roster.roster_uploads where counts is null")
    op.execute("update roster.roster_upload_rows set status = 'changed' where status = 'conflict'")
    op.execute(
        "update roster.roster_uploads set status = "
        "case when (counts ->> 'error')::int > 0 then 'has_errors' else 'ready' end "
        "where status not in ('committed', 'undone')"
    )
    op.create_check_constraint(op.f(f"ck_{TABLE}_status_known"), TABLE, OLD_STATUSES, schema="roster")
    op.create_check_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, OLD_ROW_STATUSES, schema="roster")
    op.add_column(TABLE, sa.Column("roster_seen", sa.Text(), server_default="", nullable=False), schema="roster")
    op.alter_column(TABLE, "roster_seen", server_default=None, schema="roster")
    op.execute("update roster.roster_uploads set format = '' where format is null")
    for column in ("format", "counts"):
        op.alter_column(TABLE, column, nullable=False, schema="roster")
    op.drop_column(ROWS, "seen_version", schema="roster")
    for new in new_columns():
        op.drop_column(TABLE, new.name, schema="roster")
