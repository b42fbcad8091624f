"""Runs of stage D: communes into groups for overseers; drafts changed by hand, published."""
