"""What the catalogue answers."""
