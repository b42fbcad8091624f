"""Personal links and answers: a person sees their own placement and confirms it, or says that they cannot go."""
