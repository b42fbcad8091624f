"""Roster uploads: a school's list comes in as a file, is read, compared with the roster, shown, and committed."""
