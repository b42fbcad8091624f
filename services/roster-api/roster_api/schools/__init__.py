"""Schools: any training institution that lends people."""
