"""What needs several siblings at once: needs, purchase proposals."""
