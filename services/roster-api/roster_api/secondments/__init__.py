"""Secondments: runs that find people for empty posts, the decisions made of them, and each decision's life."""
