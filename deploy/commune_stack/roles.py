"""The database roles of a service: an owner that migrates and a service that reads and writes rows, in one database."""

import hashlib
import hmac
from collections.abc import Sequence

import asyncpg

HAND_OVER = """
do $$
declare
    it record;
begin
    for it in select format('schema %I', nspname) as what from pg_namespace
        where nspname = '{schema}' and nspowner <> '{owner}'::regrole
    union all select format('table %s', oid::regclass) from pg_class
        where relnamespace = to_regnamespace('{schema}') and relkind in ('r', 'p') and relowner <> '{owner}'::regrole
    union all select format('routine %s', oid::regprocedure) from pg_proc
        where pronamespace = to_regnamespace('{schema}') and proowner <> '{owner}'::regrole
    loop
        execute format('alter %s owner to "{owner}"', it.what);
    end loop;
end $$
"""


def owner_of(service: str) -> str:
    """The role that owns the service's schema, and alone may change it."""
    return f"{service}_owner"


def role_password(secret: str, role: str) -> str:
    """The same password for the same role and secret, so that nothing more has to be kept."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()


async def make_roles(server: asyncpg.Connection, roles: Sequence[str], *, secret: str) -> None:
    """They may log in and nothing else. A role that is there keeps its name and gets this password."""
    for role in roles:
        verb = "alter" if await server.fetchval("select 1 from pg_roles where rolname = $1", role) else "create"
        may = "login nosuperuser nocreatedb nocreaterole"
        await server.execute(f"{verb} role \"{role}\" {may} password '{role_password(secret, role)}'")


async def admit_only(server: asyncpg.Connection, database: str, roles: Sequence[str]) -> None:
    """Nobody else may open this database, save a superuser."""
    await server.execute(f'revoke all on database "{database}" from public')
    if roles:
        named = ", ".join(f'"{role}"' for role in roles)
        await server.execute(f'grant connect on database "{database}" to {named}')


async def hand_over(database: asyncpg.Connection, *, schema: str, owner: str) -> None:
    """What another role made in this schema before there was an owner becomes the owner's."""
    await database.execute(HAND_OVER.format(schema=schema, owner=owner))
