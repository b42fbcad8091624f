"""One campaign's problem in the worker's own process: translated, planned in rounds, certified, explained."""
