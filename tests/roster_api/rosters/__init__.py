"""Tests of the roster uploads: the reader, hostile files, the comparison, and the API over a real database."""
