"""What became of a plan's messages: the notifier's states, with the names and phones of the people meant."""
