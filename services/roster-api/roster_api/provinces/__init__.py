"""Provinces and centrally-run cities, and the import of their communes."""
