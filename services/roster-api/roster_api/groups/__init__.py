"""Oversight groups: which overseer follows which commune, version by version. Runs that make them: group_runs."""
