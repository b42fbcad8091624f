"""Needs between commune and province: submitted, reviewed, reminded of, and held against what schools offer."""
