"""Campaigns: a span of weeks in which schools serve communes."""
