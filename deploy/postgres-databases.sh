#!/bin/sh
# A database for each service with two roles: the owner migrates, the service reads and writes rows and may change no
# table. Neither service can open the other's database, and none of the four is a superuser. Run by the Postgres image
# on an empty data directory; may be run again, and takes what a service owned until now over for its owner.
set -eu
: "${ROSTER_DATABASE_PASSWORD:?set it in .env}" "${NOTIFIER_DATABASE_PASSWORD:?set it in .env}"
: "${ROSTER_OWNER_PASSWORD:?set it in .env}" "${NOTIFIER_OWNER_PASSWORD:?set it in .env}"
sql() { psql --set=ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname "$@"; }

make_database() { # the service's name, its password, its owner's
    sql postgres --set=service="$1" --set=owner="$1_owner" --set=password="$2" --set=owner_password="$3" <<'SQL'
select format('create role %I', role) from unnest(array[:'service', :'owner']) role
    where not exists (select from pg_roles where rolname = role) \gexec
alter role :"service" login password :'password';
alter role :"owner" login password :'owner_password';
select format('create database %I template template0 encoding ''UTF8'' locale_provider builtin '
    'builtin_locale ''C.UTF-8'' locale ''C''', :'service')
    where not exists (select from pg_database where datname = :'service') \gexec
alter database :"service" owner to :"owner";
revoke all on database :"service", postgres, template1 from public;
grant connect on database :"service" to :"service", :"owner";
SQL
    sql "$1" --set=service="$1" --set=owner="$1_owner" <<'SQL'
reassign owned by :"service" to :"owner";
SQL
}

make_database roster "$ROSTER_DATABASE_PASSWORD" "$ROSTER_OWNER_PASSWORD"
make_database notifier "$NOTIFIER_DATABASE_PASSWORD" "$NOTIFIER_OWNER_PASSWORD"
