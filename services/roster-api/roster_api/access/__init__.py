"""Who may do what: API keys, the principal behind a request, and one rule for every route (deny by default)."""
