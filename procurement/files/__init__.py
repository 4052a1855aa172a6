"""Uploaded pictures and issued papers: checked, re-encoded, kept in the database."""
