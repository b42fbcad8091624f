"""Stage B's relaxation, exact programmes and conflicts."""
