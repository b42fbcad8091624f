"""HiGHS and what every stage needs of it: the adapter, the limits, the arrays."""
