"""Notices: what notifier reads, by plan, to tell each person what changed for them."""
