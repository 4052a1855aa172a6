"""Making purchase plans: solving, storing, deciding, drafting."""
