"""What the senders count, for Prometheus: answers by channel and outcome, and the time from row to provider."""

from prometheus_client import Counter, Histogram

ANSWERS = Counter("notifier_provider_answers_total", "Answers of providers", ["channel", "outcome"])
TIME_TO_PROVIDER = Histogram(
    "notifier_time_to_provider_seconds",
    "From the message's row to the provider's taking it",
    ["channel"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
