"""The needs of a campaign come by sheet: whose they are, and the duties that may be columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None
TABLE = "register_uploads"
KNOWN, OF_NEEDS = "ck_register_uploads_register_known", "ck_register_uploads_campaign_of_needs"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("campaign_id", sa.Uuid(), nullable=True), schema="roster")
    duties: sa.Column[list[dict[str, str]]] = sa.Column(
        "duties", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False
    )
    op.add_column(TABLE, duties, schema="roster")
    op.create_foreign_key(
        op.f("fk_register_uploads_campaign_id_campaigns"), TABLE, "campaigns", ["campaign_id"], ["id"],
        source_schema="roster", referent_schema="roster",
    )  # fmt: skip
    op.drop_constraint(KNOWN, TABLE, schema="roster")
    registers = "register_name in ('units', 'staff', 'posts', 'needs')"
    op.create_check_constraint(op.f(KNOWN), TABLE, registers, schema="roster")
    of_needs = "(register_name = 'needs') = (campaign_id is not null)"
    op.create_check_constraint(op.f(OF_NEEDS), TABLE, of_needs, schema="roster")


def downgrade() -> None:
    op.execute("delete from roster.register_uploads where register_name = 'needs'")
    op.drop_constraint(OF_NEEDS, TABLE, schema="roster")
    op.drop_constraint(KNOWN, TABLE, schema="roster")
    registers = "register_name in ('units', 'staff', 'posts')"
    op.create_check_constraint(op.f(KNOWN), TABLE, registers, schema="roster")
    op.drop_constraint("fk_register_uploads_campaign_id_campaigns", TABLE, schema="roster")
    op.drop_column(TABLE, "duties", schema="roster")
    op.drop_column(TABLE, "campaign_id", schema="roster")
