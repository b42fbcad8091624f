"""Blockers: what a commune or school is stuck with, who has it since when, and its way up to the Secretary."""
