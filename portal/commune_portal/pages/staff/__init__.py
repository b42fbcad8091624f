"""Staff and secondment: the register, its sheets, surplus and shortage, runs, decisions and their life."""
