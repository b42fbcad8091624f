"""Room for what is sealed, beside what is clear: the next revision takes that away once everything is sealed.

What an earlier release writes meanwhile takes the sealed value with it, so that it is sealed anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OFFICES = ("contact_name", "contact_phone", "contact_email")
UPLOADS = ("content", "mapping", "errors", "repairs", "doubts", "undo")
SEALED = {
    "volunteers": ("phone_sealed", "phone_digest", "email_sealed", "email_digest"),
    "schools": tuple(f"{name}_sealed" for name in OFFICES),
    "communes": tuple(f"{name}_sealed" for name in OFFICES),
    "roster_uploads": tuple(f"{name}_sealed" for name in UPLOADS),
    "roster_upload_rows": ("person_sealed", "changes_sealed", "findings_sealed"),
    "idempotency_keys": ("body_sealed",),
}
CONTACTS = (
    ("placements", "commune_contact_id"),
    ("placements", "school_contact_id"),
    ("plan_reserves", "school_contact_id"),
)
CLEAR = {
    "volunteers": ("phone", "email"),
    "schools": OFFICES,
    "communes": OFFICES,
    "roster_uploads": UPLOADS,
}


def upgrade() -> None:
    for table, names in SEALED.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.LargeBinary(), nullable=True), schema="roster")
    for name in ("phone_digest", "email_digest"):
        op.create_index(f"ix_volunteers_{name}", "volunteers", [name], schema="roster")
    _add_frozen_contacts()
    for table, clear in CLEAR.items():
        changed = " or ".join(f"new.{name} is distinct from old.{name}" for name in clear)
        forgotten = " ".join(f"new.{name} := null;" for name in SEALED[table])
        op.execute(
            f"create function roster.forget_sealed_{table}() returns trigger language plpgsql as "
            f"$$ begin if {changed} then {forgotten} end if; return new; end $$"
        )
        op.execute(
            f"create trigger forget_sealed before update on roster.{table} "
            f"for each row execute function roster.forget_sealed_{table}()"
        )


def _add_frozen_contacts() -> None:
    op.create_table(
        "frozen_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("owner_kind IN ('commune', 'school')", name=op.f("ck_frozen_contacts_owner_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_contacts")),
        schema="roster",
    )
    op.create_index("ix_frozen_contacts_owner", "frozen_contacts", ["owner_kind", "owner_id"], schema="roster")
    op.execute(
        """
        create function roster.refuse_change_of_frozen_contact() returns trigger language plpgsql as $$
        begin
            if tg_op = 'UPDATE' and to_jsonb(new) - 'wrapped_key' = to_jsonb(old) - 'wrapped_key'
                and (old.wrapped_key is not null or new.wrapped_key is null) then
                return new;
            end if;
            raise exception 'what was told does not change'
            using errcode = 'integrity_constraint_violation', constraint = 'plans_immutable';
        end $$
        """
    )
    op.execute(
        "create trigger keep_frozen before update or delete on roster.frozen_contacts "
        "for each row execute function roster.refuse_change_of_frozen_contact()"
    )
    for table, name in CONTACTS:
        op.add_column(table, sa.Column(name, sa.Uuid(), nullable=True), schema="roster")
        op.create_foreign_key(
            op.f(f"fk_{table}_{name}"),
            table,
            "frozen_contacts",
            [name],
            ["id"],
            source_schema="roster",
            referent_schema="roster",
        )


def downgrade() -> None:
    for table in CLEAR:
        op.execute(f"drop trigger forget_sealed on roster.{table}")
        op.execute(f"drop function roster.forget_sealed_{table}()")
    for table, name in CONTACTS:
        op.drop_column(table, name, schema="roster")
    op.drop_table("frozen_contacts", schema="roster")
    op.execute("drop function roster.refuse_change_of_frozen_contact()")
    for table, names in SEALED.items():
        for name in names:
            op.drop_column(table, name, schema="roster")
