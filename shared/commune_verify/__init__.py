"""Judges of finished plans, a module a stage: from the two documents alone, sharing no code with the solver."""
