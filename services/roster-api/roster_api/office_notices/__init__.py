"""What offices are told: at once, or in one mail a day. Any folder above may tell; words are the teller's own."""
