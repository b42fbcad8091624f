"""Matching runs: the frozen problem an officer asked to be solved, its lease, its progress and its result."""
