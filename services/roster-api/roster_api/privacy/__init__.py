"""What the law asks: how long personal data is kept, and what a person may ask of us."""
