"""From weekdays to dates: the one truth about a campaign's days, for whoever makes a plan or changes one. Pure."""
