"""Registers by sheet: units, staff and posts, each a declaration of columns, read, compared, committed."""
