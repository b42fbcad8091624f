"""The Điện Biên case: too many people and too few at once, put right by moves and secondments."""
