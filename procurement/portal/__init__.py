"""Wholesale customers' pages, the public catalogue and public quote links."""
