"""The demo spa, loaded through the same operations as real work."""
