"""Arithmetic and policy of the catalogue: no tables, no session."""
