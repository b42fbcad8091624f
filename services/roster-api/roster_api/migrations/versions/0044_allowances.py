"""Allowances: rates, statements and their lines; lines of an approved statement stay as they are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

COMPONENTS = "'service_day', 'distance_day', 'remote_day', 'travel_month'"
KEEP_LINES = """
create function roster.keep_allowance_lines() returns trigger language plpgsql as $$
begin
    if exists (
        select from roster.allowance_statements s
        where s.id = coalesce(new.statement_id, old.statement_id) and s.state in ('approved', 'paid')
    ) then
        raise exception 'allowance statement % is approved', coalesce(new.statement_id, old.statement_id)
            using errcode = 'integrity_constraint_violation';
    end if;
    return coalesce(new, old);
end $$
"""


def _by(name: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{name}_by", sa.Text(), nullable=True),
        sa.Column(f"{name}_by_id", sa.Uuid(), nullable=True),
        sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "allowance_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("from_m", sa.Integer(), server_default="0", nullable=False),
        sa.Column("to_m", sa.Integer(), nullable=True),
        sa.Column("min_days", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(f"component IN ({COMPONENTS})", name=op.f("ck_allowance_rates_component_known")),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_allowance_rates_amount_whole")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_allowance_rates_ends_after_start")),
        sa.CheckConstraint(
            "from_m >= 0 AND (to_m IS NULL OR to_m > from_m)", name=op.f("ck_allowance_rates_band_in_order")
        ),
        sa.CheckConstraint("min_days BETWEEN 1 AND 31", name=op.f("ck_allowance_rates_min_days_of_a_month")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_allowance_rates_province_code_provinces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_rates")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_allowance_rates_province_code"), "allowance_rates", ["province_code"], unique=False, schema="roster"
    )
    op.create_table(
        "allowance_statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total_vnd", sa.BigInteger(), nullable=False),
        sa.Column("unpaid", postgresql.JSONB(), nullable=False),
        sa.Column("computed_by", sa.Text(), nullable=False),
        sa.Column("computed_by_id", sa.Uuid(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_by("checked"),
        *_by("approved"),
        *_by("paid"),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('computed', 'checked', 'approved', 'paid')", name=op.f("ck_allowance_statements_state_known")
        ),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_allowance_statements_month_by_its_first_day")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_allowance_statements_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["roster.schools.id"], name=op.f("fk_allowance_statements_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_statements")),
        sa.UniqueConstraint("campaign_id", "month", "school_id", "number", name="uq_allowance_statements_number"),
        schema="roster",
    )
    op.create_index(
        "uq_allowance_statements_open",
        "allowance_statements",
        ["campaign_id", "month", "school_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("state IN ('computed', 'checked')"),
    )
    op.create_table(
        "allowance_lines",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("rate_id", sa.Uuid(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("unit_vnd", sa.BigInteger(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sign IN (-1, 1)", name=op.f("ck_allowance_lines_sign_known")),
        sa.CheckConstraint(
            "amount_vnd = sign * unit_vnd * cardinality(days)", name=op.f("ck_allowance_lines_amount_is_the_product")
        ),
        sa.ForeignKeyConstraint(
            ["rate_id"], ["roster.allowance_rates.id"], name=op.f("fk_allowance_lines_rate_id_allowance_rates")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["roster.allowance_statements.id"],
            name=op.f("fk_allowance_lines_statement_id_allowance_statements"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_allowance_lines_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("statement_id", "number", name=op.f("pk_allowance_lines")),
        schema="roster",
    )
    op.create_index("ix_allowance_lines_volunteer", "allowance_lines", ["volunteer_id"], unique=False, schema="roster")
    op.execute(KEEP_LINES)
    op.execute(
        "create trigger keep_allowance_lines before insert or update or delete on roster.allowance_lines "
        "for each row execute function roster.keep_allowance_lines()"
    )


def downgrade() -> None:
    for table in ("allowance_lines", "allowance_statements", "allowance_rates"):
        op.drop_table(table, schema="roster")
    op.execute("drop function roster.keep_allowance_lines()")
