"""A plan as a map: each commune coloured by the school that answers for it."""
