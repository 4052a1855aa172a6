"""Arithmetic and policy of sales: plain Python, no database."""
