"""Planning policy without a database."""
