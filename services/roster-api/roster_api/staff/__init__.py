"""A province's staff: units, the people in them, and the posts that units have to fill."""
