"""Stage A, responsibility: which school leads each commune, and which supports it."""
