"""Communes, wards and special zones: the units of assignment."""
