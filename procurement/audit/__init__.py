"""Who did what to which document; append-only."""
