"""What sales does: customers, price lists, enquiries, quotes."""
