"""The timeline: steps and their reminders, starting points, and which campaign a campaign follows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None
JSON = postgresql.JSONB(astext_type=sa.Text())
STEPS = "'lists', 'needs', 'run', 'approval', 'launch', 'review'"


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("follows_id", sa.Uuid(), nullable=True), schema="roster")
    op.create_foreign_key(
        "fk_campaigns_follows_id", "campaigns", "campaigns", ["follows_id"], ["id"], source_schema="roster",
        referent_schema="roster",
    )  # fmt: skip
    op.create_table(
        "campaign_steps",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_of", sa.Date(), nullable=True),
        sa.CheckConstraint(f"step IN ({STEPS})", name=op.f("ck_campaign_steps_step_known")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_campaign_steps_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "step", name=op.f("pk_campaign_steps")),
        schema="roster",
    )
    op.create_table(
        "step_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recipients", JSON, nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_step_reminders_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_reminders")),
        sa.UniqueConstraint("campaign_id", "step", "due_on", name="uq_step_reminders_once"),
        schema="roster",
    )
    _create_starting_points()


def _create_starting_points() -> None:
    op.create_table(
        "starting_point_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("first_visit_on", sa.Date(), nullable=False),
        sa.Column("duties", JSON, nullable=False),
        sa.Column("commune_contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("school_contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("act IN ('proposed', 'changed', 'agreed')", name=op.f("ck_starting_point_steps_act_known")),
        sa.CheckConstraint("side IN ('school', 'commune')", name=op.f("ck_starting_point_steps_side_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_starting_point_steps_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_starting_point_steps_commune_code")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_starting_point_steps_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_starting_point_steps")),
        sa.UniqueConstraint(
            "campaign_id", "commune_code", "school_id", "number", name="uq_starting_point_steps_number"
        ),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("starting_point_steps", schema="roster")
    op.drop_table("step_reminders", schema="roster")
    op.drop_table("campaign_steps", schema="roster")
    op.drop_constraint("fk_campaigns_follows_id", "campaigns", schema="roster")
    op.drop_column("campaigns", "follows_id", schema="roster")
