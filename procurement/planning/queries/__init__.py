"""What planning answers. Queries never write."""
