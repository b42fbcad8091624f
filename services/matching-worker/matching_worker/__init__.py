"""Computes which school answers for which commune and who goes where on which days, with proof."""
