"""People who may sign in: created, invited, given roles, let go."""
