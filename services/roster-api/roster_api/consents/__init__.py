"""Consents: what a person agreed to, in which words, when and how; never assumed, and withdrawn at any time."""
