"""Making, listing and revoking API keys."""
