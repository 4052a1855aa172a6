"""Drains the outbox and other work that follows a commit."""
