"""Reading a roster file: pure functions from bytes to people, with every doubt and fault named by cell.

No database and no HTTP in here; hostile files are opened in a limited child process (see child.py).
"""
