"""Sites, locations, lots, the ledger, balances, reservations, transfers, stocking rules."""
