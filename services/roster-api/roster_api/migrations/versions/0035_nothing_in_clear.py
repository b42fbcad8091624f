"""No contact, list or kept answer stands in clear any more; the tables are written anew, without what was dropped.

Refuses while anything is not sealed yet: then `roster-api migrate` is run again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OFFICES = ("contact_name", "contact_phone", "contact_email")
CLEAR = {
    "volunteers": ("phone", "email"),
    "schools": OFFICES,
    "communes": OFFICES,
    "roster_uploads": ("content", "mapping", "errors", "repairs", "doubts", "undo"),
    "roster_upload_rows": ("person", "changes", "findings"),
    "idempotency_keys": ("body",),
}
LISTS = ("mapping", "errors", "repairs", "doubts")
NOT_SEALED = {
    "volunteers": "phone is not null and phone_sealed is null or email is not null and email_sealed is null",
    "schools": " or ".join(f"{name} is not null and {name}_sealed is null" for name in OFFICES),
    "communes": " or ".join(f"{name} is not null and {name}_sealed is null" for name in OFFICES),
    "roster_uploads": "length(content) > 0 and content_sealed is null",
    "roster_upload_rows": "changes_sealed is null",
    "idempotency_keys": "body is not null and body_sealed is null",
    "placements": "told ? 'commune_contact' and (commune_contact_id is null or school_contact_id is null)",
    "plan_reserves": "told ? 'contact' and school_contact_id is null",
}
WITH_TRIGGER = ("volunteers", "schools", "communes", "roster_uploads")
RENAMED = ("roster_uploads", "roster_upload_rows")
"""Where a column's type seals: it bears the name of what it holds."""
WRITTEN_ANEW = {
    "volunteers": "phone_sealed",
    "schools": "contact_phone_sealed",
    "communes": "contact_phone_sealed",
    "roster_uploads": "mapping",
    "roster_upload_rows": "changes",
    "idempotency_keys": "body_sealed",
}


def upgrade() -> None:
    op.execute(f"lock table {', '.join(f'roster.{table}' for table in NOT_SEALED)} in access exclusive mode")
    for table, condition in NOT_SEALED.items():
        if op.get_bind().scalar(sa.text(f"select 1 from roster.{table} where {condition} limit 1")):  # noqa: S608
            raise RuntimeError(f"{table}: something was written in clear meanwhile; run `roster-api migrate` again")
    for table in WITH_TRIGGER:
        op.execute(f"drop trigger forget_sealed on roster.{table}")
        op.execute(f"drop function roster.forget_sealed_{table}()")
    for table in ("placements", "plan_reserves"):
        op.execute(f"alter table roster.{table} disable trigger keep_published")
        op.execute(
            f"update roster.{table} set told = told - 'commune_contact' - 'school_contact' - 'contact'"  # noqa: S608
            " where told is not null"
        )
        op.execute(f"alter table roster.{table} enable trigger keep_published")
    for table, names in CLEAR.items():
        for name in names:
            op.drop_column(table, name, schema="roster")
    for table in RENAMED:
        for name in CLEAR[table]:
            op.alter_column(table, f"{name}_sealed", new_column_name=name, schema="roster")
    for table, name in WRITTEN_ANEW.items():
        op.execute(f"alter table roster.{table} alter column {name} type bytea using {name} || ''")
    for table in ("placements", "plan_reserves"):
        op.execute(f"alter table roster.{table} alter column told type jsonb using told || '{{}}'")


def downgrade() -> None:
    """The columns come back; what was sealed stays sealed."""
    kinds = {"content": sa.LargeBinary(), "body": sa.LargeBinary()}
    for table in RENAMED:
        for name in CLEAR[table]:
            op.alter_column(table, name, new_column_name=f"{name}_sealed", schema="roster")
    for table, names in CLEAR.items():
        for name in names:
            is_json = table.startswith("roster_upload") and name != "content"
            kind = postgresql.JSONB() if is_json else kinds.get(name, sa.Text())
            default = sa.text("''") if name == "content" else sa.text("'[]'") if name in LISTS else None
            op.add_column(
                table, sa.Column(name, kind, nullable=default is None, server_default=default), schema="roster"
            )
    for table in WITH_TRIGGER:
        changed = " or ".join(f"new.{name} is distinct from old.{name}" for name in CLEAR[table])
        op.execute(
            f"create function roster.forget_sealed_{table}() returns trigger language plpgsql as "
            f"$$ begin if {changed} then null; end if; return new; end $$"
        )
        op.execute(
            f"create trigger forget_sealed before update on roster.{table} "
            f"for each row execute function roster.forget_sealed_{table}()"
        )
