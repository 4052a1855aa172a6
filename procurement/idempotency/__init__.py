"""One effect for one request key, however often the request arrives."""
