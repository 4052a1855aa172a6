"""Counting a room: start, count, decide what disagrees, post or cancel."""
