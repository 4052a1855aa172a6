"""Reading sales: frozen rows to show, entities to change."""
