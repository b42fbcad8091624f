"""Fields of expertise and the duties done in them, with guidance."""
