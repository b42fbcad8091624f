"""Requests about the data of everybody else: offices' contacts, officials, accounts; since when those are erased."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

KINDS = "'volunteer', 'school_contact', 'commune_contact', 'unit_contact', 'staff', 'account'"
ONE = "(subject_kind = 'volunteer') = (volunteer_id is not null) and (volunteer_id is null) = (subject_id is not null)"


def upgrade() -> None:
    op.alter_column("data_requests", "volunteer_id", nullable=True, schema="roster")
    kind = sa.Column("subject_kind", sa.Text(), server_default="volunteer", nullable=False)
    for column in (kind, sa.Column("subject_id", sa.Text()), sa.Column("province_code", sa.Text())):
        op.add_column("data_requests", column, schema="roster")
    op.create_foreign_key(
        op.f("fk_data_requests_province_code_provinces"), "data_requests", "provinces", ["province_code"], ["code"],
        source_schema="roster", referent_schema="roster",
    )  # fmt: skip
    for name, condition in (("subject_known", f"subject_kind in ({KINDS})"), ("one_subject", ONE)):
        op.create_check_constraint(op.f(f"ck_data_requests_{name}"), "data_requests", condition, schema="roster")
    op.create_index(
        "uq_data_requests_open_subject", "data_requests", ["subject_kind", "subject_id", "kind"], unique=True,
        schema="roster", postgresql_where=sa.text("state in ('open', 'erasing') and subject_id is not null"),
    )  # fmt: skip
    for table in ("staff", "accounts"):
        op.add_column(table, sa.Column("erased_at", sa.DateTime(timezone=True)), schema="roster")


def downgrade() -> None:
    for table in ("staff", "accounts"):
        op.drop_column(table, "erased_at", schema="roster")
    op.execute("delete from roster.data_requests where volunteer_id is null")
    op.drop_index("uq_data_requests_open_subject", "data_requests", schema="roster")
    for name in ("one_subject", "subject_known"):
        op.drop_constraint(op.f(f"ck_data_requests_{name}"), "data_requests", schema="roster")
    for name in ("province_code", "subject_id", "subject_kind"):
        op.drop_column("data_requests", name, schema="roster")
    op.alter_column("data_requests", "volunteer_id", nullable=False, schema="roster")
