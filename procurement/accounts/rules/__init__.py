"""Policy without a database."""
