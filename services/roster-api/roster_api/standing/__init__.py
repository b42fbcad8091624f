"""The leaders' numbers: communes covered, short, stuck, priority ones first; one answer, kept for some seconds."""
