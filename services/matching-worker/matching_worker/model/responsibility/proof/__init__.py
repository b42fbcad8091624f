"""Stage A's bounds and exact programmes."""
