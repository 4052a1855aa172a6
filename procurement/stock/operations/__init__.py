"""What people do with stock, one activity a file."""
