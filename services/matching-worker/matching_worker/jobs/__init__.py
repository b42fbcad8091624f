"""The worker's three jobs: take the work, call for its answer, hand it in."""
