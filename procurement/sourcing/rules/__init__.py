"""Sourcing policy without a database."""
