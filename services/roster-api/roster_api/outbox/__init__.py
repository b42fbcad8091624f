"""The outbox: what must happen outside the database, written in the transaction that decided it, and the relay."""
