"""Suppliers and their supplier items: MOQ, multiple, price breaks, lead time."""
