"""What sourcing does: keep suppliers and what they sell."""
