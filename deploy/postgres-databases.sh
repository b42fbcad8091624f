#!/bin/sh
# Run once by the Postgres image on an empty data directory: a database and its owner for each service. Neither can read
# the other's, and neither is a superuser.
set -eu
: "${ROSTER_DATABASE_PASSWORD:?set it in .env}" "${NOTIFIER_DATABASE_PASSWORD:?set it in .env}"
psql --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" \
    --set=roster="$ROSTER_DATABASE_PASSWORD" --set=notifier="$NOTIFIER_DATABASE_PASSWORD" <<'SQL'
create role roster login password :'roster';
create role notifier login password :'notifier';
create database roster owner roster template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
create database notifier owner notifier template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
revoke connect on database roster, notifier from public;
SQL
