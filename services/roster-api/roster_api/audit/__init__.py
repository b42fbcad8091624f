"""Who did, was refused or read what: rows that are added in the transaction they tell of, and never changed."""
