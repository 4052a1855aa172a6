"""What purchasing answers. Queries never write."""
