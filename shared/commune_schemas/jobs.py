"""Names of queues and jobs, and the headers services put on each other's requests. Jobs carry ids only.

A job is made by roster-api's relay from an outbox row; the row, not Redis, is the truth. A job name has one consumer.
"""

MATCHING_QUEUE = "matching"
NOTICES_QUEUE = "notices"

SOLVE_MATCHING_RUN = "solve_matching_run"
"""Consumer: matching-worker. Arguments: run_id (str)."""

PREPARE_NOTICES = "prepare_notices"
"""Consumer: notifier. Arguments: outbox_id (str), plan_id (str)."""

JOB_CONSUMERS = {SOLVE_MATCHING_RUN: "matching-worker", PREPARE_NOTICES: "notifier"}
JOB_QUEUES = {SOLVE_MATCHING_RUN: MATCHING_QUEUE, PREPARE_NOTICES: NOTICES_QUEUE}

API_KEY_HEADER = "X-Api-Key"
IDEMPOTENCY_HEADER = "Idempotency-Key"
CORRELATION_HEADER = "X-Request-ID"
