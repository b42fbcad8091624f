"""Names of queues and jobs, their encoding, and the headers services put on each other's requests.

A job is made by roster-api's relay from an outbox row; the row, not Redis, is the truth. A job name has one consumer.

For arq, on both sides (pool and Worker): `job_serializer=serialize_job, job_deserializer=deserialize_job`, and
`queue_name=JOB_QUEUES[name]`. Jobs are JSON, never pickle, and carry ids only. Arguments go by keyword. A job's id is
"<outbox id>:<attempt>". The relay enqueues a row's job again every ENQUEUE_AGAIN_SECONDS unless its last job still
waits untaken in the queue, a live lease holds it off, or its consumer has said done. So jobs may run more than once, at
once, and after all is done: a consumer asks roster-api first (claim, or the source's notices) and ends quietly when
there is nothing to do.
"""

import json
from typing import Any

MATCHING_QUEUE = "matching"
NOTICES_QUEUE = "notices"

SOLVE_MATCHING_RUN = "solve_matching_run"
"""Consumer: matching-worker. Arguments: run_id (str)."""

ANSWER_ADVICE = "answer_advice"
"""Consumer: matching-worker. Arguments: advice_id (str)."""

SOLVE_BORDER_ROUND = "solve_border_round"
"""Consumer: matching-worker. Arguments: border_round_id (str)."""

SOLVE_SECONDMENT_RUN = "solve_secondment_run"
"""Consumer: matching-worker. Arguments: run_id (str)."""

SOLVE_GROUP_RUN = "solve_group_run"
"""Consumer: matching-worker. Arguments: run_id (str)."""

PREPARE_NOTICES = "prepare_notices"
"""Consumer: notifier. Arguments: outbox_id (str), source_kind (str), source_id (str); rows of before name plan_id (str)
in place of the last two."""

FORGET_PERSON = "forget_person"
"""Consumer: notifier. Arguments: outbox_id (str), request_id (str)."""

RESEND_MESSAGES = "resend_messages"
"""Consumer: notifier. Arguments: outbox_id (str), order_id (str)."""

JOB_CONSUMERS = {
    SOLVE_MATCHING_RUN: "matching-worker",
    ANSWER_ADVICE: "matching-worker",
    SOLVE_BORDER_ROUND: "matching-worker",
    SOLVE_SECONDMENT_RUN: "matching-worker",
    SOLVE_GROUP_RUN: "matching-worker",
    PREPARE_NOTICES: "notifier",
    FORGET_PERSON: "notifier",
    RESEND_MESSAGES: "notifier",
}
JOB_QUEUES = {
    SOLVE_MATCHING_RUN: MATCHING_QUEUE,
    ANSWER_ADVICE: MATCHING_QUEUE,
    SOLVE_BORDER_ROUND: MATCHING_QUEUE,
    SOLVE_SECONDMENT_RUN: MATCHING_QUEUE,
    SOLVE_GROUP_RUN: MATCHING_QUEUE,
    PREPARE_NOTICES: NOTICES_QUEUE,
    FORGET_PERSON: NOTICES_QUEUE,
    RESEND_MESSAGES: NOTICES_QUEUE,
}

ENQUEUE_AGAIN_SECONDS = 10

API_KEY_HEADER = "X-Api-Key"
ACTOR_ID_HEADER = "X-Actor-Id"
ACTOR_ROLE_HEADER = "X-Actor-Role"
"""For whom roster-api asks the notifier: the id of their key or account, and the role they act in."""
IDEMPOTENCY_HEADER = "Idempotency-Key"
CORRELATION_HEADER = "X-Request-ID"


def serialize_job(job: dict[str, Any]) -> bytes:
    """arq's job (or result) as JSON; a result that JSON cannot hold is kept as its text."""
    return json.dumps(job, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def deserialize_job(payload: bytes) -> dict[str, Any]:
    """The inverse of serialize_job. Note: tuples come back as lists."""
    job: dict[str, Any] = json.loads(payload)
    return job
