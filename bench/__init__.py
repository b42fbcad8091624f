"""Benchmarks that print ratios; never part of the tests."""
