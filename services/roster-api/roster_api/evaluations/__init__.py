"""Evaluation, both ways: communes rate the help they had, people and schools the communes; few marks say nothing."""
