"""Who did, was refused or read what at this service: rows that are added, chained, and never changed."""
