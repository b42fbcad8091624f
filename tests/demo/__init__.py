"""Tests of the sample case and its demonstration."""
