"""Allowances: rates, statements by school and person from confirmed attendance, corrections, the treasury's sheet."""
