"""Purchase orders and goods receipts."""
