"""Stock policy without a database."""
