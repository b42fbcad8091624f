"""The review of a campaign: what was promised, who came, what was served, done and paid, each number with its rows."""
