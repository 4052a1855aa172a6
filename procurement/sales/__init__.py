"""Customers, price lists, enquiries, baskets, quotes."""
