"""Tests of the benchmarks themselves: names, selection, verdicts. Nothing is timed."""
