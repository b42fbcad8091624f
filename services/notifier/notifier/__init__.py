"""Tells every person once and correctly: owns messages and attempts, and is the only writer of schema "notifier"."""
