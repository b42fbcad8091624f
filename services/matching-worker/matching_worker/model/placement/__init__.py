"""Stage B: which person of one school goes to which of its communes on which weekdays."""
