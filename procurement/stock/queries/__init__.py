"""What stock answers. Queries never write."""
