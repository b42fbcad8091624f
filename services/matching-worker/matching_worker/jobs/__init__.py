"""The worker's jobs: take the work, call for its answer, hand it in."""
