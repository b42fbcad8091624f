"""What the worker says to roster-api and hears from it, over HTTP."""
