"""Correlations for publication: tables, comparisons and equivalence."""
