"""Flask plumbing shared by the doors."""
