"""Purchasing policy without a database."""
