"""Activity reports and certificates of service: a person's confirmed days and duties, with a code to check."""
