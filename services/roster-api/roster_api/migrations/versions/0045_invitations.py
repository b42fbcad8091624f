"""What people say of themselves: invitations and their answers; home, transport and own words beside a volunteer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

NEVER = sa.text("'{}'")


def upgrade() -> None:
    op.add_column("volunteers", sa.Column("home_commune_code", sa.Text(), nullable=True), schema="roster")
    op.add_column("volunteers", sa.Column("transport", sa.Text(), nullable=True), schema="roster")
    op.add_column(
        "volunteers", sa.Column("own_words", postgresql.JSONB(), server_default=NEVER, nullable=False), schema="roster"
    )
    op.create_foreign_key(
        op.f("fk_volunteers_home_commune_code_communes"), "volunteers", "communes", ["home_commune_code"], ["code"],
        source_schema="roster", referent_schema="roster",
    )  # fmt: skip
    op.create_check_constraint(
        "transport_known", "volunteers", "transport in ('motorbike', 'car', 'bus', 'none')", schema="roster"
    )
    op.drop_constraint(op.f("ck_consents_purpose_known"), "consents", schema="roster", type_="check")
    op.create_check_constraint("purpose_known", "consents", "purpose in ('messages', 'matching')", schema="roster")
    _create_rounds()
    _create_invitations()
    _create_answers()


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _moment(name: str, default: str | None = None, *, nullable: bool = False) -> sa.Column[object]:
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=server_default, nullable=nullable)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"roster.{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _create_rounds() -> None:
    table = "invitation_rounds"
    op.create_table(
        table,
        _id("id"), _id("school_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False), _id("asked_by_id", nullable=True),
        _moment("asked_at", "now()"),
        sa.CheckConstraint("kind in ('invitation', 'reminder')", name=op.f(f"ck_{table}_kind_known")),
        _key(table, "school_id", "schools"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema="roster",
    )  # fmt: skip


def _create_invitations() -> None:
    table = "invitations"
    op.create_table(
        table,
        _id("id"), _id("school_id"), _id("volunteer_id"), _id("round_id"),
        _moment("created_at", "now()"), _moment("expires_at"),
        _id("reminder_id", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True), _id("revoked_by_id", nullable=True),
        _key(table, "school_id", "schools"),
        _key(table, "volunteer_id", "volunteers"),
        _key(table, "round_id", "invitation_rounds"),
        _key(table, "reminder_id", "invitation_rounds"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema="roster",
    )  # fmt: skip
    op.create_index(
        "uq_invitations_live", table, ["volunteer_id"], unique=True, schema="roster",
        postgresql_where=sa.text("revoked_at is null"),
    )  # fmt: skip
    op.create_index("ix_invitations_volunteer", table, ["volunteer_id", "created_at"], schema="roster")
    op.create_index("ix_invitations_round", table, ["round_id", "volunteer_id"], schema="roster")
    op.create_index("ix_invitations_reminder", table, ["reminder_id", "volunteer_id"], schema="roster")


def _create_answers() -> None:
    table = "invitation_answers"
    op.create_table(
        table,
        _id("id"), _id("invitation_id"), _id("volunteer_id"),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False), _id("answered_by_id", nullable=True),
        _moment("answered_at", "clock_timestamp()"),
        sa.CheckConstraint("outcome in ('given', 'declined')", name=op.f(f"ck_{table}_outcome_known")),
        sa.CheckConstraint("channel in ('page', 'paper', 'spoken')", name=op.f(f"ck_{table}_channel_known")),
        _key(table, "invitation_id", "invitations"),
        _key(table, "volunteer_id", "volunteers"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema="roster",
    )  # fmt: skip
    op.create_index("ix_invitation_answers_invitation", table, ["invitation_id", "answered_at"], schema="roster")


def downgrade() -> None:
    for table in ("invitation_answers", "invitations", "invitation_rounds"):
        op.drop_table(table, schema="roster")
    op.drop_constraint(op.f("ck_consents_purpose_known"), "consents", schema="roster", type_="check")
    op.create_check_constraint("purpose_known", "consents", "purpose in ('messages')", schema="roster")
    for name in ("own_words", "transport", "home_commune_code"):
        op.drop_column("volunteers", name, schema="roster")
