"""What purchasing does: order, approve, place, receive, reverse."""
