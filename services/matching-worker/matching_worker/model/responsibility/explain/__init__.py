"""Why a plan of stage A is as it is, and what would mend it."""
