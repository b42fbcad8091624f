"""Sign-in addresses, and what a list was refused or mapped by, stand sealed, too; the tables are written anew."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from sqlalchemy.dialects import postgresql

from roster_api.contacts import digest_email

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OF_UPLOADS = ("refusal", "choices", "mapping_asked")


def upgrade() -> None:
    op.execute("lock table roster.accounts, roster.roster_uploads in access exclusive mode")
    for name in ("email_sealed", "email_digest"):
        op.add_column("accounts", sa.Column(name, sa.LargeBinary(), nullable=True), schema="roster")
    _seal("accounts", "email", _seal_address)
    op.drop_constraint("uq_accounts_issuer_email", "accounts", schema="roster")
    op.drop_constraint(op.f("ck_accounts_email_lower_case"), "accounts", schema="roster")
    op.drop_column("accounts", "email", schema="roster")
    for name in ("email_sealed", "email_digest"):
        op.alter_column("accounts", name, nullable=False, schema="roster")
    op.create_unique_constraint("uq_accounts_issuer_email", "accounts", ["issuer", "email_digest"], schema="roster")
    op.execute("alter table roster.accounts alter column email_sealed type bytea using email_sealed || ''")
    for name in OF_UPLOADS:
        sealed = sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True)
        op.add_column("roster_uploads", sealed, schema="roster")
        _seal("roster_uploads", name, _seal_part)
        op.drop_column("roster_uploads", name, schema="roster")
        op.alter_column("roster_uploads", f"{name}_sealed", new_column_name=name, schema="roster")
    op.execute("alter table roster.roster_uploads alter column refusal type bytea using refusal || ''")


def _seal(table: str, name: str, seal: Callable[[str, str, str, Any], dict[str, bytes]]) -> None:
    """Row by row: accounts are people who work with it, and of lists those of the last days are kept."""
    query = f"select id, cast({name} as text) from roster.{table} where {name} is not null"  # noqa: S608
    for row_id, clear in op.get_bind().execute(sa.text(query)).all():
        values = seal(table, name, clear, row_id)
        changes = ", ".join(f"{column} = :{column}" for column in values)
        statement = f"update roster.{table} set {changes} where id = :row"  # noqa: S608
        op.get_bind().execute(sa.text(statement), {**values, "row": row_id})


def _seal_address(table: str, name: str, clear: str, row_id: Any) -> dict[str, bytes]:
    sealed = get_sealer().seal(clear.encode(), place=place_of(table, name, (row_id,)))
    return {"email_sealed": sealed, "email_digest": digest_email(clear)}


def _seal_part(table: str, name: str, clear: str, _row_id: Any) -> dict[str, bytes]:
    return {f"{name}_sealed": get_sealer().seal(clear.encode(), place=f"{table}.{name}")}


def downgrade() -> None:
    """The columns come back; what was sealed stays sealed."""
    for name in OF_UPLOADS:
        op.alter_column("roster_uploads", name, new_column_name=f"{name}_sealed", schema="roster")
        op.add_column("roster_uploads", sa.Column(name, postgresql.JSONB(), nullable=True), schema="roster")
    op.drop_constraint("uq_accounts_issuer_email", "accounts", schema="roster")
    for name in ("email_sealed", "email_digest"):
        op.alter_column("accounts", name, nullable=True, schema="roster")
    address = sa.Column("email", sa.Text(), nullable=False, server_default="")
    op.add_column("accounts", address, schema="roster")
