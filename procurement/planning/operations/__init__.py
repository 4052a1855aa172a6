"""What planning does: draft what is needed."""
