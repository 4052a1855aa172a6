"""Opened containers: opened, used from, measured, finished, thrown away, decanted, carried, and taken back."""
