"""Why a plan of stage B is as it is, and what would mend it."""
