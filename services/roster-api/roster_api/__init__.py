"""The roster, the plans and the outbox: the only writer of schema "roster"."""
