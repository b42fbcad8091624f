"""Advice on finished runs: questions about a plan, answered by the matching worker, kept beside the run."""
