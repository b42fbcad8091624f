"""Stage A's plans: found without proof, and the best one kept."""
