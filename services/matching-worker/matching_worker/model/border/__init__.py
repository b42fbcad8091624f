"""Stage E, the border round: schools' spare days to unmet need across provincial borders. Exact, by network flow."""
