"""outbox, matching runs, plans (never changed once published), personal links and answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_outbox()
    _create_runs()
    _create_plans()
    _create_answers()
    _protect_published_plans()


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("args", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_enqueue_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_enqueued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_outbox_attempt_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="roster",
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_enqueue_at"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "relay_heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_relay_heartbeats")),
        schema="roster",
    )


def _create_runs() -> None:
    op.create_table(
        "matching_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("certificate", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("conflict", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("failure_vi", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.Column("result_sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('queued', 'running')) = (finished_at IS NULL)", name=op.f("ck_matching_runs_finished_has_time")
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'infeasible', 'failed', 'cancelled')",
            name=op.f("ck_matching_runs_status_known"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_matching_runs_campaign_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_matching_runs_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_runs")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_matching_runs_outbox_id")),
        schema="roster",
    )
    op.create_index(
        "ix_matching_runs_campaign", "matching_runs", ["campaign_id", "requested_at"], unique=False, schema="roster"
    )
    op.create_index(
        "ix_matching_runs_live",
        "matching_runs",
        ["deadline_at"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "matching_run_documents",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("school_code", sa.Text(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("solution", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["roster.matching_runs.id"], name=op.f("fk_matching_run_documents_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "school_code", name=op.f("pk_matching_run_documents")),
        schema="roster",
    )
    op.create_table(
        "matching_run_events",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["roster.matching_runs.id"], name=op.f("fk_matching_run_events_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_matching_run_events")),
        schema="roster",
    )
    op.create_table(
        "matching_run_explanations",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["roster.matching_runs.id"],
            name=op.f("fk_matching_run_explanations_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "commune_code", name=op.f("pk_matching_run_explanations")),
        schema="roster",
    )


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_by", sa.Text(), nullable=True),
        sa.Column("previous_plan_id", sa.Uuid(), nullable=True),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'published', 'superseded', 'discarded')",
            name=op.f("ck_plans_status_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_plans_version_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_plans_campaign_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_plans_outbox_id")),
        sa.ForeignKeyConstraint(["previous_plan_id"], ["roster.plans.id"], name=op.f("fk_plans_previous_plan_id")),
        sa.ForeignKeyConstraint(["run_id"], ["roster.matching_runs.id"], name=op.f("fk_plans_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("campaign_id", "version", name="uq_plans_campaign_version"),
        sa.UniqueConstraint("run_id", name=op.f("uq_plans_run_id")),
        schema="roster",
    )
    op.create_index(
        "uq_plans_one_published",
        "plans",
        ["campaign_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "placements",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("work_days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("dates", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("told_sha256", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_placements_commune_code")),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_placements_plan_id")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_placements_school_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_placements_volunteer_id")),
        sa.PrimaryKeyConstraint("plan_id", "volunteer_id", name=op.f("pk_placements")),
        schema="roster",
    )
    op.create_index("ix_placements_volunteer", "placements", ["volunteer_id"], unique=False, schema="roster")
    op.create_table(
        "plan_shortfalls",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("needed_days", sa.Integer(), nullable=False),
        sa.Column("unmet_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_plan_shortfalls_commune_code")
        ),
        sa.ForeignKeyConstraint(["field_code"], ["roster.fields.code"], name=op.f("fk_plan_shortfalls_field_code")),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_plan_shortfalls_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "commune_code", "field_code", name=op.f("pk_plan_shortfalls")),
        schema="roster",
    )
    op.create_table(
        "responsibilities",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("promised_days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_responsibilities_commune_code")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_responsibilities_plan_id")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_responsibilities_school_id")),
        sa.PrimaryKeyConstraint("plan_id", "commune_code", "school_id", name=op.f("pk_responsibilities")),
        schema="roster",
    )
    op.create_index(
        "uq_responsibilities_one_lead",
        "responsibilities",
        ["plan_id", "commune_code"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("is_lead"),
    )
    op.create_table(
        "seats",
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("serves_on", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_seats_commune_code")),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_seats_plan_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_seats_volunteer_id")),
        sa.PrimaryKeyConstraint("volunteer_id", "serves_on", name=op.f("pk_seats")),
        schema="roster",
    )
    op.create_index("ix_seats_plan", "seats", ["plan_id"], unique=False, schema="roster")


def _create_answers() -> None:
    op.create_table(
        "personal_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_personal_links_campaign_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_personal_links_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_links")),
        sa.UniqueConstraint("campaign_id", "volunteer_id", name="uq_personal_links_person"),
        schema="roster",
    )
    op.create_table(
        "placement_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("told_sha256", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("answer IN ('confirmed', 'cannot_go')", name=op.f("ck_placement_answers_answer_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_placement_answers_campaign_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_placement_answers_plan_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_placement_answers_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_answers")),
        schema="roster",
    )
    op.create_index(
        "ix_placement_answers_told",
        "placement_answers",
        ["campaign_id", "volunteer_id", "told_sha256", "answered_at"],
        unique=False,
        schema="roster",
    )


def _protect_published_plans() -> None:
    """Rows of a published or superseded plan are refused any change; the plan itself may only be superseded."""
    op.execute(
        """
        create function roster.refuse_change_of_published_rows() returns trigger language plpgsql as $$
        declare
            touched uuid := case when tg_op = 'INSERT' then new.plan_id else old.plan_id end;
        begin
            if exists (
                select from roster.plans
                where id in (touched, case when tg_op = 'UPDATE' then new.plan_id end)
                and status in ('published', 'superseded')
            ) then
                raise exception 'plan % is published', touched
                using errcode = 'integrity_constraint_violation', constraint = 'plans_immutable';
            end if;
            return case when tg_op = 'DELETE' then old else new end;
        end $$
        """
    )
    op.execute(
        """
        create function roster.refuse_change_of_published_plan() returns trigger language plpgsql as $$
        begin
            if old.status not in ('published', 'superseded') then
                return case when tg_op = 'DELETE' then old else new end;
            end if;
            if tg_op = 'UPDATE' and old.status = 'published' and new.status = 'superseded'
                and to_jsonb(new) - 'status' - 'superseded_at' = to_jsonb(old) - 'status' - 'superseded_at' then
                return new;
            end if;
            raise exception 'plan % is published', old.id
            using errcode = 'integrity_constraint_violation', constraint = 'plans_immutable';
        end $$
        """
    )
    for table in ("responsibilities", "placements", "plan_shortfalls"):
        op.execute(
            f"create trigger keep_published before insert or update or delete on roster.{table} "
            "for each row execute function roster.refuse_change_of_published_rows()"
        )
    op.execute(
        "create trigger keep_published before update or delete on roster.plans "
        "for each row execute function roster.refuse_change_of_published_plan()"
    )


TABLES = [
    "placement_answers",
    "personal_links",
    "seats",
    "plan_shortfalls",
    "placements",
    "responsibilities",
    "plans",
    "matching_run_explanations",
    "matching_run_documents",
    "matching_run_events",
    "matching_runs",
    "relay_heartbeats",
    "outbox",
]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema="roster")
    for name in ("refuse_change_of_published_rows", "refuse_change_of_published_plan"):
        op.execute(f"drop function roster.{name}()")
