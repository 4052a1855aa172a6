"""Changing what the company says of itself and the rules it has set."""
