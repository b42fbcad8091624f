"""Stage B's plans: found without proof, and the best one kept."""
