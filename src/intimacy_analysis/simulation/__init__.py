"""Chance on purpose: generators, replications, recovery."""
