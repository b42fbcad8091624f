"""Attendance: each date of service of a published plan, what commune and school say of it, and what counts."""
