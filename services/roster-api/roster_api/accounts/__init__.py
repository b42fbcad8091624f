"""People's accounts and the roles they hold."""
