"""People's decisions that the solver keeps (pins, forbids), and ties from before the campaign."""
