"""Scenarios: one request starts several runs of a campaign, and one answer lays their plans side by side."""
