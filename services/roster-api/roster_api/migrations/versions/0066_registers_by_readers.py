"""Registers are read by the readers: a lease, how the columns are to be read, and what taking a commit back needs."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None
TABLE = "register_uploads"
STATUS = "ck_register_uploads_status_known"
STATES = "'uploaded', 'reading', 'in_review', 'committing', 'committed', 'undone', 'cancelled', 'failed'"
SEALED = ("refusal", "mapping", "mapping_asked", "choices", "undo")
LATER = ("undone_at", "held_until")


def upgrade() -> None:
    for name in SEALED:
        op.add_column(TABLE, sa.Column(name, sa.LargeBinary(), nullable=True), schema="roster")
    for name in LATER:
        op.add_column(TABLE, sa.Column(name, sa.DateTime(timezone=True), nullable=True), schema="roster")
    op.add_column(TABLE, sa.Column("attempts", sa.Integer(), server_default="0", nullable=False), schema="roster")
    op.add_column(TABLE, sa.Column("lease_token", sa.Uuid(), nullable=True), schema="roster")
    hidden: sa.Column[bool] = sa.Column("include_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column(TABLE, hidden, schema="roster")
    op.alter_column(TABLE, "format", nullable=True, schema="roster")
    op.alter_column(TABLE, "counts", nullable=True, schema="roster")
    op.drop_constraint(STATUS, TABLE, schema="roster")
    op.create_check_constraint(op.f(STATUS), TABLE, f"status in ({STATES})", schema="roster")
    op.create_index(
        "ix_register_uploads_waiting", TABLE, ["created_at"], schema="roster",
        postgresql_where=sa.text("status in ('uploaded', 'reading')"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_register_uploads_waiting", table_name=TABLE, schema="roster")
    op.drop_constraint(STATUS, TABLE, schema="roster")
    op.execute("delete from roster.register_uploads where status in ('uploaded', 'reading', 'failed')")
    op.execute("update roster.register_uploads set status = 'committed' where status = 'undone'")
    kept = "status in ('in_review', 'committed', 'cancelled')"
    op.create_check_constraint(op.f(STATUS), TABLE, kept, schema="roster")
    op.execute("update roster.register_uploads set counts = '{}' where counts is null")
    op.execute("update roster.register_uploads set format = '' where format is null")
    op.alter_column(TABLE, "counts", nullable=False, schema="roster")
    op.alter_column(TABLE, "format", nullable=False, schema="roster")
    for name in (*SEALED, *LATER, "attempts", "lease_token", "include_hidden"):
        op.drop_column(TABLE, name, schema="roster")
