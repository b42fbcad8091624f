"""Who waits for a lock in Postgres. Its own list of locks is of all databases, and other tests wait in theirs."""

WAITING = (
    "select count(*) as waiting from pg_locks join pg_stat_activity using (pid)"
    " where not granted and datname = current_database()"
)
