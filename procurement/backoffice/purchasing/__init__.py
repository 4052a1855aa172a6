"""Pages for those who buy and receive: needs, orders, deliveries, suppliers."""
