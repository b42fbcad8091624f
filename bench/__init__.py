"""Benchmarks that print ratios; never part of the tests.

cases.py lists them by name, and __main__.py runs those that --only asks for. A case is a function in an engine_*.py
module that solves (solves.py, in processes of their own: processes.py), computes the simpler ways on the same document
(rivals.py), and yields rows (rows.py). table.py and plot.py show them. The problems come from instances.py (stage A),
placement_instances.py (B) and from the modules of C and D, all on the real communes (places.py), by fixed seeds.
"""
