"""One file a revision, in a line: each names the one before it."""
