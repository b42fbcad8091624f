"""Mutation testing of the parts where a wrong sign does harm: `make mutants`."""
