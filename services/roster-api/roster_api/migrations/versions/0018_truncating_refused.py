"""Tables with rows of a published plan are not emptied at once either."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = ("plans", "responsibilities", "placements", "plan_shortfalls", "plan_withdrawals")


def upgrade() -> None:
    op.execute(
        """
        create function roster.refuse_emptying_published_plans() returns trigger language plpgsql as $$
        begin
            if exists (select from roster.plans where status in ('published', 'superseded')) then
                raise exception 'plans are published'
                using errcode = 'integrity_constraint_violation', constraint = 'plans_immutable';
            end if;
            return null;
        end $$
        """
    )
    for table in TABLES:
        op.execute(
            f"create trigger keep_published_whole before truncate on roster.{table} "
            "for each statement execute function roster.refuse_emptying_published_plans()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop trigger keep_published_whole on roster.{table}")
    op.execute("drop function roster.refuse_emptying_published_plans()")
